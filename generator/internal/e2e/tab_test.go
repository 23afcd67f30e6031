package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"embedgen/generator/internal/lab/browser"
)

// tab is a page of Chromium that remembers everything that went wrong in it.
type tab struct {
	t     testing.TB
	ctx   context.Context
	close context.CancelFunc // ends the tab, and the polling in it

	mu       sync.Mutex
	problems []string // console errors and warnings, exceptions, CSP violations, dialogs
	urls     []string // of all requests
}

// watch runs before any script of a page: violations of a policy become console errors.
const watch = `addEventListener('securitypolicyviolation', (e) =>
  console.error('CSP', e.effectiveDirective, e.blockedURI, e.sourceFile + ':' + e.lineNumber), true);`

// startChromium starts the one browser of a test.
func startChromium(t testing.TB, flags map[string]any) context.Context {
	t.Helper()
	ctx := browser.New(t, 3*time.Minute, flags)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// newVisitor opens a tab in a browser context of its own: no cookie, storage or cache is shared.
func newVisitor(t testing.TB, browser context.Context) *tab {
	t.Helper()
	return openTab(t, browser, chromedp.WithNewBrowserContext())
}

// newTab opens a further tab of the same visitor.
func (b *tab) newTab() *tab {
	b.t.Helper()
	return openTab(b.t, b.ctx)
}

func openTab(t testing.TB, parent context.Context, options ...chromedp.ContextOption) *tab {
	t.Helper()
	b := &tab{t: t}
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(b.record))...)
	t.Cleanup(cancel)
	b.ctx, b.close = ctx, cancel
	script := page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, script); err != nil {
		t.Fatal(err)
	}
	return b
}

// record notes an event; it must not wait.
func (b *tab) record(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.urls = append(b.urls, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+describe(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			b.problems = append(b.problems, "console: "+values(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			b.problems = append(b.problems, fmt.Sprintf("log: %s %s", e.Entry.Text, e.Entry.URL))
		}
	case *page.EventJavascriptDialogOpening:
		b.problems = append(b.problems, "dialog: "+e.Message)
		go chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	}
}

func describe(d *runtime.ExceptionDetails) string {
	if d.Exception != nil {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}

func values(args []*runtime.RemoteObject) string {
	var list []string
	for _, a := range args {
		list = append(list, string(a.Value)+a.Description)
	}
	return strings.Join(list, " ")
}

// clean fails the test with everything that went wrong since the last call.
func (b *tab) clean() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.t.Errorf("the page is not clean: %s", p)
	}
	b.problems = nil
}

// forgive forgets problems that contain a text and are expected.
func (b *tab) forgive(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = slices.DeleteFunc(b.problems, func(p string) bool { return strings.Contains(p, text) })
}

// requested lists the addresses that were requested so far and contain a text.
func (b *tab) requested(text string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.urls), func(u string) bool { return !strings.Contains(u, text) })
}

// open navigates and waits for the load event.
func (b *tab) open(url string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 15*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		b.t.Fatalf("%s: %v\n%s", url, err, b.report())
	}
}

// report tells the state of the page for a failure.
func (b *tab) report() string {
	text := eval[string](b, `location.href + '\n' + (document.body ? document.body.innerText : '').slice(0, 600)`)
	b.mu.Lock()
	defer b.mu.Unlock()
	return text + "\n" + strings.Join(b.problems, "\n")
}

// eval evaluates an expression in the page; a promise is awaited.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := tryEval[T](b, expression)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// tryEval is eval for a page that may be on its way to another.
func tryEval[T any](b *tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, 15*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// holds reports whether an expression becomes true in time, in this document or the next.
func (b *tab) holds(expression string, limit time.Duration) bool {
	b.t.Helper()
	for deadline := time.Now().Add(limit); ; time.Sleep(25 * time.Millisecond) {
		yes, err := tryEval[bool](b, "!!("+expression+")")
		if yes {
			return true
		}
		if late := time.Now().After(deadline); late && err != nil {
			b.t.Fatalf("%s: %v", expression, err)
		} else if late {
			return false
		}
	}
}

// await waits until an expression is true.
func (b *tab) await(what, expression string) {
	b.t.Helper()
	if !b.holds(expression, 8*time.Second) {
		b.t.Fatalf("%s never came\n%s", what, b.report())
	}
}

// point is the middle of what a visitor sees of an element.
type point struct{ X, Y float64 }

// click presses the mouse on an element, which nothing may cover.
func (b *tab) click(selector string) {
	b.t.Helper()
	p := eval[*point](b, fmt.Sprintf(`(() => {
	  const e = document.querySelector(%q), r = e?.getBoundingClientRect();
	  if (!r || !r.width) return null;
	  const x = r.x + r.width / 2, y = r.y + r.height / 2;
	  return e.contains(document.elementFromPoint(x, y)) ? {X: x, Y: y} : null;
	})()`, selector))
	if p == nil {
		b.t.Fatalf("%s is missing or covered\n%s", selector, b.report())
	}
	b.press(*p)
}

func (b *tab) press(p point) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.MouseClickXY(p.X, p.Y)); err != nil {
		b.t.Fatal(err)
	}
}

// write types text into what has the focus.
func (b *tab) write(text string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		b.t.Fatal(err)
	}
}

// cookies are those that the browser would send to an address.
func (b *tab) cookies(url string) []*network.Cookie {
	b.t.Helper()
	r, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{url}})
	if err != nil {
		b.t.Fatal(err)
	}
	return r.Cookies
}
