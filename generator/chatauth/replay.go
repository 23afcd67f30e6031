package chatauth

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ReplayStore counts how often each token is used. Replicas of a service share one.
type ReplayStore interface {
	// Use records one more use of a token and returns the number of uses, this one included.
	// The entry may be forgotten when the token has expired. An error makes the validation
	// fail; its text is logged and must not hold the id.
	Use(ctx context.Context, id string, expires time.Time) (uses int, err error)
}

var (
	errStore     = errors.New("the store of used tokens failed")
	errStoreFull = errors.New("more live tokens than Limits.Tokens")
)

// memoryReplay is the store of a single process. When it is full of live tokens it fails: to
// forget one would let it be used without end.
type memoryReplay struct {
	now  func() time.Time
	max  int
	mu   sync.Mutex
	uses map[string]*tokenUses
	// swept is when the dead were last removed.
	swept time.Time
}

type tokenUses struct {
	count   int
	expires time.Time
}

const sweepEvery = time.Second

func newMemoryReplay(size int, now func() time.Time) *memoryReplay {
	return &memoryReplay{now: now, max: size, uses: make(map[string]*tokenUses)}
}

func (m *memoryReplay) Use(_ context.Context, id string, expires time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if u, ok := m.uses[id]; ok {
		u.count++
		return u.count, nil
	}
	if len(m.uses) >= m.max {
		m.sweep()
	}
	if len(m.uses) >= m.max {
		return 0, errStoreFull
	}
	m.uses[id] = &tokenUses{1, expires}
	return 1, nil
}

// sweep removes tokens that have expired, at most once a second: it looks at every one.
func (m *memoryReplay) sweep() {
	now := m.now()
	if now.Sub(m.swept) < sweepEvery {
		return
	}
	m.swept = now
	for id, u := range m.uses {
		if !now.Before(u.expires) {
			delete(m.uses, id)
		}
	}
}
