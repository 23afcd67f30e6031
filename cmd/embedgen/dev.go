package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"embedgen/generator"
	"embedgen/generator/devserver"
	"embedgen/generator/site"
	"embedgen/templates"
)

// devFlags are the flags of embedgen dev.
type devFlags struct {
	project
	addr, cec, out string
	strictPort     bool
	poll           bool
	open           bool
	json           bool
}

var devCommand = command{
	name: "dev", args: "[flags]", summary: "show the whole chat in a browser, rebuild on every save",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(devFlags)
		f.bind(fs)
		f.bindTemplates(fs)
		fs.StringVar(&f.out, "out", "out", "output `folder` of build, which is not watched")
		fs.StringVar(&f.out, "o", "out", "")
		fs.StringVar(&f.addr, "addr", devserver.DefaultAddr, "listen on this `host:port`")
		fs.StringVar(&f.cec, "cec", "simulate", "`simulate` CEC, or proxy to the configured one")
		fs.BoolVar(&f.strictPort, "strict-port", false, "fail if the port is taken instead of using the next free one")
		fs.BoolVar(&f.poll, "poll", false, "look for changes instead of waiting for file events")
		fs.BoolVar(&f.open, "open", false, "open the dashboard in a browser")
		fs.BoolVar(&f.json, "json", false, "print one JSON object a line")
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return usagef("dev takes no arguments, got %q", args[0])
			}
			return a.dev(ctx, f)
		}
	},
}

func (a *app) dev(ctx context.Context, f *devFlags) error {
	if f.cec != "simulate" && f.cec != "proxy" {
		return usagef("--cec %q is not simulate or proxy", f.cec)
	}
	in, err := f.input()
	if err != nil {
		return err
	}
	root, err := filepath.Abs(f.dir())
	if err != nil {
		return err
	}
	services := &devServices{simulate: f.cec == "simulate", templates: templates.Overlay(in.Templates)}
	services.secrets = f.secrets().Resolve
	if services.simulate {
		services.secrets = newDevSecrets(f.secrets(), a.stderr).Resolve
	}
	keys, restore := a.devKeys(f)
	defer restore()
	err = devserver.Run(ctx, devserver.Options{
		Root: root, Ignore: f.ignored(), Poll: f.poll,
		Addr: f.addr, StrictPort: f.strictPort,
		Build:     f.builder(in),
		Services:  services.make,
		Templates: services.templates,
		Now:       time.Now,
		Out:       a.stdout, Log: a.stderr, Color: a.colour(a.stderr), JSON: f.json,
		Ready: func(url string) {
			if f.open {
				openBrowser(url)
			}
		},
		Keys: keys, Open: openBrowser,
	})
	var taken *devserver.PortTakenError
	if errors.As(err, &taken) {
		return &failure{status: exitMachine, err: err}
	}
	return err
}

// devKeys are the keys of a person at a terminal, but not of a program that reads JSON.
func (a *app) devKeys(f *devFlags) (keys <-chan byte, restore func()) {
	if f.json {
		return nil, func() {}
	}
	return a.keys()
}

// ignored are the folders that are never watched.
func (f *devFlags) ignored() []string {
	out, err := filepath.Abs(f.out)
	if err != nil {
		return nil
	}
	return []string{out}
}

// builder makes the build function of the development server. A channel whose CEC browsers talk
// to directly meets the simulated one, unless the real one was asked for.
func (f *devFlags) builder(in generator.Input) func(context.Context, devserver.Origins) devserver.Result {
	g := new(generator.Generator)
	return func(ctx context.Context, o devserver.Origins) devserver.Result {
		if f.cec == "simulate" {
			in.Adapt = o.Adjust
		}
		r, err := g.Build(ctx, in)
		if err != nil {
			r.Diagnostics = append(r.Diagnostics, buildFailure(err))
		}
		result := devserver.Result{Site: r.Site, Diagnostics: r.Diagnostics, Inputs: r.Inputs}
		if r.Tree != nil {
			result.Tree, result.Render = r.Tree, renderer(r)
		}
		if f.templates != "" {
			if dir, err := filepath.Abs(f.templates); err == nil {
				result.Inputs = append(result.Inputs, dir)
			}
		}
		return result
	}
}

// renderer lets the playground render channels with other settings.
func renderer(r generator.Result) func(*site.Channel) (devserver.Rendition, error) {
	return func(ch *site.Channel) (devserver.Rendition, error) {
		c, err := r.Channel(ch)
		made := devserver.Rendition{Page: c.Page, Policy: c.Policy, Script: c.Script}
		for _, f := range c.Forms {
			made.Forms = append(made.Forms, devserver.Snippet{Form: f.Name, Text: string(f.Text)})
		}
		return made, err
	}
}

// openBrowser shows a page; that it could not is not worth failing for.
func openBrowser(url string) {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	if err := exec.Command(name, args...).Start(); err != nil {
		fmt.Fprintf(os.Stderr, "cannot open a browser: open %s yourself\n", url)
	}
}
