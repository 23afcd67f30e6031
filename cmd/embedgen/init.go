package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"embedgen/generator/config/schema"
)

//go:embed scaffold/channels.yaml
var scaffoldConfig []byte

//go:embed scaffold/gitignore
var scaffoldIgnore []byte

// schemaFile is where the first line of a new channels.yaml finds its JSON Schema, without network.
// It is made by the program, so that a newer one may replace it.
const schemaFile = ".channels.schema.json"

var initCommand = command{
	name: "init", args: "[dir]", summary: "write a commented channels.yaml to start from",
	setup: func(a *app, _ *flag.FlagSet) func(context.Context, []string) error {
		return func(_ context.Context, args []string) error { return a.init(args) }
	},
}

func (a *app) init(args []string) error {
	dir := "."
	switch len(args) {
	case 0:
	case 1:
		dir = args[0]
	default:
		return usagef("init takes one folder, got %d arguments", len(args))
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	path := filepath.Join(dir, "channels.yaml")
	if err := create(path, scaffoldConfig); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "wrote %s\n", path)
	ignore := filepath.Join(dir, ".gitignore")
	switch err := create(ignore, scaffoldIgnore); {
	case err == nil:
		fmt.Fprintf(a.stdout, "wrote %s\n", ignore)
	case errors.Is(err, fs.ErrExist):
		fmt.Fprintf(a.stdout, "kept %s: see that it ignores /.secrets/\n", ignore)
	default:
		return err
	}
	described := filepath.Join(dir, schemaFile)
	if err := replace(described, schema.JSON()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "wrote %s: with it an editor completes and checks channels.yaml\n", described)
	fmt.Fprint(a.stdout, "\nnext:\n")
	if dir != "." {
		fmt.Fprintf(a.stdout, "  cd %s\n", dir)
	}
	fmt.Fprint(a.stdout, "  embedgen dev      try the chat in a browser, no CEC account needed\n")
	fmt.Fprint(a.stdout, "  embedgen check    after each edit of channels.yaml\n")
	fmt.Fprint(a.stdout, "  embedgen build    write out/\n")
	return nil
}

// create writes a new file and never replaces one.
func create(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return &failure{exitInput, fmt.Errorf("%s exists already: %w", path, fs.ErrExist), "edit it, or name another folder"}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
