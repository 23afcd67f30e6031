package main

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"

	"embedgen/generator"
	"embedgen/generator/config"
	"embedgen/generator/diag"
	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// project is what the common flags name: a channels.yaml and its folder.
type project struct {
	config      string // path of channels.yaml
	environment string // one of its environments, or ""
	templates   string // folder of overrides, or ""
}

func (p *project) bind(fs *flag.FlagSet) {
	fs.StringVar(&p.config, "config", "channels.yaml", "read this `file`")
	fs.StringVar(&p.config, "c", "channels.yaml", "")
	fs.StringVar(&p.environment, "env", "", "use this `environment` of channels.yaml, such as staging")
}

func (p *project) bindTemplates(fs *flag.FlagSet) {
	fs.StringVar(&p.templates, "templates", "", "`folder` of templates that replace the built-in ones of the same path")
}

// dir is the folder of channels.yaml: every path in the file is relative to it.
func (p *project) dir() string { return filepath.Dir(p.config) }

// input opens the project for the generator.
func (p *project) input() (generator.Input, error) {
	if _, err := os.Stat(p.config); errors.Is(err, fs.ErrNotExist) {
		return generator.Input{}, inputf("no %s here", p.config).withHint("`embedgen init` writes one; `-c FILE` names another")
	}
	root, err := os.OpenRoot(p.dir())
	if err != nil {
		return generator.Input{}, err
	}
	in := generator.Input{Root: root.FS(), Config: filepath.Base(p.config), Environment: p.environment}
	if p.templates != "" {
		if info, err := os.Stat(p.templates); err != nil || !info.IsDir() {
			return generator.Input{}, inputf("--templates %q is not a folder", p.templates)
		}
		in.Templates = os.DirFS(p.templates)
	}
	return in, nil
}

// site reads channels.yaml for a command that needs only that.
func (a *app) site(p *project) (*site.Site, error) {
	in, err := p.input()
	if err != nil {
		return nil, err
	}
	file, list := config.Load(in.Root, in.Config)
	s, more := site.ResolveEnv(file, in.Root, in.Environment)
	list = append(list, more...)
	list.Sort()
	if s == nil {
		return nil, problems{list}
	}
	return s, nil
}

// channel finds "tenant/channel".
func channel(s *site.Site, name string) (*site.Channel, error) {
	var names []string
	for _, t := range s.Tenants {
		for _, c := range t.Channels {
			full := t.ID + "/" + c.ID
			if full == name {
				return c, nil
			}
			names = append(names, full)
		}
	}
	err := inputf("no channel %q in channels.yaml", name)
	if near := diag.Nearest(name, names); near != "" {
		return nil, err.withHint("did you mean %q?", near)
	}
	return nil, err.withHint("channels are named TENANT/CHANNEL")
}

// secrets resolves references from the environment and the project's folder.
func (p *project) secrets() secret.Resolver {
	return secret.Resolver{Root: p.dir()}
}

func one(args []string, what string) (string, error) {
	if len(args) != 1 {
		return "", usagef("expected one %s, got %d arguments", what, len(args))
	}
	return args[0], nil
}
