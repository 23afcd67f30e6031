package watcher

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// poll compares the file system with what it was, again and again.
type poll struct {
	*queue
	mu    sync.Mutex
	scope *scope
	base  map[string]fs.FileInfo
	stop  chan struct{}
	done  sync.WaitGroup
}

func newPoll(interval time.Duration) source {
	p := &poll{queue: newQueue(), base: map[string]fs.FileInfo{}, stop: make(chan struct{})}
	p.done.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.compare()
			case <-p.stop:
				return
			}
		}
	})
	return p
}

// sync takes what is new in the scope as known. What was in scope before is compared later.
func (p *poll) sync(s *scope) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for path, info := range s.snapshot() {
		if p.scope == nil || !p.scope.wants(path) {
			p.base[path] = info
		}
	}
	for path := range p.base {
		if !s.wants(path) {
			delete(p.base, path)
		}
	}
	p.scope = s
	return nil
}

func (p *poll) forget(string) {}

func (p *poll) compare() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.scope == nil {
		return
	}
	now := p.scope.snapshot()
	for path, info := range now {
		old, known := p.base[path]
		if !known || changed(old, info) {
			p.put(event{path: path, shape: !known || info.IsDir(), born: !known})
		}
	}
	for path := range p.base {
		if _, there := now[path]; !there {
			p.put(event{path: path, shape: true})
		}
	}
	p.base = now
}

// changed ignores modes, and the times of folders: these change with what is in them.
func changed(old, now fs.FileInfo) bool {
	if old.IsDir() || now.IsDir() {
		return old.IsDir() != now.IsDir() || !os.SameFile(old, now)
	}
	return !os.SameFile(old, now) || old.Size() != now.Size() || !old.ModTime().Equal(now.ModTime())
}

func (p *poll) close() {
	close(p.stop)
	p.done.Wait()
}

// within reports whether path is dir or lies below it.
func within(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}
