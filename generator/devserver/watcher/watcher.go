// Package watcher says when files have settled after a change.
//
// It watches directories, never files (an editor that renames over a watched file silences the
// watch for ever), waits until writes have been quiet for a moment, and then reports one batch.
// Where the operating system delivers no events (network and some container file systems, used-up
// limits) it polls instead. The facts that it is built on are in requirements/dev-server.md.
package watcher

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// Options configures a [Watcher]. The zero value is ready to use.
type Options struct {
	Base     string        // absolute path; folders between it and a watched path are watched too
	Ignore   []string      // absolute paths of folders that are never looked into, such as the output
	Quiet    time.Duration // how long nothing may happen before a batch is reported; default 30 ms: within a save editors pause less
	Limit    time.Duration // the longest that a batch is held back; default 400 ms
	Poll     bool          // poll from the start
	Interval time.Duration // of polling; default 500 ms
	Note     func(string)  // told once, in one line, why it polls; may be nil
}

// Watcher reports changes below a set of paths until it is closed.
type Watcher struct {
	options  Options
	notify   func() (source, error) // makes the event source of the operating system
	requests chan request
	changes  chan []string
	done     chan struct{}
	stopped  chan struct{}
	once     sync.Once
}

type request struct {
	paths []string
	since time.Time
	ready chan struct{}
}

// Start returns a watcher that watches nothing yet.
func Start(o Options) *Watcher { return start(o, newNotify) }

func start(o Options, notify func() (source, error)) *Watcher {
	o.Quiet = cmp.Or(o.Quiet, 30*time.Millisecond)
	o.Limit = cmp.Or(o.Limit, 400*time.Millisecond)
	o.Interval = cmp.Or(o.Interval, 500*time.Millisecond)
	if o.Note == nil {
		o.Note = func(string) {}
	}
	w := &Watcher{
		options:  o,
		notify:   notify,
		requests: make(chan request),
		changes:  make(chan []string),
		done:     make(chan struct{}),
		stopped:  make(chan struct{}),
	}
	go newLoop(w).run()
	return w
}

// Watch replaces the set of watched paths. A path may be a file, a folder (then everything below
// it counts) or not exist yet. It returns when changes are seen from now on. Files that were not
// watched before and were written since the given time are reported as changed; the zero time
// reports none.
func (w *Watcher) Watch(paths []string, since time.Time) {
	r := request{slices.Clone(paths), since, make(chan struct{})}
	select {
	case w.requests <- r:
	case <-w.done:
		return
	}
	select {
	case <-r.ready:
	case <-w.stopped:
	}
}

// Changes delivers settled batches: the paths that changed, sorted. An empty batch means that
// events were lost and anything may have changed. While nobody receives, batches are merged.
func (w *Watcher) Changes() <-chan []string { return w.changes }

// Close ends the watcher and waits for its goroutines.
func (w *Watcher) Close() {
	w.once.Do(func() { close(w.done) })
	<-w.stopped
}

// batch collects changed paths until somebody takes them.
type batch struct {
	paths map[string]bool
	all   bool // events were lost
}

func (b *batch) empty() bool { return len(b.paths) == 0 && !b.all }

func (b *batch) merge(o batch) {
	b.all = b.all || o.all
	for p := range o.paths {
		b.add(p)
	}
}

func (b *batch) add(path string) {
	if b.paths == nil {
		b.paths = map[string]bool{}
	}
	b.paths[path] = true
}

func (b *batch) list() []string {
	if b.all {
		return nil
	}
	return slices.Sorted(maps.Keys(b.paths))
}
