package artifact

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

func tree(t testing.TB, files map[string]string) *Tree {
	t.Helper()
	var list []File
	for path, data := range files {
		list = append(list, NewFile(path, []byte(data)))
	}
	tr, err := NewTree(list)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestTreeIsAFileSystem(t *testing.T) {
	tr := tree(t, map[string]string{"www/a/b.html": "page", "www/a/c.js": "", "x": "1"})
	if err := fstest.TestFS(tr, "www/a/b.html", "www/a/c.js", "x", ManifestPath); err != nil {
		t.Error(err)
	}
}

func TestNewTreeRefuses(t *testing.T) {
	for _, tc := range []struct {
		name  string
		paths []string
		want  string
	}{
		{"absolute", []string{"/etc/x"}, "invalid output path"},
		{"parent", []string{"../x"}, "invalid output path"},
		{"empty", []string{""}, "invalid output path"},
		{"dot", []string{"."}, "invalid output path"},
		{"unclean", []string{"a//b"}, "invalid output path"},
		{"twice", []string{"a", "a"}, "stands twice"},
		{"file and folder", []string{"a", "a/b"}, "both a file and a folder"},
		{"manifest", []string{"manifest.json"}, "kept for the manifest"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var list []File
			for _, p := range tc.paths {
				list = append(list, NewFile(p, nil))
			}
			_, err := NewTree(list)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
		})
	}
}

func TestManifestIsSortedAndComplete(t *testing.T) {
	tr := tree(t, map[string]string{"b": "two", "a/é<.txt": "one"})
	f, _ := tr.Lookup(ManifestPath)
	var m struct{ Files []entry }
	if err := json.Unmarshal(f.Data, &m); err != nil {
		t.Fatal(err)
	}
	want := []entry{
		{"a/é<.txt", 3, "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"},
		{"b", 3, "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"},
	}
	if len(m.Files) != 2 || m.Files[0] != want[0] || m.Files[1] != want[1] {
		t.Errorf("manifest lists %v, want %v", m.Files, want)
	}
}
