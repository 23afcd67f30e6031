package cecsim_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"embedgen/generator/cecsim"
	"embedgen/generator/secret"
	"embedgen/generator/sign"
	"embedgen/generator/site"
	"embedgen/templates"
)

const (
	key      = "ThirdPartyAuthenticationKey0123456789ABCDEF"
	scripts  = "/service-cloud/webclient/chat_client/js/"
	facade   = "/service-cloud/rest/webadapter/v1/webadapterfacade/"
	formType = "application/x-www-form-urlencoded"
)

// lab is a simulated CEC in a world that the test controls.
type lab struct {
	*cecsim.CEC
	site *site.Site

	mu        sync.Mutex
	clock     time.Time // of the world; zero is the real clock
	events    []cecsim.Event
	validated []cecsim.ValidateRequest
	retCode   int   // what the site answers
	siteDown  error // or this
}

func newLab(t testing.TB) *lab {
	t.Helper()
	l := &lab{site: exampleSite(), clock: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)}
	l.CEC = cecsim.New(cecsim.Options{
		Site: l.site,
		Secrets: func(r secret.Ref) (string, error) {
			if r.Env != "WEB" {
				return "", errors.New(r.String() + " is not set")
			}
			return key, nil
		},
		Templates:     templates.FS,
		Validate:      l.validate,
		Now:           l.now,
		Rand:          rand.Reader,
		AllowedOrigin: func(tn *site.Tenant, origin string) bool { return origin == tn.Origin },
		AllowHost:     func(host string) bool { return host == "console.test" || strings.HasPrefix(host, "127.0.0.1:") },
		Observe:       l.observe,
	})
	return l
}

func exampleSite() *site.Site {
	acme := &site.Tenant{ID: "acme", Name: "Acme Bank", TenantSpaceID: "202007159031", Origin: "https://www.acme.example",
		Endpoints: site.Endpoints{Validation: "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"}}
	acme.Channels = []*site.Channel{
		channel(acme, "web", "202102193196869708", site.Authorization, "WEB"),
		channel(acme, "private", "202102193196869709", site.TokenMode, ""),
		channel(acme, "keyless", "202102193196869710", site.Authorization, "MISSING"),
	}
	globex := &site.Tenant{ID: "globex", Name: "Globex Retail", TenantSpaceID: "202007159032", Origin: "https://www.globex.example"}
	globex.Channels = []*site.Channel{channel(globex, "help", "202102193196869711", site.Authorization, "WEB")}
	return &site.Site{Tenants: []*site.Tenant{acme, globex}}
}

func channel(t *site.Tenant, id, config string, mode site.Mode, env string) *site.Channel {
	return &site.Channel{
		Tenant: t, ID: id, Name: "Channel " + id, ChannelConfigID: config, Mode: mode, SecretKey: secret.Ref{Env: env},
		Signature: site.Signature{Order: "doc", Length: "bytes", AccessKey: config},
	}
}

func (l *lab) now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clock.IsZero() {
		return time.Now()
	}
	return l.clock
}

func (l *lab) pass(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clock = l.clock.Add(d)
}

func (l *lab) validate(_ context.Context, _ *site.Tenant, r cecsim.ValidateRequest) (int, string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.validated = append(l.validated, r)
	return l.retCode, "the site says", l.siteDown
}

func (l *lab) observe(e cecsim.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
}

// last returns the newest event.
func (l *lab) last(t testing.TB) cecsim.Event {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.events) == 0 {
		t.Fatal("no event was observed")
	}
	return l.events[len(l.events)-1]
}

// userData is thirdUserData of a visitor of the channel, as the page sends it.
func (l *lab) userData(t testing.TB, tenant, id, user string) map[string]any {
	t.Helper()
	ch := l.channel(t, tenant, id)
	data := map[string]any{
		"thirdUserName": "Ann \"O'Neil\" 王", "thirdUserId": user, "tenantSpaceId": ch.Tenant.TenantSpaceID,
		"channelConfigId": ch.ChannelConfigID, "locale": "en", "mapService": "google", "timestamp": l.now().UnixMilli(),
	}
	if ch.Mode == site.TokenMode {
		data["thirdUserToken"] = "token-of-" + user
	} else {
		data["thirdPartAuthorization"] = l.authorization(t, ch, data, sign.Request{Time: l.now()})
	}
	return data
}

func (l *lab) channel(t testing.TB, tenant, id string) *site.Channel {
	t.Helper()
	for _, tn := range l.site.Tenants {
		for _, ch := range tn.Channels {
			if tn.ID == tenant && ch.ID == id {
				return ch
			}
		}
	}
	t.Fatalf("no channel %s/%s", tenant, id)
	return nil
}

// authorization signs the body; r says what is out of the ordinary.
func (l *lab) authorization(t testing.TB, ch *site.Channel, data map[string]any, r sign.Request) string {
	t.Helper()
	r.UserName, r.UserID = data["thirdUserName"].(string), data["thirdUserId"].(string)
	r.TenantSpaceID, r.ChannelConfigID = ch.Tenant.TenantSpaceID, ch.ChannelConfigID
	s, err := sign.Sign(key, r)
	if err != nil {
		t.Fatal(err)
	}
	return s.Authorization
}

// browser sends requests with one cookie jar.
type browser struct {
	t      testing.TB
	lab    *lab
	cookie *http.Cookie
}

func (l *lab) browser(t testing.TB) *browser { return &browser{t: t, lab: l} }

func (b *browser) do(method, path, body string, header ...string) *http.Response {
	b.t.Helper()
	r := httptest.NewRequest(method, "http://cec.test"+path, strings.NewReader(body))
	if method == "POST" {
		r.Header.Set("Content-Type", formType)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if b.cookie != nil {
		r.AddCookie(&http.Cookie{Name: b.cookie.Name, Value: b.cookie.Value})
	}
	w := httptest.NewRecorder()
	b.lab.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookie = c
	}
	return w.Result()
}

// start starts the channel as the page does, and fails the test if CEC refuses.
func (b *browser) start(tenant, id, user string) {
	b.t.Helper()
	r := b.do("POST", scripts+"newThirdPartyClient.js?t=1", encode(b.lab.userData(b.t, tenant, id, user)))
	if text := read(r); r.StatusCode != http.StatusOK {
		b.t.Fatalf("start of %s/%s: %d %s", tenant, id, r.StatusCode, text)
	}
}

// result is what the calls of the polling API answer.
type result struct {
	ResultCode       string
	ResultDesc       string
	DownlinkMessages []struct {
		Channel, Content, From, To, MediaType, SourceType string
		Timestamp                                         int64
	}
}

// call makes a call of the polling API.
func (b *browser) call(method, name, body string) (int, result) {
	b.t.Helper()
	r := b.do(method, facade+name, body)
	var out result
	if err := json.Unmarshal([]byte(read(r)), &out); err != nil {
		b.t.Fatalf("%s %s: the answer is not JSON: %v", method, name, err)
	}
	return r.StatusCode, out
}

// send sends a control message and wants it to succeed.
func (b *browser) send(control, content string) {
	b.t.Helper()
	body := encode(map[string]any{"controlType": control, "mediaType": "TEXT", "content": content, "userAgent": "test"})
	if status, r := b.call("POST", "sendMessageForWebChannel", body); status != 200 || r.ResultCode != "0" {
		b.t.Fatalf("%s: %d %+v", control, status, r)
	}
}

// poll returns the messages as "SOURCE: text".
func (b *browser) poll() []string {
	b.t.Helper()
	status, r := b.call("GET", "getMessageForWebChannel", "")
	if status != 200 || r.ResultCode != "0" {
		b.t.Fatalf("poll: %d %+v", status, r)
	}
	list := []string{}
	for _, m := range r.DownlinkMessages {
		list = append(list, m.SourceType+": "+m.Content)
	}
	return list
}

func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return b.String()
}

func read(r *http.Response) string {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	return string(body)
}
