package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"

	"embedgen/generator"
	"embedgen/generator/config/rule"
	"embedgen/generator/config/rule/ruledoc"
	"embedgen/generator/diag"
)

// checkFlags are the flags of embedgen check.
type checkFlags struct {
	project
	format  string
	resolve bool // the secrets
}

var checkCommand = command{
	name: "check", args: "[flags]", summary: "report problems of channels.yaml, templates and pages; write nothing",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(checkFlags)
		f.bind(fs)
		f.bindTemplates(fs)
		fs.StringVar(&f.format, "format", "text", "`format` of the diagnostics: text, json, sarif or github")
		fs.BoolVar(&f.resolve, "secrets", false, "resolve every secret, running the commands of {exec: …}, and say which fail; never what they are")
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
		"sarif":  func(w io.Writer, l diag.List) error { return diag.SARIF(w, l, version(), ruleInfo()) },
		"github": diag.GitHub,
	}
	print, ok := printers[f.format]
	if !ok {
		return usagef("--format %q is not text, json, sarif or github", f.format)
	}
	in, err := f.input()
	if err != nil {
		return err
	}
	r, err := new(generator.Generator).Check(ctx, in)
	if err != nil {
		return err
	}
	if f.resolve && r.Site != nil {
		known := newKeyring(f.secrets(), r.Site.SecretRefs())
		r.Diagnostics = append(r.Diagnostics, r.Site.CheckSecrets(known.Resolve)...)
		r.Diagnostics.Sort()
	}
	if f.format == "sarif" || f.format == "github" {
		f.nameFromHere(r.Diagnostics)
	}
	if err := print(a.stdout, r.Diagnostics); err != nil {
		return err
	}
	fmt.Fprintln(a.stderr, verdict(f, r))
	if r.Diagnostics.HasErrors() {
		return silent{exitInput}
	}
	return nil
}

// nameFromHere renames the files of diagnostics, which are relative to the folder of channels.yaml, as
// code hosts want them: relative to the folder in which the command runs.
func (f *checkFlags) nameFromHere(list diag.List) {
	dir := filepath.ToSlash(f.dir())
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(f.dir()) {
		if relative, err := filepath.Rel(here, f.dir()); err == nil && filepath.IsLocal(relative) {
			dir = filepath.ToSlash(relative)
		}
	}
	rename := func(p *diag.Pos) {
		if _, err := os.Lstat(filepath.Join(f.dir(), filepath.FromSlash(p.File))); err == nil {
			p.File = path.Join(dir, p.File)
		}
	}
	for i := range list {
		rename(&list[i].Pos)
		for j := range list[i].Related {
			rename(&list[i].Related[j].Pos)
		}
	}
}

// ruleInfo describes the rules of channels.yaml to SARIF readers.
func ruleInfo() []diag.RuleInfo {
	var list []diag.RuleInfo
	for _, r := range rule.All() {
		help := ruledoc.Lookup(r.ID)
		list = append(list, diag.RuleInfo{ID: string(r.ID), Severity: r.Severity, Summary: r.Summary, Help: help.Meaning + "\n\n" + help.Cure})
	}
	return list
}

func verdict(f *checkFlags, r generator.Result) string {
	switch {
	case r.Diagnostics.HasErrors() && f.resolve && r.Site == nil:
		return fmt.Sprintf("%s: %s; secrets were not looked at", f.config, diag.Count(r.Diagnostics))
	case r.Diagnostics.HasErrors():
		return fmt.Sprintf("%s: %s", f.config, diag.Count(r.Diagnostics))
	}
	channels := 0
	for _, t := range r.Site.Tenants {
		channels += len(t.Channels)
	}
	text := fmt.Sprintf("%s is fine: %s, %s", f.config, count(len(r.Site.Tenants), "tenant"), count(channels, "channel"))
	if f.resolve {
		text += ", " + count(len(r.Site.SecretRefs()), "secret")
	}
	if slices.ContainsFunc(r.Diagnostics, func(d diag.Diagnostic) bool { return d.Severity == diag.Warning }) {
		text += ", " + diag.Count(r.Diagnostics)
	}
	return text
}
