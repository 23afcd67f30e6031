//go:build !race

// The race detector sees nothing in Chromium, and makes the waiting for it longer.

package devserver

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"embedgen/generator/internal/lab"
)

// axe returns the source of axe-core, which test.sh installs.
func axe(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(lab.Package(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// screen sets the width and the colours in which the page is shown.
func (b *tab) screen(width int64, colours string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatal(err)
	}
}

// violations runs axe-core and returns one line for each element at fault.
func (b *tab) violations(source string) string {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](source+"; true")); err != nil {
		b.t.Fatal(err)
	}
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](
		`axe.run(document).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ' ' + n.failureSummary)).join('\n'))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// ownPages are all kinds of pages that the server makes itself.
func (p *project) ownPages() map[string]string {
	return map[string]string{
		"dashboard": p.url("127.0.0.1", "/"), "dashboard of a tenant": p.url("acme.localhost", "/"), "not found": p.url("acme.localhost", "/acme/web_suport/"),
		"inspector": p.url("127.0.0.1", "/_embedgen/requests"), "demonstration": p.url("acme.localhost", "/_embedgen/demo/acme/web_support"),
		"playground of guests": p.url("acme.localhost", "/_embedgen/playground/acme/web_support"), "playground of customers": p.url("globex.localhost", "/_embedgen/playground/globex/shop_account"),
	}
}

func TestOwnPagesPassAxe(t *testing.T) {
	source := axe(t)
	p := startProject(t)
	p.records(Entry{Time: time.Now(), From: "visitor", To: "site", What: "authorization", Tenant: "acme", Channel: "web_support", Status: 200, Stages: []Stage{{"body", "{}"}}})
	p.records(Entry{Time: time.Now(), From: "visitor", To: "cec", What: "newThirdPartyClient.js", Tenant: "acme", Channel: "web_private", Status: 401, Code: "refused", Reason: "no"})
	b := openTab(t, "about:blank")
	for name, address := range p.ownPages() {
		for _, lang := range languages {
			b.do(chromedp.Navigate(address + "?lang=" + lang))
			if name == "inspector" {
				b.until("document.querySelectorAll('tbody').length === 2")
				b.eval("document.querySelectorAll('details').forEach(d => d.open = true)")
			}
			for _, colours := range []string{"light", "dark"} {
				for _, width := range []int64{1280, 320} {
					b.screen(width, colours)
					if v := b.violations(source); v != "" {
						t.Errorf("%s, %s, %s, %d: %s", name, lang, colours, width, v)
					}
					if over := b.eval("return document.documentElement.scrollWidth - innerWidth"); over.(float64) > 0 {
						t.Errorf("%s, %s, %d: %v pixels too wide", name, lang, width, over)
					}
				}
			}
		}
	}
	b.quiet("status of 404")
}

func TestDS8TheErrorPageAndTheOverlayPassAxe(t *testing.T) {
	source := axe(t)
	p := newProject(t)
	p.edit("page.html", "Page", "BROKEN")
	p.start(nil)
	b := openTab(t, p.url("127.0.0.1", "/"))
	for _, colours := range []string{"light", "dark"} {
		b.screen(320, colours)
		if v := b.violations(source); v != "" {
			t.Errorf("error page, %s: %s", colours, v)
		}
	}
	p.edit("page.html", "BROKEN", "Page")
	b.untilText("Acme Bank")
	p.edit("page.html", "Page", "BROKEN")
	b.until(overlay + "?.open")
	if v := b.violations(source); v != "" {
		t.Errorf("overlay: %s", v)
	}
}

func TestDS17TheDashboardInChromium(t *testing.T) {
	p := startProject(t)
	b := openTab(t, p.url("127.0.0.1", "/"))
	b.do(chromedp.SendKeys(chromedp.CSS("#filter"), "globex acc"))
	b.until("[...document.querySelectorAll('.channels > li')].filter(r => r.checkVisibility()).map(r => r.dataset.key).join() === 'globex/shop_account'")
	b.do(chromedp.SendKeys(chromedp.CSS("#filter"), "zzz"))
	b.untilText("No channel matches.")

	p.records(Entry{Time: time.Now(), Tenant: "globex", Channel: "shop_account", Status: 200})
	b.until("document.querySelector('[data-key=\"globex/shop_account\"] .state').classList.contains('good')")

	b.eval("document.getElementById('user-name').value = 'Bob <b>'; document.querySelector('button[value=be]').click()")
	b.untilText("Bob <b>")
	if got := p.whoIs("acme.localhost", ""); got != "10010001 Bob <b> true" {
		t.Errorf("the services see %s", got)
	}
	b.do(chromedp.Click(chromedp.CSS("button[value=none]")))
	b.untilText("signed out")
	b.mark()
	p.edit("guide.html", "Guide", "Other guide")
	b.stays() // the dashboard shows nothing of it, but when it was built
	p.edit("channels.yaml", "Support chat", "Other title")
	b.untilText("Other title")
	b.quiet()
}

// What the demonstration page is for: its own script and the snippet's meet.
func TestTheDemonstrationPageCallsTheEmbedScript(t *testing.T) {
	p := newProject(t)
	p.edit("embed.js", "// NAME", `
		const queued = (window.EmbedChat && EmbedChat.q) || [];
		window.EmbedChat = (...args) => args[0] === 'on' ? (window[args[1]] = args[2]) : (document.title = JSON.stringify(args));
		queued.forEach(args => EmbedChat(...args));
		// NAME`)
	p.start(nil)
	b := openTab(t, p.url("acme.localhost", "/_embedgen/demo/acme/web_private"))
	b.do(chromedp.Click(chromedp.CSS(`[data-call='["consent", true]']`)))
	b.until(`document.title === '["consent",true]'`)
	b.until("window.error")
	b.eval("window.error({code: 'token_failed'})")
	b.untilText("error: token_failed")
	p.edit("embed.js", "// NAME", "document.body.append('fresh NAME'); // NAME")
	b.untilText("fresh web_private")
	b.quiet()
}

func TestDS18TheInspectorInChromium(t *testing.T) {
	p := startProject(t)
	b := openTab(t, p.url("127.0.0.1", "/_embedgen/requests"))
	b.untilText("No request yet")
	for i := range 3 {
		p.records(Entry{Time: time.Now(), From: "visitor", To: "site", What: "authorization", Tenant: "acme", Channel: "web_support", Status: http.StatusOK,
			Stages: []Stage{{"body", fmt.Sprint("<b>", i)}}})
	}
	b.until("document.querySelectorAll('tbody').length === 3")
	b.eval("document.querySelector('tbody:nth-of-type(2) summary').click()")
	b.untilText("<b>1")
	p.records(Entry{Time: time.Now(), What: "token", Tenant: "globex", Status: http.StatusUnauthorized, Code: "no_session"})
	b.until("document.querySelectorAll('tbody').length === 4 && document.querySelector('tbody:nth-of-type(3) details').open")
	b.do(chromedp.SendKeys(chromedp.CSS("#filter"), "no_session"))
	b.until("[...document.querySelectorAll('tbody')].filter(r => r.checkVisibility()).length === 1")
	if text := fmt.Sprint(b.eval("return document.querySelector('tbody').innerText")); !strings.Contains(text, "401 · no_session") {
		t.Errorf("row %q", text)
	}
	b.quiet()
}
