package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"embedgen/generator/config"
	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// FuzzLoad holds that no file makes the program panic, and that every diagnostic has a place
// inside the file and shows its line.
func FuzzLoad(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, member := range archive.Files {
			if strings.HasSuffix(member.Name, ".yaml") {
				f.Add(member.Data)
			}
		}
	}
	if example, err := os.ReadFile("../../channels.yaml"); err == nil {
		f.Add(example)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fsys := fstest.MapFS{"channels.yaml": {Data: text}, "tenants/a.yaml": {Data: text}}
		file, list := config.Load(fsys, "channels.yaml")
		s, more := site.Resolve(file, fsys)
		if s != nil {
			s.Plan([]string{"about.md"})
			for _, tenant := range s.Tenants {
				for _, channel := range tenant.Channels {
					s.Explain(tenant.ID, channel.ID)
				}
			}
		}
		more = append(more, site.CheckEnvironments(file, fsys, more)...)
		for _, d := range append(list, more...) {
			checkDiagnostic(t, text, d)
		}
	})
}

func checkDiagnostic(t *testing.T, text []byte, d diag.Diagnostic) {
	t.Helper()
	if lines := strings.Count(string(text), "\n") + 1; d.Pos.Line > lines {
		t.Errorf("%v is beyond line %d, the last one", d, lines)
	}
	if d.Pos.Line > 0 && d.Pos.Column < 1 {
		t.Errorf("%v has a line and no column", d)
	}
	if strings.ContainsAny(d.Source, "\n") || strings.ContainsAny(d.Message, "\n\r\x00\x1b") {
		t.Errorf("%v breaks its line", d)
	}
	diag.Text(&strings.Builder{}, diag.List{d}, true)
	diag.JSON(&strings.Builder{}, diag.List{d})
	diag.GitHub(&strings.Builder{}, diag.List{d})
}
