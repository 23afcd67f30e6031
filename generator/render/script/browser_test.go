package script_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"embedgen/generator/internal/lab"
)

// browser is the one Chromium of this package's tests; TestMain ends it.
var browser struct {
	sync.Once
	ctx    context.Context
	cancel func()
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if browser.cancel != nil {
		browser.cancel()
	}
	os.Exit(code)
}

func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path := lab.Program(t, "chromium", "chromium-browser", "google-chrome")
	browser.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
			chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true))
		allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, cancel := chromedp.NewContext(allocator)
		browser.ctx, browser.err = ctx, chromedp.Do(ctx)
		browser.cancel = func() { cancel(); cancelAllocator() }
	})
	if browser.err != nil {
		t.Fatal(browser.err)
	}
	return browser.ctx
}

// tab is a browser tab with cookies and storage of its own. It remembers what went wrong in it.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string // exceptions, console errors and policy violations
}

// newTab opens an empty tab. prelude runs in every page before the page's own scripts.
func newTab(t *testing.T, prelude string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(startBrowser(t), chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancelTimeout := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancelTimeout)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	call(b, log.Enable, cdp.Empty{})
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: prelude})
	return b
}

// call runs one command of the DevTools protocol in the tab.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

func (b *tab) listen(event any) {
	var problem string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		problem = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			problem += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			problem = fmt.Sprintf("console: %s", e.Args[0].Value)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			problem = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *page.EventJavascriptDialogOpening:
		problem = "dialog: " + e.Message
	}
	if problem != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.problems = append(b.problems, problem)
	}
}

// open navigates without waiting for the load event.
func (b *tab) open(url string) {
	b.t.Helper()
	if result := call(b, page.Navigate, page.NavigateParams{URL: url}); result.ErrorText != "" {
		b.t.Fatal(url, result.ErrorText)
	}
}

// eval evaluates an expression, awaits it if it is a promise, and returns its JSON.
func (b *tab) eval(expression string) string {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](
		`(async () => JSON.stringify(await (`+expression+`)) ?? 'undefined')()`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(expression, err)
	}
	return out
}

// wait waits until the expression is true. In a document that is being replaced it is not.
func (b *tab) wait(expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`(() => { try { return !!(`+expression+`) } catch { return false } })()`))
		if err == nil && ok {
			return
		}
	}
	b.t.Fatalf("in vain: %s\nevents: %s\nproblems: %s\nbody: %s",
		expression, b.eval("window.events"), strings.Join(b.seen(), "\n"), b.eval("document.documentElement.outerHTML"))
}

// want fails the test unless the JSON of the expression is the JSON of value.
func (b *tab) want(expression string, value any) {
	b.t.Helper()
	want, err := json.Marshal(value)
	if err != nil {
		b.t.Fatal(err)
	}
	if got := b.eval(expression); !sameJSON(got, string(want)) {
		b.t.Errorf("%s is\n     %s\nwant %s", expression, got, want)
	}
}

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return a == b
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}

// named runs one of several cases that share the tab, with problems of its own.
func (b *tab) named(name string, check func()) {
	b.t.Helper()
	outer := b.t
	defer func() { b.t = outer }()
	outer.Run(name, func(t *testing.T) {
		b.t = t
		b.mu.Lock()
		b.problems = nil
		b.mu.Unlock()
		check()
	})
}

// seen returns the problems so far.
func (b *tab) seen() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.problems...)
}

// clean fails the test if the tab saw a problem whose text has none of the expected parts.
func (b *tab) clean(expected ...string) {
	b.t.Helper()
	b.eval("new Promise((done) => setTimeout(done, 50))") // what is queued is reported first
next:
	for _, problem := range b.seen() {
		for _, part := range expected {
			if strings.Contains(problem, part) {
				continue next
			}
		}
		b.t.Error(problem)
	}
}
