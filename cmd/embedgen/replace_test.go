package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestReplace holds that a file keeps its permissions and its links, and that nothing is left
// beside it, whether it works or not.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml")
	if err := os.WriteFile(file, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.yaml", link); err != nil {
		t.Fatal(err)
	}
	if err := replace(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(file)
	info, _ := os.Lstat(file)
	target, _ := os.Readlink(link)
	if string(text) != "new" || info.Mode() != 0o640 || target != "a.yaml" {
		t.Errorf("the file has %q and %v, the link leads to %q", text, info.Mode(), target)
	}
	if err := replace(filepath.Join(dir, "nowhere", "c.yaml"), nil); err == nil {
		t.Error("a file in a folder that is not there was written")
	}
	folder := filepath.Join(dir, "folder")
	os.Mkdir(folder, 0o755)
	if err := replace(folder, nil); err == nil {
		t.Error("a folder was replaced")
	}
	if made := filepath.Join(dir, "made.yaml"); replace(made, []byte("x")) != nil {
		t.Error("a new file was not made")
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 4 {
		t.Errorf("left behind: %v", entries)
	}
}
