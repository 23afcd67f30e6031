package watcher

import "time"

// debounce fires when nothing happened for a quiet time, and at the latest a limit after the
// first thing that happened.
type debounce struct {
	quiet, limit time.Duration
	timer        *time.Timer
	deadline     time.Time // zero while nothing has happened
}

func newDebounce(quiet, limit time.Duration) debounce {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return debounce{quiet: quiet, limit: limit, timer: t}
}

func (d *debounce) touch() {
	now := time.Now()
	if d.deadline.IsZero() {
		d.deadline = now.Add(d.limit)
	}
	d.timer.Reset(min(d.quiet, d.deadline.Sub(now)))
}

func (d *debounce) stop() {
	d.timer.Stop()
	d.deadline = time.Time{}
}

func (d *debounce) C() <-chan time.Time { return d.timer.C }
