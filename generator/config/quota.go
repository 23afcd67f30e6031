package config

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// Limits of all files together, so that a hostile tree ends in an error and not in the machine's
// memory.
const (
	entryLimit   = 250_000   // tenants and channels, those of environments too
	fileLimit    = 10_000    // included files
	includeLimit = 256 << 20 // bytes of included files
)

// quota is what the files of one tree may use together. It may be used by many goroutines.
type quota struct {
	entries atomic.Int64
	values  *semaphore.Weighted
}

func newQuota() *quota { return &quota{values: semaphore.NewWeighted(valueLimit)} }

// admit counts a tenant or a channel and reports whether it may be kept. Whether a tree has too
// many does not depend on the order in which its files are read.
func (q *quota) admit() bool { return q.entries.Add(1) <= entryLimit }

// exceeded reports whether something was not admitted.
func (q *quota) exceeded() bool { return q.entries.Load() > entryLimit }

// parse waits until there is room for a file's values, and runs do.
func (q *quota) parse(values int, do func()) {
	_ = q.values.Acquire(context.Background(), int64(values)) // fails with its context only
	defer q.values.Release(int64(values))
	do()
}

// tooMany is the one problem of a tree with too many tenants and channels. Others depend on what
// was read before the limit, and are left out.
func (f *File) tooMany() diag.List {
	at := f.list
	for _, v := range f.Include {
		at = v.Pos
	}
	return diag.List{at.Problem(rule.TooManyEntries, "put them into several projects, each with a channels.yaml",
		"there are more than %d tenants and channels", entryLimit)}
}
