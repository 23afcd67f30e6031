package devserver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"embedgen/templates"
)

// patience bounds every wait for something to happen; no test waits for it to pass.
const patience = 20 * time.Second

// project is a small site whose build is simple enough to see through: page.html and embed.js are
// written for every channel, with NAME replaced; guide.html for both languages; the title is the
// first line of channels.yaml; a line with BROKEN anywhere is an error.
type project struct {
	t       *testing.T
	root    string
	builds  chan event
	port    int
	cancel  context.CancelFunc
	done    chan error
	mu      sync.Mutex
	made    []Services // in the order of their making
	records func(Entry)
	who     func(*http.Request) (id, name string, ok bool)
	cec     []*http.Request // that reached the simulated CEC
	closed  atomic.Int32
}

// event is one line of the server's JSON output.
type event struct {
	Event, URL, Message string
	OK                  bool
	Build, Port, Paths  int
	Problems            []problem
}

var firstFiles = map[string]string{
	"channels.yaml": "Support chat\n",
	"page.html": "<!DOCTYPE html>\n<html lang=en><title>NAME</title><h1>Page of NAME</h1>\n" +
		"<script>document.head.append(Object.assign(document.createElement('script'), {src: 'embed.js'}))</script></BODY>\n</html>\n",
	"embed.js":      "// NAME\n",
	"guide.html":    "<!doctype html><title>Guide</title><body><p>Guide of NAME</p></body>",
	"pages/user.md": "a page",
}

func newProject(t *testing.T) *project {
	t.Helper()
	p := &project{t: t, root: t.TempDir(), builds: make(chan event, 100)}
	for name, text := range firstFiles {
		p.write(name, text)
	}
	return p
}

// startProject serves a new project.
func startProject(t *testing.T) *project { return newProject(t).start(nil) }

func (p *project) write(name, text string) {
	p.t.Helper()
	file := filepath.Join(p.root, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
		p.t.Fatal(err)
	}
}

// edit replaces text in a file.
func (p *project) edit(name, old, new string) {
	p.t.Helper()
	text := p.read(name)
	if !strings.Contains(text, old) {
		p.t.Fatalf("%s has no %q", name, old)
	}
	p.write(name, strings.ReplaceAll(text, old, new))
}

func (p *project) read(name string) string {
	data, err := os.ReadFile(filepath.Join(p.root, name))
	if err != nil {
		return ""
	}
	return string(data)
}

// start serves the project and waits until it is ready.
func (p *project) start(change func(*Options)) *project {
	p.t.Helper()
	p.run(change)
	p.port = p.await("ready").Port
	return p
}

func (p *project) options() Options {
	return Options{
		Root: p.root, Addr: "127.0.0.1:0", Ignore: []string{filepath.Join(p.root, "out")},
		Build: p.build, Services: p.services, Templates: templates.FS, Now: time.Now,
		Out: lineWriter(p.line), JSON: true,
	}
}

func (p *project) run(change func(*Options)) {
	p.age()
	o := p.options()
	if change != nil {
		change(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel, p.done = cancel, make(chan error, 1)
	done := p.done
	go func() { done <- Run(ctx, o) }()
	p.t.Cleanup(p.stop)
}

// age makes all files an hour old, so that none counts as written while the first build ran.
func (p *project) age() {
	past := time.Now().Add(-time.Hour)
	filepath.WalkDir(p.root, func(path string, _ os.DirEntry, _ error) error { return os.Chtimes(path, past, past) })
}

// stop ends the server.
func (p *project) stop() {
	p.cancel()
	select {
	case err := <-p.done:
		p.done <- nil
		if err != nil {
			p.t.Errorf("Run: %v", err)
		}
	case <-time.After(patience):
		p.t.Error("the server does not stop")
	}
}

type lineWriter func([]byte)

func (w lineWriter) Write(b []byte) (int, error) { w(b); return len(b), nil }

func (p *project) line(b []byte) {
	var e event
	if err := json.Unmarshal(b, &e); err != nil {
		p.t.Errorf("not an object: %q", b)
	}
	p.builds <- e
}

// await returns the next event of a kind.
func (p *project) await(kind string) event {
	p.t.Helper()
	for {
		select {
		case e := <-p.builds:
			if e.Event == kind {
				return e
			}
		case err := <-p.done:
			p.done <- nil
			p.t.Fatalf("the server stopped: %v", err)
		case <-time.After(patience):
			p.t.Fatalf("no event %q", kind)
		}
	}
}

// awaitBuild returns the next build, which must have succeeded or failed as said.
func (p *project) awaitBuild(ok bool) event {
	p.t.Helper()
	e := p.await("build")
	if e.OK != ok {
		p.t.Fatalf("build %d: ok %v, problems %v", e.Build, e.OK, e.Problems)
	}
	return e
}

func (p *project) services(r Result, tools Tools) (Services, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.records, p.who = tools.Record, tools.Identity
	n := len(p.made)
	s := Services{
		Endpoints: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "endpoint %d %s %s", n, r.Host, r.URL.Path)
		}),
		CEC: http.HandlerFunc(p.serveCEC),
		Console: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "console %d %s", n, r.URL.Path)
		}),
		Close: func() { p.closed.Add(1) },
	}
	p.made = append(p.made, s)
	return s, nil
}

func (p *project) serveCEC(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.cec = append(p.cec, r)
	p.mu.Unlock()
	fmt.Fprintf(w, "cec %s %s", r.Host, r.RequestURI)
}

// servicesMade returns how often services were made.
func (p *project) servicesMade() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.made)
}

func (p *project) lastCEC() *http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.cec) == 0 {
		return nil
	}
	return p.cec[len(p.cec)-1]
}

// answer is an HTTP answer, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// get asks a host of the server, whose name needs no resolver.
func (p *project) get(host, target string, headers ...string) answer {
	p.t.Helper()
	return p.do(http.MethodGet, host, target, "", headers...)
}

func (p *project) do(method, host, target, body string, headers ...string) answer {
	p.t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if err != nil {
		p.t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", method, target, p.at(host))
	for _, h := range headers {
		fmt.Fprintf(&head, "%s\r\n", h)
	}
	if body != "" {
		fmt.Fprintf(&head, "Content-Length: %d\r\n", len(body))
	}
	go io.WriteString(c, head.String()+"\r\n"+body) // the answer may come before the body is sent
	res, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		p.t.Fatalf("%s %s%s: %v", method, host, target, err)
	}
	data, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatalf("%s %s%s: %v", method, host, target, err)
	}
	return answer{res.StatusCode, res.Header, string(data)}
}

// at adds the port to a host name without one.
func (p *project) at(host string) string {
	if strings.Contains(strings.TrimPrefix(host, "[::1]"), ":") || host == "" {
		return host
	}
	return fmt.Sprintf("%s:%d", host, p.port)
}

const asBrowser = "Accept: text/html,application/xhtml+xml"

var tagPattern = regexp.MustCompile(`<script src="[^"]*_embedgen/reload\.js" data-state="([^"]*)" nonce="([^"]*)" defer></script>`)

// stream is an open event stream.
type stream struct {
	t *testing.T
	c net.Conn
	r *bufio.Reader
}

func (p *project) stream(host, since string) *stream {
	p.t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(c, "GET /_embedgen/events?since=%s HTTP/1.0\r\nHost: %s\r\n\r\n", since, p.at(host))
	return &stream{p.t, c, bufio.NewReader(c)}
}

// next returns the next state that the stream tells of.
func (s *stream) next() (e stateEvent) {
	s.t.Helper()
	for {
		line, err := s.r.ReadString('\n')
		if err != nil {
			s.t.Fatalf("stream: %v", err)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				s.t.Fatal(err)
			}
			return e
		}
	}
}

// mark returns what a page says about its build.
func (p *project) mark(host, target string) string {
	p.t.Helper()
	m := tagPattern.FindStringSubmatch(p.get(host, target, asBrowser).body)
	if m == nil {
		p.t.Fatalf("%s%s has no reload client", host, target)
	}
	return m[1]
}

func (p *project) url(host, path string) string { return "http://" + p.at(host) + path }
