package cecsim_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	installed "embedgen/generator/internal/lab"
	browserlab "embedgen/generator/internal/lab/browser"
	"embedgen/generator/site"
)

// street is the lab with a web server in front of it, as the development server will be: pages,
// CEC's paths and the console on one origin.
type street struct {
	*lab
	*httptest.Server
	cec *httptest.Server // CEC on an origin of its own, for direct mode
}

func newStreet(t *testing.T) *street {
	t.Helper()
	l := newLab(t)
	l.clock = time.Time{} // browsers have a clock of their own
	s := &street{lab: l}
	mux := http.NewServeMux()
	mux.Handle("/service-cloud/", l)
	mux.Handle("/any/where/agent/", http.StripPrefix("/any/where/agent", l.Console()))
	mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) { s.page(t, w, r) })
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	s.cec = httptest.NewServer(l)
	t.Cleanup(s.cec.Close)
	for _, tenant := range l.site.Tenants {
		tenant.Origin = s.URL
	}
	return s
}

var pageTemplate = template.Must(template.ParseFiles("testdata/page.html"))

// page serves the harness: ?channel=, ?locale=, ?direct=1, ?without=name,name.
func (s *street) page(t *testing.T, w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	base := s.URL
	if q.Get("direct") != "" {
		base = s.cec.URL
	}
	data := s.userData(t, "acme", q.Get("channel"), "user-"+q.Get("channel"))
	data["locale"] = q.Get("locale")
	globals := map[string]any{"configId": data["channelConfigId"], "userId": data["thirdUserId"], "userName": data["thirdUserName"],
		"tenantSpaceId": data["tenantSpaceId"], "locale": data["locale"]}
	if s.channel(t, "acme", q.Get("channel")).Mode == site.TokenMode {
		globals["token"] = data["thirdUserToken"]
	}
	nonce := rand.Text()
	w.Header().Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src 'nonce-%s' 'strict-dynamic'; "+
		"style-src %s; connect-src %s; img-src data:; base-uri 'none'", nonce, base, base))
	pageTemplate.Execute(w, map[string]any{"Nonce": nonce, "Data": map[string]any{
		"contextPath": base + "/service-cloud", "thirdUserData": data, "globals": globals, "nonce": nonce,
		"without": strings.FieldsFunc(q.Get("without"), func(r rune) bool { return r == ',' }),
	}})
}

// chromium is one browser; complaints collects what its tabs report.
type chromium struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

func newChromium(t *testing.T) *chromium {
	t.Helper()
	c := &chromium{t: t, ctx: browserlab.New(t, 2*time.Minute, nil)}
	if err := chromedp.Do(c.ctx, chromedp.Navigate("about:blank")); err != nil { // starts it, for its tabs
		t.Fatal(err)
	}
	return c
}

// tab is one page.
type tab struct {
	*chromium
	ctx context.Context
}

// tab opens an address in a tab of its own, of a given size, light or dark.
func (c *chromium) tab(url string, width, height int64, scheme string) *tab {
	c.t.Helper()
	ctx, cancel := chromedp.NewContext(c.ctx, chromedp.WithListener(c.listen))
	c.t.Cleanup(cancel)
	p := &tab{c, ctx}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		c.t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		c.t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(url))
	return p
}

func (c *chromium) listen(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			text = "console." + string(e.Type)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			text = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if text != "" {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.complaints = append(c.complaints, text)
	}
}

// reports returns what the tabs reported since the last call.
func (c *chromium) reports() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.complaints
	c.complaints = nil
	return list
}

// quiet fails the test if a tab reported an error, a warning or a violation of its policy.
func (c *chromium) quiet() {
	c.t.Helper()
	for _, text := range c.reports() {
		c.t.Errorf("the browser reports: %s", text)
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) click(selector string) { p.t.Helper(); p.do(chromedp.Click(chromedp.CSS(selector))) }
func (p *tab) focus(selector string) { p.t.Helper(); p.do(chromedp.Focus(chromedp.CSS(selector))) }
func (p *tab) key(keys string)       { p.t.Helper(); p.do(chromedp.KeyEvent(keys)) }

// write writes into a field.
func (p *tab) write(selector, text string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// evaluate returns the value of an expression; a promise is awaited.
func evaluate[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

// within waits for an expression to become true, in the time that SIM-1 allows.
func (p *tab) within(what, expression string) {
	p.t.Helper()
	end := time.Now().Add(3 * time.Second)
	for !evaluate[bool](p, "Boolean("+expression+")") {
		if time.Now().After(end) {
			p.shoot("failed")
			p.t.Fatalf("%s: not within 3 s; the browser reports %q", what, p.reports())
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// shoot keeps a picture in the folder that CECSIM_SHOTS names, for a person to look at.
func (p *tab) shoot(name string) {
	p.t.Helper()
	dir := os.Getenv("CECSIM_SHOTS")
	if dir == "" {
		return
	}
	time.Sleep(300 * time.Millisecond)
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// has is an expression: an element of the selector contains the text.
func has(selector, text string) string {
	return fmt.Sprintf("[...document.querySelectorAll(%s)].some((e) => e.textContent.includes(%s))", quote(selector), quote(text))
}

func quote(text string) string {
	out, _ := json.Marshal(text)
	return string(out)
}

// axe checks a tab with axe-core, below a selector.
func (p *tab) axe(selector string) {
	p.t.Helper()
	source, err := os.ReadFile(installed.Package(p.t, "axe-core/axe.min.js"))
	if err != nil {
		p.t.Fatal(err)
	}
	evaluate[int](p, string(source)+";0")
	found := evaluate[string](p, `axe.run(`+quote(selector)+`).then((r) => r.violations.map((v) =>
		v.id + ": " + v.nodes.map((n) => n.target + " " + n.failureSummary).join(" | ")).join("\n"))`)
	if found != "" {
		p.t.Errorf("axe-core finds below %s:\n%s", selector, found)
	}
}
