package script_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"

	"embedgen/generator/site"
)

// TestEM1XHTML: a page that is XML.
func TestEM1XHTML(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization, loading(site.Interaction))
	b := newTab(t, "")
	b.open(w.page("/foreign", "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title>"+
		strings.NewReplacer("<script>", "<script><![CDATA[", "</script>", "]]></script>").Replace(recorder)+
		strings.Replace(embedTag(ch, "async='async'"), `"></script>`, `"></script>`, 1)+"</head><body><h1>Shop</h1></body></html>",
		"Content-Type", "application/xhtml+xml"))
	b.wait(facade)
	b.eval(facade + ".click()")
	b.wait("events.includes('ready')")
	b.eval("(() => { const next = document.createElement('body'); document.body.replaceWith(next) })()")
	b.wait("document.getElementById('cec-icon')?.isConnected")
	b.eval("EmbedChat('destroy')")
	b.want("[document.querySelector('embed-chat'), document.getElementById('cec-icon')]", []any{nil, nil})
	b.clean()
}

// TestEM1Frameset: a document whose body is a frameset cannot show the chat, and is not harmed.
func TestEM1Frameset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization)
	b := newTab(t, "")
	b.open(w.page("/foreign", "<html><head><title>x</title>"+recorder+embedTag(ch, "")+"</head><frameset cols='*'><frame src='/foreign2'></frameset></html>"))
	b.wait("window.cecRuns")
	b.eval("EmbedChat('destroy')")
	b.want("[document.body.localName, document.querySelectorAll('frame').length, document.getElementById('cec-icon')]", []any{"frameset", 1, nil})
	b.clean("404")
}

// TestEM3Sandbox: in a sandboxed frame there are no cookies, no storage and no endpoint; that is an error event.
func TestEM3Sandbox(t *testing.T) {
	t.Parallel()
	for _, mode := range modes {
		w := newWorld(t)
		inner := w.foreign(w.channel(mode), "<script>onerror = (m) => parent.postMessage(m, '*'); EmbedChat('on', 'error', (d) => { parent.postMessage(d.code, '*'); try { EmbedChat('reset'); EmbedChat('consent', false); EmbedChat('destroy'); parent.postMessage('destroyed', '*') } catch (e) { parent.postMessage(`${e}`, '*') } })</script>")
		b := newTab(t, "window.heard = []; if (top === window) addEventListener('message', (e) => heard.push(e.data))")
		b.open(w.page("/outer", "<!doctype html><title>x</title><iframe sandbox=allow-scripts src='"+inner+"'></iframe>"))
		b.wait("heard.length > 1")
		b.want("heard", []string{"identity_network", "destroyed"})
		b.clean("CORS", "ERR_")
	}
	// Past the endpoints, too, nothing throws.
	w := newWorld(t)
	w.handle(sign, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Access-Control-Allow-Origin", "null")
		rw.Header().Set("Access-Control-Allow-Credentials", "true")
		rw.Header().Set("Access-Control-Allow-Headers", "content-type")
		if r.Method == http.MethodPost {
			w.serveDefault(rw, r)
		}
	})
	w.handle(newClient, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Access-Control-Allow-Origin", "null")
		rw.Header().Set("Access-Control-Allow-Credentials", "true")
		w.serveDefault(rw, r)
	})
	inner := w.foreign(w.channel(site.Authorization), "<script>onerror = (m) => parent.postMessage(m, '*'); EmbedChat('on', 'ready', () => { try { EmbedChat('destroy'); parent.postMessage('destroyed', '*') } catch (e) { parent.postMessage(`${e}`, '*') } })</script>")
	b := newTab(t, "window.heard = []; if (top === window) addEventListener('message', (e) => heard.push(e.data))")
	b.open(w.page("/outer", "<!doctype html><title>x</title><iframe sandbox=allow-scripts src='"+inner+"'></iframe>"))
	b.wait("heard.length")
	b.want("heard", []string{"destroyed"})
	b.clean()
}

// TestEM10BackAndForward: the chat is there after history navigation, from the back/forward cache or anew.
func TestEM10BackAndForward(t *testing.T) {
	t.Parallel()
	for _, load := range []site.Load{site.Eager, site.Interaction} {
		w := newWorld(t)
		ch := w.channel(site.Authorization, loading(load))
		w.page("/other", "<!doctype html><title>y</title>")
		b := newTab(t, "addEventListener('pageshow', (e) => { window.persisted = e.persisted })")
		b.open(w.foreign(ch, ""))
		there := cecIcon
		if load == site.Interaction {
			there = facade
		}
		b.wait(there)
		for range 2 {
			b.open(w.origin + "/other")
			b.wait("document.title === 'y'")
			back(b)
			b.wait(there)
		}
		if load == site.Interaction {
			b.eval(facade + ".click()")
			b.wait(cecIcon)
		}
		b.want("document.querySelectorAll('#cec-icon').length", 1)
		b.eval("EmbedChat('destroy')")
		b.want("[document.getElementById('cec-icon'), document.querySelector('embed-chat')]", []any{nil, nil})
		b.clean()
	}
}

func back(b *tab) {
	b.t.Helper()
	history := call(b, page.GetNavigationHistory, cdp.Empty{})
	call(b, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: history.Entries[history.CurrentIndex-1].ID})
}

// turbo replaces head and body as Turbo and Astro do: what is not in the next page leaves the head, scripts excepted, and
// the scripts of the next body run.
const turbo = `window.turbo = async (src) => {
	const next = document.createElement('body');
	next.innerHTML = '<h1>Next</h1>';
	for (const e of [...document.head.children]) if (!e.matches('script, title')) e.remove();
	await 0;
	history.pushState(0, '', '?' + Math.random());
	document.body.replaceWith(next);
	await new Promise((done) => next.append(Object.assign(document.createElement('script'), { src, onload: done })));
};`

// TestEM10SwapInEveryState: head and body are swapped before, while and after the chat starts, and after it has failed.
func TestEM10SwapInEveryState(t *testing.T) {
	t.Parallel()
	const styled = `var s = document.createElement('style'); s.textContent = '#cec-icon{position:fixed;right:0;bottom:0;width:61px;height:61px}'; document.head.append(s);` + icon
	for _, name := range []string{"waiting", "starting", "ready", "failed"} {
		w := newWorld(t)
		ch := w.channel(site.Authorization, loading(site.Interaction))
		arrive := make(chan bool)
		fails := name == "failed"
		w.handle(newClient, func(rw http.ResponseWriter, r *http.Request) {
			if fails {
				fails = false
				rw.WriteHeader(500)
				return
			}
			if name == "starting" {
				<-arrive
			}
			writeScript(rw, styled)
		})
		b := newTab(t, turbo)
		b.named(name, func() {
			swap := "turbo('" + w.origin + "/acme/" + ch.ID + "/embed.js')"
			b.open(w.foreign(ch, ""))
			b.wait(facade)
			switch name {
			case "waiting":
				b.eval(swap)
				b.eval(facade + ".click()")
			case "starting":
				b.eval(facade + ".click()")
				b.wait(facade + ".ariaBusy")
				b.eval(swap)
				b.want(facade+".ariaBusy", "true")
				close(arrive)
			case "ready":
				b.eval(facade + ".click()")
			case "failed":
				b.eval(facade + ".click()")
				b.wait("events.length")
				b.eval(swap)
				b.want(facade+".textContent", "重试")
				b.eval(facade + ".click()")
			}
			b.wait("events.includes('ready')")
			for range 2 {
				b.eval(swap)
				b.wait(cecIcon + "?.isConnected")
				b.wait("getComputedStyle(" + cecIcon + ").width === '61px'")
			}
			b.want("[document.querySelectorAll('#cec-icon').length, document.querySelector('embed-chat')]", []any{1, nil})
			b.eval("EmbedChat('destroy')")
			b.want("[document.querySelectorAll('#cec-icon, style, embed-chat').length, document.body.textContent]", []any{0, "Next"})
			b.clean("500")
		})
	}
}

// TestEM10ReplacedContent: a page that writes new content into its body, and CEC's own removal of what it has added.
func TestEM10ReplacedContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(newClient, 200, "text/javascript", icon+`
		var toast = document.body.appendChild(document.createElement('i')), other = document.body.appendChild(document.createElement('u'));
		document.getElementById('cec-icon').onclick = function () { toast.remove(); document.body.removeChild(other) }`)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), ""))
	b.wait("events.includes('ready')")
	for _, replace := range []string{"document.body.innerHTML = '<h1>Next</h1>'", "document.body.replaceChildren(document.createElement('h2'))", "document.body.textContent = 'x'"} {
		b.eval(replace)
		b.wait("document.querySelectorAll('#cec-icon, i, u').length === 3")
	}
	b.eval("document.getElementById('cec-icon').click()")
	b.eval("new Promise((done) => setTimeout(done, 50))")
	b.want("[document.querySelectorAll('i, u').length, !!"+cecIcon+"]", []any{0, true})
	b.eval("EmbedChat('destroy')")
	b.want("["+cecIcon+", document.body.textContent]", []any{nil, "x"})
	b.clean()
}

// TestEM5SlowAnswers: progress is there all the time, whatever is slow, and the focus stays in the panel.
func TestEM5SlowAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.TokenMode, loading(site.Interaction))
	w.library(ch, "jquery", jqueryText, "")
	client, _ := w.engine.Client()
	const delay = 300 * time.Millisecond
	for _, path := range []string{"/acme/assets/" + client, "/acme/assets/jquery.js", token, oldClient, newClient} {
		w.handlers[path] = delayed(w, path, delay)
	}
	b := newTab(t, `window.gaps = 0; addEventListener('click', () => { const i = setInterval(() => {
		if (document.getElementById('cec-icon')) return clearInterval(i);
		const s = document.querySelector('embed-chat')?.shadowRoot;
		if (s?.querySelector('button')?.ariaBusy !== 'true' || s.querySelector('p').textContent !== 'Connecting…' || !s.activeElement) gaps++;
	}, 5) }, true)`)
	b.open(w.foreign(ch, ""))
	b.wait(facade)
	b.focusFacade()
	b.key("Enter")
	b.wait("events.includes('ready')")
	b.want("[events, gaps, document.querySelector('embed-chat')]", []any{[]string{"ready"}, 0, nil})
	b.clean()
}

func delayed(w *world, path string, delay time.Duration) http.HandlerFunc {
	before := w.handlers[path]
	if before == nil {
		before = w.serveDefault
	}
	return func(rw http.ResponseWriter, r *http.Request) {
		time.Sleep(delay)
		before(rw, r)
	}
}
