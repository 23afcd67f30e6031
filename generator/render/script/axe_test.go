package script_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

// accessible fails the test if axe-core finds a fault below a selector, or too little to look at.
func (b *tab) accessible(selector string, least int) {
	b.t.Helper()
	source, err := os.ReadFile(lab.Package(b.t, "axe-core/axe.min.js"))
	if err != nil {
		b.t.Fatal(err)
	}
	if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](string(source)+"; true")); err != nil || !ok {
		b.t.Fatal("axe-core does not run")
	}
	b.want(fmt.Sprintf(`axe.run(%q).then((r) => [r.passes.length >= %d, r.violations.flatMap((v) => v.nodes.map((n) => v.id + ' ' + n.html))])`, selector, least),
		[]any{true, []string{}})
}

// TestEM9Axe: everything that visitors see of ours, in both languages and colour schemes.
func TestEM9Axe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization)
	w.handle(sign, hangUp)
	page := w.origin + "/acme/" + ch.ID + "/"
	host := func() string {
		return w.page("/foreign", "<!doctype html><html lang=en><title>Shop</title>"+recorder+embedTag(ch, "async")+"<main><h1>Shop</h1></main>")
	}
	b := newTab(t, "")
	for _, state := range []struct {
		name    string
		load    site.Load
		consent bool
		url     func() string
		until   string
	}{
		{"page", site.Interaction, true, func() string { return page }, "EmbedChat.refuse"},
		{"page and facade", site.Interaction, false, func() string { return page }, facade},
		{"page and failure", site.Eager, false, func() string { return page }, facade},
		{"facade elsewhere", site.Interaction, false, host, facade},
		{"failure elsewhere", site.Eager, false, host, facade},
	} {
		for _, locale := range []string{"en", "zh"} {
			for _, scheme := range []string{"light", "dark"} {
				ch.Load, ch.Consent, ch.Locale = state.load, state.consent, locale
				call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
				})
				b.open("about:blank")
				b.open(state.url())
				b.wait(state.until)
				b.named(state.name+" "+locale+" "+scheme, func() { b.accessible("html", 9) })
			}
		}
	}
}

// While the chat connects, and after a failure with a fallback link.
func TestEM9AxeOfThePanel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization, loading(site.Interaction))
	b := newTab(t, "")
	w.handle(sign, hang)
	b.open(w.origin + "/acme/" + ch.ID + "/")
	b.wait(facade)
	b.eval(facade + ".click()")
	b.wait(facade + ".ariaBusy")
	b.accessible("embed-chat", 4)

	w.handle(sign, hangUp)
	b.open(w.withFallback(ch, "/contact"))
	b.wait(facade)
	b.accessible("embed-chat", 4)
}

// withFallback puts a page on the site whose embed script has a fallback link and starts at once.
func (w *world) withFallback(ch *site.Channel, url string) string {
	ch.Load = site.Eager
	ch.Fallback = url
	return w.foreign(ch, "")
}
