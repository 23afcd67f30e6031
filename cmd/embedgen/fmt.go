package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"embedgen/generator/config"
	"embedgen/generator/config/edit"
	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// fmtFlags are the flags of embedgen fmt.
type fmtFlags struct {
	project
	check bool
}

var fmtCommand = command{
	name: "fmt", args: "[--check] [FILE…]", summary: "put channels.yaml and the files that it includes into canonical form",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(fmtFlags)
		f.bindFile(fs)
		fs.BoolVar(&f.check, "check", false, "write nothing; list the files that would change, and exit 1 if there are any")
		return func(_ context.Context, args []string) error { return a.format(f, args) }
	},
}

// format goes through the files; one that is no YAML is reported and the others are formatted.
func (a *app) format(f *fmtFlags, files []string) error {
	if slices.Equal(files, []string{"-"}) {
		return a.formatStream(f)
	}
	if len(files) == 0 {
		var err error
		if files, err = f.sources(); err != nil {
			return err
		}
	}
	var wrong problems
	changed := false
	for _, file := range files {
		differs, err := a.formatFile(file, f.check)
		var list problems
		switch {
		case errors.As(err, &list):
			wrong.list = append(wrong.list, list.list...)
		case err != nil:
			return err
		case differs:
			changed = true
			fmt.Fprintln(a.stdout, file)
		}
	}
	if wrong.list != nil {
		return wrong
	}
	if changed && f.check {
		return silent{exitInput}
	}
	return nil
}

// sources lists channels.yaml and the files that it includes.
func (p *project) sources() ([]string, error) {
	in, err := p.input()
	if err != nil {
		return nil, err
	}
	file, _ := config.Load(in.Root, in.Config)
	var list []string
	for _, name := range file.Sources {
		list = append(list, filepath.Join(p.dir(), filepath.FromSlash(name)))
	}
	return list, nil
}

// formatFile reports whether a file differs from its canonical form; it writes that unless it
// only checks.
func (a *app) formatFile(file string, check bool) (differs bool, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return false, err
	}
	formatted, kept, err := edit.Format(text)
	switch {
	case errors.Is(err, edit.ErrSyntax):
		return false, syntaxProblems(file, err)
	case err != nil:
		return false, inputf("%s: %w", file, err)
	case kept != nil:
		fmt.Fprintf(a.stderr, "%s: only its line ends are looked at: %v\n", file, kept)
	}
	if bytes.Equal(text, formatted) || check {
		return !bytes.Equal(text, formatted), nil
	}
	return true, replace(file, formatted)
}

// formatStream formats standard input, as editors want it.
func (a *app) formatStream(f *fmtFlags) error {
	text, err := io.ReadAll(a.stdin)
	if err != nil {
		return err
	}
	formatted, kept, err := edit.Format(text)
	const name = "standard-input"
	switch {
	case errors.Is(err, edit.ErrSyntax):
		return textProblems(overlay{noFiles{}, name, text}, name, name, err)
	case err != nil:
		return &failure{status: exitInput, err: err}
	case kept != nil:
		fmt.Fprintf(a.stderr, "%s: only its line ends are looked at: %v\n", name, kept)
	}
	if f.check {
		if !bytes.Equal(text, formatted) {
			return silent{exitInput}
		}
		return nil
	}
	_, err = a.stdout.Write(formatted)
	return err
}

// syntaxProblems says where and why a file is no YAML document.
func syntaxProblems(file string, err error) error {
	root, openErr := os.OpenRoot(filepath.Dir(file))
	if openErr != nil {
		return openErr
	}
	defer root.Close()
	return textProblems(root.FS(), filepath.Base(file), file, err)
}

// noFiles is a file system without any.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// textProblems lists what makes a file of a name no YAML document, under the name that the user knows.
func textProblems(fsys fs.FS, name, shown string, err error) error {
	_, all := config.Load(fsys, name)
	textual := []rule.ID{rule.YAMLSyntax, rule.InvalidUTF8, rule.UnsafeCharacter, rule.EmptyFile, rule.MultipleDocuments, rule.FileTooLarge}
	var list diag.List
	for _, d := range all {
		if d.Pos.File == name && slices.Contains(textual, rule.ID(d.Rule)) {
			d.Pos.File = filepath.ToSlash(shown)
			for i := range d.Related {
				d.Related[i].Pos.File = d.Pos.File
			}
			list = append(list, d)
		}
	}
	if list == nil {
		return inputf("%s: %w", shown, err)
	}
	return problems{list}
}

// bindFile binds the flag that names channels.yaml, for commands that are about the file itself.
func (p *project) bindFile(flags *flag.FlagSet) {
	flags.StringVar(&p.config, "config", "channels.yaml", "read this `file`")
	flags.StringVar(&p.config, "c", "channels.yaml", "")
}
