package config_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"embedgen/generator/config"
)

// fallback reads an address as defaults.fallback; it is "" if the rules refuse it.
func fallback(address string) string {
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte("version: 1\ndefaults: {fallback: " + strconv.QuoteToASCII(address) + "}\n")}}
	f, _ := config.Load(fsys, "channels.yaml")
	return f.Defaults.Fallback.V
}

// TestEM11FallbackIsALink holds what a fallback may be and what none may be; the fixtures have the
// messages.
func TestEM11FallbackIsALink(t *testing.T) {
	for _, good := range []string{
		"/", "/contact", "/contact/", "/a/b.html?x=1&y=/../#top", "/%E8%81%94", "/.well-known", "/...", "/?//", "/#", "https://a.example", "https://a.example?x",
		"https://a.example:8443/a//b/../c", "http://localhost:3000/x", "mailto:a@b.example", "mailto:a+b@c.example,d@e?subject=f&body=g%0D%0Ah", "tel:110", "tel:+86(10)1234.5678;ext=9",
	} {
		if got := fallback(good); got != good {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{
		"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "vbscript:x", "data:text/html,x", "blob:https://a.example/x",
		"file:///etc/passwd", "ftp://a.example", "https:javascript:alert(1)", "view-source:https://a.example", "intent://a#Intent;end",
		"//a.example", `/\a.example`, `\\a.example`, "/\t/a.example", "/./", "/.", "/..", "/a/../b", "/%2e%2e/a", "/.%2E", "/a//", "/.//a.example", "", "contact", "?x", "#x",
		"/a b", "/a\u00a0b", "/a\u2028b", "/a\nb", "/a\"b", "/a'b", "/a<b", "/a>b", "/a`b", "/a{b", "/%", "/%2", "/%zz", "/a#b#c", "/访",
		"https://", "https:///a", "https://u@a.example", "https://u:p@a.example", "https://a.example:0", "https://a.example:99999", `https://a.example\@b.example`, "https://a_b.example/",
		"https://*.example/", "https://192.0.2.1", "https://[::1]/", "mailto:", "mailto:a", "mailto:@b", "mailto:a@", "mailto:a@b,", "mailto:a@b@c", "mailto:a b@c", "mailto:a@b#c", "tel:", "tel:abc", "tel:+", "tel:1;",
		"/" + strings.Repeat("a", 2000),
	} {
		if got := fallback(bad); got != "" {
			t.Errorf("%q is accepted", bad)
		}
	}
}

// FuzzFallback holds that whatever is accepted is a link to where it says: it cannot leave an
// attribute, and it has one of four schemes or leads to the page's own origin.
func FuzzFallback(f *testing.F) {
	for _, s := range []string{"/contact?a#b", "https://a.example:8443/b", "mailto:a@b?subject=c", "tel:+1;ext=2", "//a", "/\\a", "javascript:a", "/./%2e/"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://own.example/page/")
	f.Fuzz(func(t *testing.T, s string) {
		got := fallback(s)
		if got == "" || !utf8.ValidString(s) {
			return
		}
		if got != s || len(s) > 2000 || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune("\"'<>`\\^{|}", c) }) {
			t.Fatalf("%q became %q", s, got)
		}
		u, err := base.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		switch scheme, _, _ := strings.Cut(s, ":"); {
		case s[0] == '/':
			if u.Scheme != "https" || u.Host != base.Host || u.User != nil || strings.Contains(u.EscapedPath(), "//") {
				t.Errorf("%q leads to %v", s, u)
			}
		case scheme == "https" || scheme == "http":
			if u.Scheme != scheme || u.Host == "" || u.User != nil {
				t.Errorf("%q leads to %v", s, u)
			}
		case scheme != "mailto" && scheme != "tel" || u.Scheme != scheme || u.Host != "":
			t.Errorf("%q leads to %v", s, u)
		}
	})
}
