package script_test

import (
	"strings"
	"testing"
	"time"

	"embedgen/generator/site"
)

// widgets are other ways in which CEC's script may show itself: SHOW is what it does once its script has run.
var widgets = map[string]string{
	"frame":               `var f = document.createElement('iframe'); f.src = $ContextPath + '/frame.html'; f.style.cssText = 'position:fixed;right:0;bottom:0;width:60px;height:60px'; document.body.appendChild(f)`,
	"late fixed div":      `setTimeout(function () { var d = document.createElement('div'); d.style.cssText = 'position:fixed;right:0;bottom:0;width:60px;height:60px'; document.body.appendChild(d) }, 700)`,
	"image in a div":      `var d = document.createElement('div'); d.innerHTML = '<p><img width=60 height=60 src="' + $ContextPath + '/icon.png"></p>'; document.body.insertBefore(d, document.body.firstChild)`,
	"beside the body":     `var d = document.createElement('div'); d.style.cssText = 'position:fixed;right:0;bottom:0;width:60px;height:60px'; document.documentElement.appendChild(d)`,
	"late, beside":        `fetch($ContextPath + '/poll').then(function () { var d = document.createElement('div'); d.style.cssText = 'position:fixed;right:0;bottom:0;width:60px;height:60px'; document.documentElement.append(d) })`,
	"styled by a link":    `var l = document.createElement('link'); l.rel = 'stylesheet'; l.href = $ContextPath + '/widget.css'; document.head.appendChild(l); var d = document.createElement('div'); d.className = 'cec'; document.body.appendChild(d)`,
	"shadow tree":         `var d = document.createElement('cec-chat'); d.attachShadow({ mode: 'open' }).innerHTML = '<button style="position:fixed;right:0;bottom:0">CEC</button>'; document.body.appendChild(d)`,
	"chained scripts":     `var s = document.createElement('script'); s.src = $ContextPath + '/one.js'; document.getElementsByTagName('head')[0].appendChild(s)`,
	"markup":              `document.body.insertAdjacentHTML('beforeend', '<div><button>CEC</button></div>')`,
	"beside the script":   `document.querySelector('h1').after(Object.assign(document.createElement('button'), { textContent: 'CEC' }))`,
	"const and let":       `const chat = 1; let widget = 2; class Widget {}; function start() {} document.body.append(Object.assign(document.createElement('button'), { textContent: chat + widget }))`,
	"implicit globals":    `implicit = 1; (function () { this.viaThis = 2 })(); document.body.append(Object.assign(document.createElement('button'), { textContent: 'CEC' }))`,
	"two megabytes":       `var big = "` + strings.Repeat("x", 2<<20) + `"; document.body.append(Object.assign(document.createElement('button'), { textContent: 'CEC' }))`,
	"text that ends open": `document.body.append(Object.assign(document.createElement('button'), { textContent: 'CEC' })) // end`,
	"an address in it":    "document.body.append(Object.assign(document.createElement('button'), { textContent: 'CEC' }))\n//# sourceURL=/elsewhere.js\n//# sourceMappingURL=x.map",
}

func (w *world) serveWidgets() {
	serveWidget(w)
	w.answer("/service-cloud/widget.css", 200, "text/css", ".cec{position:fixed;right:0;bottom:0;width:60px;height:60px}")
	w.answer("/service-cloud/one.js", 200, "text/javascript", "var s2 = document.createElement('script'); s2.src = $ContextPath + '/two.js'; document.body.appendChild(s2)")
	w.answer("/service-cloud/two.js", 200, "text/javascript", "setTimeout(function () { var d = document.createElement('div'); d.style.cssText = 'position:fixed;right:0;bottom:0;width:60px;height:60px'; document.body.appendChild(d) }, 50)")
}

// TestEM5OtherWidgets: whatever CEC's icon is, the facade leaves when it is there, and destroy removes it.
func TestEM5OtherWidgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serveWidgets()
	ch := w.channel(site.Authorization, loading(site.Interaction))
	b := newTab(t, "")
	for name, text := range widgets {
		b.named(name, func() {
			w.answer(newClient, 200, "text/plain", "\ufeff"+text)
			b.open(w.foreign(ch, ""))
			b.wait(facade)
			before := b.eval("[...document.querySelectorAll('body *, html > *, head *')].filter((e) => e.localName !== 'embed-chat').map((e) => e.localName).join()")
			began := time.Now()
			b.eval(facade + ".click()")
			b.wait("events.length")
			b.want("[events, document.querySelector('embed-chat')]", []any{[]string{"ready"}, nil})
			if time.Since(began) > 10*time.Second {
				t.Errorf("%s: the icon was seen after %v", name, time.Since(began))
			}
			b.eval("EmbedChat('destroy')")
			b.want("[...document.querySelectorAll('body *, html > *, head *')].map((e) => e.localName).join()", strings.Trim(before, `"`))
			b.clean()
			b.open("about:blank")
		})
	}
}

// hosts are pages that make it hard. The chat starts on each of them, and no error is the page's.
var hosts = map[string]struct{ html, prelude string }{
	"polluted prototypes":     {"<script>Object.prototype.extra = function () {}; Array.prototype.more = function () {}; String.prototype.other = 1</script>", ""},
	"lexical globals":         {"<script>const EmbedChatter = 1, module = { exports: {} }, exports = module.exports; let jQuery = 1; class axios {}</script>", ""},
	"no currentScript":        {"", "Object.defineProperty(document, 'currentScript', { value: null })"},
	"base elsewhere":          {"<base href='https://elsewhere.example/x/'>", ""},
	"no stack traces":         {"<script>Error.stackTraceLimit = 0</script>", ""},
	"own stack traces":        {"<script>Error.prepareStackTrace = (e, frames) => frames</script>", ""},
	"frozen Error":            {"<script>Object.freeze(Error)</script>", ""},
	"no idle callback":        {"", "delete window.requestIdleCallback; delete window.cancelIdleCallback"},
	"window.onerror":          {"<script>window.onerror = function () { hostErrors++; return true }</script>", ""},
	"elements named like us":  {"<form name=EmbedChatForm><input name=createElement></form><img name=events2><a id=fetch2></a>", ""},
	"trusted default policy":  {"<script>trustedTypes.createPolicy('default', { createHTML: (s) => s, createScript: (s) => s, createScriptURL: (s) => s })</script>", ""},
	"a big z-index":           {"<div style='position:fixed;inset:0;z-index:2147483647;pointer-events:none'></div>", ""},
	"frames":                  {"<iframe srcdoc='<p>x'></iframe><iframe src=about:blank></iframe>", ""},
	"another EmbedChat queue": {"", "window.EmbedChat = function () { EmbedChat.q.push(arguments) }; EmbedChat.q = [['nonsense'], [], [null]]"},
}

func TestEM2HostilePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, mode := range modes {
		ch := w.channel(mode)
		for name, host := range hosts {
			b := newTab(t, "window.hostErrors = 0; addEventListener('unhandledrejection', () => hostErrors++);"+host.prelude)
			b.named(string(mode)+" "+name, func() {
				b.open(w.page("/foreign", "<!doctype html><title>x</title>"+host.html+recorder+embedTag(ch, "async")+"<h1>Shop</h1>"))
				b.wait("events.includes('ready')")
				b.want("[cecRuns, hostErrors]", []int{1, 0})
				b.eval("EmbedChat('destroy')")
				b.want("[document.getElementById('cec-icon'), document.querySelector('embed-chat'), hostErrors]", []any{nil, nil, 0})
				b.clean("ERR_")
			})
		}
	}
}

// TestEM10FloatingElementsOfThePage: what the page itself puts over everything while CEC's icon is due is not CEC's.
func TestEM10FloatingElementsOfThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(newClient, 200, "text/javascript", "window.cecRan = 1; window.show = function () { "+icon+" }; setTimeout(function again() { window.due ? show() : setTimeout(again, 20) }, 20)")
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization, loading(site.Interaction)), ""))
	b.wait(facade)
	b.eval(facade + ".click()")
	b.wait("window.cecRan")
	b.eval("document.body.insertAdjacentHTML('beforeend', '<div id=banner style=\"position:fixed;left:0;bottom:0;width:50%;height:60px\">We use cookies</div>')")
	b.eval("new Promise((done) => setTimeout(done, 300))")
	b.want("[events, "+facade+".ariaBusy]", []any{[]string{}, "true"})
	b.eval("due = 1")
	b.wait("events.includes('ready')")
	b.eval("EmbedChat('destroy')")
	b.want("['banner', 'cec-icon'].map((id) => !!document.getElementById(id))", []bool{true, false})
	b.clean()
}

// TestEM10WithoutCallStacks: where a browser's call stacks do not name CEC's scripts, its timers, its requests and its
// floating icon are found all the same.
func TestEM10WithoutCallStacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serveBusy()
	b := newTab(t, "Object.defineProperty(Error.prototype, 'stack', { value: '' }); const Real = Error; window.Error = function (m) { const e = new Real(m); delete e.stack; return e }; Error.prototype = Real.prototype")
	for name, text := range map[string]string{
		"timers": busy["timeout chain"] + ";" + busy["node from a timer"], "requests": xhrPoll + ";" + busy["fetch loop"],
		"late icon": "fetch($ContextPath + '/poll').then(function () { beat(); var d = document.createElement('i'); d.style.cssText = 'position:fixed;right:0;bottom:0;width:9px;height:9px'; document.body.append(d) })",
	} {
		b.named(name, func() {
			w.answer(newClient, 200, "text/javascript", strings.Replace(busyTools, icon, "", 1)+text+";setTimeout(function () { "+icon+" }, 200)")
			b.open(w.foreign(w.channel(site.Authorization), host))
			b.wait("events.includes('ready') && document.getElementById('cec-icon')")
			b.wait("window.beats")
			b.eval("EmbedChat('destroy')")
			time.Sleep(underWay)
			calls, beats := len(w.calls()), number(t, b.eval("beats"))
			b.eval("new Promise((done) => setTimeout(done, 200))")
			b.want("[beats, document.querySelector('i, #cec-icon')]", []any{beats, nil})
			if n := len(w.calls()) - calls; n > 0 {
				b.t.Errorf("%d requests after the end", n)
			}
			b.clean()
			b.open("about:blank")
		})
	}
}
