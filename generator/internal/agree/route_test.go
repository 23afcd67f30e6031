package agree

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// kind says what becomes of a target below a context path.
type kind int

const (
	passes  kind = iota // to CEC, as it is
	dots                // has dot segments that stay below the context path: resolved, or refused
	slashes             // has doubled slashes after the context path: made single, or kept
	marks               // has characters that may be encoded or not, which means the same
)

// mapped are targets below a context path, and what CEC is asked for.
var mapped = []struct {
	kind         kind
	target, want string
}{
	{passes, "/service-cloud/", "/service-cloud/"},
	{passes, "/service-cloud/webclient/chat_client/js/thirdPartyClient.js?t=1700000000000", "/service-cloud/webclient/chat_client/js/thirdPartyClient.js?t=1700000000000"},
	{passes, "/service-cloud/resource.root/a.css", "/service-cloud/resource.root/a.css"},
	{passes, "/service-cloud/logo.png", "/service-cloud/logo.png"},
	{passes, "/service-cloud/page.html", "/service-cloud/page.html"},
	{passes, "/service-cloud/x?a=%2F%41&b=%zz&c=a%20b+c&&=&d=/../x?y=%E4//z", "/service-cloud/x?a=%2F%41&b=%zz&c=a%20b+c&&=&d=/../x?y=%E4//z"},
	{passes, "/service-cloud/x?a;b=c;", "/service-cloud/x?a;b=c;"},
	{passes, `/service-cloud/x?q="<>{}|\^` + "`[]", `/service-cloud/x?q="<>{}|\^` + "`[]"},
	{passes, "/service-cloud/a%20b%3Fc%25d%23e", "/service-cloud/a%20b%3Fc%25d%23e"},
	{passes, "/service-cloud/%E5%AE%A2%E6%9C%8D", "/service-cloud/%E5%AE%A2%E6%9C%8D"},
	{passes, "/service-cloud/%252e%252e/x", "/service-cloud/%252e%252e/x"},
	{passes, "/service-cloud/a.b/..c/d../...", "/service-cloud/a.b/..c/d../..."},
	{marks, "/service-cloud/a;v=1/b,c/(d)/e@f/g=h/i+j/k:l/m!n/o'p/q*r/~s", "/service-cloud/a;v=1/b,c/(d)/e@f/g=h/i+j/k:l/m!n/o'p/q*r/~s"},
	{passes, "//service-cloud/x?q=//", "/service-cloud/x?q=//"},
	{slashes, "/service-cloud//x", "/service-cloud/x"},
	{slashes, "/service-cloud/x//y///z", "/service-cloud/x/y/z"},
	{dots, "/service-cloud/a/../b", "/service-cloud/b"},
	{dots, "/service-cloud/./b", "/service-cloud/b"},
	{dots, "/service-cloud/a/%2e%2E/b", "/service-cloud/b"},
	{dots, "/admin/../service-cloud/b", "/service-cloud/b"},
}

// TestNG1DS19Mapping: what a browser asks for is what CEC is asked for, byte for byte.
func TestNG1DS19Mapping(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for _, prefix := range s.tenants() {
			for _, row := range mapped {
				checkMapping(t, s, prefix, prefix+row.target, row.kind, row.want)
			}
		}
	})
}

var unmarked = strings.NewReplacer("%28", "(", "%29", ")", "%21", "!", "%27", "'", "%2A", "*")

func checkMapping(t *testing.T, s *server, prefix, target string, k kind, want string) {
	t.Helper()
	r := s.get(target)
	asked := s.cec(prefix).Requests()
	switch {
	case k == dots && !s.resolves:
		if len(asked) != 0 || r.Status == 200 && string(r.Body) == "cec" {
			t.Errorf("%s: %d, %d requests, want none", target, r.Status, len(asked))
		}
	case len(asked) != 1:
		t.Errorf("%s: %d %q, %d requests, want one", target, r.Status, r.Body, len(asked))
	case k == slashes && s.keeps:
	case k == marks && unmarked.Replace(asked[0].Target) == want:
	case asked[0].Target != want || r.Status != 200:
		t.Errorf("%s: %d, arrives as %s, want %s", target, r.Status, asked[0].Target, want)
	}
	s.quiet(target)
}

// unmapped are targets that no CEC may be asked for.
var unmapped = []string{
	"/", "/admin", "/service-cloud", "/service-cloudX", "/service-cloudX/x", "/service-cloud.js", "/service-cloud2/x",
	"/Service-Cloud/x", "/SERVICE-CLOUD/x", "/globex/Service-Cloud/x", "/x/service-cloud/x",
	"/globex", "/globex/", "/globex/service-cloud", "/globex2/service-cloud/x", "/globex/admin", "/globex/service-cloudX/x", "/globexservice-cloud/x",
	"/service-cloud%00/x", "/service-cloud/%00",
	"/service-cloud/../admin", "/service-cloud/a/../../admin", "/service-cloud/%2e%2e/admin", "/service-cloud/.%2e/admin",
	"/service-cloud/%2E./admin", "/service-cloud/..%2fadmin", "/service-cloud/%2e%2e%2fadmin", "/service-cloud%2f..%2fadmin",
	"/service-cloud/..", "/service-cloud/%2e%2e", "/service-cloud/../globex", "/service-cloud/..//admin", "//service-cloud/..//admin",
	"/service-cloud/..;/admin", "/service-cloud/..;x=y/admin", "/service-cloud/a/..;/..;/admin", "/service-cloud/..%3b/admin", "/service-cloud/%2e%2e;/admin",
	"/service-cloud/.;/..;/admin", "/service-cloud/..;", `/service-cloud/..\admin`, "/service-cloud/..%5cadmin", `/service-cloud/a\..\..\admin`, "/service-cloud/%2e%2e%5Cadmin",
	"/globex/service-cloud/../admin", "/globex/service-cloud/%2e%2e/admin", "/globex/service-cloud/..%2f..%2fadmin", "/globex/service-cloud/../../admin",
	"/globex/service-cloud/..;/..;/admin", "/globex/../admin",
	"http://www.acme.example/admin", "http://localhost/admin?/service-cloud/",
}

func TestNG2DS19NothingElse(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for _, target := range unmapped {
			if r := s.get(target); string(r.Body) == "cec" {
				t.Errorf("%s is answered by a CEC", target)
			}
			s.quiet(target)
		}
	})
}

// TestNG2Enumerated tries every short combination of the pieces that path confusion is made of. A
// CEC may only ever be asked for clean paths below /service-cloud/.
func TestNG2Enumerated(t *testing.T) {
	pieces := []string{"/", "/..", "/.", "/%2e%2e", "%2f", "/..;", `\`, "%5c..", "/service-cloud", "/globex", "/x", "%00"}
	var targets []string
	for _, a := range pieces {
		for _, b := range pieces {
			targets = append(targets, "/service-cloud"+a+b+"/r", a+b+"/service-cloud/r", "/globex"+a+"/service-cloud"+b+"/r")
		}
	}
	through(t, func(t *testing.T, s *server) {
		for _, target := range targets {
			if strings.HasPrefix(target, "/") {
				s.get(target)
			}
		}
		for _, asked := range append(s.acme.Requests(), s.globex.Requests()...) {
			if problem := unclean(asked.Target, s.keeps); problem != "" {
				t.Errorf("a CEC was asked for %s: %s", asked.Target, problem)
			}
		}
	})
}

// unclean says what is wrong with a request target of CEC's, or "".
func unclean(target string, keepsSlashes bool) string {
	path, _, _ := strings.Cut(target, "?")
	plain := strings.NewReplacer("%2f", "/", "%2F", "/", "%5c", `\`, "%5C", `\`, "%2e", ".", "%2E", ".", "%3b", ";").Replace(path)
	parts := strings.FieldsFunc(plain, func(c rune) bool { return c == '/' || c == '\\' })
	isDots := func(s string) bool { s, _, _ = strings.Cut(s, ";"); return s == "." || s == ".." }
	switch {
	case !strings.HasPrefix(path, "/service-cloud/"):
		return "outside"
	case slices.ContainsFunc(parts, isDots):
		return "a dot segment"
	case strings.Contains(path, "//") && !keepsSlashes:
		return "a doubled slash"
	}
	return ""
}

func TestNG3DS19BarePrefix(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for _, target := range []string{"/service-cloud", "/globex/service-cloud", "/globex/service-cloud?x"} {
			if to := join(s.get(target), "Location"); strings.Contains(to, ":") {
				t.Errorf("%s: Location %q", target, to)
			}
			s.quiet(target)
		}
	})
}

func TestNG1DS19Methods(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			body := ""
			if method == "POST" || method == "PUT" || method == "PATCH" {
				body = `{"a": "é"}`
			}
			s.send(method, "/service-cloud/m?q", body, "Content-Type: application/x-cec")
			asked := s.acme.One(t)
			if asked.Method != method || asked.Target != "/service-cloud/m?q" || string(asked.Body) != body {
				t.Errorf("%s arrives as %s %s %q", method, asked.Method, asked.Target, asked.Body)
			}
		}
	})
}

// TestNG10DS19LongHeaders: CEC's cookies are long, on both ways.
func TestNG10DS19LongHeaders(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		long := strings.Repeat("x", 6000)
		s.both(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Set-Cookie", "ccmessaging-token="+long+"; Path=/service-cloud")
			w.Header().Add("Set-Cookie", "second="+long+"; Path=/service-cloud")
			io.WriteString(w, r.Header.Get("Cookie"))
		})
		r := s.get("/service-cloud/x?"+long, "Cookie: ccmessaging-token="+long)
		if r.Status != 200 || string(r.Body) != "ccmessaging-token="+long || len(r.Header["Set-Cookie"]) != 2 {
			t.Errorf("%d, %d bytes, %d cookies", r.Status, len(r.Body), len(r.Header["Set-Cookie"]))
		}
	})
}

// TestNG10DS19Types: a media type stays as CEC writes it.
func TestNG10DS19Types(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for _, kind := range []string{"text/html", "text/html;charset=GBK", "text/plain", "text/javascript", "application/json", "text/x-unknown", "image/png"} {
			s.both(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", kind)
				w.Header().Set("Content-Encoding", "br")
				w.Header().Set("ETag", `"cec"`)
				w.Header().Set("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT")
				io.WriteString(w, "\xff\xfe<html>")
			})
			r := s.get("/service-cloud/page.js")
			if join(r, "Content-Type") != kind || string(r.Body) != "\xff\xfe<html>" || join(r, "Content-Encoding") != "br" ||
				join(r, "Content-Length") != "8" || join(r, "ETag") != `"cec"` || join(r, "Last-Modified") == "" {
				t.Errorf("%s comes back as %v", kind, r.Header)
			}
		}
	})
}

// TestNG10DS19Answers: status, type, length and body are CEC's own.
func TestNG10DS19Answers(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for _, status := range []int{200, 201, 204, 206, 304, 400, 401, 403, 404, 409, 410, 429, 500, 502, 503, 504} {
			s.both(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/x-cec")
				w.Header().Set("X-Cec", "kept")
				w.WriteHeader(status)
				if status >= 200 && status != 204 && status != 304 {
					io.WriteString(w, "from cec")
				}
			})
			r := s.get("/service-cloud/x", "Range: bytes=0-3", `If-None-Match: "a"`)
			body := "from cec"
			if status == 204 || status == 304 {
				body = ""
			}
			if r.Status != status || string(r.Body) != body || join(r, "X-Cec") != "kept" {
				t.Errorf("%d comes back as %d %q %v", status, r.Status, r.Body, r.Header)
			}
			if kind := join(r, "Content-Type"); body != "" && kind != "application/x-cec" {
				t.Errorf("%d: type %q", status, kind)
			}
		}
	})
}
