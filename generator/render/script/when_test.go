package script_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"embedgen/generator/site"
)

// facade is the first button of our panel.
const facade = "document.querySelector('embed-chat').shadowRoot.querySelector('button')"

func loading(l site.Load) func(*site.Channel) {
	return func(ch *site.Channel) { ch.Load = l }
}

// started returns how many requests the start has made: our client script, the endpoints and CEC.
func (w *world) started() int {
	name, _ := w.engine.Client()
	return len(w.calls()) + w.count("/acme/assets/"+name)
}

func TestEM5EagerDoesNotWaitForLoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived := make(chan bool)
	w.handle("/slow.png", func(http.ResponseWriter, *http.Request) { <-arrived })
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), "<img src=/slow.png>"))
	b.wait("events.includes('ready')")
	b.want("document.readyState", "interactive")
	close(arrived)
	b.clean()
}

func TestEM5IdleWaitsForLoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived := make(chan bool)
	w.handle("/slow.png", func(http.ResponseWriter, *http.Request) { <-arrived })
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization, loading(site.Idle)), "<img src=/slow.png>"))
	b.wait("EmbedChat.refuse")
	time.Sleep(300 * time.Millisecond)
	if n := w.started(); n > 0 {
		t.Errorf("%d requests before the load event: %v", n, pathsOf(w.calls()))
	}
	close(arrived)
	b.wait("events.includes('ready')")
	b.clean()
}

func TestEM5InteractionWaitsForTheVisitor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived := make(chan bool)
	w.handle(newClient, func(rw http.ResponseWriter, r *http.Request) {
		<-arrived
		w.serveDefault(rw, r)
	})
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization, loading(site.Interaction)), ""))
	b.wait(facade)
	time.Sleep(200 * time.Millisecond)
	if n := w.started(); n > 0 {
		t.Errorf("%d requests before the click: %v", n, pathsOf(w.calls()))
	}
	b.want("[document.cookie, localStorage.length, sessionStorage.length]", []any{"", 0, 0})
	b.want(facade+".textContent", "在线咨询")

	b.focusFacade()
	b.key("Enter")
	b.wait(facade + ".getAttribute('aria-busy') === 'true'")
	b.want("document.querySelector('embed-chat').shadowRoot.querySelector('[role=status]').textContent", "正在连接…")
	b.want("document.querySelector('embed-chat').shadowRoot.activeElement === "+facade, true)
	b.key("Enter") // a second press does nothing
	close(arrived)
	b.wait("events.includes('ready')")
	b.want("document.querySelector('embed-chat')", nil)
	b.want("[cecRuns, events]", []any{1, []string{"ready"}})
	b.clean()
}

// focusFacade moves the focus with the Tab key, as a visitor does.
func (b *tab) focusFacade() {
	b.t.Helper()
	for range 5 {
		b.key("Tab")
		if b.eval("document.activeElement.localName") == `"embed-chat"` {
			return
		}
	}
	b.t.Fatal("Tab does not reach the facade button")
}

var keys = map[string]string{"Enter": "\r", "Tab": "\t"}

func (b *tab) key(name string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent(keys[name])); err != nil {
		b.t.Fatal(err)
	}
}

func TestEM5FacadeStaysUntilTheIconIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(newClient, 200, "text/javascript", `setTimeout(() => { const i = document.createElement('div'); i.id = 'cec-icon';
		i.style.cssText = 'position:fixed;right:0;bottom:0;width:50px;height:50px'; document.body.append(i) }, 400)`)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization, loading(site.Interaction)), ""))
	b.wait(facade)
	b.eval(facade + ".click()")
	b.wait("document.querySelector('embed-chat') && document.getElementById('cec-icon') === null && " + facade + ".ariaBusy")
	b.wait("document.getElementById('cec-icon')")
	b.wait("!document.querySelector('embed-chat') && events.includes('ready')")
	b.clean()
}

func TestEM5LoadCommandAndDataSaver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
	b.open(w.foreign(w.channel(site.Authorization), ""))
	b.wait(facade)
	if n := w.started(); n > 0 {
		t.Errorf("%d requests although data are to be saved", n)
	}
	b.eval("EmbedChat('load')")
	b.wait("events.includes('ready')")
	b.clean()
}

func TestEM6Consent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(newClient, 200, "text/javascript", `
		localStorage.setItem('cc-user', userName);
		sessionStorage.setItem('cc-session', '1');
		document.cookie = 'ccmessaging-token=x; path=/';
		document.cookie = 'cc-hint=' + userId + '; path=/foreign';
		window.ticks = 0; setInterval(() => ticks++, 10);`+icon+`
		document.head.append(document.createElement('style'));
		document.getElementById('cec-icon').onclick = () => document.body.append(Object.assign(document.createElement('div'), { id: 'cec-window' }))`)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization, func(ch *site.Channel) { ch.Consent = true }),
		"<script>EmbedChat('load'); document.cookie = 'own=1'; localStorage.setItem('own', '1')</script><div id=own></div>"))
	b.wait("EmbedChat.refuse && document.readyState === 'complete'")
	time.Sleep(300 * time.Millisecond)
	if n := w.started(); n > 0 {
		t.Errorf("%d requests before consent: %v", n, pathsOf(w.calls()))
	}
	b.want("document.querySelector('embed-chat')", nil)
	before := b.eval("[document.documentElement.outerHTML, document.cookie, Object.keys(localStorage), Object.keys(sessionStorage)]")

	b.eval("EmbedChat('consent', true)")
	b.wait("events.includes('ready')")
	b.wait("document.cookie.includes('ccmessaging-token') && ticks > 2")
	if err := chromedp.Do(b.ctx, chromedp.Click(chromedp.CSS("#cec-icon"))); err != nil {
		t.Fatal(err)
	}
	b.wait("document.getElementById('cec-window')")
	b.eval("void document.body.append(Object.assign(document.createElement('p'), { id: 'later' }))")

	b.eval("EmbedChat('consent', false)")
	b.want("events", []string{"ready", "destroyed"})
	b.eval("document.getElementById('later').remove()")
	if after := b.eval("[document.documentElement.outerHTML, document.cookie, Object.keys(localStorage), Object.keys(sessionStorage)]"); after != before {
		t.Errorf("withdrawal leaves\n%s\nof\n%s", after, before)
	}
	b.want("['$', '$ContextPath', '$aicc_ContextPath', 'configId', 'importScript', 'locale', 'tenantSpaceId', 'thirdUserData', 'userId', 'userName'].filter((k) => window[k] !== undefined)", []string{})
	b.eval("void (window.ticksThen = ticks)")
	time.Sleep(50 * time.Millisecond)
	b.want("ticks === ticksThen", true)

	calls := len(w.calls())
	b.eval("EmbedChat('load')")
	time.Sleep(200 * time.Millisecond)
	if n := len(w.calls()); n > calls {
		t.Errorf("%d calls after withdrawal", n-calls)
	}
	b.eval("EmbedChat('consent', true)")
	b.wait("events.length === 3")
	b.want("events[2]", "ready")
	b.clean()
}

func TestEM6ConsentOnTheIntegrationPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.TokenMode, func(ch *site.Channel) { ch.Consent = true })
	b := newTab(t, "")
	b.open(w.origin + "/acme/" + ch.ID + "/")
	b.wait("EmbedChat.refuse")
	time.Sleep(200 * time.Millisecond)
	if n := w.started(); n > 0 {
		t.Errorf("%d requests before consent", n)
	}
	b.eval("document.getElementById('consent').click()")
	b.wait("document.getElementById('cec-icon')")
	b.eval("document.getElementById('consent').click()")
	b.wait("!document.getElementById('cec-icon')")
	b.clean()
}

func TestEM6WithdrawalWhileStarting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived := make(chan bool)
	w.handle(newClient, func(rw http.ResponseWriter, r *http.Request) {
		<-arrived
		w.serveDefault(rw, r)
	})
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), ""))
	for deadline := time.Now().Add(5 * time.Second); w.count(newClient) == 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	b.eval("EmbedChat('consent', false)")
	close(arrived)
	time.Sleep(200 * time.Millisecond)
	b.want("[window.cecRuns, window.userId, window.$, events]", []any{nil, nil, nil, []string{"destroyed"}})
	b.clean()
}

func TestEM9Facade(t *testing.T) {
	for locale, name := range map[string]string{"en": "Chat with us", "zh_CN": "在线咨询", "fr": "Chat with us"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ch := w.channel(site.Authorization, loading(site.Interaction), func(ch *site.Channel) { ch.Locale = locale })
			b := newTab(t, "")
			// A page that reads right to left and whose own styles are rude.
			html := "<!doctype html><html dir=rtl><title>x</title><style>*{display:none!important} button{font-size:1px} body,html,script{display:block!important}</style><body>"
			b.open(w.page("/foreign", html+recorder+embedTag(ch, "async")))
			b.wait(facade)
			b.want("(() => { const r = "+facade+".getBoundingClientRect(); return [r.width >= 44, r.height >= 44, r.right <= innerWidth, r.bottom <= innerHeight, r.left > innerWidth / 2] })()",
				[]bool{true, true, true, true, true})
			b.want("document.documentElement.scrollWidth <= innerWidth", true)
			b.want("getComputedStyle("+facade+", '::before').animationName", "none")
			checkButton(b, name)
			b.focusFacade()
			b.want("getComputedStyle("+facade+").outlineStyle", "solid")
			b.key("Tab")
			b.want("document.activeElement.localName === 'embed-chat'", false)
			b.clean()
		})
	}
}

// checkButton fails the test unless assistive technology sees exactly one button, of this name.
func checkButton(b *tab, name string) {
	b.t.Helper()
	var names []string
	for _, node := range call(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes {
		if node.Role != nil && string(node.Role.Value) == `"button"` {
			var text string
			if err := json.Unmarshal(node.Name.Value, &text); err != nil {
				b.t.Fatal(err)
			}
			names = append(names, text)
		}
	}
	if !slices.Equal(names, []string{name}) {
		b.t.Errorf("buttons are %q, want %q", names, name)
	}
}

func TestEM9ReducedMotion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.handle(newClient, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	b := newTab(t, "")
	for motion, animation := range map[string]string{"reduce": "none", "no-preference": "turn"} {
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: motion}},
		})
		b.open("about:blank")
		b.open(w.foreign(w.channel(site.Authorization, loading(site.Interaction)), ""))
		b.wait(facade)
		b.eval(facade + ".click()")
		b.wait(facade + ".ariaBusy")
		b.want("getComputedStyle("+facade+", '::before').animationName", animation)
	}
}

func TestEM11TouchOnlyDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 }); const real = matchMedia; window.matchMedia = (q) => q.includes('pointer') ? { matches: false } : real(q)")
	b.open(w.foreign(w.channel(site.Authorization), ""))
	b.wait("document.querySelector('embed-chat')")
	b.want("[events, document.querySelector('embed-chat').shadowRoot.querySelector('p').textContent]",
		[]any{[]string{"error unsupported_browser"}, "请使用电脑上的 Chrome、Edge 或 Firefox。"})
	if n := w.started(); n > 0 {
		t.Errorf("%d requests", n)
	}
	b.eval(facade + ".click()")
	b.want("document.querySelector('embed-chat')", nil)
	b.clean()
}

// A statement is printed without a button that no paper can press.
func TestEM9NotPrinted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization, loading(site.Interaction)), ""))
	b.wait(facade)
	for media, height := range map[string]bool{"screen": true, "print": false} {
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media})
		b.want(facade+".getBoundingClientRect().height > 0", height)
	}
	b.clean()
}
