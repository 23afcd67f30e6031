package guide

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"embedgen/generator/internal/lab"
	"embedgen/generator/internal/lab/browser"
)

// kinds has a page of every kind; %s is the language.
var kinds = []string{
	"docs/%s/index.html", "docs/%s/acme/index.html", "docs/%s/acme/web_support.html", "docs/%s/globex/shop_account.html",
	"docs/%s/initech/main_site.html", "docs/%s/acme/for-operators.html", "docs/%s/rules.html",
	"docs/%s/pages/security.html", "docs/%s/pages/only.html",
}

// browserPages is the example's documentation with one page that lacks a twin.
func browserPages(t testing.TB) map[string][]byte {
	t.Helper()
	files := folder("only.en.md", "# Only in English\n\n## A table\n\n| a | b |\n| - | - |\n| c | `d` |\n\n1. [x] done\n2. [ ] not done\n")
	for _, name := range []string{"about.en.md", "about.zh.md", "security.en.md", "security.zh.md"} {
		data, err := os.ReadFile(templatesDir + "/pages/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return allPages(t, defaultEngine(t), exampleSite(), files)
}

// serve serves pages under a prefix, as a server of the documentation should: with Policy.
func serve(t *testing.T, pages map[string][]byte, prefix string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, prefix)
		data, ok := pages[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		types := map[string]string{".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}
		w.Header().Set("Content-Type", types[path.Ext(name)])
		w.Header().Set("Content-Security-Policy", Policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(data)
	}))
	t.Cleanup(server.Close)
	return server.URL + prefix
}

// watch collects what goes wrong on a page, from its first moment on.
const watch = `window.problems = [];
addEventListener('securitypolicyviolation', (e) => problems.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
addEventListener('error', (e) => problems.push('error: ' + (e.message || e.target.src || e.target.href)), true);
addEventListener('unhandledrejection', (e) => problems.push('rejection: ' + e.reason));`

func newBrowser(t *testing.T, timeout time.Duration) context.Context {
	t.Helper()
	ctx := browser.New(t, timeout, nil)
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}); err != nil {
		t.Fatal(err)
	}
	return ctx
}

func visit(t *testing.T, ctx context.Context, address string, width int64, scheme string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		t.Fatal(err)
	}
	setScheme(t, ctx, scheme)
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
}

func setScheme(t *testing.T, ctx context.Context, scheme string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// TestDOC3PolicyInChromium: every kind of page runs under the policy without a violation, and is
// never wider than the screen.
func TestDOC3PolicyInChromium(t *testing.T) {
	base := serve(t, browserPages(t), "/some/prefix/")
	ctx := newBrowser(t, 2*time.Minute)
	for _, lang := range []string{"en", "zh"} {
		for _, kind := range append([]string{RootPath}, kinds...) {
			name := strings.Replace(kind, "%s", lang, 1)
			for _, width := range []int64{320, 390, 800, 1280} {
				visit(t, ctx, base+name, width, "light")
				if problems := evaluate[[]string](t, ctx, "window.problems"); len(problems) > 0 {
					t.Errorf("%s: %q", name, problems)
				}
				if wide := evaluate[int](t, ctx, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s: %d px wider than a screen of %d", name, wide, width)
				}
			}
			if name != RootPath && evaluate[int](t, ctx, "document.querySelectorAll('button.copy').length + document.querySelectorAll('article').length") == 0 {
				t.Errorf("%s: the script did not run", name)
			}
		}
	}
}

// TestDOC6FromDisk: the pages work from file:, where the style sheet and the script load too.
func TestDOC6FromDisk(t *testing.T) {
	dir := t.TempDir()
	for name, data := range browserPages(t) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx := newBrowser(t, time.Minute)
	visit(t, ctx, "file://"+dir+"/docs/en/acme/web_support.html", 1280, "light")
	if problems := evaluate[[]string](t, ctx, "window.problems"); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
	if got := evaluate[string](t, ctx, "getComputedStyle(document.querySelector('.bar')).position"); got != "sticky" {
		t.Errorf("the bar is %s: no style sheet", got)
	}
	if evaluate[int](t, ctx, "document.querySelectorAll('button.copy').length") == 0 {
		t.Error("no copy buttons: no script")
	}
}

// TestDOC1WithoutJavaScript: navigation and content are there, and the drawers open.
func TestDOC1WithoutJavaScript(t *testing.T) {
	base := serve(t, browserPages(t), "/")
	ctx := newBrowser(t, time.Minute)
	disable := func(off bool) {
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off}); err != nil {
			t.Fatal(err)
		}
	}
	shown := func(selector string) bool {
		return evaluate[bool](t, ctx, "document.querySelector('"+selector+"').checkVisibility()")
	}
	disable(true)
	visit(t, ctx, base+"docs/en/acme/web_support.html", 1280, "light")
	for _, selector := range []string{"#site-nav a", "#page-toc a", ".languages a", "article h1"} {
		if !shown(selector) {
			t.Errorf("%s is not shown on a wide screen", selector)
		}
	}
	if n := evaluate[int](t, ctx, "document.querySelectorAll('button.copy').length"); n != 0 {
		t.Errorf("%d buttons that need a script", n)
	}
	visit(t, ctx, base+"docs/en/acme/web_support.html", 390, "light")
	if shown("#site-nav") || shown("#page-toc") {
		t.Error("a drawer is open from the start")
	}
	if err := chromedp.Do(ctx, chromedp.Click(`button[popovertarget="site-nav"]`)); err != nil {
		t.Fatal(err)
	}
	if !shown("#site-nav a") {
		t.Error("the menu does not open")
	}
	disable(false)
}

// TestDOC14CopyExactly: every button copies the text of its block, no more and no less.
func TestDOC14CopyExactly(t *testing.T) {
	s := exampleSite()
	base := serve(t, browserPages(t), "/")
	ctx := newBrowser(t, time.Minute)
	visit(t, ctx, base+"docs/en/acme/web_support.html", 1280, "light")
	copied := evaluate[[]string](t, ctx, `(async () => {
		const list = [];
		Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { list.push(text); }}});
		const buttons = [...document.querySelectorAll('button.copy')];
		for (const b of buttons) { b.click(); await 0; }
		const codes = buttons.map((b) => b.parentElement.querySelector('code').textContent);
		return list.length === codes.length && list.every((text, i) => text === codes[i]) ? list : ['differs'];
	})()`)
	snippet := strings.TrimSuffix(exampleSnippet(s.Tenants[0].Channels[0]), "\n")
	for _, want := range []string{snippet, "nginx -t && nginx -s reload", "202007159031", "https://www.acme.example/acme/web_support/embed.js",
		"const SOURCE = 'https://www.acme.example';"} {
		found := false
		for _, text := range copied {
			found = found || text == want
		}
		if !found {
			t.Errorf("no button copies %q; copied: %q", want, copied)
		}
	}
}

// TestDOC7SwitchKeepsThePlace: the other language opens at the same heading.
func TestDOC7SwitchKeepsThePlace(t *testing.T) {
	base := serve(t, browserPages(t), "/")
	ctx := newBrowser(t, time.Minute)
	visit(t, ctx, base+"docs/en/acme/web_support.html#faq-cors", 1280, "light")
	got := evaluate[string](t, ctx, `(async () => {
		document.getElementById('prepare-queue').scrollIntoView();
		for (let i = 0; i < 50 && !document.querySelector('#page-toc [aria-current]'); i++) await new Promise((r) => setTimeout(r, 20));
		await new Promise((r) => setTimeout(r, 100));
		const link = document.querySelector('a[hreflang="zh"]');
		link.addEventListener('click', (e) => e.preventDefault());
		link.click();
		return link.href;
	})()`)
	if want := base + "docs/zh/acme/web_support.html#prepare-queue"; got != want {
		t.Errorf("the switch leads to %s, want %s", got, want)
	}
}

// TestDOC2Accessibility runs axe-core over every kind of page.
func TestDOC2Accessibility(t *testing.T) {
	axe, err := os.ReadFile(lab.Package(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	base := serve(t, browserPages(t), "/")
	ctx := newBrowser(t, 4*time.Minute)
	for _, width := range []int64{1280, 320} {
		for _, lang := range []string{"en", "zh"} {
			for _, kind := range append([]string{RootPath}, kinds...) {
				name := strings.Replace(kind, "%s", lang, 1)
				visit(t, ctx, base+name, width, "light")
				evaluate[bool](t, ctx, string(axe)+"; document.querySelectorAll('details').forEach((d) => { d.open = true; }); true")
				for _, v := range violations(t, ctx, "{}", 10) {
					t.Errorf("%s at %d px: %s", name, width, v)
				}
				setScheme(t, ctx, "dark") // changes colours and nothing else
				for _, v := range violations(t, ctx, "{runOnly: ['color-contrast', 'link-in-text-block']}", 1) {
					t.Errorf("%s at %d px, dark: %s", name, width, v)
				}
			}
		}
	}
}

// violations runs axe on the page and expects that at least some rules have passed.
func violations(t *testing.T, ctx context.Context, options string, passes int) []string {
	t.Helper()
	return evaluate[[]string](t, ctx, fmt.Sprintf(`axe.run(%s).then((r) => (r.passes.length < %d ? ['axe did not run'] : []).concat(
		r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.html.slice(0, 150) + ' ' + n.failureSummary))))`, options, passes))
}

// TestOpenDrawerIsAccessible: a drawer that is open on a phone, too.
func TestOpenDrawerIsAccessible(t *testing.T) {
	base := serve(t, browserPages(t), "/")
	ctx := newBrowser(t, time.Minute)
	for _, drawer := range []string{"site-nav", "page-toc"} {
		visit(t, ctx, base+"docs/en/acme/web_support.html", 390, "dark")
		if err := chromedp.Do(ctx, chromedp.Click(fmt.Sprintf(`button[popovertarget=%q]`, drawer))); err != nil {
			t.Fatal(err)
		}
		if !evaluate[bool](t, ctx, fmt.Sprintf(`document.getElementById(%q).matches(':popover-open')`, drawer)) {
			t.Errorf("%s does not open", drawer)
		}
		evaluate[bool](t, ctx, fmt.Sprintf(`(document.querySelector('#%s a[href*="#"], #%s a').click(), true)`, drawer, drawer))
		if drawer == "page-toc" && evaluate[bool](t, ctx, fmt.Sprintf(`document.getElementById(%q).matches(':popover-open')`, drawer)) {
			t.Errorf("%s stays open after its link was used", drawer)
		}
	}
}
