package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"embedgen/generator/config/edit"
	"embedgen/generator/render/script"
	"embedgen/generator/sign"
)

// completeCommand is for the scripts of embedgen completion. It prints what the last of some words
// may become, one candidate a line, with a description after a tab; ":files" asks the shell for
// files. It never fails: a shell that is told of an error in the middle of a line helps nobody.
func completeCommand() command {
	return command{
		name: "complete", args: "-- WORD…",
		setup: func(a *app, _ *flag.FlagSet) func(context.Context, []string) error {
			return func(_ context.Context, words []string) error {
				for _, c := range a.complete(words) {
					fmt.Fprintln(a.stdout, strings.TrimSuffix(c.text+"\t"+c.about, "\t"))
				}
				return nil
			}
		},
	}
}

// completion is what a word may become.
type completion struct{ text, about string }

// files is the candidate that makes the shell look for files.
var files = []completion{{text: ":files"}}

// complete returns the candidates for the last word of a command line.
func (a *app) complete(words []string) []completion {
	if len(words) < 2 {
		return matching(commandNames(), strings.Join(words, ""))
	}
	c, err := find(words[0])
	if err != nil && words[0] != "help" {
		return nil
	}
	if words[0] == "help" {
		return matching(commandNames(), words[len(words)-1])
	}
	set := flag.NewFlagSet(c.name, flag.ContinueOnError)
	c.setup(a, set)
	return line{c.name, set, words[1:]}.candidates()
}

func commandNames() []completion {
	list := []completion{{"help", "explain one command"}}
	for _, c := range commands() {
		if c.summary != "" {
			list = append(list, completion{c.name, c.summary})
		}
	}
	return list
}

// matching keeps the candidates that begin with a text.
func matching(list []completion, prefix string) []completion {
	return slices.DeleteFunc(list, func(c completion) bool { return !strings.HasPrefix(c.text, prefix) })
}

func plain(words ...string) (list []completion) {
	for _, w := range words {
		list = append(list, completion{text: w})
	}
	return list
}

// line is a command line with one command.
type line struct {
	command string
	set     *flag.FlagSet
	words   []string // after the command; the last one is being typed
}

func (l line) candidates() []completion {
	last := len(l.words) - 1
	word := l.words[last]
	if name, value, joined := strings.Cut(word, "="); joined && strings.HasPrefix(name, "-") {
		list := l.values(l.flag(name), value)
		for i := range list {
			if list[i].text != files[0].text {
				list[i].text = name + "=" + list[i].text
			}
		}
		return list
	}
	// bash takes = for a word of its own
	if word == "=" && last > 0 {
		return l.values(l.flag(l.words[last-1]), "")
	}
	if last > 1 && l.words[last-1] == "=" {
		return l.values(l.flag(l.words[last-2]), word)
	}
	if last > 0 {
		if f := l.flag(l.words[last-1]); f != nil && !isBool(f) {
			return l.values(f, word)
		}
	}
	if strings.HasPrefix(word, "-") {
		return l.flags(word)
	}
	return l.arguments(word)
}

// flag returns the flag that a word names, or nil.
func (l line) flag(word string) *flag.Flag {
	if name := strings.TrimLeft(word, "-"); name != word {
		return l.set.Lookup(name)
	}
	return nil
}

func isBool(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

func (l line) flags(prefix string) (list []completion) {
	l.set.VisitAll(func(f *flag.Flag) {
		if len(f.Name) > 1 {
			_, usage := flag.UnquoteUsage(f)
			list = append(list, completion{"--" + f.Name, usage})
		}
	})
	return matching(list, prefix)
}

// flagWords are the flags whose values are few words, by command or, before them, for all.
var flagWords = map[string][]string{
	"check format": {"text", "json", "sarif", "github"},
	"dev cec":      {"simulate", "proxy"},
	"sign length":  words(sign.Lengths()),
	"sign order":   append(words(sign.Orders()), "all"),
	"snippet for":  script.Forms(),
}

func words[T ~string](list []T) (texts []string) {
	for _, w := range list {
		texts = append(texts, string(w))
	}
	return texts
}

// values returns what a flag may be set to. What kind of thing that is its usage says in backquotes.
func (l line) values(f *flag.Flag, prefix string) []completion {
	if f == nil {
		return nil
	}
	if list := flagWords[l.command+" "+f.Name]; list != nil {
		return matching(plain(list...), prefix)
	}
	for _, p := range channelParts {
		if key := channelMapping.Key(p.key); l.command == "add" && p.flag == f.Name {
			return matching(plain(key.Value.Words()...), prefix)
		}
	}
	switch kind, _ := flag.UnquoteUsage(f); {
	case f.Name == "tenant":
		return matching(plain(l.names().tenants()...), prefix)
	case kind == "environment":
		return matching(plain(l.names().Environments...), prefix)
	case kind == "file" || kind == "folder":
		return files
	}
	return nil
}

// arguments returns what a command may be given beside flags.
func (l line) arguments(prefix string) []completion {
	switch args := strings.Fields(findArgs(l.command) + " -"); {
	case l.command == "completion":
		return matching(plain(shells...), prefix)
	case l.command == "add":
		return matching(plain("tenant", "channel"), prefix)
	case l.command == "init", l.command == "fmt":
		return files
	case strings.HasPrefix(args[0], "TENANT/CHANNEL"):
		return matching(plain(l.names().channels(prefix)...), prefix)
	case strings.Contains(args[0], "TENANT"):
		return matching(plain(l.names().tenants()...), prefix)
	}
	return nil
}

func findArgs(command string) string {
	c, _ := find(command)
	return strings.Trim(c.args, "[]")
}

// projectNames are the names of a project.
type projectNames struct{ edit.Names }

// names reads the names of the project that the line is about, as far as they can be read.
func (l line) names() projectNames {
	file := "channels.yaml"
	for i, w := range l.words {
		if (w == "-c" || w == "--config") && i+1 < len(l.words) {
			file = l.words[i+1]
		}
		if value, ok := strings.CutPrefix(w, "--config="); ok {
			file = value
		}
	}
	text, _ := os.ReadFile(file)
	names := edit.ReadNames(text)
	root := os.DirFS(filepath.Dir(file))
	for _, pattern := range names.Include {
		matches, _ := fs.Glob(root, pattern)
		for _, name := range matches {
			text, _ := fs.ReadFile(root, name)
			names.Tenants = append(names.Tenants, edit.ReadNames(text).Tenants...)
		}
	}
	return projectNames{names}
}

func (n projectNames) tenants() (list []string) {
	for _, t := range n.Tenants {
		list = append(list, t.ID)
	}
	return list
}

// channels lists TENANT/CHANNEL; before the slash is typed, of many channels only TENANT/.
func (n projectNames) channels(prefix string) (list []string) {
	const many = 60
	for _, t := range n.Tenants {
		for _, c := range t.Channels {
			list = append(list, t.ID+"/"+c)
		}
	}
	if strings.Contains(prefix, "/") || len(list) <= many {
		return list
	}
	list = nil
	for _, t := range n.Tenants {
		list = append(list, t.ID+"/")
	}
	return list
}
