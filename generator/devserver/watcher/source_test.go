package watcher

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// fake is an event source under the control of a test.
type fake struct {
	*queue
	err   error // of sync
	syncs atomic.Int32
}

func (f *fake) sync(*scope) error { f.syncs.Add(1); return f.err }
func (f *fake) forget(string)     {}
func (f *fake) close()            {}

// The operating system drops a renamed folder some time after its new name was reported, so the
// tree is looked at once more when things are quiet.
func TestDS3LooksAgainAfterThingsCameOrWent(t *testing.T) {
	f := &fake{queue: newQueue()}
	p := newProjectOn(t, Options{}, func() (source, error) { return f, nil }, "docs/a.md").watch("docs")
	before := f.syncs.Load()
	f.put(event{path: p.path("docs/a.md")})
	p.until("docs/a.md")
	if n := f.syncs.Load(); n != before {
		t.Errorf("%d looks at the tree for a mere write", n-before)
	}
	f.put(event{path: p.path("docs/a.md"), shape: true})
	p.until("docs/a.md")
	if f.syncs.Load() == before {
		t.Error("did not look at the tree again")
	}
}

func TestDS5OverflowMeansAnythingMayHaveChanged(t *testing.T) {
	f := &fake{queue: newQueue()}
	p := newProjectOn(t, Options{}, func() (source, error) { return f, nil }, "docs/a.md").watch("docs")
	f.put(event{path: p.path("docs/a.md")})
	f.put(event{lost: true})
	if got := p.next(); len(got) != 0 {
		t.Errorf("reported %v, want an empty batch", got)
	}
}

func TestDS7PollsWhenALimitIsReached(t *testing.T) {
	rows := []struct {
		name   string
		notify func() (source, error)
		note   string
	}{
		{"EMFILE", func() (source, error) { return nil, fmt.Errorf("no inotify: %w", syscall.EMFILE) }, "max_user_instances"},
		{"ENOSPC", func() (source, error) {
			return &fake{queue: newQueue(), err: fmt.Errorf("add: %w", syscall.ENOSPC)}, nil
		}, "max_user_watches"},
		{"other", func() (source, error) { return nil, errors.New("not on this system") }, "not on this system"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := newProjectOn(t, Options{Interval: 20 * time.Millisecond}, row.notify, "docs/a.md").watch("docs")
			select {
			case got := <-p.note:
				if !strings.Contains(got, row.note) || strings.Contains(got, "\n") {
					t.Errorf("note %q, want one line with %q", got, row.note)
				}
			case <-time.After(patience):
				t.Fatal("nobody was told")
			}
			p.write("docs/a.md", "longer than before")
			p.untilAnything("docs/a.md")
		})
	}
}

// untilAnything is until, with a batch of unknown content counting as well.
func (p *project) untilAnything(want string) {
	p.t.Helper()
	for {
		if list := p.next(); len(list) == 0 || slices.Contains(list, want) {
			return
		}
	}
}

// A source that stays silent is what NFS, SMB, FUSE and bind mounts look like.
func TestDS7PollsWhenAProbeRaisesNoEvent(t *testing.T) {
	silent := func() (source, error) { return &fake{queue: newQueue()}, nil }
	p := newProjectOn(t, Options{Interval: 20 * time.Millisecond}, silent, "docs/a.md").watch("docs")
	select {
	case got := <-p.note:
		if !strings.Contains(got, "no events") {
			t.Errorf("note %q", got)
		}
	case <-time.After(patience):
		t.Fatal("still trusts a file system that delivers nothing")
	}
	p.untilAnything("") // what happened before is unknown
	p.write("docs/a.md", "longer than before")
	p.until("docs/a.md")
	p.noProbeLeft()
}

func TestDS7ARealFileSystemPassesTheProbe(t *testing.T) {
	p := newProject(t, Options{}, "docs/a.md").watch("docs")
	p.only("docs/sentinel")
	p.w.Close()
	p.noProbeLeft()
	select {
	case got := <-p.note:
		t.Errorf("polls: %s", got)
	default:
	}
}

func (p *project) noProbeLeft() {
	p.t.Helper()
	left, _ := filepath.Glob(p.path("docs/" + probePrefix + "*"))
	if len(left) != 0 {
		p.t.Errorf("left behind: %v", left)
	}
}
