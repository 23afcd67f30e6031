// Package hostile is test support: values that mean something to a configuration file, a path or a
// reader of logs, and the fields of a site from which text could reach a web server's file.
package hostile

import "embedgen/generator/site"

// Values mean something to nginx, to Caddy, to a path or to a reader of logs.
var Values = []string{
	"$host", "${host}", "$", "a$b", ";", "{", "}", "};", "x;}", "\"", "'", "\\", "\\n", "#", "# x", " ", "a b", "\t", "`", "a`b",
	"a\nb", "a\rb", "a\x00b", "\u2028", "\u2029", "\u202e", "\xff", "é", "客服", "", "\ufeff", "\u00a0", "\u0085",
	"$host;}", "\"};alert(1)//", "</script>", "{{.}}", "../../etc/passwd", "/../x", "/%2e%2e/", "//x", "/a//b", "/./a",
	"x\n    location / { return 200 owned; }", "x; } location /owned { return 200; } location /y {", "~ ^/", "= /", "@named",
	"/x/service-cloud;return 200", "https://a.example;", "https://$host", "https://a.example/\n", "https://a.example:99999",
	"https://a..example", "https://-a.example", "https://user@a.example", "https://a.example:80x", "file:///etc/passwd",
	"[::1", "127.0.0.1:0", "127.0.0.1:http", "a:b:c", "1.22;", "1.22\n", "v1.22", "1", "default-src 'self'\nX-Evil: 1",
	"default-src \"x\"", "default-src $host", "X-Remote\nUser", "X Remote",
	"{$HOME}", "{env.HOME}", "{http.request.host}", "{host}", "{path}", "x\nrespond owned", "x {\nrespond owned\n}", "import /etc/passwd", "<<EOF",
	"include /etc/passwd;", "*", "?", "%", "%0a", "a%0d%0aX: y", "~", "^~", "!", "(", ")", "[", "]", "|", "&", "<", ">", ",", "--", "-", ".", "..", "...", "/", ":", "@",
}

// A Field is a place of a site from which text could reach a file.
type Field struct {
	Harmless string // a value that every server takes
	Set      func(*site.Site, string)
	Unused   bool // its text is in no server's file, whatever it is
	Optional bool // empty means a default, or nothing
}

// Fields are the fields of [Site]'s first tenant and of the site itself. That of "policy" is given
// to a renderer, and sets nothing.
func Fields() map[string]Field {
	fields := map[string]Field{
		"tenant id":       {Harmless: "acme", Set: func(s *site.Site, v string) { s.Tenants[0].ID = v }},
		"origin":          {Harmless: "https://www.acme.example", Set: func(s *site.Site, v string) { s.Tenants[0].Origin = v }},
		"publicPath":      {Harmless: "/acme/", Set: func(s *site.Site, v string) { s.Tenants[0].PublicPath = v }},
		"publicPath part": {Harmless: "b", Set: func(s *site.Site, v string) { s.Tenants[0].PublicPath = "/a" + v + "/" }, Optional: true},
		"authorization":   {Harmless: "/webchat/a", Set: func(s *site.Site, v string) { s.Tenants[0].Endpoints.Authorization = v }},
		"token":           {Harmless: "/webchat/b", Set: func(s *site.Site, v string) { s.Tenants[0].Endpoints.Token = v }},
		"validation":      {Harmless: "b", Set: func(s *site.Site, v string) { s.Tenants[0].Endpoints.Validation = "/v" + v }, Optional: true},
		"channel id":      {Harmless: "a", Set: func(s *site.Site, v string) { s.Tenants[0].Channels[0].ID = v }},
		"context path":    {Harmless: "/service-cloud", Set: setPaths},
		"context prefix":  {Harmless: "b", Set: func(s *site.Site, v string) { setPaths(s, "/a"+v+"/service-cloud") }, Optional: true},
		"cec":             {Harmless: "https://localhost:7443", Set: SetCECs},
		"cec host":        {Harmless: "b", Set: func(s *site.Site, v string) { SetCECs(s, "https://a"+v+".example") }, Optional: true},
		"root":            {Harmless: "/srv", Set: func(s *site.Site, v string) { s.Nginx.Root = v }},
		"root part":       {Harmless: "b", Set: func(s *site.Site, v string) { s.Nginx.Root = "/srv/" + v }, Optional: true},
		"trustedCA":       {Harmless: "b", Set: func(s *site.Site, v string) { s.Nginx.TrustedCA = "/etc/" + v }},
		"resolver":        {Harmless: "dns.example", Set: func(s *site.Site, v string) { s.Nginx.Resolver = v }, Optional: true},
		"signer":          {Harmless: "127.0.0.1:1", Set: func(s *site.Site, v string) { s.Nginx.Signer = v }, Optional: true},
		"version":         {Harmless: "1.22", Set: func(s *site.Site, v string) { s.Nginx.Version = v }},
		"identity id":     {Harmless: "X-A", Set: func(s *site.Site, v string) { s.Service.Identity.ID = v }, Optional: true},
		"identity name":   {Harmless: "X-B", Set: func(s *site.Site, v string) { s.Service.Identity.Name = v }, Optional: true},
		"policy":          {Harmless: "default-src 'self'", Set: func(*site.Site, string) {}},
	}
	for name, set := range unused {
		fields[name] = Field{Harmless: "x", Set: set, Unused: true}
	}
	return fields
}

var unused = map[string]func(*site.Site, string){
	"tenant name":   func(s *site.Site, v string) { s.Tenants[0].Name = v },
	"tenantSpaceId": func(s *site.Site, v string) { s.Tenants[0].TenantSpaceID = v },
	"channel name":  func(s *site.Site, v string) { s.Tenants[0].Channels[0].Name = v },
	"configId":      func(s *site.Site, v string) { s.Tenants[0].Channels[0].ChannelConfigID = v },
	"secret":        func(s *site.Site, v string) { s.Tenants[0].Channels[0].SecretKey.Env = v },
	"locale":        func(s *site.Site, v string) { s.Tenants[0].Channels[0].Locale = v },
}

func setPaths(s *site.Site, path string) {
	for _, c := range s.Tenants[0].Channels {
		c.Context.Path = path
	}
}

// SetCECs sets the CEC of all channels of the first tenant.
func SetCECs(s *site.Site, address string) {
	for _, c := range s.Tenants[0].Channels {
		c.Context.CEC = address
	}
}
