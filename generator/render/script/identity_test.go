package script_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"embedgen/generator/site"
)

// tokens makes the page's own identify(fn), which counts its calls and gives a new token each time.
const tokens = `<script>
window.asked = 0;
EmbedChat('identify', async () => ({ thirdUserToken: 'page-' + ++asked, thirdUserId: 'u7', thirdUserName: '张三' }));
</script>`

func TestEM8IdentifyByThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.TokenMode), tokens))
	b.wait("events.includes('ready')")
	b.want("[token, userId, userName, asked]", []any{"page-1", "u7", "张三", 1})
	if n := w.count(token); n > 0 {
		t.Error("the token endpoint was asked, too")
	}
	for _, path := range []string{oldClient, newClient} {
		if body := decode(t, w.callsTo(path)[0]); body["thirdUserToken"] != "page-1" || body["thirdUserName"] != "张三" {
			t.Errorf("%s got %v", path, body)
		}
	}
	b.clean()
}

func TestEM8IdentifyAfterASynchronousTag(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.TokenMode)
	b := newTab(t, "")
	b.open(w.page("/foreign", "<!doctype html><title>x</title>"+recorder+embedTag(ch, "")+tokens))
	b.wait("events.includes('ready')")
	b.want("asked", 1)
	b.clean()
}

func TestEM8IdentifyFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newTab(t, "")
	for fn, event := range map[string]string{
		"() => null":                               "unauthenticated",
		"async () => undefined":                    "unauthenticated",
		"() => { throw new Error('x') }":           "error identity_failed",
		"() => Promise.reject()":                   "error identity_failed",
		"() => 'token'":                            "error identity_failed",
		"() => ({ thirdUserToken: 't' })":          "error identity_failed",
		"() => ({ thirdUserId: 'u' })":             "error identity_failed",
		"() => fetch('http://127.0.0.1:1/')":       "error identity_failed",
		"() => Promise.reject({ code: 'timeout'})": "error identity_failed",
	} {
		b.named(fn, func() {
			b.open(w.foreign(w.channel(site.TokenMode), "<script>EmbedChat('identify', "+fn+")</script>"))
			b.wait("events.length")
			b.want("[events, window.userId, window.firstRuns]", []any{[]string{event}, nil, nil})
			b.clean("ERR_")
			b.open("about:blank")
		})
	}
	if calls := w.calls(); len(calls) > 0 {
		t.Errorf("without identity: %v", pathsOf(calls))
	}
}

func TestEM8UnauthenticatedThenSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(token, 401, "application/json", "{}")
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.TokenMode, loading(site.Interaction)), ""))
	b.wait(facade)
	b.eval(facade + ".click()")
	b.wait("events.includes('unauthenticated')")
	b.wait("document.querySelector('embed-chat').shadowRoot.textContent === 'Please sign in to chat.Close'")
	if n := w.count(oldClient) + w.count(newClient); n > 0 {
		t.Errorf("%d anonymous loads", n)
	}
	w.handle(token, nil)
	b.eval("EmbedChat('load')")
	b.wait("events.includes('ready')")
	b.want("[events, document.querySelector('embed-chat')]", []any{[]string{"unauthenticated", "ready"}, nil})
	b.clean("401")
}

func TestEM8IntegrationPageAsksToSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(token, 401, "application/json", "{}")
	b := newTab(t, "")
	b.open(w.origin + "/acme/" + w.channel(site.TokenMode).ID + "/")
	b.wait("!document.getElementById('sign-in').hidden")
	w.handle(token, nil)
	b.eval("EmbedChat('load')")
	b.wait("document.getElementById('cec-icon') && document.getElementById('sign-in').hidden")
	b.clean("401")
}

// A token that ends before the second script is asked for is renewed; so is one that CEC refuses.
func TestEM8RenewsTheToken(t *testing.T) {
	tests := map[string]struct {
		life   time.Duration
		refuse string // the path that refuses the first token
		asked  int
		first  string // the token that the first script brought
	}{
		"long life":           {time.Hour, "", 1, "page-1"},
		"expired meanwhile":   {time.Second, "", 2, "page-1"},
		"refused at the door": {time.Hour, oldClient, 2, "page-2"},
		"refused later":       {time.Hour, newClient, 2, "page-1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if test.refuse != "" {
				w.handle(test.refuse, func(rw http.ResponseWriter, r *http.Request) {
					w.handle(test.refuse, nil)
					rw.WriteHeader(http.StatusUnauthorized)
				})
			}
			b := newTab(t, "")
			expiry, _ := json.Marshal(time.Now().Add(test.life))
			b.open(w.foreign(w.channel(site.TokenMode), strings.Replace(tokens, "thirdUserId:", "expiresAt: "+string(expiry)+", thirdUserId:", 1)))
			b.wait("events.includes('ready')")
			last := map[int]string{1: "page-1", 2: "page-2"}[test.asked]
			b.want("[asked, token, thirdUserData.thirdUserToken, 'expiresAt' in thirdUserData]", []any{test.asked, last, last, false})
			firsts, seconds := w.callsTo(oldClient), w.callsTo(newClient)
			if got := decode(t, firsts[len(firsts)-1])["thirdUserToken"]; got != test.first {
				t.Errorf("the first script got %v, want %s", got, test.first)
			}
			if got := decode(t, seconds[len(seconds)-1])["thirdUserToken"]; got != last {
				t.Errorf("the second script got %v, want %s", got, last)
			}
			b.clean("401")
		})
	}
}

func TestEM8RefusedTwiceIsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(oldClient, 401, "text/plain", "")
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.TokenMode), tokens))
	b.wait("events.length")
	b.want("[events, asked]", []any{[]string{"error cec_refused"}, 2})
	if n := w.count(oldClient); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
	b.clean("401")
}

func TestEM8ResetLeavesNoUserDatum(t *testing.T) {
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			secret := "canary-9f3a"
			w.answer(sign, 200, "application/json", `{"thirdPartAuthorization": "`+secret+`", "thirdUserId": "`+secret+`", "thirdUserName": "`+secret+`"}`)
			w.answer(token, 200, "application/json", `{"thirdUserToken": "`+secret+`", "thirdUserId": "`+secret+`", "thirdUserName": "`+secret+`"}`)
			w.answer(newClient, 200, "text/javascript", `var userName = "`+secret+`"; function importScript() { return "`+secret+`" }
				localStorage.setItem('cc', userName); sessionStorage.setItem('cc', userId); document.cookie = 'ccmessaging-token=`+secret+`; path=/';
				document.cookie = 'ccmessaging-token=`+secret+`; path=/service-cloud';
				window.cecState = { user: { name: userName } }; var greeting = 'Hello ' + userName; var cecRuns = 7;
				var cecApp = { user: userName }; cecApp.self = cecApp;
				Object.defineProperty(window, 'cecTrap', { get() { throw 1 }, configurable: true }); `+icon)
			b := newTab(t, "")
			ch := w.channel(mode)
			b.open(w.foreign(ch, "<script>window.userName = 'before'</script>"))
			b.wait("events.includes('ready')")
			b.want("userName", secret)

			b.eval("EmbedChat('reset')")
			b.want("events", []string{"ready", "destroyed"})
			b.want("Object.keys(window).filter((k) => { try { return JSON.stringify(window[k])?.includes('"+secret+"') || String(window[k]).includes('"+secret+"') } catch {} })", []string{})
			b.want("[document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)]", []string{"", "{}", "{}"})
			b.want("document.documentElement.outerHTML.includes('"+secret+"')", false)
			b.want("[userName, document.getElementById('cec-icon')]", []any{"before", nil})
			b.want("[window.cecState, window.greeting, window.cecApp, 'cecTrap' in window, cecRuns]", []any{nil, nil, nil, false, 7})
			if cookies := b.cookies(); strings.Contains(cookies, secret) {
				t.Errorf("cookies are %s", cookies)
			}

			// The next load asks who it is anew.
			asked := w.count(ch.Tenant.Endpoints.Token) + w.count(ch.Tenant.Endpoints.Authorization)
			b.eval("EmbedChat('load')")
			b.wait("events.length === 3")
			b.want("events[2]", "ready")
			if n := w.count(ch.Tenant.Endpoints.Token) + w.count(ch.Tenant.Endpoints.Authorization); n != asked+1 {
				t.Errorf("asked %d times, want %d", n, asked+1)
			}
			b.clean()
		})
	}
}
