package script_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"embedgen/generator/site"
)

// TestCallsInListeners: what a listener calls is obeyed, and nothing comes after a destroy.
func TestCallsInListeners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization)
	b := newTab(t, "window.hostErrors = 0; onerror = () => { hostErrors++ }; addEventListener('unhandledrejection', () => hostErrors++)")
	const gone = "!document.getElementById('cec-icon') && !document.querySelector('embed-chat') && window.userId === undefined"
	for name, test := range map[string]struct {
		script string
		serve  http.HandlerFunc
		until  string
		events []string
	}{
		"destroy in ready":            {"EmbedChat('on', 'ready', () => EmbedChat('destroy'))", nil, gone + " && events.length > 1", []string{"ready", "destroyed"}},
		"withdraw in ready":           {"EmbedChat('on', 'ready', () => EmbedChat('consent', false))", nil, gone + " && events.length > 1", []string{"ready", "destroyed"}},
		"reset in ready":              {"EmbedChat('on', 'ready', () => EmbedChat('reset'))", nil, gone + " && events.length > 1", []string{"ready", "destroyed"}},
		"load in ready":               {"EmbedChat('on', 'ready', () => EmbedChat('load'))", nil, "events.length", []string{"ready"}},
		"destroy in error":            {"EmbedChat('on', 'error', () => EmbedChat('destroy'))", hangUp, gone + " && events.length > 1", []string{"error cec_network", "destroyed"}},
		"withdraw in error":           {"EmbedChat('on', 'error', () => EmbedChat('consent', false))", hangUp, gone + " && events.length > 1", []string{"error cec_network", "destroyed"}},
		"another try in error":        {"let n = 0; EmbedChat('on', 'error', () => n++ || EmbedChat('load'))", hangUp, "events.length > 1 && document.querySelector('embed-chat')", []string{"error cec_network", "error cec_network"}},
		"load in destroyed":           {"let n = 0; EmbedChat('on', 'ready', () => n++ || EmbedChat('reset')); EmbedChat('on', 'destroyed', () => EmbedChat('load'))", nil, "events.length > 2", []string{"ready", "destroyed", "ready"}},
		"destroy in destroyed":        {"EmbedChat('on', 'ready', () => EmbedChat('reset')); EmbedChat('on', 'destroyed', () => EmbedChat('destroy'))", nil, gone + " && events.length > 2", []string{"ready", "destroyed", "destroyed"}},
		"update in error":             {"EmbedChat('on', 'error', () => EmbedChat('update', { locale: 'en' }))", hangUp, "document.querySelector('embed-chat')?.shadowRoot.textContent.includes('Try again')", []string{"error cec_network"}},
		"throwing listeners":          {"EmbedChat('on', 'ready', () => { hostErrors--; throw 1 })", nil, "events.length", []string{"ready"}},
		"a hundred loads":             {"for (let i = 0; i < 100; i++) EmbedChat('load')", nil, "events.length", []string{"ready"}},
		"consent to and fro":          {"for (let i = 0; i < 9; i++) EmbedChat('consent', i % 2 === 0)", nil, "events.length", []string{"ready"}},
		"reset first":                 {"EmbedChat('reset'); EmbedChat('load')", nil, "events.length", []string{"ready"}},
		"destroy, load":               {"EmbedChat('destroy'); EmbedChat('load')", nil, gone + " && events.length", []string{"destroyed"}},
		"CEC's script withdraws":      {"", scripted(icon + "; setTimeout(function () { EmbedChat('consent', false) }, 20)"), gone + " && events.at(-1) === 'destroyed'", nil},
		"import after the end":        {"", scripted("var keep = importScript; " + icon + "; EmbedChat('reset'); keep('window.leaked = 1')"), gone + " && events.length", []string{"destroyed"}},
		"listeners see no CEC script": {"EmbedChat('on', 'error', () => { document.body.append(Object.assign(document.createElement('b'), { id: 'pages' })); setTimeout(() => { window.later = 1 }, 100); EmbedChat('destroy') })", scripted("importScript('throw 1'); " + icon), "window.later && document.getElementById('pages')", []string{"error script_failed", "destroyed"}},
	} {
		b.named(name, func() {
			w.handle(newClient, test.serve)
			b.open(w.foreign(ch, "<script>"+test.script+"</script>"))
			b.wait(test.until)
			b.eval("new Promise((done) => setTimeout(done, 100))")
			if test.events != nil {
				b.want("events", test.events)
			}
			b.want("[hostErrors, window.leaked]", []any{0, nil})
			b.clean("ERR_", "Uncaught 1")
			b.open("about:blank")
		})
	}
}

// scripted answers with a script.
func scripted(text string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) { writeScript(rw, text) }
}

// TestCallsInAnyOrder makes random calls at random times against a server that fails at random; the page never sees an
// exception, and after destroy it is as it was.
func TestCallsInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serveBusy()
	random := rand.New(rand.NewPCG(1, 2))
	answers := []string{busyTools + busy["timeout chain"] + ";" + xhrPoll, cecScript, "", "<html>", "throw 1", "function (", busyTools + busy["listeners later"]}
	for _, path := range []string{newClient, oldClient, token, sign} {
		n := 0
		w.handle(path, func(rw http.ResponseWriter, r *http.Request) {
			n++
			switch n % 5 {
			case 1:
				time.Sleep(30 * time.Millisecond)
			case 3:
				rw.WriteHeader([]int{204, 401, 403, 500}[n/5%4])
				return
			}
			if path == newClient {
				writeScript(rw, answers[n%len(answers)])
				return
			}
			w.serveDefault(rw, r)
		})
	}
	calls := []string{
		"EmbedChat('load')", "EmbedChat('load')", "EmbedChat('consent', true)", "EmbedChat('consent', true)", "EmbedChat('consent', false)", "EmbedChat('reset')",
		"EmbedChat('update', { locale: 'en' })", "EmbedChat('identify', async () => ({ thirdUserToken: 't', thirdUserId: 'u' }))", "EmbedChat('identify', () => { throw 1 })",
		"EmbedChat('identify', () => null)", "EmbedChat('on', 'ready', () => {})()", "document.querySelector('embed-chat')?.shadowRoot.querySelector('button').click()",
		"document.body.replaceWith(document.createElement('body'))", "stir()",
	}
	for i := range 12 {
		ch := w.channel(modes[i%2], loading([]site.Load{site.Eager, site.Interaction, site.Idle}[i%3]))
		b := newTab(t, "")
		b.named(fmt.Sprint(i), func() {
			b.open(w.foreign(ch, strings.Replace(host, "<div id=own>own</div>", "", 1)+"<script>document.documentElement.append(Object.assign(document.createElement('div'), { id: 'own' }))</script>"))
			b.wait("EmbedChat.refuse && document.readyState === 'complete'")
			var script strings.Builder
			script.WriteString("(async () => {")
			for range 40 {
				fmt.Fprintf(&script, "%s; await new Promise((done) => setTimeout(done, %d));\n", calls[random.IntN(len(calls))], random.IntN(60))
			}
			b.eval(script.String() + "})()")
			b.eval("EmbedChat('destroy')")
			time.Sleep(underWay)
			b.want("[...document.querySelectorAll('*')].map((e) => e.localName).filter((n) => n !== 'script' && n !== 'h1').join()", "html,head,title,body,div")
			b.want("[document.querySelectorAll('script[src*=assets]').length, document.cookie, localStorage.length, sessionStorage.length]", []any{0, "", 0, 0})
			made, beats := len(w.calls()), b.eval("window.beats")
			b.eval("stir()")
			b.eval("new Promise((done) => setTimeout(done, 150))")
			if n := len(w.calls()) - made; n > 0 {
				b.t.Errorf("%d requests after the end", n)
			}
			b.want("[window.beats, errors, window.userId, window.thirdUserData]", []any{jsonOf(beats), []string{}, nil, nil})
			b.want("natives().map((f, i) => f === nativesBefore[i]).includes(false)", false)
			b.clean("Failed to load", "401", "403", "500")
		})
	}
}

// jsonOf makes the result of eval a value for want.
func jsonOf(result string) any {
	if result == "undefined" {
		return nil
	}
	var n int
	fmt.Sscan(result, &n)
	return n
}

// TestTwoChannels: of two channels on a page the first starts and the second is refused, however both are loaded.
func TestTwoChannels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	loads := []site.Load{site.Eager, site.Idle, site.Interaction}
	b := newTab(t, "")
	for i, mode := range modes {
		for _, one := range loads {
			for _, other := range loads {
				b.named(fmt.Sprint(mode, one, other), func() {
					first, second := w.channel(mode, loading(one)), w.channel(modes[1-i], loading(other))
					b.open(w.page("/foreign", "<!doctype html><title>x</title>"+recorder+embedTag(first, "")+embedTag(second, "")+embedTag(first, "")+embedTag(second, "defer")+"<h1>Shop</h1>"))
					if one == site.Interaction {
						b.wait(facade)
						b.eval(facade + ".click()")
					}
					b.wait("events.includes('ready') && events.length === 3 && document.readyState === 'complete'")
					b.want("[events.toSorted(), configId, cecRuns, document.querySelector('embed-chat')]",
						[]any{[]string{"error second_channel", "error second_channel", "ready"}, first.ChannelConfigID, 1, nil})
					b.clean()
					b.open("about:blank")
				})
			}
		}
	}
}
