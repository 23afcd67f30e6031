package cecsim_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"embedgen/generator/cecsim"
	"embedgen/generator/sign"
)

const label = "simulated, not the vendor's script"

func TestSIM4ScriptsAreServedOnPostOnly(t *testing.T) {
	l := newLab(t)
	for _, tc := range []struct {
		method, path string
		want         int
	}{
		{"GET", scripts + "thirdPartyClient.js", 405},
		{"GET", scripts + "newThirdPartyClient.js?t=1", 405},
		{"HEAD", scripts + "newThirdPartyClient.js", 405},
		{"PUT", scripts + "newThirdPartyClient.js", 405},
		{"POST", "/service-cloudwebclient/chat_client/js/newThirdPartyClient.js", 404},
		{"POST", "/service-cloud//webclient/chat_client/js/newThirdPartyClient.js", 404},
		{"POST", "/webclient/chat_client/js/newThirdPartyClient.js", 404},
		{"GET", "/", 404},
		{"GET", "/service-cloud/resource.root/cobrowse/sdk/cobrowse.js", 200},
		{"GET", scripts + "cobrowseCommon.js", 200},
		{"POST", scripts + "cobrowseCommon.js", 405},
		{"GET", "/service-cloud/webclient/chat_client/css/simulated.css", 200},
	} {
		r := l.browser(t).do(tc.method, tc.path, "")
		if r.StatusCode != tc.want {
			t.Errorf("%s %s: status %d, want %d", tc.method, tc.path, r.StatusCode, tc.want)
		}
		if got := r.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s %s: Cache-Control %q, want no-store", tc.method, tc.path, got)
		}
	}
}

func TestSIM3StartInBothModes(t *testing.T) {
	for _, tc := range []struct{ name, channel, script, marker, verified string }{
		{"authorization", "web", "newThirdPartyClient.js", "cec-sim-icon", "signature"},
		{"token, second script", "private", "newThirdPartyClient.js", "cec-sim-icon", "token"},
		{"token, first script", "private", "thirdPartyClient.js", "thirdValidate(thirdUserData);", "token"},
	} {
		for _, contentType := range []string{formType, formType + "; charset=UTF-8", "application/json", "text/plain", ""} {
			l := newLab(t)
			r := l.browser(t).do("POST", scripts+tc.script+"?&t=1", encode(l.userData(t, "acme", tc.channel, "u1")), "Content-Type", contentType)
			text := read(r)
			if r.StatusCode != 200 || !strings.Contains(text, tc.marker) || !strings.Contains(text, label) {
				t.Errorf("%s as %q: %d, want a script with %q and the label", tc.name, contentType, r.StatusCode, tc.marker)
			}
			if e := l.last(t); e.Stage != "" || !checked(e, tc.verified) {
				t.Errorf("%s as %q: event %+v, want the check %q", tc.name, contentType, e, tc.verified)
			}
		}
	}
}

func checked(e cecsim.Event, name string) bool {
	for _, c := range e.Checks {
		if c.Name == name && c.OK {
			return true
		}
	}
	return false
}

// TestSIM3Refusals changes one thing of a good start; the answer and the timeline name it.
func TestSIM3Refusals(t *testing.T) {
	type body = map[string]any
	for _, tc := range []struct {
		name    string
		channel string
		change  func(*lab, body)
		status  int
		stage   string
		reason  string
	}{
		{"other tenant space", "web", func(_ *lab, b body) { b["tenantSpaceId"] = "1" }, 403, "tenantSpaceId", `no tenant has the tenant space "1"`},
		{"channel of another tenant", "web", func(_ *lab, b body) { b["channelConfigId"] = "202102193196869711" }, 403, "channelConfigId", "no channel"},
		{"tenant as number", "web", func(_ *lab, b body) { b["tenantSpaceId"] = 202007159031 }, 400, "body", "tenantSpaceId is not a string"},
		{"user is null", "web", func(_ *lab, b body) { b["thirdUserId"] = nil }, 400, "body", "thirdUserId is not a string"},
		{"no locale", "web", func(_ *lab, b body) { delete(b, "locale") }, 400, "body", "locale is missing"},
		{"wrong case", "web", func(_ *lab, b body) { b["thirduserid"] = b["thirdUserId"]; delete(b, "thirdUserId") }, 400, "body", "thirdUserId is missing"},
		{"no authorization", "web", func(_ *lab, b body) { delete(b, "thirdPartAuthorization") }, 403, "mode", "authorization mode"},
		{"token in authorization mode", "web", func(_ *lab, b body) { delete(b, "thirdPartAuthorization"); b["thirdUserToken"] = "x" }, 403, "mode", "authorization mode"},
		{"authorization in token mode", "private", func(_ *lab, b body) { delete(b, "thirdUserToken"); b["thirdPartAuthorization"] = "x" }, 403, "mode", "token mode"},
		{"no key", "keyless", func(*lab, body) {}, 403, "secretKey", "env MISSING is not set"},
		{"another user", "web", func(_ *lab, b body) { b["thirdUserId"] = "u2" }, 401, "signature", "one of the four signed fields"},
		{"another name", "web", func(_ *lab, b body) { b["thirdUserName"] = "Mallory" }, 401, "signature", "differs"},
		{"a slash in the user id", "web", func(_ *lab, b body) { b["thirdUserId"] = "u/1" }, 401, "userId", "userId"},
		{"too old", "web", func(l *lab, b body) { l.pass(15*time.Minute + time.Millisecond) }, 401, "skew", "15m0s"},
		{"too new", "web", func(l *lab, b body) { l.pass(-16 * time.Minute) }, 401, "skew", "15m0s"},
		{"not an authorization", "web", func(_ *lab, b body) { b["thirdPartAuthorization"] = "auth-v2" }, 401, "format", "parts"},
		{"other version", "web", replaceIn("auth-v2", "auth-v1"), 401, "version", "auth-v2"},
		{"other access key", "web", replaceIn("202102193196869708", "202102193196869709"), 401, "access key", "202102193196869708"},
		{"other headers", "web", replaceIn("content-length;content-type", "content-type"), 401, "signed headers", "content-length;content-type"},
		{"the site refuses", "private", func(l *lab, b body) { l.retCode = 17 }, 401, "token", `retCode 17: "the site says"`},
		{"the site is down", "private", func(l *lab, b body) { l.siteDown = errors.New("connection refused") }, 401, "token", "connection refused"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t)
			data := l.userData(t, "acme", tc.channel, "u1")
			tc.change(l, data)
			r := l.browser(t).do("POST", scripts+"newThirdPartyClient.js", encode(data))
			text := read(r)
			if r.StatusCode != tc.status || !strings.Contains(text, tc.reason) {
				t.Errorf("answer %d %q, want %d with %q", r.StatusCode, text, tc.status, tc.reason)
			}
			if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
				t.Errorf("a refusal is %s, want text/plain", got)
			}
			if len(r.Cookies()) > 0 {
				t.Error("a refusal sets a cookie")
			}
			e := l.last(t)
			if e.Stage != tc.stage || e.Status != tc.status || !strings.Contains(e.Problem, tc.reason) {
				t.Errorf("event has stage %q, status %d, problem %q; want stage %q", e.Stage, e.Status, e.Problem, tc.stage)
			}
		})
	}
}

func replaceIn(old, replacement string) func(*lab, map[string]any) {
	return func(_ *lab, b map[string]any) {
		b["thirdPartAuthorization"] = strings.Replace(b["thirdPartAuthorization"].(string), old, replacement, 1)
	}
}

func TestSIM3RefusesMalformedBodies(t *testing.T) {
	for name, tc := range map[string]struct {
		body   string
		status int
	}{
		"empty":     {"", 400},
		"null":      {"null", 400},
		"array":     {"[]", 400},
		"form":      {"thirdUserId=1", 400},
		"truncated": {`{"thirdUserId":`, 400},
		"two":       {`{} {}`, 400},
		"too large": {`{"thirdUserId":"` + strings.Repeat("x", 64<<10) + `"}`, 413},
	} {
		l := newLab(t)
		for _, script := range []string{"thirdPartyClient.js", "newThirdPartyClient.js"} {
			if r := l.browser(t).do("POST", scripts+script, tc.body); r.StatusCode != tc.status || l.last(t).Stage != "body" {
				t.Errorf("%s to %s: %d, stage %q; want %d, body", name, script, r.StatusCode, l.last(t).Stage, tc.status)
			}
		}
	}
}

// TestSIM3HintsAtOpenQuestions: CEC's own order and length are not known, so a site that signs with
// others is told which.
func TestSIM3HintsAtOpenQuestions(t *testing.T) {
	l := newLab(t)
	ch := l.channel(t, "acme", "web")
	data := l.userData(t, "acme", "web", "u1")
	data["thirdPartAuthorization"] = l.authorization(t, ch, data, sign.Request{Time: l.now(), Order: "hash", Length: "chars"})
	r := l.browser(t).do("POST", scripts+"newThirdPartyClient.js", encode(data))
	if text := read(r); r.StatusCode != 401 || !strings.Contains(text, "order hash and length chars") {
		t.Errorf("answer %d %q, want 401 naming order hash and length chars", r.StatusCode, text)
	}
	ch.Signature.Order, ch.Signature.Length = "hash", "chars"
	if r := l.browser(t).do("POST", scripts+"newThirdPartyClient.js", encode(data)); r.StatusCode != 200 {
		t.Errorf("a channel configured for it answers %d, want 200", r.StatusCode)
	}
}

// TestSIM3AsksTheSite: what CEC sends to the validation endpoint (cec-contract section 4).
func TestSIM3AsksTheSite(t *testing.T) {
	l := newLab(t)
	data := l.userData(t, "acme", "private", "u1")
	for _, script := range []string{"thirdPartyClient.js", "newThirdPartyClient.js"} {
		if r := l.browser(t).do("POST", scripts+script, encode(data)); r.StatusCode != 200 {
			t.Fatalf("%s: %d %s", script, r.StatusCode, read(r))
		}
	}
	want := `{"Token":"token-of-u1","userName":"Ann \"O'Neil\" 王","userId":"u1","tenantSpaceId":"202007159031"}` + "\n"
	if len(l.validated) != 2 || encode(l.validated[0]) != want || encode(l.validated[1]) != want {
		t.Errorf("the site was asked %+v, want twice %s", l.validated, want)
	}
	if hop := l.events[0]; hop.From != cecsim.Upstream || hop.To != cecsim.Site || !strings.HasSuffix(hop.What, "chatThirdPartyValidate") {
		t.Errorf("the first hop is %s to %s, %s; want cec to site", hop.From, hop.To, hop.What)
	}
}

func TestSIM5Cookie(t *testing.T) {
	l := newLab(t)
	b := l.browser(t)
	b.start("acme", "web", "u1")
	c := b.cookie
	if c.Name != "ccmessaging-token" || c.Path != "/service-cloud" || c.MaxAge != 3600 || !c.HttpOnly || c.Domain != "" || c.Secure {
		t.Errorf("cookie %+v, want ccmessaging-token with Path=/service-cloud, Max-Age=3600, HttpOnly", c)
	}
	fields := decodeTicket(t, c.Value)
	for name, want := range map[string]any{
		"createTime": float64(l.now().UnixMilli()), "tenantId": "202007159031", "channelId": "202102193196869708", "userId": "u1",
	} {
		if fields[name] != want {
			t.Errorf("%s is %v, want %v", name, fields[name], want)
		}
	}
	if id, _ := fields["sessionId"].(string); len(id) != 32 {
		t.Errorf("the session id %q has not 128 bits", id)
	}
}

func decodeTicket(t *testing.T, value string) map[string]any {
	t.Helper()
	if strings.ContainsAny(value, "+/=") {
		t.Errorf("cookie value %q is not URL-encoded", value)
	}
	text, err := url.QueryUnescape(value)
	if err != nil {
		t.Fatal(err)
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

func TestFirstScriptOpensNoSession(t *testing.T) {
	l := newLab(t)
	r := l.browser(t).do("POST", scripts+"thirdPartyClient.js", encode(l.userData(t, "acme", "private", "u1")))
	if r.StatusCode != 200 || len(r.Cookies()) != 0 {
		t.Errorf("thirdPartyClient.js: %d with cookies %v, want 200 and none", r.StatusCode, r.Cookies())
	}
	guest := l.userData(t, "acme", "web", "u1")
	guest["thirdUserToken"] = "token-of-u1"
	if r := l.browser(t).do("POST", scripts+"thirdPartyClient.js", encode(guest)); r.StatusCode != 403 || l.last(t).Stage != "mode" {
		t.Errorf("thirdPartyClient.js of an authorization channel: %d, stage %q; want 403, mode", r.StatusCode, l.last(t).Stage)
	}
}

func TestSIM3HonoursTheAccessKey(t *testing.T) {
	l := newLab(t)
	ch := l.channel(t, "acme", "web")
	data := l.userData(t, "acme", "web", "u1")
	ch.Signature.AccessKey = "developer-1"
	if r := l.browser(t).do("POST", scripts+"newThirdPartyClient.js", encode(data)); r.StatusCode != 401 || l.last(t).Stage != "access key" {
		t.Errorf("signed under another access key: %d, stage %q; want 401, access key", r.StatusCode, l.last(t).Stage)
	}
	data["thirdPartAuthorization"] = l.authorization(t, ch, data, sign.Request{Time: l.now(), AccessKey: "developer-1"})
	if r := l.browser(t).do("POST", scripts+"newThirdPartyClient.js", encode(data)); r.StatusCode != 200 {
		t.Errorf("signed under the channel's access key: %d, want 200", r.StatusCode)
	}
}

// TestSEC23EventsHoldNoCredential searches everything that an event holds.
func TestSEC23EventsHoldNoCredential(t *testing.T) {
	l := newLab(t)
	token, b := strings.Repeat("canary", 20), l.browser(t)
	data := l.userData(t, "acme", "private", "u1")
	data["thirdUserToken"] = token
	b.do("POST", scripts+"newThirdPartyClient.js", encode(data))
	cookies := []string{b.cookie.Value}
	signed := l.userData(t, "acme", "web", "u1")
	b.do("POST", scripts+"newThirdPartyClient.js", encode(signed))
	cookies = append(cookies, b.cookie.Value)
	b.send("CONNECT", "")
	authorization := signed["thirdPartAuthorization"].(string)
	signature := authorization[strings.LastIndexByte(authorization, '/')+1:]
	all := encode(l.events)
	for name, credential := range map[string]string{"token": token[:20], "signature": signature[:20], "first cookie": cookies[0][:40],
		"second cookie": cookies[1][:40], "key": key} {
		if strings.Contains(all, credential) {
			t.Errorf("the events hold the %s", name)
		}
	}
	if !strings.Contains(all, "auth-v2/202102193196869708/") {
		t.Error("the events do not show the authorization's prefix")
	}
}

func TestSIM12CobrowseStubs(t *testing.T) {
	l := newLab(t)
	for path, name := range map[string]string{
		"/service-cloud/resource.root/cobrowse/sdk/cobrowse.js": "GET cobrowse.js",
		scripts + "cobrowseCommon.js":                           "GET cobrowseCommon.js",
	} {
		r := l.browser(t).do("GET", path, "", "Referer", "https://www.acme.example/acme/web/")
		if text := read(r); !strings.HasPrefix(text, "/* "+label) || strings.Contains(text, "function") {
			t.Errorf("%s is %q, want a labelled stub", path, text)
		}
		if e := l.last(t); e.What != name || !strings.Contains(e.Request, "acme/web") {
			t.Errorf("event %q %q, want %q and the page", e.What, e.Request, name)
		}
	}
}

func TestSetSiteKeepsSessions(t *testing.T) {
	l := newLab(t)
	b := l.browser(t)
	b.start("acme", "web", "u1")
	b.send("CONNECT", "")
	changed := exampleSite()
	changed.Tenants = changed.Tenants[:1]
	l.SetSite(changed)
	b.poll()
	if r := l.browser(t).do("POST", scripts+"newThirdPartyClient.js", encode(l.userData(t, "globex", "help", "u1"))); r.StatusCode != http.StatusForbidden {
		t.Errorf("a channel that is gone answers %d, want 403", r.StatusCode)
	}
}
