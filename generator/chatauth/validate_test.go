package chatauth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestValidation(t *testing.T) {
	s := newTestService(t)
	token := aliceToken(t, s)
	for _, body := range []string{
		validationBody(token, alice.ID, alice.Name, acmeSpace),
		strings.Replace(validationBody(token, alice.ID, alice.Name, acmeSpace), "Token", "token", 1),
		strings.Replace(validationBody(token, alice.ID, alice.Name, acmeSpace), "Token", "TOKEN", 1),
		// Members beyond the contract's are a newer CEC's business.
		strings.Replace(validationBody(token, alice.ID, alice.Name, acmeSpace), "{", `{"more":{"nested":[1,null]},`, 1),
	} {
		for _, kind := range []string{"application/json", "", "text/plain", "application/x-www-form-urlencoded; charset=UTF-8", "what/ever"} {
			fresh := strings.Replace(body, token, aliceToken(t, s), 1)
			r := do(s, request{path: validatePath, body: fresh, header: map[string]string{"Content-Type": kind}, peer: "198.51.100.1:1"})
			r.wantRetCode(t, 200, retGenuine)
			if len(r.json) != 2 || r.Header().Get("Vary") != "" {
				t.Errorf("%s %v", r.Body, r.Header())
			}
			s = newTestService(t)
		}
	}
}

func TestValidationMalformed(t *testing.T) {
	s := newTestService(t)
	whole := validationBody("t", "u", "n", acmeSpace)
	for _, body := range []string{
		"", "{}", "[]", "null", whole + "x", whole[:len(whole)-1],
		strings.Replace(whole, `"t"`, "1", 1), strings.Replace(whole, `"t"`, "null", 1), strings.Replace(whole, `"t"`, `""`, 1),
		strings.Replace(whole, "userId", "uſerId", 1), strings.Replace(whole, "userId", "USERID", 1), strings.Replace(whole, "Token", "Toĸen", 1),
		strings.Replace(whole, "Token", "To\u212aen", 1), // Kelvin sign
		strings.Replace(whole, "{", `{"token":"t",`, 1),  // Token twice, in two cases
		strings.Replace(whole, "{", `{"userId":"u",`, 1),
		strings.Replace(whole, `,"userName":"n"`, "", 1), strings.Replace(whole, `"Token":"t",`, "", 1),
		"Token=t&userName=n&userId=u&tenantSpaceId=1",
	} {
		do(s, request{path: validatePath, body: body}).wantRetCode(t, 400, retMalformed)
	}
	do(s, request{path: validatePath, body: strings.Repeat(" ", 9000)}).wantRetCode(t, 413, retMalformed)
}

// forge signs claims with a key of acme's, after changing them.
func forge(t *testing.T, method jwt.SigningMethod, key any, change func(*jwt.Token, *claims)) string {
	t.Helper()
	s := newTestService(t)
	i := s.hosts[acmeHost].routes[validatePath].members[0].issuer
	c := i.claims(alice, "0123456789012345678901", instant, instant.Add(time.Minute))
	token := jwt.NewWithClaims(method, &c)
	token.Header["typ"], token.Header["kid"] = tokenType, "a"
	change(token, &c)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Every reason looks the same to who asks, and in the log.
func TestSEC12Refusals(t *testing.T) {
	keyA, keyB := []byte(secrets["ACME_TOKEN_A"]), []byte(secrets["ACME_TOKEN_B"])
	hs256 := func(key []byte, change func(*jwt.Token, *claims)) string {
		return forge(t, jwt.SigningMethodHS256, key, change)
	}
	header := func(name string, value any) string {
		return hs256(keyA, func(j *jwt.Token, _ *claims) { j.Header[name] = value })
	}
	claim := func(change func(*claims)) string {
		return hs256(keyA, func(_ *jwt.Token, c *claims) { change(c) })
	}
	at := func(d time.Duration) *jwt.NumericDate { return jwt.NewNumericDate(instant.Add(d)) }
	good := claim(func(*claims) {})
	body := func(token string) string { return validationBody(token, alice.ID, alice.Name, acmeSpace) }
	parts := strings.Split(good, ".")

	bodies := []struct{ reason, body string }{
		{errForged.Error(), body(forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, func(*jwt.Token, *claims) {}))},
		{errForged.Error(), body(forge(t, jwt.SigningMethodHS384, keyA, func(*jwt.Token, *claims) {}))},
		{errForged.Error(), body(hs256(keyB, func(*jwt.Token, *claims) {}))},
		{errForged.Error(), body(parts[0] + "." + parts[1] + ".")},
		{errForged.Error(), body(parts[0] + "." + strings.Split(claim(func(c *claims) { c.ID += "0" }), ".")[1] + "." + parts[2])},
		{errMalformedToken.Error(), body("none")},
		{errMalformedToken.Error(), body("a.b.c.d")},
		{errMalformedToken.Error(), body(good + "=")},
		{errMalformedToken.Error(), body(strings.Repeat("x", 4000))},
		{errMalformedToken.Error(), body(claim(func(c *claims) { c.ID = "" }))},
		{errKey.Error(), body(header("kid", "c"))},
		{errKey.Error(), body(header("kid", nil))},
		{errKey.Error(), body(header("kid", 1))},
		{errKey.Error(), body(header("kid", []string{"a"}))},
		{errType.Error(), body(header("typ", "JWT"))},
		{errType.Error(), body(header("typ", nil))},
		{errAudience.Error(), body(claim(func(c *claims) { c.Audience = jwt.ClaimStrings{globexSpace} }))},
		{errMalformedToken.Error(), body(claim(func(c *claims) { c.Audience = nil }))},
		{errIssuer.Error(), body(claim(func(c *claims) { c.Issuer = globexOrigin }))},
		{errMalformedToken.Error(), body(claim(func(c *claims) { c.Issuer = "" }))},
		{errMalformedToken.Error(), body(claim(func(c *claims) { c.ExpiresAt = nil }))},
		{errMalformedToken.Error(), body(claim(func(c *claims) { c.NotBefore = nil }))},
		{errExpired.Error(), body(claim(func(c *claims) { c.ExpiresAt = at(-time.Second) }))},
		{errEarly.Error(), body(claim(func(c *claims) { c.NotBefore = at(time.Second) }))},
		{errSubject.Error(), body(claim(func(c *claims) { c.Subject = "bob" }))},
		{errSubject.Error(), validationBody(good, "bob", alice.Name, acmeSpace)},
		{errName.Error(), validationBody(good, alice.ID, "Bob", acmeSpace)},
		{errTenant.Error(), validationBody(good, alice.ID, alice.Name, globexSpace)},
		{errTenant.Error(), validationBody(good, alice.ID, alice.Name, "1")},
	}
	type outcome struct{ body, header, log string }
	var first outcome
	for i, c := range bodies {
		var log strings.Builder
		var events []Event
		s := newTestService(t, logTo(&log), func(o *Options) { o.Observe = func(e Event) { events = append(events, e) } })
		r := do(s, request{path: validatePath, body: c.body})
		r.wantRetCode(t, 200, retRefused)
		got := outcome{r.Body.String(), fmt.Sprint(r.Header()), log.String()}
		if i == 0 {
			first = got
		}
		if got != first {
			t.Errorf("case %d differs\n%+v\n%+v", i, got, first)
		}
		if len(events) != 1 || events[0].Reason != c.reason || events[0].Code != "refused" {
			t.Errorf("case %d: want the reason %q\n%+v", i, c.reason, events)
		}
	}
	do(newTestService(t), request{path: validatePath, body: body(good)}).wantRetCode(t, 200, retGenuine)
}

func TestSEC13UsesAreBounded(t *testing.T) {
	store := newMemoryReplay(10, func() time.Time { return instant })
	replica := func() *Service { return newTestService(t, func(o *Options) { o.Replay = store }) }
	a, b := replica(), replica()
	token := aliceToken(t, a)
	// A refusal is no use.
	do(a, request{path: validatePath, body: validationBody(token, "bob", alice.Name, acmeSpace)}).wantRetCode(t, 200, retRefused)
	for n := range 8 {
		validateAlice([]*Service{a, b}[n%2], token).wantRetCode(t, 200, retGenuine)
	}
	validateAlice(a, token).wantRetCode(t, 200, retRefused)
	validateAlice(b, token).wantRetCode(t, 200, retRefused)
	validateAlice(b, aliceToken(t, b)).wantRetCode(t, 200, retGenuine)
}

func TestSEC13MemoryIsBounded(t *testing.T) {
	now := instant
	m := newMemoryReplay(3, func() time.Time { return now })
	use := func(id string) error {
		_, err := m.Use(context.Background(), id, now.Add(time.Minute))
		return err
	}
	for _, id := range []string{"a", "b", "c", "a"} {
		if err := use(id); err != nil {
			t.Fatal(err)
		}
	}
	if err := use("d"); !errors.Is(err, errStoreFull) {
		t.Errorf("got %v: a live token was forgotten", err)
	}
	now = now.Add(time.Minute)
	if err := use("d"); err != nil || len(m.uses) != 1 {
		t.Errorf("%v, %d entries: the dead are kept", err, len(m.uses))
	}
}

type brokenStore struct{}

func (brokenStore) Use(context.Context, string, time.Time) (int, error) {
	return 0, errors.New("connection refused")
}

func TestSEC14StoreOutageFailsClosed(t *testing.T) {
	var events []Event
	s := newTestService(t, func(o *Options) {
		o.Replay = brokenStore{}
		o.Observe = func(e Event) { events = append(events, e) }
	})
	validateAlice(s, aliceToken(t, s)).wantRetCode(t, 500, retFault)
	if e := events[len(events)-1]; e.Status != 500 || e.Code != "internal" {
		t.Errorf("event %+v", e)
	}
}
