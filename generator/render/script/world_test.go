package script_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"embedgen/generator/render/script"
	"embedgen/generator/site"
	"embedgen/templates"
)

const (
	newClient = "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js"
	oldClient = "/service-cloud/webclient/chat_client/js/thirdPartyClient.js"
	sign      = "/webchat/authorizationService"
	token     = "/webchat/token"
)

// cecScript stands for the answer of newThirdPartyClient.js: it counts its runs and shows an icon.
// Like CEC's it declares one of the globals, and it ends in a comment without a newline.
const cecScript = `var configId, cecRuns = (window.cecRuns || 0) + 1;
(function () {
  var icon = document.createElement('button');
  icon.id = 'cec-icon';
  icon.textContent = 'CEC';
  Object.assign(icon.style, { position: 'fixed', right: '24px', bottom: '24px', width: '60px', height: '60px' });
  document.body.appendChild(icon);
})();
// </script> the end`

// validateScript stands for the answer of thirdPartyClient.js.
const validateScript = `var firstRuns = (window.firstRuns || 0) + 1; thirdValidate(thirdUserData)`

// request is one request that reached the world.
type request struct {
	Method, Path, Query, Body string
	Header                    http.Header
}

// world plays a tenant's site and its CEC, behind one origin; cec plays CEC on another one.
type world struct {
	*httptest.Server
	t      *testing.T
	engine *script.Engine
	tenant *site.Tenant
	origin string // http://www.acme.localhost:PORT
	cec    *httptest.Server

	mu       sync.Mutex
	handlers map[string]http.HandlerFunc // by path; replaces the default
	requests []request
}

// newWorld starts a world. Templates are the defaults unless an override is given.
func newWorld(t *testing.T, overrides ...map[string]string) *world {
	t.Helper()
	w := &world{t: t, handlers: make(map[string]http.HandlerFunc)}
	w.engine = newEngine(t, templates.FS)
	for _, o := range overrides {
		w.engine = newEngine(t, override(o))
	}
	w.Server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.Close)
	w.cec = httptest.NewServer(http.HandlerFunc(w.serveCrossOrigin))
	t.Cleanup(w.cec.Close)
	w.origin = strings.Replace(w.URL, "127.0.0.1", "www.acme.localhost", 1)
	w.tenant = acme(w.origin)
	return w
}

// channel returns the channel of a mode, with changes.
func (w *world) channel(mode site.Mode, changes ...func(*site.Channel)) *site.Channel {
	for _, ch := range w.tenant.Channels {
		if ch.Mode == mode {
			for _, change := range changes {
				change(ch)
			}
			return ch
		}
	}
	w.t.Fatalf("no channel of mode %s", mode)
	return nil
}

// direct makes a channel talk to CEC on its own origin.
func (w *world) direct(ch *site.Channel) {
	cec := strings.Replace(w.cec.URL, "127.0.0.1", "cec.acme.localhost", 1)
	ch.Context = site.Context{URL: cec + "/service-cloud", CEC: cec}
}

// page puts HTML of another author on the site, with the headers given as pairs.
func (w *world) page(path, html string, headers ...string) string {
	w.handle(path, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		for i := 0; i < len(headers); i += 2 {
			rw.Header().Set(headers[i], headers[i+1])
		}
		io.WriteString(rw, html)
	})
	return w.origin + path
}

func (w *world) handle(path string, h http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.handlers[path] = h
}

// answer makes a path answer with a status, a type and a body.
func (w *world) answer(path string, status int, contentType, body string) {
	w.handle(path, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", contentType)
		rw.WriteHeader(status)
		io.WriteString(rw, body)
	})
}

func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	w.requests = append(w.requests, request{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone()})
	h := w.handlers[r.URL.Path]
	w.mu.Unlock()
	if h == nil {
		h = w.serveDefault
	}
	h(rw, r)
}

func (w *world) serveDefault(rw http.ResponseWriter, r *http.Request) {
	name, client := w.engine.Client()
	switch path := r.URL.Path; path {
	case "/acme/assets/" + name:
		writeScript(rw, string(client))
	case "/favicon.ico":
		rw.WriteHeader(http.StatusNoContent)
	case sign:
		writeJSON(rw, map[string]string{"thirdPartAuthorization": "auth-v2/1/2/3/4", "thirdUserId": "guest-1", "thirdUserName": "Guest"})
	case token:
		writeJSON(rw, map[string]string{"thirdUserToken": "t0ken", "thirdUserId": "u1", "thirdUserName": "Ann", "expiresAt": "2999-01-01T00:00:00Z"})
	case newClient:
		http.SetCookie(rw, &http.Cookie{Name: "ccmessaging-token", Value: "secret-session", Path: "/service-cloud"})
		writeScript(rw, cecScript)
	case oldClient:
		writeScript(rw, validateScript)
	case "/service-cloud/resource.root/cobrowse/sdk/cobrowse.js", "/service-cloud/webclient/chat_client/js/cobrowseCommon.js":
		writeScript(rw, "window.cobrowse = (window.cobrowse || '') + ' "+path[strings.LastIndex(path, "/")+1:]+"'")
	default:
		w.serveChannel(rw, r)
	}
}

func (w *world) serveChannel(rw http.ResponseWriter, r *http.Request) {
	for _, ch := range w.tenant.Channels {
		switch r.URL.Path {
		case "/acme/" + ch.ID + "/":
			html, policy, err := w.engine.Page(ch)
			if err != nil {
				w.t.Error(err)
			}
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			rw.Header().Set("Content-Security-Policy", policy)
			rw.Write(html)
			return
		case "/acme/" + ch.ID + "/embed.js":
			writeScript(rw, string(w.engine.Embed(ch)))
			return
		}
	}
	http.NotFound(rw, r)
}

// serveCrossOrigin answers like CEC with CORS for the tenant's origin, without preflights.
func (w *world) serveCrossOrigin(rw http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		w.t.Errorf("preflight for %s", r.URL)
	}
	rw.Header().Set("Access-Control-Allow-Origin", w.origin)
	rw.Header().Set("Access-Control-Allow-Credentials", "true")
	w.serve(rw, r)
}

// calls returns the requests that went to CEC or to the tenant's endpoints, in order.
func (w *world) calls() []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	var calls []request
	for _, r := range w.requests {
		if strings.HasPrefix(r.Path, "/service-cloud/") || strings.HasPrefix(r.Path, "/webchat/") {
			calls = append(calls, r)
		}
	}
	return calls
}

// callsTo returns the calls to one path.
func (w *world) callsTo(path string) []request {
	return slices.DeleteFunc(w.calls(), func(r request) bool { return r.Path != path })
}

// callsAt returns the requests to any path by a method.
func (w *world) callsAt(path, method string) []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.requests), func(r request) bool { return r.Path != path || r.Method != method })
}

// count returns how many requests reached a path.
func (w *world) count(path string) int {
	return len(w.callsAt(path, "GET")) + len(w.callsAt(path, "POST"))
}

func writeScript(rw http.ResponseWriter, text string) {
	rw.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	io.WriteString(rw, text)
}

func writeJSON(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json")
	json.NewEncoder(rw).Encode(v)
}

// recorder is a script element with the queue stub that notes every event in window.events.
const recorder = `<script>
window.EmbedChat = window.EmbedChat || function () { (EmbedChat.q = EmbedChat.q || []).push(arguments) };
window.events = [];
for (const name of ['ready', 'error', 'unauthenticated', 'destroyed'])
  EmbedChat('on', name, (d) => events.push(name === 'error' ? name + ' ' + d.code : name));
</script>`

// embedTag is the one tag of a channel.
func embedTag(ch *site.Channel, attributes string) string {
	return `<script ` + attributes + ` src="` + ch.Tenant.Origin + ch.Tenant.PublicPath + ch.ID + `/embed.js"></script>`
}

// foreign puts a page on the site that notes events and carries the channel's tag.
func (w *world) foreign(ch *site.Channel, more string) string {
	return w.page("/foreign", "<!doctype html><title>Foreign</title>"+recorder+embedTag(ch, "async")+"<h1>Shop</h1>"+more)
}
