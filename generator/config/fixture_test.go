package config_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"text/template"

	"github.com/rogpeppe/go-internal/txtar"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
	"embedgen/generator/secret"
	"embedgen/generator/site"
)

var update = flag.Bool("update", false, "write the diagnostics that fixtures want")

// A fixture is a txtar archive: a root directory with channels.yaml, and the section "want" with
// the diagnostics as a person sees them. A file that ends in .tmpl is executed as a text/template
// first, with the functions repeat and number, for what cannot stand in a text file. The section "environment"
// chooses one; the section "variables" holds those of the process, one a line. Of many diagnostics the first three and the last are compared.

// TestRules runs testdata/rules: one fixture per rule, which breaks it.
func TestRules(t *testing.T) {
	registered := map[string]bool{}
	for _, r := range rule.All() {
		registered[string(r.ID)] = true
		if _, err := os.Stat(filepath.Join("testdata", "rules", string(r.ID)+".txtar")); errors.Is(err, fs.ErrNotExist) {
			t.Errorf("rule %s has no fixture", r.ID)
		}
	}
	eachFixture(t, "testdata/rules", func(t *testing.T, name string, list diag.List) {
		if !registered[name] {
			t.Errorf("fixture %s is of no rule", name)
		}
		if !slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Rule == name }) {
			t.Errorf("fixture does not break its rule %s", name)
		}
	})
}

// TestCases runs testdata/cases: whole files, right and wrong, that are about more than one rule.
func TestCases(t *testing.T) {
	eachFixture(t, "testdata/cases", func(t *testing.T, name string, list diag.List) {
		if strings.HasPrefix(name, "valid-") && list.HasErrors() {
			t.Errorf("a valid file has errors")
		}
	})
}

func eachFixture(t *testing.T, dir string, check func(t *testing.T, name string, list diag.List)) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures in %s: %v", dir, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list := diagnose(tree(t, archive), member(archive, "environment"), variables(archive))
			check(t, name, list)
			compare(t, file, archive, printed(list))
		})
	}
}

// member returns the text of a file of a fixture, in one line.
func member(archive *txtar.Archive, name string) string {
	for _, f := range archive.Files {
		if f.Name == name {
			return strings.TrimSpace(string(f.Data))
		}
	}
	return ""
}

// variables returns the section "variables", which asks that secrets be resolved from them.
func variables(archive *txtar.Archive) map[string]string {
	text := member(archive, "variables")
	if text == "" {
		return nil
	}
	m := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		m[name] = value
	}
	return m
}

// diagnose reads and resolves as every command does.
func diagnose(fsys fs.FS, environment string, variables map[string]string) diag.List {
	f, list := config.Load(fsys, "channels.yaml")
	s, more := site.ResolveEnv(f, fsys, environment)
	list = append(list, more...)
	if environment == "" {
		list = append(list, site.CheckEnvironments(f, fsys, more)...)
	}
	if s != nil && s.Pages != "" {
		folder, _ := fs.Sub(fsys, s.Pages)
		pages, _ := fs.Glob(folder, "*.md")
		list = append(list, s.CheckPages(pages)...)
	}
	if s != nil && variables != nil {
		r := secret.Resolver{Getenv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}
		list = append(list, s.CheckSecrets(r.Resolve)...)
	}
	list.Sort()
	if broken := f.Broken() || more.HasErrors(); (s == nil) != broken {
		panic("a site exists if and only if there is no error")
	}
	return list
}

// tree makes the root directory of a fixture.
func tree(t *testing.T, archive *txtar.Archive) fstest.MapFS {
	t.Helper()
	functions := template.FuncMap{
		"repeat": func(n int, s string) string { return strings.Repeat(s, n) },
		"number": func(n int, format string) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, format, i)
			}
			return b.String()
		},
	}
	fsys := fstest.MapFS{}
	for _, f := range archive.Files {
		name, data := f.Name, f.Data
		if plain, ok := strings.CutSuffix(name, ".tmpl"); ok {
			var b bytes.Buffer
			if err := template.Must(template.New(name).Funcs(functions).Parse(string(data))).Execute(&b, nil); err != nil {
				t.Fatal(err)
			}
			name, data = plain, b.Bytes()
		}
		if name != "want" {
			fsys[name] = &fstest.MapFile{Data: data, Mode: 0o644}
		}
	}
	return fsys
}

// printed shows a list as text, with its middle left out if it is long.
func printed(list diag.List) string {
	const many, shown = 30, 3
	var b strings.Builder
	if len(list) > many {
		diag.Text(&b, list[:shown], false)
		fmt.Fprintf(&b, "\n(%d more)\n\n", len(list)-shown-1)
		diag.Text(&b, list[len(list)-1:], false)
	} else {
		diag.Text(&b, list, false)
	}
	fmt.Fprintf(&b, "\n%s\n", diag.Count(list))
	return b.String()
}

func compare(t *testing.T, file string, archive *txtar.Archive, got string) {
	t.Helper()
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	if *update {
		if i < 0 {
			i = len(archive.Files)
			archive.Files = append(archive.Files, txtar.File{Name: "want"})
		}
		archive.Files[i].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if i < 0 {
		t.Fatal("the fixture has no section want: run the test with -update and read what it says")
	}
	if want := string(archive.Files[i].Data); got != want {
		t.Errorf("diagnostics differ\n--- got\n%s\n--- want\n%s", got, want)
	}
}
