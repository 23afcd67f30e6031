package script_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"embedgen/generator/site"
	"embedgen/templates"
)

// hang answers nothing until the browser gives up.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

const (
	touchOnly = "Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 }); const real = matchMedia; window.matchMedia = (q) => q.includes('pointer') ? { matches: false } : real(q);"
	choices   = "[...document.querySelector('embed-chat').shadowRoot.querySelectorAll('a, button')].map((e) => e.localName + ' ' + e.textContent + ' ' + (e.href || ''))"
	panelLink = "document.querySelector('embed-chat').shadowRoot.querySelector('a')"
)

func TestEM11FallbackLink(t *testing.T) {
	tests := map[string]struct {
		prelude  string
		serve    http.HandlerFunc
		locale   string
		fallback string
		want     []string // ORIGIN stands for the tenant's
	}{
		"touch-only device":    {touchOnly, nil, "zh", "/contact", []string{"a 其他联系方式 ORIGIN/contact", "button 关闭 "}},
		"failure":              {"", hangUp, "zh", "/contact", []string{"button 重试 ", "a 其他联系方式 ORIGIN/contact", "button 关闭 "}},
		"failure in English":   {"", hangUp, "en", "/contact?a=1#b", []string{"button Try again ", "a Contact us another way ORIGIN/contact?a=1#b", "button Close "}},
		"another language":     {"", hangUp, "fr", "https://help.example/", []string{"button Try again ", "a Contact us another way https://help.example/", "button Close "}},
		"telephone":            {"", hangUp, "en", "tel:+1-201-555-0123;ext=5", []string{"button Try again ", "a +1-201-555-0123 tel:+1-201-555-0123;ext=5", "button Close "}},
		"mail":                 {"", hangUp, "en", "mailto:a%2Bb@acme.example?subject=x", []string{"button Try again ", "a a+b@acme.example mailto:a%2Bb@acme.example?subject=x", "button Close "}},
		"hostile page":         {"", hangUp, "en", `/"><img src=x onerror=alert(1)>`, []string{"button Try again ", "a Contact us another way ORIGIN/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "button Close "}},
		"hostile number":       {"", hangUp, "en", `tel:<img src=x onerror=alert(1)>`, []string{"button Try again ", "a <img src=x onerror=alert(1)> tel:<img src=x onerror=alert(1)>", "button Close "}},
		"script":               {"", hangUp, "en", "javascript:alert(1)", []string{"button Try again ", "button Close "}},
		"data":                 {"", hangUp, "en", "data:text/html,x", []string{"button Try again ", "button Close "}},
		"another host":         {"", hangUp, "en", "//evil.example/", []string{"button Try again ", "button Close "}},
		"another host, hidden": {"", hangUp, "en", "/\t/evil.example/", []string{"button Try again ", "button Close "}},
		"another host, back":   {"", hangUp, "en", `/\evil.example/`, []string{"button Try again ", "button Close "}},
		"none":                 {"", hangUp, "en", "", []string{"button Try again ", "button Close "}},
	}
	w := newWorld(t)
	for name, test := range tests {
		w.handle(sign, test.serve)
		b := newTab(t, test.prelude)
		b.named(name, func() {
			ch := w.channel(site.Authorization, func(ch *site.Channel) { ch.Locale, ch.Fallback = test.locale, test.fallback })
			// The page's base is not for our links.
			b.open(w.foreign(ch, "<base href='https://elsewhere.example/' target=_blank>"))
			b.wait("document.querySelector('embed-chat')")
			for i, s := range test.want {
				test.want[i] = strings.Replace(s, "ORIGIN", w.origin, 1)
			}
			b.want(choices, test.want)
			b.want("(() => { const a = "+panelLink+"; if (!a) return true; const r = a.getBoundingClientRect(); return a.target === '_top' && r.width >= 44 && r.height >= 44 })()", true)
			b.clean("ERR_")
		})
	}
}

// TestEM11FallbackByKeyboard: Tab reaches the link, and Enter follows it in the same tab, out of a frame.
func TestEM11FallbackByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.handle(sign, hangUp)
	w.page("/contact", "<!doctype html><title>Contact</title>")
	ch := w.channel(site.Authorization, func(ch *site.Channel) { ch.Fallback, ch.Locale = "/contact", "en" })
	b := newTab(t, "")
	for _, url := range []string{
		w.foreign(ch, ""),
		w.page("/frame", "<!doctype html><title>x</title><iframe src='/acme/"+ch.ID+"/' width=600 height=400></iframe>"),
	} {
		b.open(url)
		inside := "document"
		if strings.HasSuffix(url, "/frame") {
			inside = "frames[0].document"
		}
		link := inside + strings.TrimPrefix(panelLink, "document")
		b.wait(link)
		for range 4 {
			b.key("Tab")
			if b.eval(link+".getRootNode().activeElement === "+link) == "true" {
				break
			}
		}
		b.want(link+".matches(':focus-visible')", true)
		b.key("Enter")
		b.wait("location.pathname === '/contact'")
	}
}

// TestEM11LanguageChanges: update reaches what the panel shows.
func TestEM11LanguageChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.handle(sign, hangUp)
	ch := w.channel(site.Authorization, func(ch *site.Channel) { ch.Fallback, ch.Locale = "/contact", "zh" })
	b := newTab(t, "")
	b.open(w.foreign(ch, ""))
	b.wait("document.querySelector('embed-chat')")
	b.eval("EmbedChat('update', { locale: 'en' })")
	b.want("[document.querySelector('embed-chat').shadowRoot.textContent, document.querySelector('embed-chat').shadowRoot.querySelector('div').lang]",
		[]string{"The chat is not available right now.Try againContact us another wayClose", "en"})
	w.handle(sign, nil)
	b.eval(facade + ".click()")
	b.wait("events.includes('ready')")
	b.want("locale", "en")
}

// TestEM11SignInOffersTheFallback: whoever asked for the chat and is not signed in sees another way.
func TestEM11SignInOffersTheFallback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(token, 401, "application/json", "{}")
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.TokenMode, loading(site.Interaction), func(ch *site.Channel) { ch.Fallback = "tel:110" }), ""))
	b.wait(facade)
	b.eval(facade + ".click()")
	b.wait(panelLink)
	b.want(choices, []string{"a 110 tel:110", "button Close "})
}

// TestEM11PageOffersTheFallback: the integration page has the link for Internet Explorer and for who runs no script,
// and no other markup whatever the fallback.
func TestEM11PageOffersTheFallback(t *testing.T) {
	e := newEngine(t, templates.FS)
	for fallback, want := range map[string]string{
		"":                                 "",
		"/contact":                         "/contact Contact us another way",
		"https://a.example/?a=1&b=2":       "https://a.example/?a=1&b=2 Contact us another way",
		"tel:+1-201-555-0123":              "tel:+1-201-555-0123 +1-201-555-0123",
		"mailto:help@acme.example?cc=x":    "mailto:help@acme.example?cc=x help@acme.example",
		"javascript:alert(1)":              "",
		"//evil.example":                   "",
		`/"><script>alert(1)</script>`:     "/%22%3e%3cscript%3ealert%281%29%3c/script%3e Contact us another way",
		`mailto:"><script>alert(1)//@x`:    `mailto:%22%3e%3cscript%3ealert%281%29//@x "><script>alert(1)//@x`,
		"tel:%3Cscript%3Ealert(1)//\u2028": "tel:%3Cscript%3Ealert%281%29//%e2%80%a8 <script>alert(1)//\u2028",
	} {
		ch := acme("https://www.acme.example").Channels[0]
		ch.Fallback, ch.Locale = fallback, "en"
		page, _, err := e.Page(ch)
		if err != nil {
			t.Fatal(err)
		}
		links := linksOf(t, page)
		wantLinks := 2
		if want == "" {
			wantLinks = 0
		}
		if len(links) != wantLinks {
			t.Errorf("%q: %d links: %q", fallback, len(links), links)
		}
		for _, link := range links {
			if link != want {
				t.Errorf("%q: the page says %q, want %q", fallback, link, want)
			}
		}
	}
}

// linksOf returns address and text of the links of a page as a browser without script reads it.
func linksOf(t *testing.T, page []byte) []string {
	t.Helper()
	root, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" && len(n.Attr) > 0 || n.Data == "img" {
			t.Errorf("the page has <%s>", n.Data)
		}
		if n.Data != "a" {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "href" {
				links = append(links, a.Val+" "+n.FirstChild.Data)
			}
		}
	}
	return links
}
