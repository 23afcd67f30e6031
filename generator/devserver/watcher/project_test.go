package watcher

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// patience bounds every wait for an event; no test waits for it to pass.
const patience = 10 * time.Second

// project is a folder under watch.
type project struct {
	t    *testing.T
	dir  string
	w    *Watcher
	note chan string
}

func newProject(t *testing.T, o Options, files ...string) *project {
	return newProjectOn(t, o, newNotify, files...)
}

func newProjectOn(t *testing.T, o Options, notify func() (source, error), files ...string) *project {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := &project{t: t, dir: dir, note: make(chan string, 8)}
	for _, f := range files {
		p.write(f, "old")
	}
	o.Base = dir
	o.Note = func(s string) { p.note <- s }
	for i := range o.Ignore {
		o.Ignore[i] = p.path(o.Ignore[i])
	}
	p.w = start(o, notify)
	t.Cleanup(p.w.Close)
	return p
}

func (p *project) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *project) watch(names ...string) *project {
	for i := range names {
		names[i] = p.path(names[i])
	}
	p.w.Watch(names, time.Time{})
	return p
}

func (p *project) write(name, text string) {
	p.t.Helper()
	p.must(os.MkdirAll(filepath.Dir(p.path(name)), 0o777))
	p.must(os.WriteFile(p.path(name), []byte(text), 0o666))
}

func (p *project) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// next returns the next batch as slash paths below the project.
func (p *project) next() []string {
	p.t.Helper()
	select {
	case list := <-p.w.Changes():
		for i := range list {
			rel, _ := filepath.Rel(p.dir, list[i])
			list[i] = filepath.ToSlash(rel)
		}
		return list
	case <-time.After(patience):
		p.t.Fatal("no change was reported")
		return nil
	}
}

// until collects batches until one holds the path.
func (p *project) until(want string) []string {
	p.t.Helper()
	var all []string
	for {
		list := p.next()
		all = append(all, list...)
		if slices.Contains(list, want) {
			return all
		}
	}
}

// only checks that a sentinel written now is all that is ever reported.
func (p *project) only(sentinel string) {
	p.t.Helper()
	p.write(sentinel, time.Now().String())
	if got := p.until(sentinel); !slices.Equal(slices.Compact(got), []string{sentinel}) {
		p.t.Errorf("reported %v, want only %q", got, sentinel)
	}
}
