package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"

	"embedgen/generator"
	"embedgen/generator/diag"
)

// checkFlags are the flags of embedgen check.
type checkFlags struct {
	project
	format string
}

var checkCommand = command{
	name: "check", args: "[flags]", summary: "report problems of channels.yaml, templates and pages; write nothing",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(checkFlags)
		f.bind(fs)
		f.bindTemplates(fs)
		fs.StringVar(&f.format, "format", "text", "`format` of the diagnostics: text, json or github")
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return usagef("check takes no arguments, got %q", args[0])
			}
			return a.check(ctx, f)
		}
	},
}

func (a *app) check(ctx context.Context, f *checkFlags) error {
	printers := map[string]func(io.Writer, diag.List) error{
		"text":   func(w io.Writer, l diag.List) error { return diag.Text(w, l, a.colour(w)) },
		"json":   diag.JSON,
		"github": diag.GitHub,
	}
	print, ok := printers[f.format]
	if !ok {
		return usagef("--format %q is not text, json or github", f.format)
	}
	in, err := f.input()
	if err != nil {
		return err
	}
	r, err := new(generator.Generator).Build(ctx, in)
	if err != nil {
		return err
	}
	if err := print(a.stdout, r.Diagnostics); err != nil {
		return err
	}
	fmt.Fprintln(a.stderr, verdict(&f.project, r))
	if r.Diagnostics.HasErrors() {
		return silent{exitInput}
	}
	return nil
}

func verdict(p *project, r generator.Result) string {
	if r.Diagnostics.HasErrors() {
		return fmt.Sprintf("%s: %s", p.config, diag.Count(r.Diagnostics))
	}
	channels := 0
	for _, t := range r.Site.Tenants {
		channels += len(t.Channels)
	}
	text := fmt.Sprintf("%s is fine: %s, %s", p.config, count(len(r.Site.Tenants), "tenant"), count(channels, "channel"))
	if slices.ContainsFunc(r.Diagnostics, func(d diag.Diagnostic) bool { return d.Severity == diag.Warning }) {
		text += ", " + diag.Count(r.Diagnostics)
	}
	return text
}
