package chatauth

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"embedgen/generator/secret"
	"embedgen/generator/site"
)

const (
	acmeOrigin   = "https://www.acme.example"
	acmeHost     = "www.acme.example"
	globexOrigin = "https://shop.globex.example"
	globexHost   = "shop.globex.example"

	signPath     = "/webchat/authorizationService"
	tokenPath    = "/webchat/token"
	validatePath = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"

	acmeSpace   = "202007159031"
	acmeSupport = "202102193196869708" // authorization, zh
	acmeLoans   = "202102193196869710" // authorization, en
	acmePrivate = "202102193196869709" // token
	globexSpace = "202008200044"
	globexHelp  = "202103010000000001" // authorization, en
)

// secrets are what the references of testSite name.
var secrets = map[string]string{
	"ACME_SUPPORT": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
	"ACME_LOANS":   "HIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmn",
	"GLOBEX_HELP":  "GlobexHelpGlobexHelpGlobexHelp0123456789abc",
	"ACME_TOKEN_A": "0123456789abcdef0123456789abcdef",
	"ACME_TOKEN_B": "fedcba9876543210fedcba9876543210",
}

func resolve(r secret.Ref) (secret.Value, error) {
	s, ok := secrets[r.Env]
	if !ok {
		return secret.Value{}, &secret.Error{Ref: r, Problem: "environment variable is not set", Err: secret.ErrMissing}
	}
	return secret.New(s), nil
}

// instant is the time of tests that do not care.
var instant = time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC)

func testSite() *site.Site {
	acme := testTenant("acme", acmeSpace, acmeOrigin,
		testChannel("web_support", acmeSupport, "zh", "ACME_SUPPORT"),
		testChannel("web_loans", acmeLoans, "en", "ACME_LOANS"),
		&site.Channel{ID: "web_private", ChannelConfigID: acmePrivate, Mode: site.TokenMode, Locale: "en"})
	acme.Token.Keys = []site.TokenKey{
		{ID: "a", Secret: secret.Ref{Env: "ACME_TOKEN_A"}},
		{ID: "b", Secret: secret.Ref{Env: "ACME_TOKEN_B"}},
	}
	globex := testTenant("globex", globexSpace, globexOrigin, testChannel("shop_help", globexHelp, "en", "GLOBEX_HELP"))
	return &site.Site{
		Tenants: []*site.Tenant{acme, globex},
		Service: site.Service{GuestName: map[string]string{"en": "Guest", "zh": "访客"}},
	}
}

func testTenant(id, space, origin string, channels ...*site.Channel) *site.Tenant {
	t := &site.Tenant{
		ID: id, TenantSpaceID: space, Origin: origin, Channels: channels,
		Endpoints: site.Endpoints{Authorization: signPath, Token: tokenPath, Validation: validatePath},
		Token:     site.Token{Lifetime: 5 * time.Minute},
	}
	for _, ch := range channels {
		ch.Tenant = t
	}
	return t
}

func testChannel(id, configID, locale, env string) *site.Channel {
	return &site.Channel{
		ID: id, ChannelConfigID: configID, Mode: site.Authorization, Locale: locale, SecretKey: secret.Ref{Env: env},
		Signature: site.Signature{Order: "doc", Length: "bytes", AccessKey: configID},
	}
}

// identity is a provider whose customer is whom the test says.
type identity struct {
	user User
	err  error
}

func (i *identity) Identify(*http.Request, *site.Tenant) (User, error) { return i.user, i.err }

var alice = User{ID: "alice-7", Name: "Alice Ångström"}

func testOptions(change ...func(*Options)) Options {
	s := testSite()
	o := Options{
		Site:           s,
		Addresses:      Addresses(s),
		Secrets:        resolve,
		Identity:       &identity{user: alice},
		Now:            func() time.Time { return instant },
		Rand:           rand.Reader,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	}
	for _, f := range change {
		f(&o)
	}
	return o
}

func newTestService(tb testing.TB, change ...func(*Options)) *Service {
	tb.Helper()
	s, err := New(testOptions(change...))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// request describes an HTTP request; the zero fields are those of a proper one from acme's page.
type request struct {
	method, host, path string
	body               string
	header             map[string]string // "" removes
	peer               string
	cookies            []*http.Cookie
}

func (q request) http() *http.Request {
	r := httptest.NewRequest(or(q.method, "POST"), "/", strings.NewReader(q.body))
	r.URL.Path = or(q.path, signPath)
	r.Host = or(q.host, acmeHost)
	r.RemoteAddr = or(q.peer, "192.0.2.1:4711")
	r.Header.Set("Content-Type", "application/json")
	if r.URL.Path != validatePath {
		r.Header.Set("Origin", acmeOrigin)
		r.Header.Set("Accept", "application/json")
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	for _, c := range q.cookies {
		r.AddCookie(c)
	}
	return r
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// reply is an answer, with its JSON body taken apart.
type reply struct {
	*httptest.ResponseRecorder
	json map[string]any
}

func (r reply) text(name string) string { s, _ := r.json[name].(string); return s }

func do(s http.Handler, q request) reply { return serve(s, q.http()) }

func serve(s http.Handler, q *http.Request) reply {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, q)
	r := reply{ResponseRecorder: w}
	json.Unmarshal(w.Body.Bytes(), &r.json)
	return r
}

// want fails the test unless the reply has the status and the code; "" is no code.
func (r reply) want(tb testing.TB, status int, code string) {
	tb.Helper()
	if r.Code != status || r.text("code") != code {
		tb.Fatalf("got %d %q, want %d %q\n%s", r.Code, r.text("code"), status, code, r.Body)
	}
}

// names is a body that names a channel, with further members.
func names(space, channel string, more ...string) string {
	b := fmt.Sprintf(`{"tenantSpaceId":%q,"channelConfigId":%q`, space, channel)
	for i := 0; i < len(more); i += 2 {
		b += fmt.Sprintf(`,%q:%q`, more[i], more[i+1])
	}
	return b + "}"
}

var supportBody = names(acmeSpace, acmeSupport)

// validationBody is what CEC sends.
func validationBody(token, id, name, space string) string {
	b, _ := json.Marshal(map[string]string{"Token": token, "userId": id, "userName": name, "tenantSpaceId": space})
	return string(b)
}

func validateAlice(s http.Handler, token string) reply {
	return do(s, request{path: validatePath, body: validationBody(token, alice.ID, alice.Name, acmeSpace)})
}

// aliceToken asks the token endpoint.
func aliceToken(tb testing.TB, s http.Handler) string {
	tb.Helper()
	r := do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)})
	r.want(tb, 200, "")
	return r.text("thirdUserToken")
}

func (r reply) wantRetCode(tb testing.TB, status, code int) {
	tb.Helper()
	n, isNumber := r.json["retCode"].(float64)
	if r.Code != status || !isNumber || n != float64(code) || r.text("message") == "" {
		tb.Fatalf("got %d %s, want %d with retCode %d", r.Code, r.Body, status, code)
	}
}

// logTo makes the service log every level into b.
func logTo(b io.Writer) func(*Options) {
	return func(o *Options) {
		o.Log = slog.New(slog.NewJSONHandler(b, &slog.HandlerOptions{
			Level: slog.Level(-100),
			ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			},
		}))
	}
}
