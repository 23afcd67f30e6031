package script_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	"embedgen/generator/site"
)

// cookies returns all cookies of the tab as name=value@path, HttpOnly ones included.
func (b *tab) cookies() string {
	b.t.Helper()
	var all []string
	for _, c := range call(b, network.GetCookies, network.GetCookiesParams{}).Cookies {
		all = append(all, c.Name+"="+c.Value+"@"+c.Path)
	}
	return strings.Join(all, " ")
}

func TestSecondChannelIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.channel(site.Authorization), w.channel(site.TokenMode)
	b := newTab(t, "")
	b.open(w.foreign(first, ""))
	b.wait("events.includes('ready')")
	b.eval("new Promise((done) => document.body.append(Object.assign(document.createElement('script'), { src: '" + w.origin + "/acme/" + second.ID + "/embed.js', onload: done })))")
	b.wait("events.length > 1")
	b.want("[events, configId, cecRuns]", []any{[]string{"ready", "error second_channel"}, first.ChannelConfigID, 1})
	if n := w.count(oldClient); n > 0 {
		t.Error("the second channel has started")
	}
	b.clean()
}

func TestSecondChannelAfterDestroy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := w.channel(site.TokenMode)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), ""))
	b.wait("events.includes('ready')")
	b.eval("EmbedChat('destroy')")
	b.eval("void EmbedChat('on', 'ready', (d) => events.push(d.channel))") // queued for the next script
	b.eval("void document.body.append(Object.assign(document.createElement('script'), { src: '" + w.origin + "/acme/" + second.ID + "/embed.js' }))")
	b.wait("events.includes('acme/web_private')")
	b.clean()
}

func TestSameScriptTwiceStartsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization)
	b := newTab(t, "")
	b.open(w.foreign(ch, embedTag(ch, "")+embedTag(ch, "defer")))
	b.wait("events.includes('ready') && document.readyState === 'complete'")
	b.eval("new Promise((done) => setTimeout(done, 200))")
	b.want("[events, cecRuns]", []any{[]string{"ready"}, 1})
	if n := w.count(newClient); n != 1 {
		t.Errorf("%d starts", n)
	}
	b.clean()
}

func TestCallsNeverThrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization, loading(site.Interaction))
	b := newTab(t, "")
	b.open(w.foreign(ch, "<script>EmbedChat('nonsense', 1); EmbedChat()</script>"))
	b.wait("events.length === 2")
	b.want("events", []string{"error bad_call", "error bad_call"})
	for _, call := range []string{
		"EmbedChat('toString')", "EmbedChat('constructor')", "EmbedChat('__proto__')", "EmbedChat(Symbol('x'))", "EmbedChat(null)",
		"EmbedChat('consent', 'yes')", "EmbedChat('identify')", "EmbedChat('identify', {})", "EmbedChat('update')",
		"EmbedChat('update', {locale: 7})", "EmbedChat('on')", "EmbedChat('on', 'typo', () => {})", "EmbedChat('on', 'ready')",
	} {
		before := b.eval("events.length")
		b.want("(() => { const r = "+call+"; if (typeof r === 'function') r(); return events.length - "+before+" })()", 1)
	}
	b.clean()
}

func TestListeners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), `<script>
		window.got = [];
		addEventListener('load', () => {
			const off = EmbedChat('on', 'ready', () => got.push('unsubscribed'));
			off();
		});
		EmbedChat('on', 'ready', () => { throw new Error('in a listener') });
		EmbedChat('on', 'ready', (d) => got.push(d));
	</script>`))
	b.wait("got.length")
	b.want("got", []any{map[string]string{"channel": "acme/web_support"}})
	b.want("new Promise((done) => EmbedChat('on', 'ready', done))", map[string]string{"channel": "acme/web_support"})
	b.clean("in a listener")
}

func TestUpdateLocale(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization, loading(site.Interaction)), ""))
	b.wait(facade)
	b.eval("EmbedChat('update', { locale: 'en' })")
	b.want(facade+".textContent", "Chat with us")
	b.eval(facade + ".click()")
	b.wait("events.includes('ready')")
	b.want("[locale, thirdUserData.locale]", []string{"en", "en"})
	b.eval("EmbedChat('update', { locale: 'zh' })")
	b.want("[events, locale]", []any{[]string{"ready", "error bad_call"}, "en"})
	b.clean()
}

// trackers makes a page count its timers and listeners.
const trackers = `{
	const timers = new Set(), listeners = new Map();
	for (const [set, clear] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval']]) {
		const realSet = window[set], realClear = window[clear];
		window[set] = (fn, ms, ...args) => {
			const id = realSet((...a) => { if (set === 'setTimeout') timers.delete(id); fn(...a) }, ms, ...args);
			timers.add(id);
			return id;
		};
		window[clear] = (id) => { timers.delete(id); realClear(id) };
	}
	for (const target of [window, document]) {
		const add = target.addEventListener, remove = target.removeEventListener;
		target.addEventListener = function (type, fn, o) {
			const once = o?.once ? (e) => { listeners.delete(fn); fn(e) } : fn;
			listeners.set(fn, [type, once]);
			add.call(target, type, once, o);
		};
		target.removeEventListener = function (type, fn, o) {
			remove.call(target, type, listeners.get(fn)?.[1] ?? fn, o);
			listeners.delete(fn);
		};
	}
	Object.defineProperty(window, 'left', { value: () => [timers.size, [...listeners.values()].map((l) => l[0])] });
}`

func TestEM10DestroyRemovesEverything(t *testing.T) {
	states := map[string]struct {
		load  site.Load
		until string
		first string // CEC's first script
	}{
		"ready":            {site.Eager, "events.includes('ready')", ""},
		"waiting for load": {site.Idle, "EmbedChat.refuse", ""},
		"facade":           {site.Interaction, facade, ""},
		"starting":         {site.Eager, "window.firstRuns", "var firstRuns = 1; setTimeout(() => {}, 1e6); setInterval(() => {}, 1e6)"},
		"failed":           {site.Eager, "document.querySelector('embed-chat')", "<html>"},
		"CEC hangs":        {site.Eager, "performance.getEntriesByType('resource').some((e) => e.name.includes('/webchat/token'))", "hang"},
	}
	for name, state := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ch := w.channel(site.TokenMode, loading(state.load))
			ch.Cobrowse = site.CobrowseScripts
			w.answer("/service-cloud/resource.root/cobrowse/sdk/cobrowse.js", 200, "text/javascript", "")
			w.answer("/service-cloud/webclient/chat_client/js/cobrowseCommon.js", 200, "text/javascript", "")
			w.answer(newClient, 200, "text/javascript", icon)
			switch state.first {
			case "":
				w.answer(oldClient, 200, "text/javascript", "thirdValidate(thirdUserData)")
			case "hang":
				w.handle(oldClient, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
			default:
				w.answer(oldClient, 200, "text/javascript", state.first)
			}
			html := "<script>window.firstRuns = 0; keys = Object.keys(window).sort()</script>"
			if state.load == site.Idle {
				html += "<img src=/slow.png>"
				w.handle("/slow.png", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
			}
			b := newTab(t, trackers+"; window.keys = 0;")
			b.open(w.foreign(ch, html))
			b.wait(state.until)
			b.eval("EmbedChat('destroy')")
			b.eval("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
			b.want("[...document.documentElement.children].map((e) => e.localName)", []string{"head", "body"})
			b.want("[document.head.querySelectorAll('script:not([src*=embed])').length, document.head.querySelectorAll('[src*=\"service-cloud\"],[src*=\"assets\"]').length, document.body.querySelectorAll('button').length]", []int{1, 0, 0})
			b.want("Object.keys(window).sort().filter((k) => !keys.includes(k))", []string{})
			b.want("events.at(-1)", "destroyed")
			b.want("left()[1]", []string{})
			b.wait("left()[0] === 0")
			b.clean()
		})
	}
}

func TestEM10BodySwap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization, loading(site.Interaction))
	b := newTab(t, "")
	b.open(w.foreign(ch, ""))
	// What Turbo and Astro do: the body is replaced, and its scripts run again.
	swap := "(async () => { const next = document.createElement('body'); next.innerHTML = '<h1>Next</h1>'; history.pushState(0, '', '/next'); document.body.replaceWith(next);" +
		"await new Promise((done) => next.append(Object.assign(document.createElement('script'), { src: '" + w.origin + "/acme/" + ch.ID + "/embed.js', onload: done }))) })()"
	b.wait(facade)
	b.eval(swap)
	b.want(facade+".isConnected", true)
	b.eval(facade + ".click()")
	b.wait("events.includes('ready')")
	b.eval(swap)
	b.wait("document.getElementById('cec-icon').isConnected")
	b.want("[document.querySelectorAll('#cec-icon').length, cecRuns, events]", []any{1, 1, []string{"ready"}})
	b.eval("history.back()")
	b.eval(swap)
	b.wait("document.getElementById('cec-icon')")
	b.eval("EmbedChat('destroy')")
	b.want("[document.getElementById('cec-icon'), document.body.textContent]", []any{nil, "Next"})
	b.clean()
}

// What the page itself adds or moves while the chat is there is left alone.
func TestDestroyLeavesThePageAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(newClient, 200, "text/javascript", `document.body.append(document.getElementById('own')); `+icon+` document.body.append(document.getElementById('cec-icon'))`)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), "<div id=own>own</div>"))
	b.wait("events.includes('ready')")
	b.eval("void document.body.insertAdjacentHTML('beforeend', '<div id=modal style=\"position:fixed\">modal</div><a href=/service-cloud/help>help</a>')")
	time.Sleep(50 * time.Millisecond)
	b.eval("EmbedChat('destroy')")
	b.want("['own', 'modal', 'cec-icon'].map((id) => !!document.getElementById(id))", []bool{true, true, false})
	b.want("!!document.querySelector('a')", true)
	b.clean()
}
