package script_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"embedgen/generator/site"
)

// answers are scripts that CEC may send, each of which must run once, unchanged, in the global scope.
var answers = map[string]string{
	"var of a global":       `var configId, userName; var cecRuns = (window.cecRuns || 0) + 1; ` + icon,
	"reassigned var":        `var userName = "Someone else"; var cecRuns = (window.cecRuns || 0) + 1; ` + icon,
	"const of a global":     `const userName = "x", locale = "y"; let token = 1; var cecRuns = (window.cecRuns || 0) + 1; ` + icon,
	"function declarations": `function importScript() {} function helper() {} var cecRuns = (window.cecRuns || 0) + 1; ` + icon,
	"closing script tag":    `var cecRuns = (window.cecRuns || 0) + 1; var tag = "</script><script>cecRuns++</script>"; ` + icon,
	"trailing comment":      `var cecRuns = (window.cecRuns || 0) + 1; ` + icon + ` // the end`,
	"use strict":            `"use strict"; window.cecRuns = (window.cecRuns || 0) + 1; ` + icon,
	"html in a comment":     `/* <html> */ var cecRuns = (window.cecRuns || 0) + 1; ` + icon,
	"byte order mark":       "\ufeffvar cecRuns = (window.cecRuns || 0) + 1; " + icon,
	"reads its globals":     `if ($ContextPath + '/' !== $aicc_ContextPath || !configId || !userId || !tenantSpaceId || !locale || !thirdUserData || !$) throw 1; var cecRuns = (window.cecRuns || 0) + 1; ` + icon,
	"this is window":        `if (this !== window) throw 1; this.cecRuns = (window.cecRuns || 0) + 1; ` + icon,
	"imports more":          `importScript("var cecRuns = (window.cecRuns || 0) + 1; " + ` + "`" + icon + "`" + `, function () { window.imported = true })`,
}

const icon = `document.body.appendChild(Object.assign(document.createElement('button'), { id: 'cec-icon', textContent: 'CEC' }));`

func TestEM3EachAnswerRunsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(site.Authorization)
	b := newTab(t, "")
	// Some servers send every answer as text/html.
	types := []string{"text/javascript; charset=utf-8", "text/html; charset=utf-8"}
	for name, text := range answers {
		b.named(name, func() {
			types[0], types[1] = types[1], types[0]
			w.answer(newClient, 200, types[0], text)
			b.open(w.foreign(ch, ""))
			b.wait("events.length")
			b.want("[events, window.cecRuns, document.querySelectorAll('#cec-icon').length]", []any{[]string{"ready"}, 1, 1})
			b.clean()
			b.open("about:blank")
		})
	}
}

func TestEM3TokenModeRunsBothInOrder(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{
		"at once":      `var order = ['first']; thirdValidate(thirdUserData)`,
		"later":        `var order = ['first']; setTimeout(function () { thirdValidate(thirdUserData) }, 200)`,
		"with a copy":  `var order = ['first']; thirdValidate(JSON.parse(JSON.stringify(thirdUserData)))`,
		"without data": `var order = ['first']; thirdValidate()`,
		"by jQuery": `var order = ['first']; $.ajax({ url: $ContextPath + '/webclient/chat_client/js/newThirdPartyClient.js?t=' + Date.now(),
			type: 'POST', data: JSON.stringify(thirdUserData), dataType: 'text', crossDomain: true, xhrFields: { withCredentials: true },
			success: function (text) { importScript(text) } });`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.answer(oldClient, 200, "text/javascript", first)
			w.answer(newClient, 200, "text/javascript", `order.push('second', token); `+icon)
			ch := w.channel(site.TokenMode)
			w.direct(ch)
			b := newTab(t, "")
			b.open(w.foreign(ch, ""))
			b.wait("order.length > 1")
			b.want("order", []string{"first", "second", "t0ken"})
			b.wait("events.includes('ready')")
			b.clean()
			checkCECCall(t, ch, w.callsTo(newClient)[0])
		})
	}
}

func TestEM3Failures(t *testing.T) {
	const refusal = "window.refusalRan = true"
	tests := map[string]struct {
		mode  site.Mode
		path  string
		serve http.HandlerFunc
		event string
	}{
		"CEC 401":             {site.Authorization, newClient, reply(401, "text/javascript", refusal), "error cec_refused"},
		"CEC 403":             {site.Authorization, newClient, reply(403, "text/javascript", refusal), "error cec_refused"},
		"CEC 500":             {site.Authorization, newClient, reply(500, "text/javascript", refusal), "error cec_refused"},
		"CEC empty":           {site.Authorization, newClient, reply(200, "text/javascript", ""), "error cec_empty"},
		"CEC blank":           {site.Authorization, newClient, reply(200, "text/javascript", " \n\t"), "error cec_empty"},
		"CEC 204":             {site.Authorization, newClient, reply(204, "text/javascript", ""), "error cec_empty"},
		"CEC HTML":            {site.Authorization, newClient, reply(200, "text/html", "\n<!doctype html><script>"+refusal+"</script>"), "error cec_not_script"},
		"CEC HTML as script":  {site.Authorization, newClient, reply(200, "text/javascript", "<html><script>"+refusal+"</script>"), "error cec_not_script"},
		"CEC JSON":            {site.Authorization, newClient, reply(200, "application/json", `{"retCode": 1}`), "error cec_not_script"},
		"CEC JSON string":     {site.Authorization, newClient, reply(200, "text/javascript", `"unauthorized"`), "error cec_not_script"},
		"CEC login redirect":  {site.Authorization, newClient, redirect("/login"), "error cec_not_script"},
		"CEC prose":           {site.Authorization, newClient, reply(200, "text/plain", "Access denied"), "error script_failed"},
		"CEC syntax error":    {site.Authorization, newClient, reply(200, "text/javascript", "function ("), "error script_failed"},
		"CEC throws":          {site.Authorization, newClient, reply(200, "text/javascript", "throw new Error('no agent')"), "error script_failed"},
		"CEC hangs up":        {site.Authorization, newClient, hangUp, "error cec_network"},
		"CEC calls jQuery":    {site.Authorization, newClient, reply(200, "text/javascript", "$('body')"), "error jquery_missing"},
		"first script 403":    {site.TokenMode, oldClient, reply(403, "text/javascript", refusal), "error cec_refused"},
		"first script throws": {site.TokenMode, oldClient, reply(200, "text/javascript", "throw null"), "error script_failed"},
		"second script 500":   {site.TokenMode, newClient, reply(500, "text/javascript", refusal), "error cec_refused"},
		"second script empty": {site.TokenMode, newClient, reply(200, "text/javascript", ""), "error cec_empty"},
		"second script HTML":  {site.TokenMode, newClient, reply(200, "text/html", "<p>"), "error cec_not_script"},
		"second script bad":   {site.TokenMode, newClient, reply(200, "text/javascript", "}"), "error script_failed"},
		"sign 403":            {site.Authorization, sign, reply(403, "text/plain", "no"), "error sign_refused"},
		"sign HTML":           {site.Authorization, sign, reply(200, "text/html", "<html>"), "error sign_refused"},
		"sign incomplete":     {site.Authorization, sign, reply(200, "application/json", `{"thirdUserId": "1"}`), "error sign_refused"},
		"sign null":           {site.Authorization, sign, reply(200, "application/json", `null`), "error sign_refused"},
		"sign 401":            {site.Authorization, sign, reply(401, "application/json", `{}`), "unauthenticated"},
		"sign hangs up":       {site.Authorization, sign, hangUp, "error identity_network"},
		"token 401":           {site.TokenMode, token, reply(401, "application/json", `{}`), "unauthenticated"},
		"token 503":           {site.TokenMode, token, reply(503, "application/json", `{}`), "error identity_failed"},
		"token hangs up":      {site.TokenMode, token, hangUp, "error identity_network"},
		"token incomplete":    {site.TokenMode, token, reply(200, "application/json", `{"thirdUserToken": "t"}`), "error identity_failed"},
	}
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.answer("/login", 200, "text/html", "<h1>Sign in</h1>")
			b := newTab(t, "window.hostErrors = 0; onerror = () => { hostErrors++ }; addEventListener('unhandledrejection', () => hostErrors++)")
			for name, test := range tests {
				if test.mode == mode {
					b.named(name, func() { checkFailure(b, w, mode, test.path, test.serve, test.event) })
				}
			}
		})
	}
}

func checkFailure(b *tab, w *world, mode site.Mode, path string, serve http.HandlerFunc, event string) {
	w.handle(path, serve)
	b.open(w.foreign(w.channel(mode), ""))
	b.wait("events.length")
	b.want("events[0]", event)
	b.want("[hostErrors, window.refusalRan]", []any{0, nil})
	if event == "unauthenticated" {
		b.want("document.querySelector('embed-chat')", nil)
	} else {
		// The visitor reads it in the channel's language, and may try again.
		text := map[site.Mode]string{site.Authorization: "在线客服暂不可用。重试关闭", site.TokenMode: "The chat is not available right now.Try againClose"}
		b.wait("document.querySelector('embed-chat')")
		b.want("document.querySelector('embed-chat').shadowRoot.textContent", text[mode])
	}
	b.clean("Failed to load resource")
	b.open("about:blank")
	w.handle(path, nil)
}

func reply(status int, contentType, body string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", contentType)
		rw.WriteHeader(status)
		rw.Write([]byte(body))
	}
}

func redirect(to string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, to, http.StatusFound) }
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// shorter returns the template with its time limits cut down.
func shorter(t *testing.T, name, limit, ms string) map[string]string {
	t.Helper()
	text := readTemplate(t, name)
	if !strings.Contains(text, limit) {
		t.Fatalf("%s has no %q", name, limit)
	}
	return map[string]string{name: strings.Replace(text, limit, "const LIMIT = "+ms, 1)}
}

// A part that CEC's script imports may fail without taking the rest along.
func TestEM3FailingImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answer(newClient, 200, "text/javascript", `importScript("throw 1", () => { window.imported = true }); window.after = true; `+icon)
	b := newTab(t, "")
	b.open(w.foreign(w.channel(site.Authorization), ""))
	b.wait("window.after")
	b.want("[events, window.imported, !!document.getElementById('cec-icon')]", []any{[]string{"error script_failed"}, nil, true})
	b.clean()
}

func TestEM3Timeouts(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
	}
	tests := map[string]struct {
		file, limit string
		path        string
		serve       http.HandlerFunc
	}{
		"identity":          {"embed/client/http.js", "const LIMIT = 15000", token, hang},
		"CEC":               {"embed/client/http.js", "const LIMIT = 15000", newClient, hang},
		"no thirdValidate":  {"embed/client/appears.js", "const LIMIT = 20000", oldClient, reply(200, "text/javascript", "var quiet")},
		"identify(fn)":      {"embed/client/identity.js", "const LIMIT = 15000", "", nil},
		"our client script": {"embed/script.js", "const LIMIT = 10000", "client", hang},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, shorter(t, test.file, test.limit, "300"))
			ch := w.channel(site.TokenMode)
			path, html, event := test.path, "", "error timeout"
			switch path {
			case "client":
				file, _ := w.engine.Client()
				path, event = "/acme/assets/"+file, "error client_blocked"
			case "":
				html = "<script>EmbedChat('identify', () => new Promise(() => {}))</script>"
			}
			w.handle(path, test.serve)
			if path == "" {
				w.handle(path, nil)
			}
			b := newTab(t, "")
			b.open(w.foreign(ch, html))
			b.wait("events.length")
			b.want("events", []string{event})
			b.clean()
		})
	}
}

// TestEM3RetryAfterFailure: whatever has failed once, another try succeeds, and shows its progress.
func TestEM3RetryAfterFailure(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path  string
		serve http.HandlerFunc
	}{
		"CEC 500":        {newClient, reply(500, "text/javascript", "1")},
		"CEC 204":        {newClient, reply(204, "text/javascript", "")},
		"CEC HTML":       {newClient, reply(200, "text/html", "<p>")},
		"CEC throws":     {newClient, scripted(icon + " throw 1")},
		"CEC bad":        {newClient, scripted("}")},
		"CEC hangs up":   {newClient, hangUp},
		"first 500":      {oldClient, reply(500, "text/javascript", "1")},
		"token 503":      {token, reply(503, "application/json", "{}")},
		"token hangs up": {token, hangUp},
		"token 401":      {token, reply(401, "application/json", "{}")},
		"client script":  {"client", hangUp},
	} {
		w := newWorld(t)
		path := test.path
		if path == "client" {
			file, _ := w.engine.Client()
			path = "/acme/assets/" + file
		}
		ch := w.channel(site.TokenMode, loading(site.Interaction))
		b := newTab(t, "")
		b.named(name, func() {
			w.handle(path, test.serve)
			b.open(w.foreign(ch, ""))
			b.wait(facade)
			b.eval(facade + ".click()")
			b.wait("events.length === 1 && !" + facade + ".ariaBusy")
			w.handle(path, nil)
			if test.path == token && strings.HasSuffix(name, "401") {
				b.eval("EmbedChat('load')") // the page knows when somebody has signed in
			} else {
				b.want(facade+".textContent", "Try again")
				b.eval(facade + ".click()")
			}
			b.want(facade+".ariaBusy", "true")
			b.wait("events.includes('ready')")
			b.want("[document.querySelector('embed-chat'), document.querySelectorAll('#cec-icon').length]", []any{nil, 1})
			b.clean("Failed to load", "ERR_")
		})
	}
}
