package chatauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"embedgen/generator/secret"
	"embedgen/generator/sign"
	"embedgen/generator/site"
)

// verifySupport checks a signature as CEC would, for a user on acme's first channel.
func verifySupport(authorization string, u User) error {
	return sign.Verify(authorization, secrets["ACME_SUPPORT"], sign.Request{
		UserName: u.Name, UserID: u.ID, TenantSpaceID: acmeSpace, ChannelConfigID: acmeSupport,
	}, instant, time.Minute)
}

func TestAuthorizationAnswers(t *testing.T) {
	s := newTestService(t)
	wantJSON := []string{"application/json", "application/json, text/plain, */*", "text/html;q=1, application/json;q=0.5"}
	for _, accept := range wantJSON {
		r := do(s, request{body: supportBody, header: map[string]string{"Accept": accept}})
		r.want(t, 200, "")
		guest := User{r.text("thirdUserId"), r.text("thirdUserName")}
		if err := verifySupport(r.text("thirdPartAuthorization"), guest); err != nil {
			t.Errorf("Accept %q: %v", accept, err)
		}
		if len(r.json) != 6 || r.text("tenantSpaceId") != acmeSpace || r.text("channelConfigId") != acmeSupport ||
			r.text("timestamp") != "2026-01-02T03:04:05.678Z" || guest.Name != "访客" {
			t.Errorf("Accept %q: %s", accept, r.Body)
		}
	}
	for _, accept := range []string{"", "*/*", "text/plain", "application/json;q=0", "application/*"} {
		r := do(s, request{body: supportBody, header: map[string]string{"Accept": accept}})
		name, err := url.PathUnescape(r.Header().Get("Third-User-Name"))
		if err != nil {
			t.Fatal(err)
		}
		if err := verifySupport(r.Body.String(), User{r.Header().Get("Third-User-Id"), name}); err != nil {
			t.Errorf("Accept %q: %v: %s", accept, err, r.Body)
		}
		if got := r.Header().Get("Content-Type"); got != "text/plain; charset=utf-8" {
			t.Errorf("Accept %q: Content-Type %q", accept, got)
		}
	}
}

// The channel's own settings decide how it signs.
func TestAuthorizationSettings(t *testing.T) {
	s := newTestService(t, func(o *Options) {
		o.Site.Tenants[0].Channels[0].Signature = site.Signature{Order: "hash", Length: "chars", AccessKey: "Other-key"}
	})
	r := do(s, request{body: supportBody})
	err := sign.Verify(r.text("thirdPartAuthorization"), secrets["ACME_SUPPORT"], sign.Request{
		UserName: "访客", UserID: r.text("thirdUserId"), TenantSpaceID: acmeSpace, ChannelConfigID: acmeSupport,
		AccessKey: "Other-key", Order: "hash", Length: "chars",
	}, instant, time.Minute)
	if err != nil {
		t.Error(err)
	}
}

func TestGuestNameFollowsTheLocale(t *testing.T) {
	names := map[string]string{"en": "Guest", "zh": "访客", "pt_BR": "Visitante"}
	for locale, want := range map[string]string{
		"en": "Guest", "zh": "访客", "zh_CN": "访客", "zh-TW": "访客", "pt_BR": "Visitante", "fr": "Guest", "zho": "Guest", "": "Guest",
	} {
		if got := guestName(names, locale); got != want {
			t.Errorf("%q: got %q, want %q", locale, got, want)
		}
	}
}

// The signed string has the session's user and configured ids, whatever the body says.
func TestSEC1BodyChangesNothing(t *testing.T) {
	s := newTestService(t)
	first := do(s, request{body: supportBody})
	session := first.Result().Cookies()
	id, want := first.text("thirdUserId"), first.text("thirdPartAuthorization")

	for _, body := range []string{
		names(acmeSpace, acmeSupport, "thirdUserId", id),
		names(acmeSpace, acmeSupport, "thirdUserId", id, "thirdUserName", "访客"),
		names(acmeSpace, acmeSupport, "thirdUserId", "", "thirdUserName", ""),
		names(acmeSpace, acmeSupport, "locale", "en", "mapService", "google", "timestamp", "2020-01-01T00:00:00.000Z"),
		strings.TrimSuffix(supportBody, "}") + `,"timestamp":1577836800000}`,
	} {
		r := do(s, request{body: body, cookies: session})
		r.want(t, 200, "")
		if got := r.text("thirdPartAuthorization"); got != want {
			t.Errorf("%s\nsigned %q\nwant   %q", body, got, want)
		}
	}
	for _, c := range []struct {
		body   string
		status int
		code   string
	}{
		{names(acmeSpace, acmeSupport, "thirdUserId", "victim"), 403, "user_mismatch"},
		{names(acmeSpace, acmeSupport, "thirdUserName", "Victim"), 403, "user_mismatch"},
		{names(acmeSpace, acmeSupport, "thirdUserId", id, "thirdUserName", "Victim"), 403, "user_mismatch"},
		{names(acmeSpace, acmeSupport, "thirdUserId", id+" "), 403, "user_mismatch"},
		{names(globexSpace, acmeSupport), 404, "unknown_channel"},
		{names(acmeSpace, globexHelp), 404, "unknown_channel"},
		{names(globexSpace, globexHelp), 404, "unknown_channel"}, // configured, but not at this Host
		{names("1", "2"), 404, "unknown_channel"},
		{names(acmeSpace, acmePrivate), 404, "unknown_channel"}, // token mode
		{names("acme", "web_support"), 404, "unknown_channel"},
		{names("", acmeSupport), 400, "malformed_body"},
		{`{"channelConfigId":"` + acmeSupport + `"}`, 400, "malformed_body"},
	} {
		r := do(s, request{body: c.body, cookies: session})
		r.want(t, c.status, c.code)
		if strings.Contains(r.Body.String(), "auth-v2") || r.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: a refusal carries a signature or a session", c.body)
		}
	}
}

// A first request that names a user is refused too: the page cannot choose a guest's id.
func TestSEC3PageNeverChoosesTheID(t *testing.T) {
	s := newTestService(t)
	chosen := "AAAAAAAAAAAAAAAAAAAAAA"
	do(s, request{body: names(acmeSpace, acmeSupport, "thirdUserId", chosen)}).want(t, 403, "user_mismatch")

	for _, value := range []string{
		chosen, chosen + ".", chosen + "." + strings.Repeat("A", 43), "." + chosen, "", strings.Repeat("A", 5000),
	} {
		r := do(s, request{body: supportBody, cookies: []*http.Cookie{{Name: "__Host-embedgen-guest-acme", Value: value}}})
		r.want(t, 200, "")
		if r.text("thirdUserId") == chosen || len(r.Result().Cookies()) != 1 {
			t.Errorf("cookie %.60q was believed: %s", value, r.Body)
		}
	}
}

func TestSEC3Cookie(t *testing.T) {
	s := newTestService(t)
	r := do(s, request{body: supportBody})
	cookies := r.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("got %d cookies", len(cookies))
	}
	c := cookies[0]
	if c.Name != "__Host-embedgen-guest-acme" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %s", c)
	}
	id := r.text("thirdUserId")
	if !regexp.MustCompile(`^[0-9A-Za-z]{22}$`).MatchString(id) {
		t.Errorf("guest id %q is not 22 letters and digits", id)
	}
	if r := do(s, request{body: supportBody, cookies: cookies}); r.text("thirdUserId") != id || r.Result().Cookies() != nil && len(r.Result().Cookies()) > 0 {
		t.Errorf("the guest is not known again, or gets a second cookie: %s", r.Body)
	}
	if r := do(s, request{body: names(acmeSpace, acmeLoans), cookies: cookies}); r.text("thirdUserId") != id {
		t.Error("the guest is another one on the tenant's other channel")
	}
	if r := do(newTestService(t), request{body: supportBody, cookies: cookies}); r.text("thirdUserId") != id {
		t.Error("the guest is unknown after a restart")
	}
	for i := range c.Value {
		broken := *c
		broken.Value = c.Value[:i] + flip(c.Value[i]) + c.Value[i+1:]
		if r := do(s, request{body: supportBody, cookies: []*http.Cookie{&broken}}); r.text("thirdUserId") == id || len(r.Result().Cookies()) != 1 {
			t.Fatalf("byte %d of the cookie does not matter", i)
		}
	}
}

// flip returns another character of base64url, from which no bit can be cut off unseen.
func flip(b byte) string {
	if b == 'A' {
		return "B"
	}
	return "A"
}

// Two tenants with the same secretKey and the same cookie value are still two.
func TestSEC3CookieIsOfItsTenant(t *testing.T) {
	s := newTestService(t, func(o *Options) {
		o.Site.Tenants[1].Channels[0].SecretKey = secret.Ref{Env: "ACME_SUPPORT"}
	})
	r := do(s, request{body: supportBody})
	stolen := &http.Cookie{Name: "__Host-embedgen-guest-globex", Value: r.Result().Cookies()[0].Value}
	r2 := do(s, request{host: globexHost, header: map[string]string{"Origin": globexOrigin}, body: names(globexSpace, globexHelp), cookies: []*http.Cookie{stolen}})
	r2.want(t, 200, "")
	if r2.text("thirdUserId") == r.text("thirdUserId") {
		t.Error("acme's guest is globex's")
	}
}

// On plain http, which is a laptop, a browser drops a Secure cookie and a __Host- one.
func TestSEC3CookieOnHTTP(t *testing.T) {
	s := newTestService(t, devAddresses)
	r := do(s, request{host: "acme.localhost:8400", header: map[string]string{"Origin": "http://acme.localhost:8400"}, body: supportBody})
	r.want(t, 200, "")
	c := r.Result().Cookies()[0]
	if c.Name != "embedgen-guest-acme" || c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %s", c)
	}
}

func TestSEC3IDsHave128Bits(t *testing.T) {
	for _, c := range []struct{ bits, want string }{
		{strings.Repeat("\x00", 16), "0000000000000000000000"},
		{strings.Repeat("\xff", 16), "7N42dgm5tFLK9N8MT7fHC7"},
		{strings.Repeat("\x00", 15) + "\x3e", "0000000000000000000010"},
	} {
		got, err := newID(strings.NewReader(c.bits))
		if err != nil || got != c.want {
			t.Errorf("%x: got %q, %v; want %q", c.bits, got, err, c.want)
		}
	}
	if _, err := newID(strings.NewReader("fifteen bytes..")); err == nil {
		t.Error("15 bytes were enough")
	}
	s := newTestService(t, func(o *Options) { o.Rand = iotest.ErrReader(errors.New("no entropy")) })
	do(s, request{body: supportBody}).want(t, 500, "internal")
}

// The timestamp is UTC to the millisecond, whatever zone the clock is in.
func TestSEC9Timestamp(t *testing.T) {
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("+14", 14*3600), time.FixedZone("-3:30", -12600)} {
		s := newTestService(t, func(o *Options) { o.Now = func() time.Time { return instant.In(zone) } })
		r := do(s, request{body: supportBody})
		prefix := "auth-v2/" + acmeSupport + "/2026-01-02T03:04:05.678Z/content-length;content-type/"
		if got := r.text("thirdPartAuthorization"); !strings.HasPrefix(got, prefix) {
			t.Errorf("%v: got %q", zone, got)
		}
	}
}

// A channel whose secret is missing is unavailable; the others are not.
func TestMissingSecret(t *testing.T) {
	s := newTestService(t, func(o *Options) {
		o.Site.Tenants[0].Channels[0].SecretKey = secret.Ref{Env: "NOT_SET"}
		o.Site.Tenants[0].Token.Keys[1].Secret = secret.Ref{File: "no/such"}
	})
	do(s, request{body: supportBody}).want(t, 503, "channel_unavailable")
	do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)}).want(t, 503, "channel_unavailable")
	do(s, request{body: names(acmeSpace, acmeLoans)}).want(t, 200, "")

	var got []string
	for _, p := range s.Problems() {
		got = append(got, p.Error())
		if !errors.Is(p, secret.ErrMissing) {
			t.Errorf("%v does not wrap the cause", p)
		}
	}
	want := "acme/web_support: env NOT_SET: environment variable is not set\n" +
		`acme: token key "b": file no/such: environment variable is not set`
	if strings.Join(got, "\n") != want {
		t.Errorf("problems\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

// What sign refuses is found at the start, not by the first visitor.
func TestUnusableSecret(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"secret off its pattern": func(o *Options) {
			o.Secrets = func(secret.Ref) (secret.Value, error) { return secret.New("not;alphanumeric but long enough"), nil }
		},
		"guest name off its pattern": func(o *Options) { o.Site.Service.GuestName["zh"] = "a\nb" },
		"unknown order":              func(o *Options) { o.Site.Tenants[0].Channels[0].Signature.Order = "random" },
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestService(t, change)
			if len(s.Problems()) == 0 || s.Problems()[0].Channel != "web_support" || strings.Contains(s.Problems()[0].Error(), "alphanumeric") {
				t.Errorf("problems %v", s.Problems())
			}
			do(s, request{body: supportBody}).want(t, 503, "channel_unavailable")
		})
	}
}

// A signed field off its pattern is found before anything is signed.
func TestSEC2SignedFields(t *testing.T) {
	fields := map[string]func(*site.Tenant, string){
		"name":      func(a *site.Tenant, s string) {}, // below
		"tenant":    func(a *site.Tenant, s string) { a.TenantSpaceID += s },
		"channel":   func(a *site.Tenant, s string) { a.Channels[0].ChannelConfigID += s },
		"accessKey": func(a *site.Tenant, s string) { a.Channels[0].Signature.AccessKey += s },
	}
	for field, change := range fields {
		for _, bad := range []string{"/", ";", "\r", "\n", "\x00", "\u2028", "\u2029", "\xff"} {
			if field == "name" && (bad == "/" || bad == ";") {
				continue // legal there: a name is percent-encoded before it is joined (package sign)
			}
			s := newTestService(t, func(o *Options) {
				change(o.Site.Tenants[0], bad)
				if field == "name" {
					o.Site.Service.GuestName["zh"] += bad
				}
			})
			a := s.opt.Site.Tenants[0]
			body, err := json.Marshal(map[string]string{"tenantSpaceId": a.TenantSpaceID, "channelConfigId": a.Channels[0].ChannelConfigID})
			if err != nil {
				t.Fatal(err)
			}
			r := do(s, request{body: string(body)})
			if r.Code < 400 || strings.Contains(r.Body.String(), "auth-v2") || len(s.Problems()) == 0 {
				t.Errorf("%s with %q: %d %s", field, bad, r.Code, r.Body)
			}
		}
	}
}

// Two channels may share CEC's ids and differ in language.
func TestSharedChannelConfiguration(t *testing.T) {
	s := newTestService(t, func(o *Options) {
		a := o.Site.Tenants[0]
		a.Channels[1].ChannelConfigID = acmeSupport
	})
	for body, want := range map[string]string{
		supportBody: "访客",
		names(acmeSpace, acmeSupport, "locale", "zh"): "访客",
		names(acmeSpace, acmeSupport, "locale", "en"): "Guest",
		names(acmeSpace, acmeSupport, "locale", "fr"): "访客",
	} {
		if r := do(s, request{body: body}); r.text("thirdUserName") != want {
			t.Errorf("%s: got %s", body, r.Body)
		}
	}
}

func TestObserverSeesMaskedStages(t *testing.T) {
	var events []Event
	var log bytes.Buffer
	s := newTestService(t, logTo(&log), func(o *Options) { o.Observe = func(e Event) { events = append(events, e) } })
	r := do(s, request{body: supportBody})
	do(s, request{body: names(acmeSpace, acmeSupport, "thirdUserId", "victim")})
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	e := events[0]
	if e.Endpoint != "authorization" || e.Tenant != "acme" || e.Channel != "web_support" || e.Status != 200 || e.UserID != r.text("thirdUserId") || len(e.Stages) != 10 {
		t.Errorf("event %+v", e)
	}
	full := r.text("thirdPartAuthorization")
	signature := full[strings.LastIndexByte(full, '/')+1:]
	for _, st := range e.Stages {
		if strings.Contains(st.Value, signature) || st.Name == "signingKey" && st.Value != "[redacted]" {
			t.Errorf("stage %s shows %q", st.Name, st.Value)
		}
	}
	if e := events[1]; e.Status != 403 || e.Code != "user_mismatch" || e.Stages != nil || e.UserID != "" {
		t.Errorf("event %+v", e)
	}
}
