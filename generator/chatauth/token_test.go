package chatauth

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// decode returns a token's header and claims, without checking them.
func decode(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	for i, v := range []any{&header, &claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err == nil {
			err = json.Unmarshal(text, v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

func TestSEC10Token(t *testing.T) {
	s := newTestService(t)
	r := do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)})
	r.want(t, 200, "")
	expires := instant.Truncate(time.Second).Add(5 * time.Minute)
	if r.text("thirdUserId") != alice.ID || r.text("thirdUserName") != alice.Name || r.json["expiresAt"] != float64(expires.UnixMilli()) || len(r.json) != 4 {
		t.Errorf("answer %s", r.Body)
	}
	header, claims := decode(t, r.text("thirdUserToken"))
	if len(header) != 3 || header["alg"] != "HS256" || header["typ"] != "embedgen-chat+jwt" || header["kid"] != "a" {
		t.Errorf("header %v", header)
	}
	jti, _ := claims["jti"].(string)
	got := fmt.Sprint(claims["iss"], claims["aud"], claims["sub"], claims["name"], claims["exp"].(float64)-claims["iat"].(float64), len(jti), len(claims))
	if want := fmt.Sprint(acmeOrigin, []any{acmeSpace}, alice.ID, alice.Name, 300.0, 22, 8); got != want {
		t.Errorf("claims %s, want %s", got, want)
	}
	if _, again := decode(t, aliceToken(t, s)); again["jti"] == jti {
		t.Error("two tokens with one jti")
	}
}

func TestSEC11NoSession(t *testing.T) {
	for name, c := range map[string]struct {
		identity IdentityProvider
		status   int
		code     string
	}{
		"no provider":     {nil, 401, "no_session"},
		"nobody":          {&identity{err: ErrNoSession}, 401, "no_session"},
		"provider fails":  {&identity{user: alice, err: errors.New("directory is down")}, 403, "bad_identity"},
		"no id":           {&identity{user: User{"", "Alice"}}, 403, "bad_identity"},
		"no name":         {&identity{user: User{"alice", ""}}, 403, "bad_identity"},
		"33 characters":   {&identity{user: User{strings.Repeat("a", 33), "A"}}, 403, "bad_identity"},
		"separator in id": {&identity{user: User{"a/b", "A"}}, 403, "bad_identity"},
		"line feed":       {&identity{user: User{"alice", "A\nB"}}, 403, "bad_identity"},
		"U+2028":          {&identity{user: User{"alice", "A\u2028B"}}, 403, "bad_identity"},
		"invalid UTF-8":   {&identity{user: User{"alice", "A\xff"}}, 403, "bad_identity"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestService(t, func(o *Options) { o.Identity = c.identity })
			r := do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)})
			r.want(t, c.status, c.code)
			if strings.Contains(r.Body.String(), "thirdUser") {
				t.Errorf("answer %s", r.Body)
			}
		})
	}
	s := newTestService(t)
	for _, more := range [][]string{{"thirdUserId", "bob"}, {"thirdUserName", "Bob"}} {
		do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate, more...)}).want(t, 403, "user_mismatch")
	}
	do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate, "thirdUserId", alice.ID, "thirdUserName", alice.Name)}).want(t, 200, "")
	do(s, request{path: tokenPath, body: supportBody}).want(t, 404, "unknown_channel") // authorization mode
}

// A customer whose id is longer than CEC documents gets a token; the log says so once per tenant,
// without the id.
func TestLongUserID(t *testing.T) {
	for characters, warnings := range map[int]int{24: 0, 25: 1, 32: 1} {
		var log bytes.Buffer
		id := strings.Repeat("客", characters)
		s := newTestService(t, logTo(&log), func(o *Options) { o.Identity = &identity{user: User{id, "A"}} })
		for range 3 {
			do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)}).want(t, 200, "")
		}
		if got := strings.Count(log.String(), `"msg":"long user id","tenant":"acme","characters":`); got != warnings || strings.Contains(log.String(), "客") {
			t.Errorf("%d characters: %d warnings, want %d:\n%s", characters, got, warnings, log.String())
		}
	}
}

// A hostile name stays data.
func TestHostileNameStaysData(t *testing.T) {
	for _, name := range []string{`"};alert(1)//`, `</script>`, `{{.}}`, `$host;}`, `a\u0000"`} {
		u := User{"mallory", name}
		s := newTestService(t, func(o *Options) { o.Identity = &identity{user: u} })
		r := do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)})
		r.want(t, 200, "")
		if r.text("thirdUserName") != name || strings.Contains(r.Body.String(), "</script") {
			t.Errorf("%s: %s", name, r.Body)
		}
		do(s, request{path: validatePath, body: validationBody(r.text("thirdUserToken"), u.ID, name, acmeSpace)}).wantRetCode(t, 200, retGenuine)
	}
}

func TestHeaderIdentity(t *testing.T) {
	provider, err := HeaderIdentity(site.HeaderIdentity{ID: "X-Remote-User", Name: "X-Remote-Name", From: []string{"127.0.0.1/32", "10.0.0.0/8"}})
	if err != nil {
		t.Fatal(err)
	}
	header := func(pairs ...string) map[string][]string {
		h := make(map[string][]string)
		for i := 0; i < len(pairs); i += 2 {
			h[pairs[i]] = append(h[pairs[i]], pairs[i+1])
		}
		return h
	}
	full := header("X-Remote-User", "alice", "X-Remote-Name", "Ålice")
	for _, c := range []struct {
		name   string
		peer   string
		header map[string][]string
		want   User
		err    string // "" is none
	}{
		{"trusted", "127.0.0.1:1", full, User{"alice", "Ålice"}, ""},
		{"trusted network", "10.9.8.7:1", full, User{"alice", "Ålice"}, ""},
		{"trusted, mapped", "[::ffff:10.9.8.7]:1", full, User{"alice", "Ålice"}, ""},
		{"no name", "127.0.0.1:1", header("X-Remote-User", "alice"), User{"alice", "alice"}, ""},
		{"stranger", "192.0.2.1:1", full, User{}, "no session"},
		{"stranger who claims an address", "192.0.2.1:1", header("X-Remote-User", "alice", "X-Forwarded-For", "127.0.0.1"), User{}, "no session"},
		{"nobody", "127.0.0.1:1", header("X-Remote-Name", "Alice"), User{}, "no session"},
		{"empty", "127.0.0.1:1", header("X-Remote-User", ""), User{}, "no session"},
		{"two ids", "127.0.0.1:1", header("X-Remote-User", "mallory", "X-Remote-User", "alice"), User{}, "header X-Remote-User came 2 times"},
		{"two names", "127.0.0.1:1", header("X-Remote-User", "alice", "X-Remote-Name", "A", "X-Remote-Name", "B"), User{}, "header X-Remote-Name came 2 times"},
		{"socket", "@", full, User{}, "no session"},
	} {
		q := request{peer: c.peer}.http()
		for name, values := range c.header {
			q.Header[name] = values
		}
		got, err := provider.Identify(q, nil)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && err.Error() != c.err {
			t.Errorf("%s: got %v, %v", c.name, got, err)
		}
	}

	nobody, err := HeaderIdentity(site.HeaderIdentity{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nobody.Identify(request{peer: "127.0.0.1:1"}.http(), nil); !errors.Is(err, ErrNoSession) {
		t.Errorf("the zero value trusts somebody: %v", err)
	}
	if _, err := HeaderIdentity(site.HeaderIdentity{From: []string{"localhost"}}); err == nil {
		t.Error("a name is no network")
	}
}

func TestSEC14OldKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := time.Now().Add(time.Hour)
		s := newTestService(t, func(o *Options) {
			o.Now = time.Now
			o.Site.Tenants[0].Token.Keys[0].Until = end
		})
		kid := func(token string) any { header, _ := decode(t, token); return header["kid"] }
		if got := kid(aliceToken(t, s)); got != "a" {
			t.Errorf("before the end: kid %v", got)
		}
		time.Sleep(time.Hour - time.Minute)
		late := aliceToken(t, s)
		_, claims := decode(t, late)
		if kid(late) != "a" || claims["exp"] != float64(end.Unix()) {
			t.Errorf("a token outlives its key: %v", claims)
		}
		time.Sleep(time.Minute - time.Nanosecond)
		validateAlice(s, late).wantRetCode(t, 200, retGenuine)
		time.Sleep(time.Nanosecond)
		validateAlice(s, late).wantRetCode(t, 200, retRefused)
		if got := kid(aliceToken(t, s)); got != "b" {
			t.Errorf("after the end: kid %v", got)
		}
	})
}

func TestTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestService(t, func(o *Options) { o.Now = time.Now })
		token := aliceToken(t, s)
		time.Sleep(5*time.Minute - time.Nanosecond)
		validateAlice(s, token).wantRetCode(t, 200, retGenuine)
		time.Sleep(time.Nanosecond)
		validateAlice(s, token).wantRetCode(t, 200, retRefused)
	})
}

func TestMint(t *testing.T) {
	acme := testSite().Tenants[0]
	token, err := Mint(acme, resolve, alice, instant, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	validateAlice(newTestService(t), token.Text).wantRetCode(t, 200, retGenuine)
	if want := instant.Truncate(time.Second).Add(5 * time.Minute); !token.Expires.Equal(want) {
		t.Errorf("expires %v, want %v", token.Expires, want)
	}
	ended := testSite().Tenants[0]
	for i := range ended.Token.Keys {
		ended.Token.Keys[i].Until = instant
	}
	short := func(secret.Ref) (secret.Value, error) { return secret.New(strings.Repeat("k", 31)), nil }
	for want, mint := range map[string]func() (Token, error){
		"no token key is configured":       func() (Token, error) { return Mint(testSite().Tenants[1], resolve, alice, instant, rand.Reader) },
		"holds 31 bytes, want at least 32": func() (Token, error) { return Mint(acme, short, alice, instant, rand.Reader) },
		`of tenant "acme" has ended`:       func() (Token, error) { return Mint(ended, resolve, alice, instant, rand.Reader) },
		"the user id is not":               func() (Token, error) { return Mint(acme, resolve, User{"a b", "A"}, instant, rand.Reader) },
		"the user name is not":             func() (Token, error) { return Mint(acme, resolve, User{"a", ""}, instant, rand.Reader) },
		"read randomness":                  func() (Token, error) { return Mint(acme, resolve, alice, instant, strings.NewReader("")) },
	} {
		if token, err := mint(); err == nil || !strings.Contains(err.Error(), want) || token.Text != "" {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// A tenant whose company issues its own tokens has no endpoint for them here.
func TestNoTokenKeys(t *testing.T) {
	s := newTestService(t, func(o *Options) { o.Site.Tenants[0].Token.Keys = nil })
	if len(s.Problems()) != 0 {
		t.Errorf("problems %v", s.Problems())
	}
	do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)}).want(t, 503, "channel_unavailable")
	validateAlice(s, "x").wantRetCode(t, 200, retRefused)
}

// FuzzSEC2User: a user that gets a token is free of what separates or hides, and comes out of the
// token as it went in.
func FuzzSEC2User(f *testing.F) {
	for _, s := range []string{"alice", "a/b", "a;b", "a\r", "a\n", "a\x00", "a\u2028", "a\u2029", "\xff", "", "张三", `"};alert(1)//`, strings.Repeat("x", 300)} {
		f.Add(s, s)
	}
	i, err := newIssuer(testSite().Tenants[0], resolve)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, id, name string) {
		u := User{id, name}
		token, err := i.mint(u, instant, rand.Reader)
		if err != nil {
			return
		}
		if strings.ContainsAny(id, "/;\r\n\x00\u2028\u2029 ") || strings.ContainsAny(name, "\r\n\x00\u2028\u2029") || !utf8.ValidString(id+name) {
			t.Fatalf("%q was accepted", u)
		}
		if _, err := i.verify(token.Text, u, instant); err != nil {
			t.Fatalf("%q: %v", u, err)
		}
	})
}
