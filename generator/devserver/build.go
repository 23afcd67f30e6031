package devserver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"time"

	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// rebuild makes a new state from a build and puts it in the place of the old one. The changed
// paths are only for the report.
func (s *server) rebuild(ctx context.Context, changed []string) {
	old := s.state.Load()
	began := time.Now()
	result := s.build(ctx)
	if ctx.Err() != nil {
		return
	}
	st := &state{instance: s.instance, build: 1, next: make(chan struct{})}
	if old != nil {
		st.build, st.good, st.history = old.build+1, old.good, old.history
	}
	s.publish(st, result)
	st.at, st.took = s.Now(), time.Since(began)
	s.state.Store(st)
	s.replaced(old, st)
	s.report.built(s, old, st, changed)
}

// build runs Options.Build. A panic in it must not take the server down: the developer who
// causes one is about to fix it.
func (s *server) build(ctx context.Context) (r Result) {
	defer func() {
		if p := recover(); p != nil {
			s.report.note("panic in the build: %v\n%s", p, debug.Stack())
			r = Result{Diagnostics: diag.List{{
				Rule: "internal", Message: fmt.Sprintf("the build broke down: %v", p),
				Hint: "this is a bug of embedgen; the terminal shows where",
			}}}
		}
	}()
	return s.Build(ctx, s.origins)
}

// publish puts the result of a build into a state that still has the last good one.
func (s *server) publish(st *state, r Result) {
	if !r.ok() {
		st.problems = withSomething(r.Diagnostics)
		st.watch(r)
		return
	}
	next := newGood(r)
	services, key, err := s.services(st.good, next)
	if err != nil {
		st.problems = append(asDiagnostics(err), r.Diagnostics...)
		st.watch(r)
		return
	}
	next.services, next.key = services, key
	shows := next.shows()
	shows[seen{"", "/index.html"}] = dashboardHash(next)
	st.good, st.history = next, st.history.after(st.build, shows)
	st.watched = r.Inputs
}

// watch keeps watching what the last good build read: a failed one may have stopped early.
func (st *state) watch(r Result) {
	st.watched = r.Inputs
	if st.good != nil {
		st.watched = append(st.watched[:len(st.watched):len(st.watched)], st.good.Inputs...)
	}
}

// services returns those of the last good build if the site is the same to them.
func (s *server) services(last, next *good) (Services, string, error) {
	key := serviceKey(next.Site)
	if last != nil && last.key == key {
		return last.services, key, nil
	}
	made, err := s.Services(next.Result, Tools{s.origins, s.identity.of, s.inspector.record})
	return made, key, err
}

// replaced wakes the streams and ends services that nobody asks any more.
func (s *server) replaced(old, st *state) {
	if old == nil {
		close(s.first)
		return
	}
	if old.good != nil && old.good.key != st.good.key && old.good.services.Close != nil {
		old.good.services.Close()
	}
	close(old.next)
}

func (s *server) closeServices() {
	if st := s.state.Load(); st != nil && st.good != nil && st.good.services.Close != nil {
		st.good.services.Close()
	}
}

// inputs are the paths to watch, absolute. A build that names none is repeated whatever changes.
func (s *server) inputs() []string {
	var list []string
	for _, p := range s.state.Load().watched {
		if !filepath.IsAbs(p) {
			p = filepath.Join(s.Root, filepath.FromSlash(p))
		}
		list = append(list, p)
	}
	if len(list) == 0 {
		return []string{s.Root}
	}
	return list
}

// withSomething makes sure that a build without a result says why.
func withSomething(list diag.List) diag.List {
	if list.HasErrors() {
		return list
	}
	return append(diag.List{{Rule: "internal", Message: "the build has neither a result nor an error"}}, list...)
}

// asDiagnostics shows an error of the services like one of the input.
func asDiagnostics(err error) diag.List {
	var list diag.List
	for _, e := range split(err) {
		var d diag.Diagnostic
		if !errors.As(e, &d) {
			d = diag.Diagnostic{Pos: diag.Pos{File: "channels.yaml"}, Rule: "service", Message: e.Error()}
		}
		list = append(list, d)
	}
	return list
}

// split takes the errors of an errors.Join apart.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// serviceKey is a hash of what the endpoints and the simulated CEC know of a site. How a chat
// looks and when it starts is left out, so that changing it keeps open chats.
func serviceKey(s *site.Site) string {
	plain := site.Site{Service: s.Service}
	for _, t := range s.Tenants {
		bare := *t
		bare.Channels = nil
		for _, c := range t.Channels {
			b := *c
			b.Load, b.Consent, b.Cobrowse, b.InlineStyles = "", false, "", false
			b.Fallback, b.FrameAncestors = "", nil
			b.JQuery, b.Axios = site.Library{}, site.Library{}
			bare.Channels = append(bare.Channels, &b)
		}
		plain.Tenants = append(plain.Tenants, &bare)
	}
	data, err := json.Marshal(plain)
	if err != nil {
		panic(err) // strings, numbers and times always encode
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
