package main

import (
	"context"
	"embed"
	"flag"
	"strings"
)

//go:embed completion
var completionScripts embed.FS

var shells = []string{"bash", "zsh", "fish"}

var completionCommand = command{
	name: "completion", args: "bash|zsh|fish", summary: "print a script that completes commands, flags and channels in a shell",
	setup: func(a *app, _ *flag.FlagSet) func(context.Context, []string) error {
		return func(_ context.Context, args []string) error {
			shell, err := one(args, "shell: "+strings.Join(shells, ", "))
			if err != nil {
				return err
			}
			script, err := completionScripts.ReadFile("completion/" + shell)
			if err != nil {
				return usagef("there is no completion for %q", shell).withHint("the shells are %s", strings.Join(shells, ", "))
			}
			_, err = a.stdout.Write(script)
			return err
		}
	},
}
