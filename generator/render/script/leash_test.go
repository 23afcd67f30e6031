package script_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

// busy are CEC scripts that go on after they have run. beat counts what runs, and add puts an element on the page.
var busy = map[string]string{
	"timeout chain":      `function again() { beat(); setTimeout(again, 10) } setTimeout(again, 10)`,
	"interval":           `setInterval(beat, 10)`,
	"interval later":     `setTimeout(function () { setInterval(beat, 10) }, 10)`,
	"animation frames":   `(function again() { beat(); requestAnimationFrame(again) })()`,
	"idle callbacks":     `(function again() { beat(); requestIdleCallback(again, { timeout: 10 }) })()`,
	"XHR chain":          xhrPoll,
	"XHR events first":   `(function again() { var x = new XMLHttpRequest(); ['load', 'abort', 'error', 'loadend'].forEach(function (e) { x.addEventListener(e, beat) }); x.addEventListener('load', again); x.open('GET', $ContextPath + '/poll'); x.send() })()`,
	"XHR, hanging":       `beat(); var x = new XMLHttpRequest(); x.onabort = x.onerror = x.onreadystatechange = x.onloadend = function () { if (x.readyState !== 1) beat() }; x.open('GET', $ContextPath + '/hang'); x.send()`,
	"fetch loop":         `(async function () { for (;;) { await (await fetch($ContextPath + '/poll')).text(); beat() } })()`,
	"fetch, hanging":     `beat(); fetch($ContextPath + '/hang').catch(beat).finally(beat)`,
	"body, hanging":      `fetch($ContextPath + '/drip').then(function (r) { beat(); return r.text() }).then(beat, beat)`,
	"fetch elsewhere":    `(async function () { for (;;) { await (await fetch('/elsewhere')).text(); beat() } })()`,
	"promise sleep":      `(async function () { for (;;) { await new Promise(function (r) { setTimeout(r, 10) }); beat() } })()`,
	"jQuery":             `(function again() { $.ajax({ url: $ContextPath + '/poll', timeout: 5000, success: function () { beat(); again() }, error: beat }) })()`,
	"event source":       `new EventSource($ContextPath + '/events').onmessage = beat`,
	"listeners":          `document.addEventListener('click', beat); window.addEventListener('click', beat, true); addEventListener('click', beat, { passive: true }); document.getElementById('own').addEventListener('click', beat)`,
	"listeners later":    `fetch($ContextPath + '/poll').then(function () { document.addEventListener('click', beat); window.addEventListener('click', { handleEvent: beat }) })`,
	"handlers":           `document.onclick = beat; window.onclick = beat`,
	"observer":           `new MutationObserver(beat).observe(document.getElementById('own'), { attributes: true })`,
	"channel":            `new BroadcastChannel('x').onmessage = beat`,
	"node from a timer":  `setTimeout(function () { beat(); add() }, 50)`,
	"node from an XHR":   `var x = new XMLHttpRequest(); x.onload = function () { beat(); add() }; x.open('GET', $ContextPath + '/poll'); x.send()`,
	"node from a fetch":  `(async function () { await fetch($ContextPath + '/poll'); beat(); add(); document.documentElement.insertBefore(document.createElement('i'), null); document.body.insertAdjacentHTML('beforeend', '<i>x</i>') })()`,
	"node from an event": `document.addEventListener('click', function () { beat(); add() })`,
	"document.write":     `document.write('<p>written</p>'); setTimeout(function () { document.writeln('<p>late</p>'); beat() }, 50)`,
	"storage":            `localStorage.a = 1; setTimeout(function () { localStorage.setItem('b', 1); sessionStorage.setItem('c', 1); document.cookie = 'd=1'; document.cookie = 'e=1; path=/'; beat() }, 50)`,
	"further script":     `var s = document.createElement('script'); s.src = $ContextPath + '/more.js'; document.head.appendChild(s)`,
	"imported script":    `importScript("setTimeout(function () { setInterval(beat, 10) }, 10)")`,
	"throws in a timer":  `setInterval(function () { beat(); throw new Error('from CEC') }, 50)`,
}

const xhrPoll = `(function again() { var x = new XMLHttpRequest(); x.onload = function () { beat(); again() }; x.onerror = beat; x.open('GET', $ContextPath + '/poll'); x.send() })()`

const busyTools = icon + `
;var beat = function () { window.beats = (window.beats || 0) + 1 };
function add() { document.body.appendChild(document.createElement('i')); document.head.append(document.createElement('style')) }
`

// host is a page that works for itself, on everything that CEC's scripts use too, and knows what the browser's functions are.
const host = `<div id=own>own</div><script>
window.natives = () => [setTimeout, clearTimeout, setInterval, requestAnimationFrame, requestIdleCallback, fetch, WebSocket, EventSource, MutationObserver, Worker,
	EventTarget.prototype.addEventListener, XMLHttpRequest.prototype.open, Node.prototype.appendChild, Element.prototype.append, Storage.prototype.setItem,
	Document.prototype.write, Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').set, MediaDevices?.prototype.getUserMedia];
window.nativesBefore = natives();
window.ticks = { interval: 0, timeout: 0, frame: 0, xhr: 0, fetch: 0, click: 0, observer: 0 };
window.errors = [];
onerror = (message) => { errors.push(message) };
addEventListener('unhandledrejection', (e) => errors.push(String(e.reason?.stack || e.reason)));
window.work = () => {
	setInterval(() => ticks.interval++, 10);
	(function again() { ticks.timeout++; setTimeout(again, 10) })();
	(function again() { ticks.frame++; requestAnimationFrame(again) })();
	(function again() { const x = new XMLHttpRequest(); x.onload = () => { ticks.xhr++; setTimeout(again, 20) }; x.open('GET', '/elsewhere'); x.send() })();
	(async () => { for (;;) { await fetch('/elsewhere'); ticks.fetch++; await new Promise((done) => setTimeout(done, 20)) } })();
	document.addEventListener('click', () => ticks.click++);
	new MutationObserver(() => ticks.observer++).observe(document.getElementById('own'), { attributes: true });
	const p = document.body.appendChild(document.createElement('p'));
	p.className = 'hosts';
	localStorage.setItem('hosts', 1);
	document.cookie = 'hosts=1';
};
window.stir = () => {
	document.getElementById('own').click();
	document.getElementById('own').dataset.n = ticks.click;
	new BroadcastChannel('x').postMessage(1);
};
</script>`

// serveBusy plays the server for busy.
func (w *world) serveBusy() {
	w.answer("/service-cloud/poll", 200, "application/json", "{}")
	w.answer("/elsewhere", 200, "text/plain", "x")
	w.handle("/service-cloud/hang", hang)
	w.answer("/service-cloud/more.js", 200, "text/javascript", "setTimeout(function () { setInterval(beat, 10); "+xhrPoll+" }, 10)")
	w.handle("/service-cloud/drip", func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprint(rw, "x")
		rw.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	w.handle("/service-cloud/events", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			fmt.Fprint(rw, "data: x\n\n")
			rw.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	})
}

// underWay is how long a request that was sent before the end may need to arrive.
const underWay = 50 * time.Millisecond

const pageState = "[[...document.querySelectorAll('*')].map((e) => e.localName).join(), document.cookie, Object.keys(localStorage).join(), Object.keys(sessionStorage).join()]"

// TestEM10NothingOfCECsGoesOn: whatever CEC's scripts have begun, at once or later, ends; what the page has begun goes on.
func TestEM10NothingOfCECsGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serveBusy()
	ch := w.channel(site.Authorization, func(ch *site.Channel) { ch.Consent = true })
	b := newTab(t, "")
	ends := []string{"EmbedChat('destroy')", "EmbedChat('consent', false)", "EmbedChat('reset')"}
	for name, text := range busy {
		ends = append(ends[1:], ends[0])
		b.named(name, func() {
			w.answer(newClient, 200, "text/javascript", busyTools+text)
			b.open(w.foreign(ch, host))
			b.wait("EmbedChat.refuse && document.readyState === 'complete'")
			b.eval("work()")
			b.wait("ticks.xhr && ticks.fetch")
			before := b.eval(pageState)
			b.eval("EmbedChat('consent', true)")
			b.wait("events.includes('ready')")
			b.wait("(stir(), window.beats)")
			b.eval("new Promise((done) => setTimeout(done, 100))")
			b.eval("stir()")
			b.eval(ends[0])
			w.checkRest(b, before)
			b.want("natives().map((f, i) => f === nativesBefore[i]).includes(false)", false)
			b.want("errors", []string{})
			b.clean()
			b.eval("localStorage.clear()")
			b.open("about:blank")
		})
	}
}

// checkRest: nothing of CEC's is left in a page of host, and the page lives.
func (w *world) checkRest(b *tab, before string) {
	b.t.Helper()
	if after := b.eval(pageState); after != before {
		b.t.Errorf("left is\n%s\nof\n%s", after, before)
	}
	time.Sleep(underWay)
	calls, beats, ticks := len(w.calls()), b.eval("window.beats"), b.eval("window.ticksThen = { ...ticks }")
	for range 3 {
		b.eval("stir()")
		time.Sleep(80 * time.Millisecond)
	}
	if n := len(w.calls()) - calls; n > 0 {
		b.t.Errorf("%d requests after the end: %v", n, pathsOf(w.calls()[calls:]))
	}
	if now := b.eval("window.beats"); now != beats {
		b.t.Errorf("CEC's script has run since: %s, then %s", beats, now)
	}
	b.wait("Object.keys(ticks).every((k) => ticks[k] > ticksThen[k])")
	if after := b.eval(pageState); after != before {
		b.t.Errorf("later there is\n%s\nof\n%s; %s", after, before, ticks)
	}
}

// A page that has wrapped the browser's functions itself, before or after us, as monitors do.
func TestEM10BesideOtherWrappers(t *testing.T) {
	const wrap = `(() => { for (const [owner, name] of [[window, 'setTimeout'], [window, 'fetch'], [EventTarget.prototype, 'addEventListener'], [XMLHttpRequest.prototype, 'open'], [document, 'addEventListener']]) {
		const original = owner[name];
		owner[name] = function (...args) { return original.apply(this, args) };
	} })();`
	for name, when := range map[string][2]string{"before": {wrap, "0"}, "after": {"", wrap[:len(wrap)-1]}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.serveBusy()
			w.answer(newClient, 200, "text/javascript", busyTools+busy["timeout chain"]+";"+busy["listeners"]+";"+xhrPoll)
			b := newTab(t, when[0])
			b.open(w.foreign(w.channel(site.Authorization), host))
			b.wait("events.includes('ready')")
			b.eval("work()")
			b.eval(when[1])
			b.eval("stir()")
			b.wait("beats > 20 && ticks.xhr")
			b.eval("EmbedChat('destroy')")
			time.Sleep(underWay)
			calls, beats := len(w.calls()), number(t, b.eval("beats"))
			b.eval("stir()")
			b.eval("new Promise((done) => setTimeout(done, 200))")
			b.want("beats", beats)
			if n := len(w.calls()) - calls; n > 0 {
				t.Errorf("%d requests after the end", n)
			}
			b.want("ticks.click > 1", true)
			b.clean()
		})
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	var n int
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// One library may serve the page and CEC: jQuery has one listener for both, and axios one set of promises.
func TestEM10SharedLibraries(t *testing.T) {
	t.Parallel()
	var libraries strings.Builder
	for _, name := range []string{"jquery/dist/jquery.min.js", "axios/dist/axios.min.js"} {
		text, err := os.ReadFile(lab.Package(t, name))
		if err != nil {
			t.Fatal(err)
		}
		libraries.Write(text)
		libraries.WriteString("\n;")
	}
	w := newWorld(t)
	w.serveBusy()
	w.answer("/libraries.js", 200, "text/javascript", libraries.String())
	w.answer(newClient, 200, "text/javascript", busyTools+`
		$(document).on('click', beat).on('click', '#own', beat); $(window).on('click.cec', { a: 1 }, beat);
		(function again() { $.ajax({ url: $ContextPath + '/poll', timeout: 300, complete: beat, success: again }) })();
		$.ajax({ url: $ContextPath + '/hang', timeout: 300, error: beat });
		(async function () { for (;;) { await axios.get($ContextPath + '/poll'); beat() } })();
		axios.post($ContextPath + '/hang', 'x', { timeout: 300 }).catch(beat);
		setTimeout(function () { $('<i>').appendTo('body').fadeIn(); $('body').append('<i>x</i>') }, 20)`)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), host+"<script src=/libraries.js></script>"))
	b.wait("events.includes('ready')")
	b.wait("document.querySelector('i')")
	b.eval("(work(), $(document).on('click', () => { window.clicks = (window.clicks || 0) + 1 }), axios.get('/elsewhere').then(() => { window.axiosDone = 1 }))")
	b.eval("stir()")
	b.wait("beats > 10 && clicks === 1 && axiosDone === 1")
	b.eval("EmbedChat('destroy')")
	time.Sleep(underWay)
	calls, beats := len(w.calls()), number(t, b.eval("beats"))
	b.eval("stir()")
	b.eval("new Promise((done) => setTimeout(done, 500))")
	b.want("[beats, clicks, document.querySelector('i'), jQuery === $, typeof axios]", []any{beats, 2, nil, true, "function"})
	if n := len(w.calls()) - calls; n > 0 {
		t.Errorf("%d requests after the end", n)
	}
	b.clean()
}
