package csp

import (
	"strings"
	"testing"
)

func mustOrigin(t *testing.T, s string) Source {
	t.Helper()
	o, err := Origin(s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestSEC26Serialize(t *testing.T) {
	p := Policy{
		{"default-src", []Source{None}},
		{"script-src", []Source{StrictDynamic, Hash([]byte("alert(1)"))}},
		{"connect-src", []Source{Self, mustOrigin(t, "https://CEC.example:8443")}},
	}
	got, err := p.Serialize()
	// The hash was made with: printf 'alert(1)' | openssl dgst -sha256 -binary | base64
	want := "default-src 'none'; script-src 'strict-dynamic' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='; connect-src 'self' https://cec.example:8443"
	if err != nil || got != want {
		t.Errorf("got  %s (%v)\nwant %s", got, err, want)
	}
}

func TestSEC26OriginRefusesSeparators(t *testing.T) {
	for _, s := range []string{
		"", "*", "https:", "https://", "https://a b", "https://a;script-src *", "https://a,b", "https://a\n", "https://a\r\nX: y",
		"https://a/path", "https://*.example", "https://a'", "javascript:alert(1)", "data:", "//a", "a.example", "https://[::1]",
		"https://a.example:", "https://a.example:123456", "https://u@a.example", "https://-a", "https://a-", "https://a?x", "https://a#x",
	} {
		if o, err := Origin(s); err == nil {
			t.Errorf("Origin(%q) = %v, want an error", s, o)
		}
	}
}

func TestSEC26SerializeRefusesMalformedPolicies(t *testing.T) {
	for name, p := range map[string]Policy{
		"separator in name": {{"img-src; script-src", []Source{Self}}},
		"space in name":     {{"img-src *", []Source{Self}}},
		"empty name":        {{"", []Source{Self}}},
		"repeated":          {{"img-src", []Source{Self}}, {"img-src", []Source{Data}}},
		"no sources":        {{"img-src", nil}},
		"zero source":       {{"img-src", []Source{{}}}},
		"none and more":     {{"img-src", []Source{None, Self}}},
	} {
		if got, err := p.Serialize(); err == nil {
			t.Errorf("%s: got %q, want an error", name, got)
		}
	}
}

func FuzzOrigin(f *testing.F) {
	f.Add("https://a.example:8443")
	f.Fuzz(func(t *testing.T, s string) {
		o, err := Origin(s)
		if err == nil && strings.ContainsAny(o.text, " ;,'\"\t\r\n\f\\/*?#@") && strings.Count(o.text, "/") != 2 {
			t.Errorf("Origin(%q) = %q", s, o.text)
		}
	})
}
