package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"embedgen/generator/config/edit"
	"embedgen/generator/config/schema"
	"embedgen/generator/diag"
)

// questions asks a person for what flags leave out. Where nobody is there to ask, it collects the
// flags that are missing.
type questions struct {
	in      *bufio.Scanner // nil: nobody is there
	out     io.Writer
	missing []string
	ended   bool
}

func (a *app) questions() *questions {
	q := &questions{out: a.stderr}
	if f, ok := a.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		q.in = bufio.NewScanner(f)
	}
	return q
}

// err says what is missing.
func (q *questions) err() error {
	switch {
	case q.ended:
		return usagef("the input ended before all questions were answered")
	case q.missing != nil:
		return usagef("missing: %s", strings.Join(q.missing, ", ")).withHint("on a terminal embedgen asks for what is left out")
	}
	return nil
}

// need sets a field to what a flag gives or a person answers.
func (q *questions) need(fields edit.Fields, m *schema.Mapping, p part, given string) {
	if given == "" && q.in == nil {
		q.missing = append(q.missing, "--"+p.flag)
		return
	}
	q.set(fields, m, p, given, true)
}

// offer is need for a field that may be left out.
func (q *questions) offer(fields edit.Fields, m *schema.Mapping, p part, given string) {
	q.set(fields, m, p, given, false)
}

func (q *questions) set(fields edit.Fields, m *schema.Mapping, p part, given string, required bool) {
	key := m.Key(p.key)
	for given == "" && q.in != nil && !q.ended {
		answer := q.ask(prompt(m, key, required))
		if answer == "" && !required {
			return
		}
		if !key.Value.Accepts(answer) {
			fmt.Fprintf(q.out, "  that is not its form. %s\n", key.Text)
			continue
		}
		given = answer
	}
	if given != "" {
		fields[p.key] = given
	}
}

// prompt is the line that asks for a key of a tenant or a channel.
func prompt(m *schema.Mapping, key *schema.Key, required bool) string {
	line := m.Title + ": " + strings.ToLower(key.Title[:1]) + key.Title[1:]
	switch words := key.Value.Words(); {
	case words != nil:
		line += " (" + strings.Join(words, ", ") + ")"
	case key.Examples != nil:
		line += fmt.Sprintf(" (such as %v)", key.Examples[0])
	}
	if !required {
		line += ", or nothing"
	}
	return line
}

// choose asks for one of a few words until it gets one.
func (q *questions) choose(flag, title string, words []string) string {
	if q.in == nil {
		q.missing = append(q.missing, "--"+flag)
		return ""
	}
	for !q.ended {
		answer := q.ask(title + " (" + shortened(words) + ")")
		if slices.Contains(words, answer) {
			return answer
		}
		if near := diag.Nearest(answer, words); near != "" {
			fmt.Fprintf(q.out, "  did you mean %s?\n", near)
		}
	}
	return ""
}

// shortened lists words, but not hundreds of them.
func shortened(words []string) string {
	const most = 12
	if len(words) > most {
		return strings.Join(words[:most], ", ") + ", …"
	}
	return strings.Join(words, ", ")
}

func (q *questions) ask(question string) string {
	fmt.Fprintf(q.out, "%s: ", question)
	if !q.in.Scan() {
		q.ended = true
		fmt.Fprintln(q.out)
		return ""
	}
	return strings.TrimSpace(q.in.Text())
}
