package watcher

import (
	"errors"
	"fmt"
	"sync"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// event is one thing that happened.
type event struct {
	path  string
	shape bool // a file or folder came or went, so that the scope may be another
	born  bool // a file or folder came into being under this path
	lost  bool // events were lost
}

// source delivers events for a scope.
type source interface {
	// sync brings what is watched in line with the scope. Its error says why this source can
	// not serve.
	sync(*scope) error
	// forget drops what is watched at and below a path, since another folder stands there now.
	forget(path string)
	// ready receives when take has something to give.
	ready() <-chan struct{}
	take() []event
	close()
}

// queue holds events between a source and the loop. It never blocks the source: fsnotify may
// hold the lock that the loop needs while it delivers.
type queue struct {
	mu     sync.Mutex
	events []event
	signal chan struct{}
}

func newQueue() *queue { return &queue{signal: make(chan struct{}, 1)} }

func (q *queue) put(e event) {
	q.mu.Lock()
	q.events = append(q.events, e)
	q.mu.Unlock()
	select {
	case q.signal <- struct{}{}:
	default:
	}
}

func (q *queue) ready() <-chan struct{} { return q.signal }

func (q *queue) take() []event {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.events
	q.events = nil
	return list
}

// notify is the event source of the operating system.
type notify struct {
	*queue
	w    *fsnotify.Watcher
	done sync.WaitGroup
}

func newNotify() (source, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	n := &notify{queue: newQueue(), w: w}
	n.done.Go(n.pump)
	return n, nil
}

func (n *notify) pump() {
	events, errs := n.w.Events, n.w.Errors
	for events != nil || errs != nil {
		select {
		case e, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			if e.Op != fsnotify.Chmod {
				n.put(event{path: e.Name, shape: e.Op&^(fsnotify.Write|fsnotify.Chmod) != 0, born: e.Has(fsnotify.Create)})
			}
		case _, ok := <-errs: // the kernel's queue overflowed, or a watch broke
			if !ok {
				errs = nil
				continue
			}
			n.put(event{lost: true})
		}
	}
}

// sync removes before it adds: one directory has one watch in the kernel, and adding it under a
// new name while the old name is still known keeps the old name.
func (n *notify) sync(s *scope) error {
	have := map[string]bool{}
	for _, d := range n.w.WatchList() {
		have[d] = true
		if !s.dirs[d] {
			n.w.Remove(d) // fails only when the watch is gone already
		}
	}
	for d := range s.dirs {
		if have[d] {
			continue
		}
		if err := n.w.Add(d); limitReached(err) {
			return err
		}
	}
	return nil
}

func (n *notify) forget(path string) {
	for _, d := range n.w.WatchList() {
		if within(d, path) {
			n.w.Remove(d)
		}
	}
}

func (n *notify) close() {
	n.w.Close()
	n.done.Wait()
}

func limitReached(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOMEM)
}

// reason says in a few words why there are no events, and names the limit.
func reason(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "the limit fs.inotify.max_user_watches is reached"
	case errors.Is(err, syscall.EMFILE):
		return "the limit fs.inotify.max_user_instances (or ulimit -n) is reached"
	}
	return fmt.Sprintf("no file events: %v", err)
}
