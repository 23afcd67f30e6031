package nginxconf

import (
	"testing"

	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// hostile are values that mean something to nginx, to a path or to a reader of logs.
var hostile = []string{
	"$host", "${host}", "$", "a$b", ";", "{", "}", "};", "x;}", "\"", "'", "\\", "\\n", "#", "# x", " ", "a b", "\t",
	"a\nb", "a\rb", "a\x00b", "\u2028", "\u2029", "\u202e", "\xff", "é", "客服", "",
	"$host;}", "\"};alert(1)//", "</script>", "{{.}}", "../../etc/passwd", "/../x", "/%2e%2e/", "//x", "/a//b", "/./a",
	"x\n    location / { return 200 owned; }", "x; } location /owned { return 200; } location /y {", "~ ^/", "= /", "@named",
	"/x/service-cloud;return 200", "https://a.example;", "https://$host", "https://a.example/\n", "https://a.example:99999",
	"https://a..example", "https://-a.example", "https://user@a.example", "https://a.example:80x", "file:///etc/passwd",
	"[::1", "127.0.0.1:0", "127.0.0.1:http", "a:b:c", "1.22;", "1.22\n", "v1.22", "1", "default-src 'self'\nX-Evil: 1",
	"default-src \"x\"", "default-src $host", "X-Remote\nUser", "X Remote",
}

// field is a place of the site from which text could reach a file, and a harmless value for it.
type field struct {
	harmless string
	set      func(*site.Site, string)
}

var fields = map[string]field{
	"tenant id":       {"acme", func(s *site.Site, v string) { s.Tenants[0].ID = v }},
	"tenant name":     {"x", func(s *site.Site, v string) { s.Tenants[0].Name = v }},
	"tenantSpaceId":   {"x", func(s *site.Site, v string) { s.Tenants[0].TenantSpaceID = v }},
	"origin":          {"https://www.acme.example", func(s *site.Site, v string) { s.Tenants[0].Origin = v }},
	"publicPath":      {"/acme/", func(s *site.Site, v string) { s.Tenants[0].PublicPath = v }},
	"publicPath part": {"b", func(s *site.Site, v string) { s.Tenants[0].PublicPath = "/a" + v + "/" }},
	"authorization":   {"/webchat/a", func(s *site.Site, v string) { s.Tenants[0].Endpoints.Authorization = v }},
	"token":           {"/webchat/b", func(s *site.Site, v string) { s.Tenants[0].Endpoints.Token = v }},
	"validation":      {"b", func(s *site.Site, v string) { s.Tenants[0].Endpoints.Validation = "/v" + v }},
	"channel id":      {"a", func(s *site.Site, v string) { s.Tenants[0].Channels[0].ID = v }},
	"channel name":    {"x", func(s *site.Site, v string) { s.Tenants[0].Channels[0].Name = v }},
	"configId":        {"x", func(s *site.Site, v string) { s.Tenants[0].Channels[0].ChannelConfigID = v }},
	"secret":          {"x", func(s *site.Site, v string) { s.Tenants[0].Channels[0].SecretKey = secret.Ref{Env: v} }},
	"locale":          {"x", func(s *site.Site, v string) { s.Tenants[0].Channels[0].Locale = v }},
	"context path":    {"/service-cloud", func(s *site.Site, v string) { setPaths(s, v) }},
	"context prefix":  {"b", func(s *site.Site, v string) { setPaths(s, "/a"+v+"/service-cloud") }},
	"cec":             {"https://localhost:7443", func(s *site.Site, v string) { setCECs(s, v) }},
	"cec host":        {"b", func(s *site.Site, v string) { setCECs(s, "https://a"+v+".example") }},
	"root":            {"/srv", func(s *site.Site, v string) { s.Nginx.Root = v }},
	"root part":       {"b", func(s *site.Site, v string) { s.Nginx.Root = "/srv/" + v }},
	"trustedCA":       {"b", func(s *site.Site, v string) { s.Nginx.TrustedCA = "/etc/" + v }},
	"resolver":        {"dns.example", func(s *site.Site, v string) { s.Nginx.Resolver = v }},
	"signer":          {"127.0.0.1:1", func(s *site.Site, v string) { s.Nginx.Signer = v }},
	"version":         {"1.22", func(s *site.Site, v string) { s.Nginx.Version = v }},
	"identity id":     {"X-A", func(s *site.Site, v string) { s.Service.Identity.ID = v }},
	"identity name":   {"X-B", func(s *site.Site, v string) { s.Service.Identity.Name = v }},
	"policy":          {"default-src 'self'", func(*site.Site, string) {}}, // given to Locations
}

func setPaths(s *site.Site, path string) {
	for _, c := range s.Tenants[0].Channels {
		c.Context.Path = path
	}
}

// unused are fields whose text is never in a file, whatever it is.
var unused = map[string]bool{"tenant name": true, "tenantSpaceId": true, "channel name": true, "configId": true, "secret": true, "locale": true}

// optional are fields for which empty means a default or nothing.
var optional = map[string]bool{
	"resolver": true, "signer": true, "identity id": true, "identity name": true,
	"publicPath part": true, "validation": true, "context prefix": true, "cec host": true, "root part": true,
}

func TestNG15Hostile(t *testing.T) {
	for name, f := range fields {
		wantLocations, wantHTTP, err := renderWith(name, f.harmless)
		if err != nil {
			t.Fatalf("%s %q: %v", name, f.harmless, err)
		}
		for _, value := range hostile {
			locations, http, err := renderWith(name, value)
			switch {
			case err != nil:
				if unused[name] {
					t.Errorf("%s %q is refused: %v", name, value, err)
				}
			case value == "" && optional[name]:
			case unused[name]:
				if string(locations) != string(wantLocations) || string(http) != string(wantHTTP) {
					t.Errorf("%s %q changes the file", name, value)
				}
			case tree(t, locations).shape() != tree(t, wantLocations).shape() || tree(t, http).shape() != tree(t, wantHTTP).shape():
				t.Errorf("%s %q changes the tree", name, value)
			}
		}
	}
}

// renderWith makes both files of a site in which one field has another value.
func renderWith(name, value string) (locations, http []byte, err error) {
	s := exampleSite()
	fields[name].set(s, value)
	policy := fields["policy"].harmless
	if name == "policy" {
		policy = value
	}
	locations, err = Locations(s.Tenants[0], s, func(*site.Channel) string { return policy })
	if err != nil {
		return nil, nil, err
	}
	http, err = HTTP(s.Tenants[0], s)
	return locations, http, err
}

// Line ends, quotes, "\", "$", ";" and braces are refused by every field's own pattern.
func TestSEC25Grammar(t *testing.T) {
	for name := range fields {
		if unused[name] {
			continue
		}
		for _, bad := range []string{"\n", "\r", "\x00", "$", "{", "}", ";", `"`, "'", `\`} {
			if name == "policy" && (bad == ";" || bad == "'") {
				continue // its own syntax, always between double quotes
			}
			harmless := fields[name].harmless
			for _, value := range []string{harmless + bad, bad + harmless, harmless[:1] + bad + harmless[1:]} {
				if _, _, err := renderWith(name, value); err == nil {
					t.Errorf("%s takes %q", name, value)
				}
			}
		}
	}
}
