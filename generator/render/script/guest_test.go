package script_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"

	"embedgen/generator/site"
)

// The tests of this file are about the page around the chat: what it still has of its own, and what it pays.

// ready opens a page with the channel in authorization mode, and waits for the chat; cec is what CEC's script does
// beside showing its icon.
func (w *world) ready(b *tab, cec, more string) {
	b.t.Helper()
	w.answer(newClient, 200, "text/javascript", icon+"\n;"+cec)
	b.open(w.foreign(w.channel(site.Authorization), more))
	b.wait("events.includes('ready')")
}

// looks tells what a page can see of the browser's functions without calling them, and of calls that are refused.
const looks = `window.looks = () => {
	const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').set;
	const tell = (act) => { try { return String(act()) } catch (e) { return e.message } };
	const all = [setTimeout, clearTimeout, setInterval, requestAnimationFrame, requestIdleCallback, fetch, WebSocket, MutationObserver, cookie];
	for (const [owner, ...names] of [[EventTarget, 'addEventListener'], [XMLHttpRequest, 'open'], [Node, 'appendChild', 'insertBefore', 'replaceChild'],
		[Element, 'append', 'before', 'insertAdjacentHTML'], [Document, 'write', 'open'], [Storage, 'setItem']]) for (const name of names) all.push(owner.prototype[name]);
	return all.map((f) => [f.name, f.length, 'prototype' in f, Reflect.ownKeys(f).join(), /\[native code\]/.test(Function.prototype.toString.call(f)), /^[A-Z]/.test(f.name) || tell(() => new f())])
		.concat(tell(() => setTimeout()), tell(() => requestAnimationFrame()), tell(() => Element.prototype.before.call(null)), tell(() => document.body.insertBefore(document.head)),
			tell(() => addEventListener('x')), tell(() => WebSocket.OPEN), tell(() => new (class extends MutationObserver { own() { return 1 } })(() => {}).own()));
};`

func TestEM10WrappedFunctionsLookAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, looks)
	b.open(w.page("/plain", "<!doctype html><title>Plain</title>"))
	b.wait("document.body")
	want := b.eval("looks()")
	w.ready(b, "", "")
	b.want("[setTimeout, addEventListener].map((f) => f === Object.getPrototypeOf(f))", []bool{false, false})
	if got := b.eval("looks()"); got != want {
		t.Errorf("with the chat\n%s\nwithout\n%s", got, want)
	}
}

// requests of CEC's, each hanging until somebody ends it: an answer after the end counts in late.
var fetches = map[string]string{
	"request":            `fetch(new Request($ContextPath + '/hang', { method: 'POST' })).then(heard, heard)`,
	"request and signal": `fetch(new Request($ContextPath + '/hang', { method: 'POST', signal: new AbortController().signal })).then(heard, heard)`,
	"request as options": `fetch($ContextPath + '/hang', new Request('/x', { method: 'POST' })).then(heard, heard)`,
	"clone":              `fetch($ContextPath + '/drip', { method: 'POST' }).then(function (r) { return r.clone().text() }).then(heard, heard)`,
	"bytes":              `fetch($ContextPath + '/drip', { method: 'POST' }).then(function (r) { return r.bytes() }).then(heard, heard)`,
}

func TestEM10FetchInAnyForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serveBusy()
	ended := make(chan string, 1)
	for _, path := range []string{"/service-cloud/hang", "/service-cloud/drip"} {
		w.handle(path, func(rw http.ResponseWriter, r *http.Request) {
			io.WriteString(rw, "x")
			if strings.HasSuffix(path, "drip") {
				rw.(http.Flusher).Flush()
			}
			<-r.Context().Done()
			ended <- r.Method
		})
	}
	b := newTab(t, "window.late = 0; window.heard = () => { if (window.over) late++ }")
	for name, text := range fetches {
		b.named(name, func() {
			w.ready(b, text, "")
			b.eval("new Promise((done) => setTimeout(done, 200))")
			b.eval("void (window.over = true, EmbedChat('destroy'))")
			select {
			case method := <-ended:
				if method != "POST" {
					t.Errorf("the request was sent by %s", method)
				}
			case <-time.After(5 * time.Second):
				t.Error("the request goes on")
				b.open("about:blank")
				<-ended
				return
			}
			b.eval("new Promise((done) => setTimeout(done, 100))")
			b.want("late", 0)
		})
	}
}

// What CEC's script has written over what the page had stored is as before; what the page has written since stays.
func TestEM8PageKeepsItsStorage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	w.ready(b, `localStorage.setItem('lang', 'cec'); localStorage.setItem('cart', 'cec'); localStorage.setItem('cecs', 'Ann');
		setTimeout(function () { localStorage.setItem('theme', 'cec'); localStorage.setItem('theme', 'Ann'); sessionStorage.setItem('theme', 'cec'); window.written = true }, 10)`,
		`<script>localStorage.clear(); for (const key of ['lang', 'theme', 'cart']) localStorage[key] = 'page'; sessionStorage.theme = ''</script>`)
	b.wait("window.written")
	b.eval("localStorage.setItem('cart', 'new')")
	b.eval("EmbedChat('reset')")
	b.want("[{ ...localStorage }, { ...sessionStorage }]", []map[string]string{{"lang": "page", "theme": "page", "cart": "new"}, {"theme": ""}})
	b.clean()
}

// A page may have an address like CEC's: what its scripts do is not CEC's doing.
func TestEM10PageWithAPathLikeCECs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	url := w.foreign(w.channel(site.Authorization), "")
	html := `<!doctype html><title>Cloud</title>` + recorder + embedTag(w.channel(site.Authorization), "async") + `<script>
		window.ticks = window.clicks = 0;
		window.work = () => {
			setInterval(() => ticks++, 10);
			addEventListener('click', () => clicks++);
			document.body.insertAdjacentHTML('beforeend', '<section><img alt="" src="/products/service-cloud/x.png"></section>');
			localStorage.setItem('pages', 1);
		};
	</script><h1>Cloud</h1>`
	w.answer("/products/service-cloud/x.png", 200, "image/png", "")
	for _, url := range []string{w.page("/products/service-cloud/", html), url + "?next=" + w.origin + "/service-cloud/"} {
		if strings.Contains(url, "?") {
			w.page("/foreign", html)
		}
		b.open(url)
		b.wait("events.includes('ready')")
		b.eval("work()")
		b.wait("ticks")
		b.eval("void (EmbedChat('destroy'), ticks = 0)")
		b.wait("ticks > 2")
		b.want("(document.body.click(), [clicks, !!document.querySelector('section'), localStorage.pages])", []any{1, true, "1"})
		b.eval("localStorage.clear()")
	}
	b.clean()
}

// A page may have made what Error tells unreadable.
func TestEM10StackTracesOfThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serveBusy()
	b := newTab(t, "Error.prepareStackTrace = () => Object.create(null)")
	w.ready(b, busyTools+busy["listeners"], host)
	b.eval("work()")
	b.wait("(stir(), window.beats && ticks.click)")
	b.eval("EmbedChat('destroy')")
	b.want("(beats = 0, stir(), [beats, typeof Error.prepareStackTrace])", []any{0, "function"})
	b.clean()
}

// One function may listen for CEC and the page, as that of zone.js does.
func TestEM10SharedListener(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	w.ready(b, `setTimeout(function again() { if (!window.zone) return setTimeout(again, 10); document.addEventListener('keyup', function () {}); window.listens = true }, 10)`, "")
	b.eval(`(() => {
		const { addEventListener } = EventTarget.prototype, tasks = new Map();
		const shared = (event) => tasks.get(event.type).forEach((task) => task(event));
		EventTarget.prototype.addEventListener = function (type, task, options) {
			if (tasks.has(type)) return void tasks.get(type).push(task);
			tasks.set(type, [task]);
			addEventListener.call(this, type, shared, options);
		};
		window.zone = true;
	})()`)
	b.wait("window.listens")
	b.eval("void (window.heard = [], ['click', 'keyup'].forEach((type) => document.addEventListener(type, (event) => heard.push(event.type))))")
	b.eval("EmbedChat('destroy')")
	b.want("(['click', 'keyup'].forEach((type) => document.dispatchEvent(new Event(type))), heard)", []string{"click", "keyup"})
	b.clean()
}

// TestEM4PageAddsManyListeners: whose call it is costs a look at the call stack, which a page with thousands of calls
// cannot afford.
func TestEM4PageAddsManyListeners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	w.ready(b, "", "")
	b.eval("void document.body.insertAdjacentHTML('beforeend', '<i></i>'.repeat(5000))")
	b.eval(`(() => {
		const { stackTraceLimit } = Error;
		window.looks = 0;
		Object.defineProperty(Error, 'stackTraceLimit', { configurable: true, get: () => (looks++, stackTraceLimit), set() {} });
		for (const i of document.querySelectorAll('i')) i.addEventListener('click', () => i);
		window.fresh = looks;
		const one = () => {};
		for (const i of document.querySelectorAll('i')) i.addEventListener('focus', one);
	})()`)
	b.want("[looks > 0, fresh < 1500, looks - fresh < 1500]", []bool{true, true, true})
	b.clean()
}

// Elements that CEC's script has removed are not kept for the sake of its listeners.
func TestEM10ListenersKeepNoElements(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	w.ready(b, `window.refs = []; for (var n = 0; n < 50; n++) { var p = document.getElementById('cec-icon').appendChild(document.createElement('p')); p.addEventListener('click', function () {}); refs.push(new WeakRef(p)); p.remove() } p = null`, "")
	b.eval("new Promise((done) => setTimeout(done, 50))")
	for range 3 {
		call(b, heapprofiler.CollectGarbage, cdp.Empty{})
	}
	b.want("refs.filter((ref) => ref.deref()).length < 5", true)
	b.clean()
}
