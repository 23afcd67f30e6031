package render

import (
	"io/fs"
	"maps"
	"testing"
	"testing/fstest"

	"embedgen/templates"
)

// defaults returns the default templates as files that a test may change.
func defaults(t *testing.T) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{}
	err := fs.WalkDir(templates.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(templates.FS, name)
		tree[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestCompilerKeepsWhatDidNotChange(t *testing.T) {
	tree := defaults(t)
	var c Compiler
	first, problems := c.Compile(tree)
	if first == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, row := range []struct {
		file                    string
		script, extension, docs bool // is compiled anew
	}{
		{"", false, false, false},
		{"dev/dev.css", false, false, false},
		{"embed/text.js", true, false, false},
		{"page/page.css", true, false, false},
		{"extension/content.js", false, true, false},
		{"docs/docs.css", false, false, true},
		{"docs/guide.en.md", false, false, true},
	} {
		changed := maps.Clone(tree)
		if row.file != "" {
			changed[row.file] = &fstest.MapFile{Data: append(tree[row.file].Data[:len(tree[row.file].Data):len(tree[row.file].Data)], "\n "...)}
		}
		before, problems := c.Compile(tree)
		if before == nil {
			t.Fatal(problems)
		}
		after, problems := c.Compile(changed)
		if after == nil {
			t.Fatalf("%s: %v", row.file, problems)
		}
		if anew := after.script != before.script; anew != row.script {
			t.Errorf("%s: scripts compiled anew: %v", row.file, anew)
		}
		if anew := after.extension != before.extension; anew != row.extension {
			t.Errorf("%s: extension compiled anew: %v", row.file, anew)
		}
		if anew := after.guide != before.guide; anew != row.docs {
			t.Errorf("%s: documentation compiled anew: %v", row.file, anew)
		}
	}
}

// TestCompilerRepeatsFaults: what is wrong with a folder is said each time, and heals.
func TestCompilerRepeatsFaults(t *testing.T) {
	tree := defaults(t)
	good := tree["docs/index.en.md"]
	tree["docs/index.en.md"] = &fstest.MapFile{Data: []byte("# {{.Nothing")}
	var c Compiler
	for range 2 {
		if e, problems := c.Compile(tree); e != nil || len(problems) != 1 || problems[0].Pos.File != "docs/index.en.md" {
			t.Fatalf("engine %v, problems %v", e, problems)
		}
	}
	tree["docs/index.en.md"] = good
	if e, problems := c.Compile(tree); e == nil {
		t.Fatal(problems)
	}
	delete(tree, "extension/manifest.json")
	if e, problems := c.Compile(tree); e != nil || len(problems) == 0 {
		t.Errorf("engine %v without a template", e)
	}
}
