package chatauth

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"embedgen/generator/site"
)

// everyAnswer asks for every kind of answer there is.
func everyAnswer(s *Service) []reply {
	var list []reply
	for _, path := range []string{signPath, tokenPath, validatePath, "/healthz", "/else"} {
		for _, q := range []request{
			{body: supportBody}, {body: supportBody, header: map[string]string{"Accept": "*/*"}}, {body: names(acmeSpace, acmePrivate)},
			{body: names("1", "2")}, {body: "{"}, {body: strings.Repeat(" ", 9000)}, {body: validationBody("x", "u", "n", acmeSpace)},
			{method: "GET"}, {method: "OPTIONS"}, {method: "OPTIONS", header: map[string]string{"Access-Control-Request-Method": "POST"}},
			{host: "evil.example"}, {host: "127.0.0.1:8480", method: "GET"}, {header: map[string]string{"Origin": "null"}}, {header: map[string]string{"Content-Type": "text/javascript"}},
			{body: names(acmeSpace, acmeSupport, "thirdUserId", "victim")},
			{body: "{", peer: "192.0.2.200:1"}, {body: "{", peer: "192.0.2.200:1"}, {body: "{", peer: "192.0.2.200:1"}, {body: "{", peer: "192.0.2.200:1"},
		} {
			q.path = path
			list = append(list, do(s, q))
		}
	}
	return list
}

func TestSEC8Headers(t *testing.T) {
	services := []*Service{
		newTestService(t, func(o *Options) { o.Health = "127.0.0.1:8480" }),
		newTestService(t, func(o *Options) { o.Limits.Peer, o.Limits.Validation = 3, 3 }),
		newTestService(t, func(o *Options) { o.Identity = &identity{err: ErrNoSession} }),
		newTestService(t, func(o *Options) { o.Identity, o.Replay = panicking{"x"}, brokenStore{} }),
	}
	seen := make(map[int]bool)
	for _, s := range services {
		for _, r := range everyAnswer(s) {
			seen[r.Code] = true
			h := r.Header()
			kind := h.Get("Content-Type")
			if !slices.Equal(h.Values("Cache-Control"), []string{"no-store"}) || !slices.Equal(h.Values("X-Content-Type-Options"), []string{"nosniff"}) {
				t.Errorf("%d %s: %v", r.Code, r.Body, h)
			}
			if kind != jsonType && kind != textType && (kind != "" || r.Body.Len() > 0) {
				t.Errorf("%d %s: Content-Type %q", r.Code, r.Body, kind)
			}
			if strings.Contains(fmt.Sprint(h), "Access-Control-Allow-Origin:[*]") {
				t.Error("SEC-21: Access-Control-Allow-Origin: *")
			}
		}
	}
	for _, status := range []int{200, 204, 400, 401, 403, 404, 405, 413, 415, 421, 429, 500} {
		if !seen[status] {
			t.Errorf("no answer had status %d", status)
		}
	}
}

// panicking is a provider that panics with a value that must not be printed.
type panicking struct{ value string }

func (p panicking) Identify(*http.Request, *site.Tenant) (User, error) { panic(p.value) }

func TestSEC16Canaries(t *testing.T) {
	var log strings.Builder
	canaries := map[string]string{}
	for name, value := range secrets {
		canaries["secret "+name] = value
	}
	canaries["user name"], canaries["user id"] = "canary name", "canary-id"
	canaries["forged cookie"], canaries["forged token"] = "CanaryCookieValue", "canary.token.value"
	customer := User{canaries["user id"], canaries["user name"]}
	var events []Event
	s := newTestService(t, logTo(&log), func(o *Options) {
		o.Identity = &identity{user: customer}
		o.Observe = func(e Event) { events = append(events, e) }
	})

	guest := do(s, request{body: supportBody})
	canaries["guest cookie"], canaries["guest id"] = guest.Result().Cookies()[0].Value, guest.text("thirdUserId")
	canaries["authorization"] = guest.text("thirdPartAuthorization")
	token := do(s, request{path: tokenPath, body: names(acmeSpace, acmePrivate)}).text("thirdUserToken")
	canaries["token"], canaries["token signature"] = token, token[strings.LastIndexByte(token, '.')+1:]

	for range 40 { // into the limits, and past the uses of the token
		do(s, request{body: supportBody, cookies: guest.Result().Cookies()})
		do(s, request{path: validatePath, body: validationBody(token, customer.ID, customer.Name, acmeSpace)})
	}
	forged := []*http.Cookie{{Name: "__Host-embedgen-guest-acme", Value: canaries["forged cookie"]}}
	for _, canary := range canaries {
		for _, path := range []string{signPath, tokenPath, validatePath, "/" + canary} {
			for _, body := range []string{
				names(acmeSpace, acmeSupport, "thirdUserId", canary), names(acmeSpace, acmeSupport, "thirdUserName", canary),
				names(acmeSpace, acmeSupport, canary, canary), names(canary, canary), canary, validationBody(canary, canary, canary, acmeSpace),
				validationBody(canaries["forged token"], customer.ID, customer.Name, acmeSpace),
			} {
				do(s, request{path: path, body: body, cookies: forged, peer: "192.0.2.77:1"})
				do(s, request{path: path, body: body, host: canary, header: map[string]string{"Origin": canary}})
				do(s, request{path: path, body: body, header: map[string]string{"Origin": canary, "Content-Type": canary, "X-Forwarded-For": canary}, peer: "127.0.0.1:1"})
			}
		}
		broken := newTestService(t, logTo(&log), func(o *Options) { o.Identity = panicking{canary} })
		do(broken, request{path: tokenPath, body: names(acmeSpace, acmePrivate)}).want(t, 500, "internal")
		hostile := newTestService(t, logTo(&log), func(o *Options) { o.Identity = &identity{user: User{canary + " / ;", canary + "\n"}} })
		do(hostile, request{path: tokenPath, body: names(acmeSpace, acmePrivate)}).want(t, 403, "bad_identity")
	}
	if lines := strings.Count(log.String(), "\n"); lines < 500 {
		t.Fatalf("only %d log lines", lines)
	}
	for name, canary := range canaries {
		if i := strings.Index(log.String(), canary); i >= 0 {
			line, _, _ := strings.Cut(log.String()[max(0, i-200):], "\n")
			t.Errorf("the %s is in the log: %s", name, line)
		}
	}
	for _, e := range events {
		for name, canary := range canaries {
			if strings.Contains(fmt.Sprintf("%+v", e), canary) && !slices.Contains([]string{"user name", "user id", "guest id"}, name) {
				t.Fatalf("the %s is in the event %+v", name, e)
			}
		}
	}
}

// A service in a log line or a panic shows no secret.
func TestSEC19ServiceDoesNotPrint(t *testing.T) {
	s := newTestService(t)
	s.opt.Secrets = nil
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, v := range []any{s, *s, s.hosts[acmeHost].routes[signPath].members[0].tenant, *s.hosts[acmeHost].routes[signPath].members[0].tenant, *s.hosts[acmeHost].routes[signPath].members[0].issuer} {
			text := fmt.Sprintf(verb, v)
			for name, value := range secrets {
				if strings.Contains(text, value) || strings.Contains(text, fmt.Sprintf("%x", value)) {
					t.Errorf("%s of %T prints %s", verb, v, name)
				}
			}
		}
	}
}

// sensitive are the names of what must be compared in constant time.
var sensitive = regexp.MustCompile(`(?i)secret|signature|token$|^mac|seal$|cookie|sum$|digest|password|^jti|userid|username|Subject`)

// plainCompares lists comparisons of something sensitive that may stop at the first difference.
// A comparison with a literal, nil or a constant in it is none.
func plainCompares(f *ast.File) []ast.Node {
	var list []ast.Node
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if (n.Op == token.EQL || n.Op == token.NEQ) && (isSensitive(n.X) && !isFixed(n.Y) || isSensitive(n.Y) && !isFixed(n.X)) {
				list = append(list, n)
			}
		case *ast.SwitchStmt:
			if n.Tag != nil && isSensitive(n.Tag) {
				list = append(list, n)
			}
		case *ast.CallExpr:
			name := nameOf(n.Fun)
			if slices.Contains([]string{"EqualFold", "Compare", "DeepEqual", "HasPrefix", "Equal"}, name) && nameOf(receiver(n.Fun)) != "hmac" && slices.ContainsFunc(n.Args, isSensitive) {
				list = append(list, n)
			}
		}
		return true
	})
	return list
}

func isSensitive(e ast.Expr) bool { return sensitive.MatchString(nameOf(e)) }

// isFixed reports whether an operand is known to everybody.
func isFixed(e ast.Expr) bool {
	_, literal := e.(*ast.BasicLit)
	return literal || nameOf(e) == "nil"
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		if lit, ok := e.Index.(*ast.BasicLit); ok {
			return strings.Trim(lit.Value, `"`)
		}
		return nameOf(e.X)
	case *ast.CallExpr:
		if nameOf(e.Fun) == "byte" || nameOf(e.Fun) == "string" {
			return nameOf(e.Args[0])
		}
		if _, conversion := e.Fun.(*ast.ArrayType); conversion {
			return nameOf(e.Args[0])
		}
		return nameOf(e.Fun)
	}
	return ""
}

func receiver(e ast.Expr) ast.Expr {
	if s, ok := e.(*ast.SelectorExpr); ok {
		return s.X
	}
	return nil
}

func TestSEC8NoPlainCompares(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range plainCompares(f) {
			t.Errorf("%s: compare in constant time", set.Position(n.Pos()))
		}
		ast.Inspect(f, func(n ast.Node) bool { // SEC-9
			if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"time.Now", "time.Since", "rand.Reader", "os.Getenv"}, nameOf(s.X)+"."+s.Sel.Name) {
				t.Errorf("%s: time, randomness and environment are parameters", set.Position(n.Pos()))
			}
			return true
		})
	}
	// The test itself must see such things.
	f, err := parser.ParseFile(set, "bad.go", `package p
func f() {
	_ = a.Signature == want
	_ = want != token
	_ = bytes.Equal(seal, []byte(x))
	_ = strings.EqualFold(x, string(secretKey))
	switch c.Subject { case u.ID: }
	_ = form["thirdUserId"] == u.ID
	_ = token == "" || hmac.Equal(seal, other) || token != nil
}`, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(plainCompares(f)); got != 6 {
		t.Errorf("the test sees %d of 6 comparisons", got)
	}
}

func TestProblemUnwraps(t *testing.T) {
	cause := errors.New("why")
	if p := (Problem{"t", "c", cause}); p.Error() != "t/c: why" || !errors.Is(p, cause) {
		t.Error(p)
	}
}
