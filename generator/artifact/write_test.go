package artifact

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// disk reads a directory into path → content, the manifest left out.
func disk(t testing.TB, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		if rel != ManifestPath {
			got[filepath.ToSlash(rel)] = string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func write(t testing.TB, dir string, files map[string]string) Summary {
	t.Helper()
	sum, err := Write(tree(t, files), dir)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestWriteFollowsTheTree(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "out")
	one := map[string]string{"a/b/c": "1", "a/d": "2", "e": "3"}
	if sum := write(t, dir, one); sum.Written != 3 || sum.Kept != 0 {
		t.Errorf("first write: %+v", sum)
	}
	if got := disk(t, dir); !maps.Equal(got, one) {
		t.Errorf("on disk: %v", got)
	}
	two := map[string]string{"a/d": "2", "e": "4", "f/g": "5"}
	sum := write(t, dir, two)
	if sum.Written != 2 || sum.Kept != 1 || sum.Removed != 1 {
		t.Errorf("second write: %+v", sum)
	}
	if got := disk(t, dir); !maps.Equal(got, two) {
		t.Errorf("on disk: %v", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "a", "b")); err == nil {
		t.Error("the emptied folder a/b is still there")
	}
	if changes, err := Compare(tree(t, two), dir); err != nil || len(changes) != 0 {
		t.Errorf("after a write Compare says %v, %v", changes, err)
	}
}

func TestWriteDeletesOnlyWhatTheManifestLists(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a/ours": "1"})
	os.WriteFile(filepath.Join(dir, "a", "theirs"), []byte("keep"), 0o666)
	write(t, dir, map[string]string{"b": "1"})
	want := map[string]string{"a/theirs": "keep", "b": "1"}
	if got := disk(t, dir); !maps.Equal(got, want) {
		t.Errorf("on disk: %v, want %v", got, want)
	}
}

func TestWriteSurvivesAHostileManifest(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	outside := filepath.Join(parent, "outside")
	os.WriteFile(outside, []byte("keep"), 0o666)
	write(t, dir, map[string]string{"a": "1"})
	os.Symlink(parent, filepath.Join(dir, "link"))
	os.WriteFile(filepath.Join(dir, ManifestPath),
		[]byte(`{"files":[{"path":"../outside"},{"path":"/etc/hostname"},{"path":"link/outside"},{"path":"a/../../outside"}]}`), 0o666)
	write(t, dir, map[string]string{"a": "2"})
	if _, err := os.Stat(outside); err != nil {
		t.Error("a file outside of the output directory was deleted")
	}
}

func TestSEC28NoWriteThroughASymlink(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	os.MkdirAll(filepath.Join(parent, "elsewhere"), 0o777)
	os.MkdirAll(dir, 0o777)
	os.Symlink(filepath.Join(parent, "elsewhere"), filepath.Join(dir, "www"))
	if _, err := Write(tree(t, map[string]string{"www/page": "1"}), dir); err == nil {
		t.Error("wrote through a symbolic link that leaves the output directory")
	}
	if got := disk(t, filepath.Join(parent, "elsewhere")); len(got) != 0 {
		t.Errorf("written outside: %v", got)
	}
}

func TestWriteTurnsFilesIntoFoldersAndBack(t *testing.T) {
	dir := t.TempDir()
	for _, files := range []map[string]string{{"a": "1"}, {"a/b": "2"}, {"a": "3"}} {
		write(t, dir, files)
		if got := disk(t, dir); !maps.Equal(got, files) {
			t.Fatalf("on disk: %v, want %v", got, files)
		}
	}
}

// A build that is killed leaves staged files and a manifest that knows old and new files.
func TestWriteHealsAKilledBuild(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"old": "1", "both": "1"})
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := newWriter(tree(t, map[string]string{"both": "2", "new/file": "2"}), dir, root)
	for _, step := range []func() error{w.staging.open, w.announce, func() error { _, err := w.writeAll(); return err }} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	root.WriteFile(w.staging.name+"/9", []byte("half"), 0o666)
	root.Close() // killed here: "old" is still there, the staging folder too

	next := map[string]string{"third": "3"}
	write(t, dir, next)
	if got := disk(t, dir); !maps.Equal(got, next) {
		t.Errorf("on disk: %v, want %v", got, next)
	}
}

func TestCompareListsEveryDifference(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"same": "1", "changed": "1", "stale": "1"})
	now := tree(t, map[string]string{"same": "1", "changed": "2", "missing/x": "1"})
	got, err := Compare(now, dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{{"changed", Changed}, {"manifest.json", Changed}, {"missing/x", Missing}, {"stale", Stale}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, _ := Compare(now, filepath.Join(dir, "none")); len(got) != 4 {
		t.Errorf("a directory that does not exist: %v", got)
	}
}

func TestWriteNeverTouchesRightFiles(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"a": "1"}
	write(t, dir, files)
	before, _ := os.Stat(filepath.Join(dir, "a"))
	write(t, dir, files)
	after, _ := os.Stat(filepath.Join(dir, "a"))
	if !os.SameFile(before, after) || before.ModTime() != after.ModTime() {
		t.Error("an unchanged file was written again")
	}
}

func TestWriteReportsAFullOrReadOnlyPlace(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		dir := filepath.Join(t.TempDir(), "file")
		os.WriteFile(dir, nil, 0o666)
		if _, err := Write(tree(t, map[string]string{"a": "1"}), dir); err == nil || !strings.Contains(err.Error(), "file") {
			t.Errorf("output directory is a file: %v", err)
		}
		return
	}
	dir := t.TempDir()
	os.Chmod(dir, 0o555)
	if _, err := Write(tree(t, map[string]string{"a": "1"}), dir); err == nil {
		t.Error("wrote into a read-only directory")
	}
}
