package templates

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
)

func TestOverlaySamePathWins(t *testing.T) {
	base := fstest.MapFS{"page/a": {Data: []byte("base a")}, "page/b": {Data: []byte("base b")}, "docs/c": {Data: []byte("base c")}}
	over := fstest.MapFS{"page/a": {Data: []byte("over a")}, "extra/d": {Data: []byte("over d")}}
	o := overlay{over, base}
	for path, want := range map[string]string{"page/a": "over a", "page/b": "base b", "docs/c": "base c", "extra/d": "over d"} {
		if got, err := fs.ReadFile(o, path); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, want %q", path, got, err, want)
		}
	}
	if err := fstest.TestFS(o, "page/a", "page/b", "docs/c", "extra/d"); err != nil {
		t.Error(err)
	}
}

func TestOverlayOfNothingIsTheDefaults(t *testing.T) {
	var got, want []string
	list := func(f fs.FS, into *[]string) {
		fs.WalkDir(f, ".", func(p string, _ fs.DirEntry, err error) error { *into = append(*into, p); return err })
	}
	list(Overlay(nil), &got)
	list(FS, &want)
	if !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("got %v, want %v", got, want)
	}
}
