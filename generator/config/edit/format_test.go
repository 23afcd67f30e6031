package edit_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"embedgen/generator/config/edit"
)

var update = flag.Bool("update", false, "write what the fixtures want")

// TestFormat runs testdata/format: a file as somebody wrote it, and its canonical form.
func TestFormat(t *testing.T) {
	files, _ := filepath.Glob("testdata/format/*.txtar")
	if len(files) == 0 {
		t.Fatal("no fixtures")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, kept, err := edit.Format(archive.Files[0].Data)
			if kept != nil || err != nil {
				t.Fatal(kept, err)
			}
			if *update {
				archive.Files[1].Data = got
				os.WriteFile(file, txtar.Format(archive), 0o644)
			}
			if want := archive.Files[1].Data; string(got) != string(want) {
				t.Errorf("formatted as\n%s\nwant\n%s", got, want)
			}
			checkFormat(t, archive.Files[0].Data)
		})
	}
}

// TestFormatKeeps holds that what is not taken apart is named, and only cleaned of line ends.
func TestFormatKeeps(t *testing.T) {
	for text, want := range map[string]string{
		"\ufeffversion: 1\r\nsite:\r\n  title: |\r\n    a\r\n\r\n    b": "line 3 has text after | or >",
		"site:\n  title: !!str x\n":                                     "line 2 has a tag",
		"? version\n: 1\n":                                              "line 1 has an explicit key",
		"- a\n":                                                         "line 1 has no keys at its top",
		"{version: 1}\n":                                                "line 1 has no keys at its top",
		"site:\n  title: a\n    b\n":                                    "line 2 has a value over several lines",
		"include:\n  - - a\n":                                           "line 2 has a list that is an item of a list",
		"include:\n  -\n      - a\n":                                    "line 3 has a list that is an item of a list",
		"include:\n  -\n":                                               "line 2 has an item without value",
		"include: [a: b]\n":                                             "line 1 has a pair without braces in a list",
		"site: &a\n  title: b\n*a : c\n":                                "line 3 has a key that is not a simple name",
		"site: {title: &a\n    b}\n":                                    "line 1 has an anchor apart from its value",
		"version: 1\n...\n":                                             "",
		"--- # first\nversion: \"1\"\nsite:  {}\n":                      "",
	} {
		got, kept, err := edit.Format([]byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if message := describe(kept); message != want {
			t.Errorf("%q: kept because %q, want %q", text, message, want)
		}
		if clean := strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"); kept != nil && string(got) != clean {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func describe(kept *edit.Obstacle) string {
	if kept == nil {
		return ""
	}
	return kept.Error()
}

func TestFormatRefuses(t *testing.T) {
	for _, text := range []string{"", "# only a comment\n", "a: [\n", "a: b: c\n", "a: 1\n---\nb: 2\n", "a: \xff\n", "a: \x00\n", "a: b\rc: d\n", "a: \u2028\n", "a: *b\n"} {
		got, kept, err := edit.Format([]byte(text))
		if !errors.Is(err, edit.ErrSyntax) || got != nil || kept != nil {
			t.Errorf("%q: %q, %v, %v", text, got, kept, err)
		}
	}
}

// TestOwnFilesAreCanonical formats the example and what embedgen init writes.
func TestOwnFilesAreCanonical(t *testing.T) {
	for _, name := range []string{"../../../channels.yaml", "../../../cmd/embedgen/scaffold/channels.yaml"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, kept, err := edit.Format(text); string(got) != string(text) || kept != nil || err != nil {
			t.Errorf("%s is not canonical: %v, %v", name, kept, err)
		}
	}
}
