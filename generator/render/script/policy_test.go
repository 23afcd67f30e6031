package script_test

import (
	"crypto/sha512"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"embedgen/generator/site"
)

// violations makes a page note what its policy blocks.
const violations = "window.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(e.effectiveDirective))"

// cecWidget uses what a real widget may: an image, a style sheet, a request, a frame and a data image.
const cecWidget = cecScript + `
;(async () => {
  const add = (name, properties) => new Promise((done) => {
    const element = Object.assign(document.createElement(name), properties, { onload: done, onerror: done });
    document.body.append(element);
  });
  await add('img', { src: $ContextPath + '/icon.png' });
  await add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=' });
  await add('img', { src: URL.createObjectURL(new Blob([])) });
  await add('link', { rel: 'stylesheet', href: $ContextPath + '/widget.css' });
  await add('script', { src: $ContextPath + '/more.js' });
  await add('iframe', { src: $ContextPath + '/frame.html' });
  await fetch($ContextPath + '/poll', { credentials: 'include' });
  window.widgetDone = true;
})()`

func TestEM7IntegrationPageUnderItsPolicy(t *testing.T) {
	for _, mode := range modes {
		for _, direct := range []bool{false, true} {
			t.Run(string(mode)+map[bool]string{true: " direct"}[direct], func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				serveWidget(w)
				ch := w.channel(mode)
				ch.Cobrowse = site.CobrowseScripts
				if direct {
					w.direct(ch)
				}
				b := newTab(t, violations)
				b.open(w.origin + "/acme/" + ch.ID + "/")
				b.wait("widgetDone")
				b.want("[violations, moreRan, cobrowse]", []any{[]string{}, true, " cobrowse.js cobrowseCommon.js"})
				b.want("getComputedStyle(document.querySelector('main')).borderTopStyle", "solid") // the page's own style
				b.clean()
			})
		}
	}
}

func serveWidget(w *world) {
	w.answer(newClient, 200, "text/javascript", cecWidget)
	w.answer("/service-cloud/icon.png", 200, "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>")
	w.answer("/service-cloud/widget.css", 200, "text/css", "b{color:red}")
	w.answer("/service-cloud/more.js", 200, "text/javascript", "var moreRan = true")
	w.answer("/service-cloud/frame.html", 200, "text/html", "<p>frame")
	w.answer("/service-cloud/poll", 200, "application/json", "{}")
}

func TestEM7FacadeUnderThePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization, loading(site.Interaction))
	b := newTab(t, violations)
	b.open(w.origin + "/acme/" + ch.ID + "/")
	b.wait(facade)
	b.want("[violations, getComputedStyle("+facade+").backgroundColor]", []any{[]string{}, "rgb(11, 87, 180)"})
	b.clean()
}

func TestSEC26Policy(t *testing.T) {
	w := newEngine(t, override(nil))
	for _, direct := range []bool{false, true} {
		for _, inline := range []bool{false, true} {
			ch := acme("https://www.acme.example").Channels[0]
			ch.InlineStyles = inline
			if direct {
				ch.Context = site.Context{URL: "https://cec.example/service-cloud", CEC: "https://cec.example"}
			}
			policy, err := w.Policy(ch)
			if err != nil {
				t.Fatal(err)
			}
			for directive := range strings.SplitSeq(policy, "; ") {
				name, sources, _ := strings.Cut(directive, " ")
				if strings.Contains(sources, "'unsafe-inline'") != (inline && name == "style-src") {
					t.Errorf("inline styles %v: %s", inline, directive)
				}
				wantCEC := direct && name != "script-src" && name != "object-src" && name != "base-uri" && name != "frame-ancestors"
				if strings.Contains(sources, "https://cec.example") != wantCEC {
					t.Errorf("direct %v: %s", direct, directive)
				}
			}
		}
	}
}

// The extension loads cobrowse.js from CEC itself, past the proxy, on any page of the tenant.
func TestSEC26PolicyOfTheExtension(t *testing.T) {
	e := newEngine(t, override(nil))
	for cobrowse, want := range map[site.Cobrowse]bool{site.CobrowseExtension: true, site.CobrowseScripts: false, site.CobrowseOff: false} {
		tenant := acme("https://www.acme.example")
		tenant.Channels[0].Cobrowse = cobrowse
		for _, ch := range tenant.Channels {
			policy, err := e.Policy(ch)
			if err != nil || strings.Contains(policy, "https://cec.example") != want {
				t.Errorf("cobrowse %s, %s: %v, %s", cobrowse, ch.ID, err, policy)
			}
		}
	}
}

func TestSEC26PolicyRefusesAHostileOrigin(t *testing.T) {
	ch := acme("https://www.acme.example").Channels[0]
	ch.Context = site.Context{URL: "https://cec.example/service-cloud", CEC: "https://cec.example; script-src *"}
	if _, policy, err := newEngine(t, override(nil)).Page(ch); err == nil {
		t.Errorf("got policy %q, want an error", policy)
	}
}

func TestEM7NonceOnAForeignPage(t *testing.T) {
	for name, policy := range map[string]string{
		"nonce":                "default-src 'self'; script-src 'nonce-r4nd0m'; style-src 'none'",
		"nonce strict-dynamic": "default-src 'self'; script-src 'nonce-r4nd0m' 'strict-dynamic'; style-src 'none'",
	} {
		for _, mode := range modes {
			t.Run(name+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				ch := w.channel(mode, loading(site.Interaction), func(ch *site.Channel) { ch.Cobrowse = site.CobrowseScripts })
				w.library(ch, "jquery", "window.$ = window.jQuery = { ajax: () => {} }", "")
				w.library(ch, "axios", "window.axios = () => {}", "")
				html := strings.ReplaceAll(recorder, "<script>", "<script nonce=r4nd0m>") + embedTag(ch, "nonce=r4nd0m async")
				b := newTab(t, violations)
				b.open(w.page("/foreign", "<!doctype html><title>x</title>"+html, "Content-Security-Policy", policy))
				b.wait(facade)
				b.want("getComputedStyle("+facade+").backgroundColor", "rgb(11, 87, 180)")
				b.eval(facade + ".click()")
				b.wait("events.includes('ready')")
				b.want("[violations, cobrowse, jQuery === $, typeof axios]",
					[]any{[]string{}, " cobrowse.js cobrowseCommon.js", true, map[site.Mode]string{site.Authorization: "undefined", site.TokenMode: "function"}[mode]})
				b.clean()
			})
		}
	}
}

func TestEM7PolicyWithoutOurNonce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization)
	html := strings.ReplaceAll(recorder, "<script>", "<script nonce=r4nd0m>") + embedTag(ch, "async")
	b := newTab(t, "")
	b.open(w.page("/foreign", "<!doctype html><title>x</title>"+html, "Content-Security-Policy", "script-src 'self' 'nonce-r4nd0m'"))
	b.wait("events.length")
	b.want("[events, window.cecRuns]", []any{[]string{"error script_blocked"}, nil})
	b.clean("Content Security Policy")
}

// library gives a channel a copied library and serves it. Integrity "" computes the right one.
func (w *world) library(ch *site.Channel, name, text, integrity string) {
	if integrity == "" {
		sum := sha512.Sum384([]byte(text))
		integrity = "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	l := site.Library{Name: name, Src: "assets/" + name + ".js", Integrity: integrity}
	if name == "jquery" {
		ch.JQuery = l
	} else {
		ch.Axios = l
	}
	w.answer("/acme/"+l.Src, 200, "text/javascript", text)
}

const (
	jqueryText = "window.order = (window.order || '') + ' jquery'; window.$ = window.jQuery = { ajax: () => {}, ours: 1 }"
	axiosText  = "window.order = (window.order || '') + ' axios'; window.axios = () => {}"
	usesThem   = "window.order += ' ' + [!!window.$, !!window.jQuery, !!window.axios]; thirdValidate(thirdUserData)"
)

func TestEM7Libraries(t *testing.T) {
	t.Parallel()
	wrong := "sha384-" + strings.Repeat("A", 64)
	gone := func(w *world) { w.answer("/acme/assets/jquery.js", 404, "text/plain", "") }
	slow := func(w *world) {
		w.handle("/acme/assets/jquery.js", func(rw http.ResponseWriter, _ *http.Request) {
			time.Sleep(500 * time.Millisecond)
			rw.Header().Set("Content-Type", "text/javascript")
			io.WriteString(rw, jqueryText)
		})
	}
	tests := map[string]struct {
		integrity string
		prepare   func(*world)
		html      string
		events    []string
		order     string
	}{
		"loaded in order":          {"", nil, "", []string{"ready"}, " jquery axios true,true,true"},
		"waited for":               {"", slow, "", []string{"ready"}, " jquery axios true,true,true"},
		"wrong integrity":          {wrong, nil, "", []string{"error library_blocked", "ready"}, " axios true,true,true"},
		"not found":                {"", gone, "", []string{"error library_blocked", "ready"}, " axios true,true,true"},
		"the page has jQuery":      {"", nil, "<script>window.$ = window.jQuery = { ajax() {} }</script>", []string{"ready"}, " axios true,true,true"},
		"the page has jQuery only": {"", nil, "<script>window.jQuery = { ajax() {} }</script>", []string{"ready"}, " axios true,true,true"},
		"the page has slim jQuery": {"", nil, "<script>window.$ = window.jQuery = { slim: 1 }</script>", []string{"ready"}, " jquery axios true,true,true"},
	}
	b := newTab(t, "")
	for name, test := range tests {
		b.named(name, func() {
			w := newWorld(b.t)
			ch := w.channel(site.TokenMode)
			w.library(ch, "jquery", jqueryText, test.integrity)
			w.library(ch, "axios", axiosText, "")
			w.answer(oldClient, 200, "text/javascript", usesThem)
			if test.prepare != nil {
				test.prepare(w)
			}
			b.open(w.foreign(ch, test.html))
			b.wait("events.includes('ready')")
			b.want("[events, order]", []any{test.events, test.order})
			b.want("[...document.scripts].filter((s) => s.src.includes('/assets/') && s.integrity).every((s) => s.crossOrigin === 'anonymous')", true)
			if strings.Contains(name, "slim") {
				b.want("[jQuery.slim, $.slim, typeof $.ajax]", []any{1, 1, "function"}) // the page's own plugins hang on its jQuery
			}
			b.eval("EmbedChat('destroy')")
			b.want("[window.axios, window.$ && $.ours, window.$ && $.slim && $.ajax]", []any{nil, nil, nil})
			b.clean("integrity", "404")
		})
	}
}

// A library that comes too late for the start does not come at all.
func TestEM7LibraryThatHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shorter(t, "embed/script.js", "const LIMIT = 10000", "300"))
	ch := w.channel(site.Authorization)
	arrived := make(chan bool)
	w.library(ch, "jquery", "", "")
	w.handle("/acme/assets/jquery.js", func(rw http.ResponseWriter, _ *http.Request) {
		<-arrived
		writeScript(rw, "window.$ = window.jQuery = { late: 1 }")
	})
	ch.JQuery.Integrity = ""
	b := newTab(t, "")
	b.open(w.foreign(ch, ""))
	b.wait("events.includes('ready')")
	b.want("[events, typeof $.ajax]", []any{[]string{"error library_blocked", "ready"}, "function"})
	close(arrived)
	b.eval("new Promise((done) => setTimeout(done, 200))")
	b.want("[typeof $.ajax, $.late]", []any{"function", nil})
	b.eval("EmbedChat('destroy')")
	b.want("['$', 'jQuery'].filter((k) => k in window)", []string{})
	b.clean()
}

func TestEM7StandInForJQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer("/text", 200, "text/plain", "plain")
	w.answer("/json", 200, "application/json", `{"a": 1}`)
	w.answer("/bad", 500, "text/plain", "broken")
	w.answer("/script", 200, "text/javascript", "window.scriptRan = true")
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), ""))
	b.wait("events.includes('ready')")
	b.want(`new Promise((done) => $.ajax({ url: '/text', type: 'POST', data: '{"x":1}', dataType: 'text', success: (...a) => done([a[0], a[1], a[2].status]) }))`, []any{"plain", "success", 200})
	b.want(`new Promise((done) => $.ajax('/json').done((d, s, x) => done([d, s, x.status])))`, []any{map[string]int{"a": 1}, "success", 200})
	b.want(`new Promise((done) => $.ajax('/text', { dataType: 'json', method: 'post', error: (x, s) => done(s) }))`, "parsererror")
	b.want(`new Promise((done) => $.ajax({ url: '/bad' }).fail((x, s) => done([x.status, x.responseText, s])))`, []any{500, "broken", "error"})
	b.want(`(() => { let got; $.ajax({ url: '/text', async: false, success: (d) => { got = d } }); return got })()`, "plain")
	b.want(`(() => { let got; $.ajax({ url: '/text', async: false }).always((d, s) => { got = s }); return got })()`, "success")
	b.want(`$.ajax({ url: '/text?a=1', data: { q: 'a b&c' } })`, "plain")
	b.want(`$.ajax('/script').then((text) => [text, window.scriptRan])`, []any{"window.scriptRan = true", nil})
	b.want(`$.ajax({ url: 'http://127.0.0.1:1/', xhrFields: { withCredentials: true } }).then(0, (x) => x.status)`, 0)
	b.want("(() => { try { $('body') } catch (e) { return e.message.includes('libraries.jquery') } })()", true)
	b.want("events", []string{"ready", "error jquery_missing"})
	b.clean("500", "ERR_")

	posts, gets := w.callsAt("/text", "POST"), w.callsAt("/text", "GET")
	if len(posts) != 2 || posts[0].Body != `{"x":1}` || posts[0].Header.Get("Content-Type") != "application/x-www-form-urlencoded; charset=UTF-8" {
		t.Errorf("POST requests are %v", posts)
	}
	if last := gets[len(gets)-1]; last.Query != "a=1&q=a+b%26c" || last.Body != "" {
		t.Errorf("GET request has query %q and body %q", last.Query, last.Body)
	}
}
