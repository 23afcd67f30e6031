package chatauth

import (
	"container/list"
	"sync"
	"time"
)

// limiter lets each key pass at most max times in any window. It remembers at most keys of them
// and forgets the least recently seen: an attacker with that many addresses has no limit, but
// memory has.
type limiter struct {
	max    int
	keys   int
	slot   time.Duration
	start  time.Time
	mu     sync.Mutex
	recent *list.List // of *window, the most recently seen first
	byKey  map[string]*list.Element
}

// slots divide a window. A pass counts until its whole slot is out of the window, so that a key
// is never let through more often than it should, and memory per key is fixed.
const slots = 16

// window has the passes of one key. Slot n since the start counts in passes[n mod len].
type window struct {
	key    string
	newest int64
	passes [slots + 1]int
}

func newLimiter(passes int, per time.Duration, keys int, start time.Time) *limiter {
	return &limiter{
		start:  start,
		max:    passes,
		keys:   keys,
		slot:   max(per/slots, 1),
		recent: list.New(),
		byKey:  make(map[string]*list.Element),
	}
}

// take lets a key pass, returning zero, or says how long it must wait.
func (l *limiter) take(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.window(key)
	since := now.Sub(l.start)
	w.advance(int64(since / l.slot))
	if w.sum() < l.max {
		*w.slot(w.newest)++
		return 0
	}
	free := time.Duration(w.oldest()+slots+1) * l.slot
	return max(free-since, 1)
}

// window returns the key's window and marks it as just seen.
func (l *limiter) window(key string) *window {
	if e, ok := l.byKey[key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*window)
	}
	if l.recent.Len() >= l.keys {
		last := l.recent.Back()
		delete(l.byKey, last.Value.(*window).key)
		l.recent.Remove(last)
	}
	w := &window{key: key}
	l.byKey[key] = l.recent.PushFront(w)
	return w
}

func (w *window) slot(n int64) *int {
	const length = slots + 1
	return &w.passes[(n%length+length)%length]
}

// advance forgets what is out of the window at slot n. A clock that goes back changes nothing.
func (w *window) advance(n int64) {
	if n-w.newest > slots {
		clear(w.passes[:])
		w.newest = n
	}
	for w.newest < n {
		w.newest++
		*w.slot(w.newest) = 0
	}
}

func (w *window) sum() int {
	total := 0
	for _, n := range w.passes {
		total += n
	}
	return total
}

// oldest returns the first slot with a pass.
func (w *window) oldest() int64 {
	for n := w.newest - slots; n < w.newest; n++ {
		if *w.slot(n) > 0 {
			return n
		}
	}
	return w.newest
}
