//go:build !race

// The race detector sees nothing in Chromium, and makes the waiting for it longer.

package devserver

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"embedgen/generator/internal/lab/browser"
)

// tab is a page in Chromium. It fails the test when the console complains.
type tab struct {
	t   *testing.T
	ctx context.Context
	mu  sync.Mutex
	bad []string
}

// openTab opens an address in a browser of its own.
func openTab(t *testing.T, address string) *tab {
	t.Helper()
	b := newTab(t, chromium(t, nil))
	b.goTo(address)
	return b
}

// chromium starts a browser.
func chromium(t *testing.T, flags map[string]any) context.Context {
	t.Helper()
	return browser.New(t, 3*time.Minute, flags)
}

// another opens an address in another tab of the same browser.
func (b *tab) another(address string) *tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	n := newTab(b.t, ctx)
	n.goTo(address)
	return n
}

func newTab(t *testing.T, ctx context.Context) *tab {
	b := &tab{t: t, ctx: ctx}
	messages := chromedp.Console(ctx)
	b.do(chromedp.Navigate("about:blank"))
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" {
				b.mu.Lock()
				b.bad = append(b.bad, m.String()+" "+m.URL)
				b.mu.Unlock()
			}
		}
	}()
	return b
}

// quiet checks that the console did not complain, but for what contains one of the texts.
func (b *tab) quiet(but ...string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
lines:
	for _, line := range b.bad {
		for _, text := range but {
			if strings.Contains(line, text) {
				continue lines
			}
		}
		b.t.Errorf("console: %s", line)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// goTo opens an address and waits until the reload client has heard from the server.
func (b *tab) goTo(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
	b.mark()
}

// mark leaves a mark in the page, which a reload takes away, and counts what the server says.
func (b *tab) mark() {
	b.t.Helper()
	b.eval(`window.marked = true; window.states = 0; document.addEventListener('embedgen:state', () => window.states++)`)
}

func (b *tab) eval(script string) any {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any]("(() => { "+script+" })()"))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// until waits for an expression to be true, through reloads of the page.
func (b *tab) until(expression string) {
	b.t.Helper()
	var v any
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		v, err = chromedp.Run(b.ctx, chromedp.Evaluate[any]("Boolean("+expression+")"))
		if v == true {
			return
		}
	}
	page, _ := chromedp.Run(b.ctx, chromedp.Evaluate[any]("location.href + ' ' + document.documentElement.outerHTML.slice(0, 2000)"))
	b.t.Fatalf("never true: %s (%v, %v) in %v", expression, v, err, page)
}

// untilText waits for a text in the page that was not there before.
func (b *tab) untilText(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.body && document.body.innerText.includes(%q) && document.readyState === 'complete'", text))
}

// stays checks that the page heard from the server and was not reloaded.
func (b *tab) stays() {
	b.t.Helper()
	b.until("window.states > 0 || !window.marked")
	b.until("window.marked")
}

func TestDS13ScrollIsKept(t *testing.T) {
	p := newProject(t)
	p.edit("page.html", "<h1>", "<h1>top</h1>"+strings.Repeat("<p>line</p>", 300)+"<h1>")
	p.start(nil)
	page := openTab(t, p.url("acme.localhost", "/acme/web_support/"))
	page.eval("scrollTo(0, 1234)")
	p.edit("page.html", "Page of", "New page of")
	page.untilText("New page of")
	page.until("scrollY === 1234")
}

const notice = "document.querySelector('embedgen-notice')?.shadowRoot.querySelector('.notice')"

func TestDS13AReloadWaitsForAnOpenChat(t *testing.T) {
	for name, end := range map[string]string{
		"until the developer says so":     notice + ".querySelector('button').click()",
		"until nobody asks for it longer": "performance.now = () => 1e9",
	} {
		t.Run(name, func(t *testing.T) {
			p := startProject(t)
			page := openTab(t, p.url("acme.localhost", "/acme/web_support/"))
			page.eval(`fetch('/service-cloud/rest/webadapter/v1/webadapterfacade/sendMessageForWebChannel', {method: 'POST', body: '{}'}).then(r => r.text())`)
			page.until("performance.getEntriesByType('resource').some(e => e.name.includes('sendMessage'))")
			p.edit("page.html", "Page of", "New page of")
			page.until(notice + "?.textContent.includes('while a chat is open')")
			page.stays()
			page.eval(end)
			page.untilText("New page of")
			page.quiet()
		})
	}
}

const overlay = "document.querySelector('embedgen-notice')?.shadowRoot.querySelector('dialog')"

func TestDS8TheOverlay(t *testing.T) {
	p := startProject(t)
	page := openTab(t, p.url("acme.localhost", "/acme/web_support/"))
	p.write("page.html", "<h1>x</h1>\n  one BROKEN <i>more</i>\n")
	page.until(overlay + "?.open")
	text := fmt.Sprint(page.eval("return " + overlay + ".innerText"))
	for _, want := range []string{"page.html:2:7", "broken-word", `the word "BROKEN" <b>here</b>`, "take it out & save", "one BROKEN <i>more</i>"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	if n := page.eval("return " + overlay + ".querySelectorAll('b, i').length"); n != 0.0 {
		t.Error("the diagnostic is not escaped")
	}
	if styled := page.eval("return getComputedStyle(" + overlay + ").borderTopWidth"); styled != "5px" {
		t.Errorf("the overlay has no style: %v", styled)
	}
	page.untilText("Page of web_support")

	p.edit("embed.js", "NAME", "BROKEN")
	page.until(overlay + "?.querySelectorAll('li').length === 2")
	page.do(chromedp.KeyEvent("\x1b"))
	page.until("!" + overlay + ".open && !document.querySelector('embedgen-notice').shadowRoot.querySelector('.pill').hidden")

	page.mark()
	p.edit("embed.js", "BROKEN", "NAME")
	p.write("page.html", firstFiles["page.html"])
	page.until("!" + overlay)
	page.stays() // the same bytes as before
	page.quiet()
}

func TestDS8BrokenAtStartInChromium(t *testing.T) {
	p := newProject(t)
	p.edit("page.html", "Page", "BROKEN")
	p.start(nil)
	page := openTab(t, p.url("acme.localhost", "/acme/web_support/"))
	page.untilText("page.html:2:")
	p.edit("embed.js", "NAME", "BROKEN")
	page.untilText("embed.js:1:4")
	p.edit("embed.js", "BROKEN", "NAME")
	p.edit("page.html", "BROKEN", "Page")
	page.untilText("Page of web_support")
	page.quiet("status of 500")
}

func TestDS11TwelveTabsReload(t *testing.T) {
	p := startProject(t)
	tabs := []*tab{openTab(t, p.url("acme.localhost", "/acme/web_support/"))}
	for range 11 {
		tabs = append(tabs, tabs[0].another(p.url("acme.localhost", "/acme/web_support/")))
	}
	p.edit("page.html", "Page of", "New page of")
	for _, b := range tabs {
		b.untilText("New page of web_support")
		b.quiet()
	}
}

func TestDS12ARestartReloadsOnce(t *testing.T) {
	p := startProject(t)
	page := openTab(t, p.url("acme.localhost", "/acme/web_support/"))
	docs := page.another(p.url("acme.localhost", "/docs/en/"))
	p.stop()
	p.start(func(o *Options) { o.Addr = fmt.Sprintf("127.0.0.1:%d", p.port) })
	for _, b := range []*tab{page, docs} {
		b.until("!window.marked && document.readyState === 'complete'")
		b.mark()
	}
	p.write("pages/user.md", "a build that changes no page")
	page.stays()
	docs.stays()
}

// startBehind serves the project and a reverse proxy in front of it, which takes the prefix /dev
// away; it returns the proxy's address.
func (p *project) startBehind(change func(*http.Response) error) string {
	p.t.Helper()
	front := httptest.NewUnstartedServer(nil)
	p.start(func(o *Options) { o.Hosts = []string{front.Listener.Addr().String()} })
	target, _ := url.Parse(p.url("127.0.0.1", ""))
	front.Config.Handler = http.StripPrefix("/dev", &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ModifyResponse: change,
		FlushInterval:  -1,
	})
	front.Start()
	p.t.Cleanup(front.Close)
	p.t.Cleanup(front.CloseClientConnections)
	return front.URL + "/dev"
}

func TestDS12BelowAPrefix(t *testing.T) {
	p := newProject(t)
	front := p.startBehind(nil)
	page := openTab(t, front+"/acme/web_support/")
	dash := page.another(front + "/")
	dash.untilText("Acme Bank")
	p.edit("page.html", "Page of", "New page of")
	page.untilText("New page of web_support")
	page.quiet("favicon.ico") // which browsers ask for above the prefix
	dash.quiet("favicon.ico")
}

// The client does not keep a page out of the back/forward cache, and a page that comes out of it
// learns what it missed. Chromium keeps no page that is no-store, so a proxy changes that.
func TestDS12TheBackForwardCache(t *testing.T) {
	p := newProject(t)
	front := p.startBehind(func(r *http.Response) error {
		r.Header.Set("Cache-Control", "no-cache")
		return nil
	})
	page := openTab(t, front+"/acme/web_support/")
	for i, text := range []string{"First page of", "Second page of"} {
		page.goTo(front + "/docs/en/")
		page.eval("history.back()")
		page.until("window.marked && location.pathname.endsWith('/web_support/')") // the same document
		page.goTo(front + "/docs/en/")
		p.edit("page.html", []string{"Page of", "First page of"}[i], text)
		p.awaitBuild(true)
		page.eval("history.back()")
		page.untilText(text + " web_support")
		page.mark()
	}
	page.quiet("favicon.ico")
}

func TestDS12BackAndForward(t *testing.T) {
	p := startProject(t)
	page := openTab(t, p.url("acme.localhost", "/acme/web_support/"))
	page.goTo(p.url("acme.localhost", "/docs/en/"))
	p.edit("page.html", "Page of", "New page of")
	p.awaitBuild(true)
	page.eval("history.back()")
	page.untilText("New page of web_support")
	page.mark()
	p.edit("page.html", "New page of", "Newer page of")
	page.untilText("Newer page of web_support")
	page.quiet()
}

// Without a shared worker every tab has its own stream.
func TestReloadWithoutSharedWorker(t *testing.T) {
	p := startProject(t)
	b := newTab(t, chromium(t, map[string]any{"disable-shared-workers": true, "disable-features": "SharedWorker"}))
	b.goTo(p.url("acme.localhost", "/acme/web_support/"))
	if b.eval("return typeof SharedWorker") != "undefined" {
		t.Fatal("there is a shared worker")
	}
	p.edit("page.html", "Page of", "New page of")
	b.untilText("New page of web_support")
	b.quiet()
}

func TestDS18CopyAsCurlInChromium(t *testing.T) {
	p := startProject(t)
	p.records(Entry{Time: time.Now(), From: "visitor", To: "site", What: "authorization", Tenant: "acme", Channel: "web_support", Stages: []Stage{{"body", "x"}}})
	b := openTab(t, p.url("127.0.0.1", "/_embedgen/requests"))
	b.until("document.querySelector('.copy')?.textContent === 'Copy as curl'")
	b.eval("navigator.clipboard.writeText = (text) => { window.got = text; return Promise.resolve(); }; document.querySelector('.copy').click()")
	b.until("document.getElementById('copied').textContent === 'Copied'")
	if got := fmt.Sprint(b.eval("return window.got")); !strings.HasPrefix(got, "curl -sS -X POST ") {
		t.Errorf("copied %q", got)
	}
	b.quiet()
}

func TestDS4InChromium(t *testing.T) {
	p := startProject(t)
	page := openTab(t, p.url("acme.localhost", "/acme/web_support/"))
	docs := page.another(p.url("acme.localhost", "/docs/en/acme/web_support.html"))

	p.edit("page.html", "Page of", "New page of")
	page.untilText("New page of web_support")
	docs.stays()

	page.mark()
	docs.mark()
	p.edit("guide.html", "Guide of", "New guide of")
	docs.untilText("New guide of web_support")
	page.stays()

	page.mark()
	docs.mark()
	p.edit("embed.js", "// NAME", "window.fresh = 'NAME'; // NAME") // a resource of the page
	page.until("window.fresh === 'web_support'")
	docs.stays()
	page.quiet()
	docs.quiet()
}
