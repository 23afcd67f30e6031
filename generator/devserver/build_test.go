package devserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"embedgen/generator/diag"
)

func TestDS4OnlyWhatChangedIsReported(t *testing.T) {
	p := startProject(t)
	all, acme, globex := p.stream("localhost", ""), p.stream("acme.localhost", p.mark("acme.localhost", "/")), p.stream("globex.localhost", p.mark("globex.localhost", "/"))
	if e := all.next(); e.Changed != nil {
		t.Errorf("a stream that knows nothing was told %v", e.Changed)
	}
	for _, s := range []*stream{acme, globex} {
		if e := s.next(); e.Changed == nil || len(e.Changed) != 0 {
			t.Errorf("a stream that knows everything was told %v", e.Changed)
		}
	}
	steps := []struct {
		what               string
		do                 func()
		all, acme, globex_ []string
	}{
		{"a save that changes no output", func() { p.write("pages/user.md", "another") }, nil, nil, nil},
		{"embed.js", func() { p.write("embed.js", "// NAME again\n") },
			[]string{"/acme/web_private/embed.js", "/acme/web_support/embed.js", "/globex/shop_account/embed.js", "/globex/shop_help/embed.js", "/hooli/main/embed.js", "/initech/main_site/embed.js"},
			[]string{"/acme/web_private/embed.js", "/acme/web_support/embed.js"},
			[]string{"/globex/shop_account/embed.js", "/globex/shop_help/embed.js"}},
		{"a new page", func() { p.write("pages/a.md", "new NAME") }, []string{"/docs/en/pages/a.html"}, []string{"/docs/en/pages/a.html"}, []string{"/docs/en/pages/a.html"}},
		{"its end", func() { os.Remove(filepath.Join(p.root, "pages/a.md")) }, []string{"/docs/en/pages/a.html"}, []string{"/docs/en/pages/a.html"}, []string{"/docs/en/pages/a.html"}},
	}
	for _, step := range steps {
		step.do()
		for _, s := range []struct {
			from *stream
			want []string
		}{{all, step.all}, {acme, step.acme}, {globex, step.globex_}} {
			var got []string
			for _, path := range s.from.next().Changed {
				if path != "/index.html" { // the dashboard counts files
					got = append(got, path)
				}
			}
			if !slices.Equal(got, s.want) {
				t.Errorf("%s: told %v, want %v", step.what, got, s.want)
			}
		}
	}
}

// A tab whose connection was cut learns what it missed.
func TestDS12AStreamTellsWhatWasMissed(t *testing.T) {
	p := startProject(t)
	mark := p.mark("acme.localhost", "/acme/web_support/")
	p.write("embed.js", "// NAME 2\n")
	p.awaitBuild(true)
	p.write("pages/b.md", "NAME")
	p.awaitBuild(true)
	want := []string{"/acme/web_private/embed.js", "/acme/web_support/embed.js", "/docs/en/pages/b.html", "/index.html"}
	if got := p.stream("acme.localhost", mark).next().Changed; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	for _, unknown := range []string{"", "other.1", "other", strings.Split(mark, ".")[0] + ".99", mark + "x"} {
		if e := p.stream("acme.localhost", unknown).next(); e.Changed != nil || e.Instance == "" {
			t.Errorf("since %q: told %v", unknown, e.Changed)
		}
	}
}

func TestDS12ARestartedServerIsAnotherOne(t *testing.T) {
	p := startProject(t)
	first := p.stream("localhost", "").next().Instance
	p.stop()
	p.start(nil)
	if second := p.stream("localhost", "").next().Instance; second == first {
		t.Error("the same instance twice")
	}
}

func TestDS12TheClientsAddressIsRelative(t *testing.T) {
	p := startProject(t)
	for url, want := range map[string]string{
		"/": `src="_embedgen/reload.js"`, "/docs/en/": `src="../../_embedgen/reload.js"`,
		"/acme/web_support/index.html": `src="../../_embedgen/reload.js"`, "/nothing": `src="_embedgen/reload.js"`,
	} {
		if got := tagPattern.FindString(p.get("127.0.0.1", url, asBrowser).body); !strings.Contains(got, want) {
			t.Errorf("%s: %s", url, got)
		}
	}
}

func TestDS5ABurstIsAtMostTwoBuilds(t *testing.T) {
	p := newProject(t)
	var builds atomic.Int32
	p.start(func(o *Options) {
		build := o.Build
		o.Build = func(ctx context.Context, at Origins) Result { builds.Add(1); return build(ctx, at) }
	})
	start := time.Now()
	p.burst("pages")
	p.write("pages/a.md", "last")
	// Changes are held back for 400 ms at most: a machine that stretches the burst beyond that
	// owes one more build for each such time.
	limit := 2 + int32(time.Since(start)/(400*time.Millisecond))
	for p.get("127.0.0.1", "/docs/en/pages/a.html").status != http.StatusOK {
		p.awaitBuild(true)
	}
	if n := builds.Load() - 1; n > limit {
		t.Errorf("%d builds for one burst, want at most %d", n, limit)
	}
}

// burst moves 500 prepared files into a folder, as a checkout would make them, but faster than a
// busy machine can stretch beyond the time that changes are held back.
func (p *project) burst(dir string) {
	p.t.Helper()
	for i := range 500 {
		p.write(fmt.Sprintf("prepared/%03d.md", i), "x")
	}
	for i := range 500 {
		name := fmt.Sprintf("%03d.md", i)
		if err := os.Rename(filepath.Join(p.root, "prepared", name), filepath.Join(p.root, dir, name)); err != nil {
			p.t.Fatal(err)
		}
	}
}

func TestDS8ABrokenSaveKeepsTheLastGoodPages(t *testing.T) {
	p := startProject(t)
	stream := p.stream("acme.localhost", "")
	stream.next()
	before := p.get("acme.localhost", "/acme/web_support/")
	p.write("page.html", "<h1>x</h1>\n  one BROKEN and more\n")
	p.edit("embed.js", "NAME", "BROKEN")
	for len(stream.next().Problems) < 2 {
	}
	after := p.get("acme.localhost", "/acme/web_support/")
	if after.status != http.StatusOK || tagPattern.ReplaceAllString(after.body, "") != tagPattern.ReplaceAllString(before.body, "") {
		t.Errorf("status %d, %q", after.status, after.body)
	}
	got := p.stream("acme.localhost", "").next().Problems
	want := problem{
		Place: "page.html:2:7", Line: 2, Severity: "error", Rule: "broken-word", Message: "the word \"BROKEN\" <b>here</b>",
		Hint: "take it out & save", Before: "  one ", Mark: "BROKEN", After: " and more",
	}
	if len(got) != 2 || got[0].Place != "embed.js:1:4" {
		t.Fatalf("problems %+v", got)
	}
	if got[1].Related = nil; fmt.Sprint(got[1]) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", got[1], want)
	}
	p.edit("embed.js", "BROKEN", "NAME")
	p.edit("page.html", "BROKEN", "mended")
	for len(stream.next().Problems) > 0 {
	}
	if got := p.get("acme.localhost", "/acme/web_support/").body; !strings.Contains(got, "mended") {
		t.Errorf("after mending: %q", got)
	}
}

func TestDS8BrokenAtStart(t *testing.T) {
	p := newProject(t)
	p.write("channels.yaml", "a\nthis is BROKEN\n")
	p.start(nil)
	for host, url := range map[string]string{"127.0.0.1": "/", "localhost": "/docs/en/", "acme.localhost": "/acme/web_support/"} {
		got := p.get(host, url, asBrowser)
		for _, want := range []string{
			"channels.yaml:2:9", "broken-word", "&lt;b&gt;here&lt;/b&gt;", "take it out &amp; save", "<mark>BROKEN</mark>", `data-embedgen="broken"`,
		} {
			if got.status != http.StatusInternalServerError || !strings.Contains(got.body, want) {
				t.Errorf("%s%s: status %d, no %q in %s", host, url, got.status, want, got.body)
			}
		}
	}
	if got := p.get("127.0.0.1", "/"); !strings.Contains(got.body, "channels.yaml:2:9: error: ") || strings.Contains(got.body, "<html") {
		t.Errorf("for a program: %q", got.body)
	}
	if e := p.stream("acme.localhost", "").next(); !e.Waiting || len(e.Problems) != 1 {
		t.Errorf("stream: %+v", e)
	}
	p.edit("channels.yaml", "BROKEN", "fine")
	p.awaitBuild(true)
	if got := p.get("acme.localhost", "/acme/web_support/"); got.status != http.StatusOK {
		t.Errorf("after mending: status %d", got.status)
	}
}

// Errors of the services and panics of the build are shown like problems of the input.
func TestDS8FaultsBesideTheInput(t *testing.T) {
	p := newProject(t)
	var fault atomic.Value
	fault.Store("")
	p.start(func(o *Options) {
		services, build := o.Services, o.Build
		o.Services = func(r Result, tools Tools) (Services, error) {
			if fault.Load() == "services" {
				return Services{}, errors.Join(errors.New("no key for <acme>"), diag.Diagnostic{Pos: diag.Pos{File: "f", Line: 3}, Rule: "own"})
			}
			return services(r, tools)
		}
		o.Build = func(ctx context.Context, at Origins) Result {
			switch fault.Load() {
			case "panic":
				panic("oh <no>")
			case "nothing":
				return Result{}
			}
			return build(ctx, at)
		}
	})
	for _, row := range []struct{ fault, text, message string }{
		{"services", "x\nrename acme\n", "no key for <acme>"}, {"panic", "1", "the build broke down: oh <no>"},
		{"nothing", "2", "the build has neither a result nor an error"},
	} {
		fault.Store(row.fault)
		p.write("channels.yaml", row.text)
		if e := p.awaitBuild(false); e.Problems[0].Message != row.message {
			t.Errorf("%s: %+v", row.fault, e.Problems)
		}
		if got := p.get("acme.localhost", "/acme/web_support/"); got.status != http.StatusOK {
			t.Errorf("%s: status %d", row.fault, got.status)
		}
	}
	fault.Store("")
	p.write("channels.yaml", "good again")
	p.awaitBuild(true)
}

// Open chats survive everything but a change of what the services know.
func TestServicesSurviveChangesOfTexts(t *testing.T) {
	p := startProject(t)
	for i, row := range []struct {
		file, text string
		made       int
	}{{"page.html", "other", 1}, {"channels.yaml", "Another title", 1}, {"channels.yaml", "x\nrename acme\n", 2}, {"embed.js", "3", 2}} {
		p.write(row.file, row.text)
		p.awaitBuild(true)
		if made, closed := p.servicesMade(), int(p.closed.Load()); made != row.made || closed != row.made-1 {
			t.Errorf("step %d: services made %d times and closed %d times, want %d and one less", i, made, closed, row.made)
		}
		want := fmt.Sprintf("endpoint %d acme.localhost:%d /webchat/token", row.made-1, p.port)
		if got := p.do(http.MethodPost, "acme.localhost", "/webchat/token", "{}").body; got != want {
			t.Errorf("step %d: %q, want %q", i, got, want)
		}
	}
	p.stop()
	if made, closed := p.servicesMade(), int(p.closed.Load()); closed != made {
		t.Errorf("at the end: made %d times, closed %d times", made, closed)
	}
}

func TestInputsOfTheLastGoodBuildStayWatched(t *testing.T) {
	p := newProject(t)
	p.start(func(o *Options) {
		build := o.Build
		o.Build = func(ctx context.Context, at Origins) Result {
			r := build(ctx, at)
			if r.Diagnostics.HasErrors() {
				r.Inputs = []string{"channels.yaml"}
			}
			return r
		}
	})
	p.edit("page.html", "NAME", "BROKEN")
	p.awaitBuild(false)
	p.edit("page.html", "BROKEN", "NAME")
	p.awaitBuild(true)
}

func TestABuildThatNamesNoInputsIsRepeatedOnAnyChange(t *testing.T) {
	p := newProject(t)
	p.write("channels.yaml", "BROKEN")
	p.start(func(o *Options) {
		build := o.Build
		o.Build = func(ctx context.Context, at Origins) Result {
			r := build(ctx, at)
			r.Inputs = nil
			return r
		}
	})
	p.write("channels.yaml", "fine")
	p.awaitBuild(true)
}

func TestDS16PlainLines(t *testing.T) {
	p := newProject(t)
	out, log := newSyncBuffer(), newSyncBuffer()
	ready := make(chan string, 1)
	p.run(func(o *Options) {
		o.Out, o.Log, o.JSON = out, log, false
		o.Ready = func(url string) { ready <- url }
	})
	url := <-ready
	first, rest, _ := strings.Cut(out.String(), "\n")
	if !strings.HasPrefix(first, "embedgen dev: "+url+"  (4 tenants, 6 channels, built in ") || rest != "" {
		t.Errorf("first line %q, then %q", first, rest)
	}
	p.write("channels.yaml", "x BROKEN")
	log.await(t, "the last good pages are still served\n")
	if got := log.String(); !strings.Contains(got, "channels.yaml:1:3: error: the word") || strings.Contains(got, "\x1b") {
		t.Errorf("log %q", got)
	}
	p.write("channels.yaml", "fine")
	log.await(t, " changed\n")
}

// syncBuffer is a buffer that can be waited for.
type syncBuffer struct {
	mu   sync.Mutex
	b    bytes.Buffer
	said chan struct{}
}

func newSyncBuffer() *syncBuffer { return &syncBuffer{said: make(chan struct{}, 1000)} }

func (b *syncBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said <- struct{}{}
	return b.b.Write(data)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (b *syncBuffer) await(t *testing.T, text string) {
	t.Helper()
	for !strings.Contains(b.String(), text) {
		select {
		case <-b.said:
		case <-time.After(patience):
			t.Fatalf("no %q in %q", text, b.String())
		}
	}
}
