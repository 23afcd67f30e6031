package chatauth

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSEC6Body(t *testing.T) {
	s := newTestService(t)
	with := func(members string) string { return strings.TrimSuffix(supportBody, "}") + "," + members + "}" }
	for _, c := range []struct {
		body   string
		status int
		code   string
	}{
		{supportBody, 200, ""},
		{" \t\r\n" + supportBody + "\n", 200, ""},
		{with(`"timestamp":1577836800000`), 200, ""},
		{with(`"timestamp":"x"`), 200, ""},
		{`{"\u0074enantSpaceId":"` + acmeSpace + `","channelConfigId":"` + acmeSupport + `"}`, 200, ""}, // the same key, escaped

		{with(`"tenantSpaceId":"` + acmeSpace + `"`), 400, "malformed_body"},      // twice
		{with(`"\u0074enantSpaceId":"` + acmeSpace + `"`), 400, "malformed_body"}, // twice, once escaped
		{with(`"TenantSpaceId":"1"`), 400, "malformed_body"},
		{with(`"thirdUſerId":"x"`), 400, "malformed_body"},
		{with(`"thirduserid":"x"`), 400, "malformed_body"},
		{with(`"userId":"x"`), 400, "malformed_body"},
		{with(`"admin":"x"`), 400, "malformed_body"},
		{with(`"":"x"`), 400, "malformed_body"},
		{with(`"__proto__":"x"`), 400, "malformed_body"},
		{with(`"thirdPartAuthorization":"x"`), 400, "malformed_body"},
		{with(`"thirdUserToken":"x"`), 400, "malformed_body"},

		{supportBody + "{}", 400, "malformed_body"},
		{supportBody + "x", 400, "malformed_body"},
		{supportBody + "\x00", 400, "malformed_body"},
		{supportBody[:len(supportBody)-1], 400, "malformed_body"},
		{"\ufeff" + supportBody, 400, "malformed_body"},
		{"", 400, "malformed_body"},
		{"null", 400, "malformed_body"},
		{"[]", 400, "malformed_body"},
		{`"x"`, 400, "malformed_body"},
		{"[" + supportBody + "]", 400, "malformed_body"},
		{"{}", 400, "malformed_body"},
		{"tenantSpaceId=1&channelConfigId=2", 400, "malformed_body"},
		{strings.Repeat("[", 4000), 400, "malformed_body"},

		{with(`"locale":null`), 400, "malformed_body"},
		{with(`"locale":1`), 400, "malformed_body"},
		{with(`"locale":true`), 400, "malformed_body"},
		{with(`"locale":["en"]`), 400, "malformed_body"},
		{with(`"locale":{"en":1}`), 400, "malformed_body"},
		{with(`"timestamp":true`), 400, "malformed_body"},
		{`{"tenantSpaceId":202007159031,"channelConfigId":"` + acmeSupport + `"}`, 400, "malformed_body"},
		{with("\"locale\":\"\xff\""), 400, "malformed_body"},
		{with(`"locale":"\ud800"`), 400, "malformed_body"},
		{with("\"loca\xffle\":\"en\""), 400, "malformed_body"},

		{with(`"locale":"` + strings.Repeat("x", maxBody-len(supportBody)-12) + `"`), 200, ""}, // 8 KiB
		{with(`"locale":"` + strings.Repeat("x", maxBody-len(supportBody)-11) + `"`), 413, "body_too_large"},
		{strings.Repeat(" ", 1<<20), 413, "body_too_large"},
	} {
		r := do(s, request{body: c.body})
		if r.Code != c.status || r.text("code") != c.code {
			t.Errorf("%.200q\ngot %d %s", c.body, r.Code, r.Body)
		}
	}
}

func TestSEC6ContentType(t *testing.T) {
	s := newTestService(t)
	for kind, ok := range map[string]bool{
		"application/json":                                 true,
		"application/json; charset=utf-8":                  true,
		"Application/JSON;charset=UTF-8":                   true,
		"application/x-www-form-urlencoded":                true,
		"application/x-www-form-urlencoded; charset=UTF-8": true, // jQuery's default
		"": false, "text/plain": false, "text/json": false, "application/xml": false, "multipart/form-data; boundary=x": false,
		"application/json; charset=utf-16": false, "application/json;": true, "application/jsonp": false, "application/json, text/plain": false, "*/*": false,
	} {
		r := do(s, request{body: supportBody, header: map[string]string{"Content-Type": kind}})
		if ok != (r.Code == http.StatusOK) || !ok && r.text("code") != "unsupported_media_type" {
			t.Errorf("%q: got %d %s", kind, r.Code, r.Body)
		}
	}
	q := request{body: supportBody}.http()
	q.Header["Content-Type"] = []string{"application/json", "application/json"}
	if r := serve(s, q); r.Code != http.StatusUnsupportedMediaType {
		t.Errorf("two types: got %d", r.Code)
	}
}

// FuzzSEC6Fields: what is accepted is a flat object of known members, each exactly once, whose
// values encoding/json reads alike.
func FuzzSEC6Fields(f *testing.F) {
	for _, seed := range []string{
		supportBody, `{"timestamp":1}`, `{"thirdUſerId":"x"}`, `{"locale":"a","locale":"b"}`, `{"locale":"\ud800"}`, `{"locale":{}}`, `{} {}`, `[`, "", `{"timestamp":-1e999}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := parseFields(body, formGrammar)
		if err != nil {
			return
		}
		if !utf8.Valid(body) {
			t.Fatal("accepted invalid UTF-8")
		}
		var want map[string]any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if err := d.Decode(&want); err != nil || d.More() || len(want) != len(got) {
			t.Fatalf("got %v, json says %v %v", got, want, err)
		}
		for name, value := range got {
			text, isText := want[name].(string)
			number, isNumber := want[name].(json.Number)
			if _, _, known := formGrammar(name); !known || isText && text != value || isNumber && number.String() != value || !isText && !isNumber {
				t.Fatalf("%s: got %q, json says %v", name, value, want[name])
			}
		}
	})
}

// FuzzSEC22Request: no Host, Origin, path or body makes the service panic, sign for a foreign
// origin, or name one in a CORS header.
func FuzzSEC22Request(f *testing.F) {
	f.Add("POST", acmeHost, acmeOrigin, signPath, supportBody, "192.0.2.1")
	f.Add("OPTIONS", "127.0.0.1:8400", "http://acme.localhost:8400", tokenPath, "{}", "")
	f.Add("POST", "[::1", "null", validatePath, validationBody("a.b.c", "x", "y", acmeSpace), "x,,127.0.0.1,")
	f.Add("GET", "a:b:c", "://", "/healthz", "", ",")
	allowed := map[string]bool{acmeOrigin: true, globexOrigin: true}
	f.Fuzz(func(t *testing.T, method, host, origin, path, body, forwarded string) {
		s := newTestService(t, func(o *Options) { o.Health = "127.0.0.1:8480" })
		q := request{body: body, peer: "127.0.0.1:1"}.http()
		q.Method, q.Host, q.URL.Path = method, host, path
		q.Header["Origin"] = []string{origin}
		q.Header["X-Forwarded-For"] = []string{forwarded}
		q.Header.Set("Access-Control-Request-Method", "POST")
		r := serve(s, q)
		if r.Code == http.StatusInternalServerError {
			t.Fatalf("internal error: %s", r.Body)
		}
		cors := r.Header().Get("Access-Control-Allow-Origin")
		if cors != "" && !allowed[cors] || r.Code == 200 && path != validatePath && path != "/healthz" && !allowed[origin] {
			t.Fatalf("%d for Origin %q, CORS %q", r.Code, origin, cors)
		}
	})
}
