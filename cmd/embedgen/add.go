package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"embedgen/generator/config"
	"embedgen/generator/config/edit"
	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
	"embedgen/generator/site"
)

var addCommand = command{
	name: "add", args: "tenant|channel [flags]", summary: "add a tenant or a channel to channels.yaml; asks for what the flags leave out",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := newAddFlags(fs)
		return func(_ context.Context, args []string) error { return a.add(f, args) }
	},
}

func (a *app) add(f *addFlags, args []string) error {
	kind, err := one(args, "tenant or channel")
	if err != nil {
		return err
	}
	in, err := f.input()
	if err != nil {
		return err
	}
	file, list := config.Load(in.Root, in.Config)
	if slices.ContainsFunc(list, beyondAdding) {
		return problems{list}
	}
	change, err := a.addition(f, kind, file, in.Root)
	if err != nil {
		return err
	}
	if err := a.checkAddition(change, in.Root, in.Config); err != nil {
		return err
	}
	target := filepath.Join(f.dir(), filepath.FromSlash(change.file))
	if err := replace(target, change.content); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "added %s to %s\n", change.what, target)
	fmt.Fprintln(a.stderr, "next: embedgen check, or embedgen dev to try it")
	return nil
}

// beyondAdding reports whether a problem is one that no addition solves, as it does that of an empty list.
func beyondAdding(d diag.Diagnostic) bool {
	return d.Severity == diag.Error && rule.ID(d.Rule) != rule.MissingKey
}

// addition is a file with its new content.
type addition struct {
	what    string // "channel acme/web_help"
	channel string // that will be there, as TENANT/CHANNEL
	file    string // slash path relative to the root directory
	content []byte
}

func (a *app) addition(f *addFlags, kind string, file *config.File, root fs.FS) (addition, error) {
	switch kind {
	case "channel":
		return a.channelAddition(f, file, root)
	case "tenant":
		return a.tenantAddition(f, file, root)
	}
	return addition{}, usagef("cannot add %q", kind).withHint("`embedgen add tenant` or `embedgen add channel`")
}

// channelAddition puts a channel into the file that has its tenant.
func (a *app) channelAddition(f *addFlags, file *config.File, root fs.FS) (addition, error) {
	if err := f.refuse("channel", append(tenantParts[2:], firstParts...)...); err != nil {
		return addition{}, err
	}
	q := a.questions()
	tenant, err := a.chooseTenant(q, f, file)
	if err != nil {
		return addition{}, err
	}
	fields := f.channelFields(q, tenantParts[:2], tenant.ID.V, config.First(tenant.Mode, file.Defaults.Mode).V)
	if err := q.err(); err != nil {
		return addition{}, err
	}
	name := tenant.Pos.Diag().File
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return addition{}, err
	}
	content, err := edit.AddChannel(text, tenant.ID.V, fields)
	full := tenant.ID.V + "/" + fields["id"].(string)
	return addition{"channel " + full, full, name, content}, byHand(name, err)
}

// tenantAddition puts a tenant where the others are: into channels.yaml, or into a file of its own
// if channels.yaml includes all of them.
func (a *app) tenantAddition(f *addFlags, file *config.File, root fs.FS) (addition, error) {
	if err := f.refuse("tenant", part{flag: "tenant"}); err != nil {
		return addition{}, err
	}
	q := a.questions()
	fields := f.tenantFields(q, file)
	if err := q.err(); err != nil {
		return addition{}, err
	}
	id := fields["id"].(string)
	first := fields["channels"].([]edit.Fields)[0]
	change := addition{what: "tenant " + id, channel: id + "/" + first["id"].(string), file: file.Name}
	if own := ownFile(file, id); own != "" {
		change.file = own
	}
	text, err := fs.ReadFile(root, change.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		change.content = edit.NewFile(fields)
		return change, nil
	case err != nil:
		return change, err
	}
	change.content, err = edit.AddTenant(text, fields)
	return change, byHand(change.file, err)
}

// ownFile returns the file that a new tenant gets: the first pattern of include with its * replaced
// by the tenant's id. It is "" when channels.yaml has tenants itself.
func ownFile(file *config.File, id string) string {
	for _, t := range file.Tenants {
		if t.Pos.Diag().File == file.Name {
			return ""
		}
	}
	for _, pattern := range file.Include {
		if name := strings.Replace(pattern.V, "*", id, 1); name != pattern.V && !strings.ContainsAny(name, "*?[") {
			return path.Clean(name)
		}
	}
	return ""
}

// byHand explains a file that cannot be changed.
func byHand(name string, err error) error {
	var obstacle *edit.Obstacle
	if errors.As(err, &obstacle) {
		return inputf("%s cannot be changed: %w", name, err).withHint("add it by hand")
	}
	return err
}

// checkAddition reads the project as it would be. It is an error if that has errors, so that no broken
// file is ever written.
func (a *app) checkAddition(c addition, root fs.FS, name string) error {
	after := overlay{root, c.file, c.content}
	file, list := config.Load(after, name)
	s, more := site.Resolve(file, after)
	list = append(list, more...)
	list.Sort()
	if s == nil {
		list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return d.Severity == diag.Warning })
		a.printDiagnostics(list)
		return inputf("nothing is written: with %s, %s would have %s", c.what, c.file, diag.Count(list))
	}
	_, err := channel(s, c.channel)
	return err
}

func unknownTenant(id string, known []string) error {
	err := inputf("no tenant %q in channels.yaml", id)
	if near := diag.Nearest(id, known); near != "" {
		return err.withHint("did you mean %q?", near)
	}
	return err.withHint("`embedgen add tenant` adds one")
}
