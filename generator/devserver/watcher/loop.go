package watcher

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// probeTime is how long an event of the probe file may take before a file system counts as one
// that delivers none.
const probeTime = 2 * time.Second

// loop owns all state of a watcher in one goroutine.
type loop struct {
	*Watcher
	src   source
	polls bool
	paths []string
	scope *scope

	pending batch // not settled yet
	reshape bool  // the scope must be looked at again before pending is reported
	timer   debounce
	settled batch // waiting for a receiver

	probe      string // path of the probe file; "" when no probe is running
	probed     bool
	probeTimer *time.Timer
}

func newLoop(w *Watcher) *loop {
	l := &loop{Watcher: w, timer: newDebounce(w.options.Quiet, w.options.Limit), probeTimer: time.NewTimer(time.Hour)}
	l.probeTimer.Stop()
	if w.options.Poll {
		l.pollInstead("")
		return l
	}
	src, err := w.notify()
	if err != nil {
		l.pollInstead(reason(err))
		return l
	}
	l.src = src
	return l
}

func (l *loop) run() {
	defer close(l.stopped)
	defer func() { l.src.close() }()
	defer l.endProbe()
	for {
		var out chan []string
		if !l.settled.empty() {
			out = l.changes
		}
		select {
		case r := <-l.requests:
			l.watch(r)
		case <-l.src.ready():
			l.absorb(l.src.take())
		case <-l.timer.C():
			l.settle()
		case <-l.probeTimer.C:
			l.endProbe()
			l.pollInstead("the file system delivers no events")
		case out <- l.settled.list():
			l.settled = batch{}
		case <-l.done:
			return
		}
	}
}

func (l *loop) watch(r request) {
	older := l.scope
	l.paths = r.paths
	l.look()
	if !r.since.IsZero() {
		for _, p := range l.scope.writtenSince(older, r.since) {
			l.touch(p)
		}
	}
	l.startProbe()
	close(r.ready)
}

// look brings the scope and the source in line with the file system. Folders that appear while
// it looks are found by looking again.
func (l *loop) look() {
	for range 8 {
		before := l.scope
		l.scope = newScope(l.paths, l.options)
		if err := l.src.sync(l.scope); err != nil {
			l.pollInstead(reason(err))
			return
		}
		if before != nil && sameKeys(before.dirs, l.scope.dirs) {
			return
		}
	}
}

func (l *loop) absorb(events []event) {
	look := false
	for _, e := range events {
		switch {
		case isProbe(e.path):
			l.endProbe()
		case e.lost:
			l.pending.all, l.reshape, look = true, true, true
			l.timer.touch()
		case l.scope != nil && l.scope.wants(e.path):
			l.reshape = l.reshape || e.shape
			if e.born && opensMore(e.path) {
				l.src.forget(e.path)
				look = true
			}
			l.touch(e.path)
		}
	}
	if look {
		l.look()
	}
}

// opensMore reports whether a new path is something to look into: a folder or a link.
func opensMore(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && !info.Mode().IsRegular()
}

func (l *loop) touch(path string) {
	l.pending.add(path)
	l.timer.touch()
}

// settle reports what is pending. After files or folders came or went it looks at the tree once
// more: a folder that was renamed is dropped by the operating system a moment after its new name
// was added.
func (l *loop) settle() {
	l.timer.stop()
	if l.reshape {
		l.reshape = false
		l.look()
	}
	l.settled.merge(l.pending)
	l.pending = batch{}
}

// pollInstead replaces the source; an empty reason says nothing.
func (l *loop) pollInstead(why string) {
	if l.polls {
		return
	}
	l.polls = true
	if l.src != nil {
		l.src.close()
	}
	l.src = newPoll(l.options.Interval)
	if l.scope != nil {
		l.src.sync(l.scope)
		l.pending.all = true // what happened until now may have been missed
		l.timer.touch()
	}
	if why != "" {
		l.options.Note(fmt.Sprintf("watching by polling every %v: %s", l.options.Interval, why))
	}
}

// startProbe makes a file beside the first watched path and removes it when its event arrives.
// A folder that cannot be written proves nothing and is trusted.
func (l *loop) startProbe() {
	if l.probed || l.polls || len(l.paths) == 0 {
		return
	}
	l.probed = true
	dir := realPath(l.paths[0])
	if !l.scope.dirs[dir] {
		dir = existing(filepath.Dir(dir))
	}
	f, err := os.CreateTemp(dir, probePrefix)
	if err != nil {
		return
	}
	f.Close()
	l.probe = f.Name()
	l.probeTimer.Reset(probeTime)
}

func isProbe(path string) bool {
	return strings.HasPrefix(filepath.Base(path), probePrefix)
}

func (l *loop) endProbe() {
	l.probeTimer.Stop()
	if l.probe != "" {
		os.Remove(l.probe)
		l.probe = ""
	}
}

func sameKeys(a, b map[string]bool) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return true
}
