package devserver

import (
	"context"
	"crypto/rand"
	"errors"
	"log"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"embedgen/generator/devserver/watcher"
)

// grace is how long open requests may take to end after the server was told to stop.
const grace = 300 * time.Millisecond

// server is a running development server.
type server struct {
	Options
	origins   Origins
	loopback  bool
	instance  string
	pages     *pages
	report    *reporter
	identity  identity
	inspector inspector

	state atomic.Pointer[state]
	first chan struct{} // closed when there is a state
	again chan struct{} // asks for a build without a change
}

// Run serves the site until ctx ends, which is no error. A taken port is a [*PortTakenError].
func Run(ctx context.Context, o Options) error {
	if err := o.check(); err != nil {
		return err
	}
	pages, err := loadPages(o.Templates)
	if err != nil {
		return err
	}
	listener, err := listen(o.Addr, o.StrictPort)
	if err != nil {
		return err
	}
	return newServer(o, pages, listener).run(ctx, listener)
}

func newServer(o Options, p *pages, l net.Listener) *server {
	s := &server{
		Options:  o,
		origins:  Origins{Port: portOf(l), hosts: slices.Clone(o.Hosts)},
		loopback: isLoopback(l),
		instance: strings.ToLower(rand.Text()[:8]),
		pages:    p,
		first:    make(chan struct{}),
		again:    make(chan struct{}, 1),
	}
	s.report = newReporter(o)
	if !s.loopback {
		s.identity.off = true
		s.origins.hosts = append(s.origins.hosts, ownHosts(l)...)
	}
	return s
}

func (s *server) run(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.warn(l)
	web := &http.Server{
		Handler:           s,
		BaseContext:       func(net.Listener) context.Context { return ctx }, // ends the streams
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(s.report.log, "", 0),
	}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(l) }()
	var work sync.WaitGroup
	work.Go(func() { s.keepBuilding(ctx) })

	var err error
	select {
	case <-ctx.Done():
	case <-s.pressed(ctx):
	case err = <-failed:
	}
	cancel()
	stop(web, &work)
	return err
}

func (s *server) warn(l net.Listener) {
	if _, asked, _ := net.SplitHostPort(s.Addr); asked != "0" && asked != strconv.Itoa(s.origins.Port) {
		s.report.note("%s is taken, using port %d", s.Addr, s.origins.Port)
	}
	if !s.loopback {
		s.report.note("warning: listening on %s, so other machines can reach this server; the \"be user\" box is off", l.Addr())
	}
}

// stop ends the open requests and the build in progress, or leaves them after the grace.
func stop(web *http.Server, work *sync.WaitGroup) {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := web.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		web.Close()
	}
	done := make(chan struct{})
	go func() { work.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// keepBuilding builds once, and again after every change.
func (s *server) keepBuilding(ctx context.Context) {
	w := watcher.Start(watcher.Options{
		Base: s.Root, Ignore: s.Ignore, Poll: s.Poll,
		Note: func(text string) { s.report.note("%s", text) },
	})
	defer w.Close()
	defer s.closeServices()
	began := time.Now()
	s.rebuild(ctx, nil)
	for ctx.Err() == nil {
		w.Watch(s.inputs(), began.Add(-clockSlack))
		select {
		case changed := <-w.Changes():
			began = time.Now()
			s.rebuild(ctx, changed)
		case <-s.again:
			began = time.Now()
			s.rebuild(ctx, nil)
		case <-ctx.Done():
		}
	}
}

// clockSlack covers the coarse clock with which file systems stamp files.
const clockSlack = 20 * time.Millisecond

// ServeHTTP answers every request.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	select {
	case <-s.first:
	case <-r.Context().Done():
		return
	}
	c := &call{server: s, w: w, r: r, st: s.state.Load()}
	v, ok := s.viewOf(r, c.st.knows)
	if !ok {
		c.text(http.StatusMisdirectedRequest, "this server does not answer for the host "+quote(r.Host))
		return
	}
	c.view = v
	c.route()
}
