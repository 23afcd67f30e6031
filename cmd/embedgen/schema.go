package main

import (
	"context"
	"flag"

	"embedgen/generator/config/schema"
)

var schemaCommand = command{
	name: "schema", args: "[--included]", summary: "print the JSON Schema of channels.yaml, for editors",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		included := fs.Bool("included", false, "of a file that channels.yaml includes")
		return func(_ context.Context, args []string) error {
			if len(args) > 0 {
				return usagef("schema takes no arguments, got %q", args[0])
			}
			text := schema.JSON()
			if *included {
				text = schema.IncludedJSON()
			}
			_, err := a.stdout.Write(text)
			return err
		}
	},
}
