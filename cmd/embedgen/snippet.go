package main

import (
	"context"
	"flag"
	"slices"
	"strings"

	"embedgen/generator/render/script"
	"embedgen/templates"
)

// snippetFlags are the flags of embedgen snippet.
type snippetFlags struct {
	project
	form string
}

var snippetCommand = command{
	name: "snippet", args: "TENANT/CHANNEL [flags]", summary: "print what a web developer pastes",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(snippetFlags)
		f.bind(fs)
		f.bindTemplates(fs)
		fs.StringVar(&f.form, "for", "html", "the `form`: "+strings.Join(script.Forms(), ", "))
		return func(_ context.Context, args []string) error { return a.snippet(f, args) }
	},
}

func (a *app) snippet(f *snippetFlags, args []string) error {
	name, err := one(args, "TENANT/CHANNEL")
	if err != nil {
		return err
	}
	if !slices.Contains(script.Forms(), f.form) {
		return usagef("--for %q is not one of %s", f.form, strings.Join(script.Forms(), ", "))
	}
	s, err := a.site(&f.project)
	if err != nil {
		return err
	}
	c, err := channel(s, name)
	if err != nil {
		return err
	}
	in, err := f.input()
	if err != nil {
		return err
	}
	engine, list := script.New(templates.Overlay(in.Templates))
	if engine == nil {
		return problems{list}
	}
	text, err := engine.Form(c, f.form)
	if err != nil {
		return &failure{status: exitInput, err: err}
	}
	_, err = a.stdout.Write(text)
	return err
}
