package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"embedgen/generator/site"
)

// explainFlags are the flags of embedgen explain.
type explainFlags struct {
	project
	json bool
}

var explainCommand = command{
	name: "explain", args: "TENANT/CHANNEL [flags]", summary: "show each effective value of a channel and where it was set",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(explainFlags)
		f.bind(fs)
		fs.BoolVar(&f.json, "json", false, "print a JSON object")
		return func(_ context.Context, args []string) error { return a.explain(f, args) }
	},
}

func (a *app) explain(f *explainFlags, args []string) error {
	name, err := one(args, "TENANT/CHANNEL")
	if err != nil {
		return err
	}
	s, err := a.site(&f.project)
	if err != nil {
		return err
	}
	c, err := channel(s, name)
	if err != nil {
		return err
	}
	settings := s.Explain(c.Tenant.ID, c.ID)
	if f.json {
		return printJSON(a.stdout, newExplanation(s, c, settings))
	}
	printSettings(a.stdout, settings)
	return nil
}

// explanation is the output of embedgen explain --json.
type explanation struct {
	Tenant      string    `json:"tenant"`
	Channel     string    `json:"channel"`
	Environment string    `json:"environment,omitempty"`
	Settings    []setting `json:"settings"`
}

// setting is one value. Without a file it is built in.
type setting struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	SetBy  string `json:"setBy"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

func newExplanation(s *site.Site, c *site.Channel, list []site.Setting) explanation {
	e := explanation{Tenant: c.Tenant.ID, Channel: c.ID, Environment: s.Environment}
	for _, v := range list {
		e.Settings = append(e.Settings, setting{v.Key, v.Value, v.Level, v.Pos.File, v.Pos.Line, v.Pos.Column})
	}
	return e
}

// printSettings prints a table. The values come last: they may be long, and of any width.
func printSettings(w io.Writer, list []site.Setting) {
	rows := [][4]string{{"KEY", "SET BY", "AT", "VALUE"}}
	for _, s := range list {
		row := [4]string{s.Key, s.Level, s.Pos.String(), s.Value}
		if s.Pos.Line == 0 {
			row[1], row[2] = "built in", "-"
		}
		if s.Value == "" {
			row[3] = "(none)"
		}
		rows = append(rows, row)
	}
	var widths [3]int
	for _, row := range rows {
		for i := range widths {
			widths[i] = max(widths[i], len(row[i]))
		}
	}
	for _, row := range rows {
		line := fmt.Sprintf("%-*s  %-*s  %-*s  %s", widths[0], row[0], widths[1], row[1], widths[2], row[2], row[3])
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}
