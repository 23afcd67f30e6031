// Package leak searches output for secrets (requirements/security.md 18): as they are, and in
// every encoding in which a template or a page could have written them.
//
// A secret shorter than 6 bytes is not searched for: it would be found in any text.
package leak

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"embedgen/generator/artifact"
	"embedgen/generator/secret"
)

// Secret is a resolved reference.
type Secret struct {
	Ref   secret.Ref
	Value secret.Value
}

// Leak is the first secret that a file holds.
type Leak struct {
	Path   string // of the file
	Offset int    // in bytes, where it begins
	Ref    secret.Ref
	Form   string // how it is written, such as "base64"
}

// Search returns what leaks, at most one for each file, in the order of the files.
func Search(files []artifact.File, secrets []Secret) []Leak {
	s := newSearcher(secrets)
	if len(s.indexes) == 0 {
		return nil
	}
	found := make([]*Leak, len(files))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
				found[i] = s.search(files[i])
			}
		})
	}
	wait.Wait()
	var leaks []Leak
	for _, l := range found {
		if l != nil {
			leaks = append(leaks, *l)
		}
	}
	return leaks
}

// searcher finds all patterns at once.
type searcher struct {
	secrets  []Secret
	patterns []pattern
	indexes  []*index // for short and for long patterns
}

func newSearcher(secrets []Secret) *searcher {
	s := &searcher{secrets: secrets}
	for i, one := range secrets {
		s.patterns = append(s.patterns, patterns(i, one.Value.Reveal())...)
	}
	short, long := split(s.patterns)
	for _, list := range [][]pattern{short, long} {
		if len(list) > 0 {
			s.indexes = append(s.indexes, newIndex(list))
		}
	}
	return s
}

// split parts the patterns, so that a few short ones do not slow the search for all.
func split(list []pattern) (short, long []pattern) {
	for _, p := range list {
		if len(p.text) < longGram.least() {
			short = append(short, p)
		} else {
			long = append(long, p)
		}
	}
	return short, long
}

// search returns the leak of a file that begins first, or nil.
func (s *searcher) search(f artifact.File) *Leak {
	var first *Leak
	for _, x := range s.indexes {
		p, offset, found := x.find(f.Data)
		if found && (first == nil || offset < first.Offset) {
			first = &Leak{f.Path, offset, s.secrets[p.secret].Ref, p.form}
		}
	}
	return first
}

// patterns lists the forms of a secret that are long enough to be searched for, each text once.
func patterns(number int, text string) []pattern {
	if len(text) < shortest {
		return nil
	}
	var list []pattern
	for form, texts := range forms(text) {
		for _, t := range texts {
			if len(t) >= shortest && !slices.ContainsFunc(list, func(p pattern) bool { return p.text == t }) {
				list = append(list, pattern{t, number, form})
			}
		}
	}
	return list
}
