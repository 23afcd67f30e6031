package caddyfile

import (
	"strings"
	"testing"

	"embedgen/generator/internal/hostile"
	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

const policyText = "default-src 'self'; script-src 'strict-dynamic' 'sha256-AbC+/123='; img-src data:"

func mustRender(t testing.TB, s *site.Site, policy string) string {
	t.Helper()
	out, err := Render(s.Tenants[0], s, func(*site.Channel) string { return policy })
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// shape is a file without its values: how many words each line has, and which braces.
func shape(t *testing.T, conf string) string {
	t.Helper()
	list, err := tokens(conf)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	at := 0
	for _, tok := range list {
		switch {
		case tok.line > at:
			b.WriteString("\n")
			at = tok.line
		case !tok.quoted && (tok.text == "{" || tok.text == "}"):
			b.WriteString(tok.text)
			continue
		}
		b.WriteString("w")
	}
	return b.String()
}

func TestNG15Hostile(t *testing.T) {
	for name, f := range hostile.Fields() {
		with := func(value string) (string, error) {
			s := hostile.Site()
			f.Set(s, value)
			policy := policyText
			if name == "policy" {
				policy = value
			}
			out, err := Render(s.Tenants[0], s, func(*site.Channel) string { return policy })
			return string(out), err
		}
		harmless, err := with(f.Harmless)
		if err != nil {
			t.Fatalf("%s %q: %v", name, f.Harmless, err)
		}
		unused := f.Unused || name == "resolver" || name == "version" // of nginx only
		for _, value := range hostile.Values {
			out, err := with(value)
			switch {
			case err != nil:
				if unused {
					t.Errorf("%s %q is refused: %v", name, value, err)
				}
			case unused:
				if out != harmless {
					t.Errorf("%s %q changes the file", name, value)
				}
			case value == "" && f.Optional || name == "publicPath" && value == "/": // no prefix to strip
			case shape(t, out) != shape(t, harmless):
				t.Errorf("%s %q changes the tree", name, value)
			}
		}
	}
}

// variants are sites of every form that the package writes.
func variants() map[string]*site.Site {
	out := map[string]*site.Site{}
	add := func(name string, change func(*site.Site)) {
		s := hostile.Site()
		change(s)
		out[name] = s
	}
	add("plain", func(*site.Site) {})
	add("root path", func(s *site.Site) { s.Tenants[0].PublicPath = "/" })
	add("plain http", func(s *site.Site) {
		s.Tenants[0].Origin = "http://www.acme.example"
		hostile.SetCECs(s, "http://cec.acme.localhost:7080")
	})
	add("address", func(s *site.Site) { hostile.SetCECs(s, "https://[::1]:7443") })
	add("direct", func(s *site.Site) {
		for _, c := range s.Tenants[0].Channels {
			c.Context = site.Context{URL: "https://cec.example/service-cloud", CEC: "https://cec.example"}
		}
	})
	add("own tokens", func(s *site.Site) {
		s.Tenants[0].Channels, s.Tenants[0].Token.Keys = s.Tenants[0].Channels[1:], nil
	})
	add("two CECs", func(s *site.Site) {
		s.Tenants[0].Channels[1].Context = site.Context{Path: "/b/service-cloud", CEC: "https://localhost:7444"}
	})
	add("long id", func(s *site.Site) { s.Tenants[0].ID = strings.Repeat("very-long-", 4) })
	return out
}

// Caddy takes every form, beside a site that has names of its own.
func TestCaddyTakesEveryForm(t *testing.T) {
	lab.CaddyPath(t)
	for name, s := range variants() {
		t.Run(name, func(t *testing.T) {
			s.Nginx.TrustedCA = lab.NewCA(t).File(t)
			text := mustRender(t, s, policyText)
			lab.AdaptCaddy(t, lab.CaddyConf{Site: "\t@cookie header Cookie *\n\trespond @cookie ok\n" + text})
			if strings.Contains(text, "KEY") {
				t.Error("a reference to a secret")
			}
		})
	}
}

// The file says what it is for, and what Caddy does not do.
func TestNG17Header(t *testing.T) {
	head, _, _ := strings.Cut(mustRender(t, hostile.Site(), policyText), "\n\n")
	for _, want := range []string{
		"tenant acme", "https://www.acme.example", "do not edit", "Caddy 2.6 or newer", "import /etc/caddy/embedgen/acme/Caddyfile",
		"limits no rates", "502, not 413", "dot segments", "caddy validate",
	} {
		if !strings.Contains(head, want) {
			t.Errorf("no %q in\n%s", want, head)
		}
	}
}

func TestErrors(t *testing.T) {
	for want, change := range map[string]func(*site.Site){
		"leads to both": func(s *site.Site) { s.Tenants[0].Channels[0].Context.CEC = "https://other.example" },
		"is not https":  func(s *site.Site) { hostile.SetCECs(s, "http://cec.example") },
		"served twice":  func(s *site.Site) { s.Tenants[0].Endpoints.Token = s.Tenants[0].Endpoints.Authorization },
	} {
		s := hostile.Site()
		change(s)
		_, err := Render(s.Tenants[0], s, func(*site.Channel) string { return policyText })
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `tenant "acme"`) {
			t.Errorf("want %q: %v", want, err)
		}
	}
}
