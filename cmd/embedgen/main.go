// Command embedgen turns channels.yaml into everything that puts Huawei CEC's web chat on a
// company's web sites. See the README for a tour and "embedgen help" for the commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"embedgen/generator/diag"
)

// Exit statuses (DESIGN section 2).
const (
	exitOK      = 0
	exitInput   = 1 // the input, or the thing that was checked, is at fault
	exitUsage   = 2
	exitMachine = 3 // disk, port, permission
)

// app is the world as a command sees it.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// command is one subcommand: its flags are bound by setup, which returns what to run.
type command struct {
	name    string
	args    string // of the usage line, after the name
	summary string
	setup   func(a *app, fs *flag.FlagSet) func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		initCommand, addCommand, fmtCommand, checkCommand, explainCommand, schemaCommand, buildCommand, devCommand, serveCommand,
		nginxCommand, snippetCommand, signCommand, tokenCommand, versionCommand, completionCommand, completeCommand(),
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the whole program; it returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin, stdout, stderr}
	err := a.dispatch(ctx, args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	return a.report(err)
}

func (a *app) dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 {
		printUsage(a.stderr)
		return silent{exitUsage}
	}
	name, rest := args[0], args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		return a.help(rest)
	case "-v", "--version":
		name = "version"
	}
	c, err := find(name)
	if err != nil {
		return err
	}
	return a.runCommand(ctx, c, rest)
}

func find(name string) (command, error) {
	list := commands()
	i := slices.IndexFunc(list, func(c command) bool { return c.name == name })
	if i >= 0 {
		return list[i], nil
	}
	var names []string
	for _, c := range list {
		names = append(names, c.name)
	}
	err := usagef("unknown command %q", name)
	if near := diag.Nearest(name, names); near != "" {
		return command{}, err.withHint("did you mean `embedgen %s`?", near)
	}
	return command{}, err.withHint("run `embedgen help` for the list")
}

func (a *app) runCommand(ctx context.Context, c command, args []string) error {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	do := c.setup(a, fs)
	positional, err := parse(fs, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printCommand(a.stdout, c, fs)
		return err
	case err != nil:
		return usagef("%s: %s", c.name, dashes(err.Error())).withHint("run `embedgen %s --help`", c.name)
	}
	return do(ctx, positional)
}

// parse lets flags stand before, between and after the arguments; "--" ends them.
func parse(fs *flag.FlagSet, args []string) (positional []string, err error) {
	for {
		before := len(args)
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		rest := fs.Args()
		consumed := before - len(rest)
		if len(rest) == 0 || consumed > 0 && args[consumed-1] == "--" {
			return append(positional, rest...), nil
		}
		positional, args = append(positional, rest[0]), rest[1:]
	}
}

// dashes writes the flag package's "-name" as "--name".
func dashes(msg string) string {
	i := strings.Index(msg, ": -")
	if i < 0 || strings.HasPrefix(msg[i:], ": --") || len(msg) < i+5 {
		return msg
	}
	return msg[:i+2] + "-" + msg[i+2:]
}

func (a *app) help(args []string) error {
	if len(args) == 0 {
		printUsage(a.stdout)
		return nil
	}
	c, err := find(args[0])
	if err != nil {
		return err
	}
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	c.setup(a, fs)
	printCommand(a.stdout, c, fs)
	return nil
}

func printUsage(w io.Writer) {
	fmt.Fprint(w, "embedgen turns channels.yaml into everything that puts CEC web chat on a web site.\n\n")
	fmt.Fprint(w, "usage: embedgen <command> [flags]\n\ncommands:\n")
	for _, c := range commands() {
		if c.summary == "" {
			continue // for programs only
		}
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nStart with `embedgen dev`: it shows the whole chat with no CEC account.\n")
	fmt.Fprint(w, "`embedgen <command> --help` explains one command.\n")
}

func printCommand(w io.Writer, c command, fs *flag.FlagSet) {
	fmt.Fprintf(w, "%s\n\nusage: embedgen %s\n", c.summary, strings.TrimSpace(c.name+" "+c.args))
	first := true
	fs.VisitAll(func(f *flag.Flag) {
		if len(f.Name) == 1 {
			return // the short form stands beside the long one
		}
		if first {
			fmt.Fprint(w, "\nflags:\n")
			first = false
		}
		printFlag(w, fs, f)
	})
}

func printFlag(w io.Writer, fs *flag.FlagSet, f *flag.Flag) {
	kind, usage := flag.UnquoteUsage(f)
	head := "--" + f.Name
	if s := fs.Lookup(f.Name[:1]); s != nil && s.Value == f.Value {
		head = "-" + s.Name + ", " + head
	}
	if kind != "" {
		head += " " + kind
	}
	if f.DefValue != "" && f.DefValue != "false" {
		usage += fmt.Sprintf(" (default %s)", f.DefValue)
	}
	fmt.Fprintf(w, "  %-26s %s\n", head, usage)
}
