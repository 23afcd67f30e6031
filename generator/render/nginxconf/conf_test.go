package nginxconf

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"embedgen/generator/internal/hostile"
	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

// variants are sites of every form that the package writes.
func variants() map[string]*site.Site {
	out := map[string]*site.Site{}
	add := func(name string, change func(*site.Site)) {
		s := exampleSite()
		change(s)
		out[name] = s
	}
	add("plain", func(*site.Site) {})
	add("resolver", func(s *site.Site) { s.Nginx.Resolver = "127.0.0.1:53" })
	add("new resolver", func(s *site.Site) { s.Nginx.Resolver, s.Nginx.Version = "[::1]", "1.27.3" })
	add("old", func(s *site.Site) { s.Nginx.Version = "1.18" })
	add("ports", func(s *site.Site) {
		for _, t := range s.Tenants {
			t.Origin = "https://www.acme.example:8443"
		}
	})
	add("plain http", func(s *site.Site) {
		for _, t := range s.Tenants {
			t.Origin = "http://www.acme.example"
			for _, c := range t.Channels {
				c.Context.CEC = "http://localhost:7080"
			}
		}
	})
	add("direct", func(s *site.Site) {
		for _, c := range s.Tenants[0].Channels {
			c.Context = site.Context{URL: "https://cec.example/service-cloud", CEC: "https://cec.example"}
		}
	})
	add("own tokens only", func(s *site.Site) {
		s.Tenants[0].Channels = s.Tenants[0].Channels[1:]
		s.Tenants[0].Token.Keys = nil
	})
	add("two CECs", func(s *site.Site) {
		s.Tenants[0].Channels[1].Context = site.Context{Path: "/b/service-cloud", CEC: "https://localhost:7444"}
	})
	add("long id", func(s *site.Site) {
		s.Tenants[0].ID = strings.Repeat("very-long-", 4)
		s.Tenants[1].ID = strings.Repeat("very-long-", 3) + "very-lon-g"
	})
	add("no channels", func(s *site.Site) { s.Tenants[0].Channels = nil })
	return out
}

func TestNG14Clean(t *testing.T) {
	for name, s := range variants() {
		if name == "new resolver" {
			continue // it needs nginx 1.27.3; TestNG17Resolve compares its tree
		}
		t.Run(name, func(t *testing.T) {
			s.Nginx.TrustedCA = lab.NewCA(t).File(t) // reading Debian's bundle takes its time
			st := &stage{site: s}
			if problem := lab.CheckNginx(t, st.conf(t)); problem != "" {
				t.Errorf("nginx -t: %s", problem)
			}
		})
	}
}

func TestNG14Forms(t *testing.T) {
	for name, s := range variants() {
		for _, tenant := range s.Tenants {
			conf := append(mustHTTP(t, tenant, s), mustLocations(t, tenant, s)...)
			tree(t, conf).walk(func(parent string, n node) {
				if problem := forbidden(parent, n); problem != "" {
					t.Errorf("%s, tenant %s: %s: %q", name, tenant.ID, problem, n.words)
				}
			})
			if strings.Contains(string(conf), "KEY") {
				t.Errorf("%s: a reference to a secret", name)
			}
		}
	}
}

// targetVariable is the one that a resolver before 1.27.3 needs; TestNG17NothingElse is about it.
var targetVariable = regexp.MustCompile(`:\d+\$embedgen_\w+_target$`)

// forbidden says why a directive breaks NG-14, or "".
func forbidden(parent string, n node) string {
	args := strings.Join(n.words[1:], " ")
	switch {
	case keyed(parent):
	case n.words[0] == "if" || n.words[0] == "rewrite" || n.words[0] == "include":
		return "forbidden directive"
	case n.words[0] == "location" && !strings.HasPrefix(args, "= /") && !strings.HasPrefix(args, "^~ /") && !strings.HasPrefix(args, "@embedgen_"):
		return "location of another kind"
	case n.words[0] == "proxy_pass" && strings.Contains(targetVariable.ReplaceAllString(args, ""), "$"):
		return "client-controlled variable in proxy_pass"
	}
	return ""
}

// Without a resolver no proxy_pass has a variable at all.
func TestNG14ProxyPass(t *testing.T) {
	s := exampleSite()
	for _, tenant := range s.Tenants {
		tree(t, mustLocations(t, tenant, s)).walk(func(_ string, n node) {
			if n.words[0] == "proxy_pass" && strings.Contains(n.words[1], "$") {
				t.Errorf("%q", n.words)
			}
		})
	}
}

// Many tenants fit one nginx, from a number on with the two lines that http.conf names.
func TestNG14ManyTenants(t *testing.T) {
	for count, lines := range map[int]string{
		4:  "",
		60: "variables_hash_max_size 4096; variables_hash_bucket_size 128;",
	} {
		s := &site.Site{Service: exampleSite().Service, Nginx: exampleSite().Nginx}
		s.Nginx.TrustedCA = lab.NewCA(t).File(t)
		for i := range count {
			id := fmt.Sprintf("tenant-%d", i)
			s.Tenants = append(s.Tenants, hostile.Tenant(id, "/"+id, "web", "private"))
		}
		conf := (&stage{site: s}).conf(t)
		if lines != "" && !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(conf.HTTP, "#", "")), " "), lines) {
			t.Errorf("http.conf does not name %q", lines)
		}
		conf.HTTP += lines
		if problem := lab.CheckNginx(t, conf); problem != "" {
			t.Errorf("%d tenants: nginx -t: %s", count, problem)
		}
	}
}

func TestNG17Header(t *testing.T) {
	s := exampleSite()
	s.Nginx.Version = "1.26"
	for _, conf := range [][]byte{mustLocations(t, s.Tenants[0], s), mustHTTP(t, s.Tenants[0], s)} {
		head, _, _ := strings.Cut(string(conf), "\n\n")
		for _, want := range []string{
			"tenant acme", "do not edit", "nginx 1.26 or newer",
			"include /etc/nginx/embedgen/acme/http.conf;", "include /etc/nginx/embedgen/acme/locations.conf;",
		} {
			if !strings.Contains(head, want) {
				t.Errorf("no %q in\n%s", want, head)
			}
		}
	}
}

func TestNG17Settings(t *testing.T) {
	s := exampleSite()
	s.Nginx.TrustedCA, s.Nginx.Signer, s.Nginx.Root = "/etc/pki/ca bundle.pem", "[::1]:9000", "/var/www/"
	locations, http := tree(t, mustLocations(t, s.Tenants[0], s)), tree(t, mustHTTP(t, s.Tenants[0], s))
	for _, want := range []string{"proxy_ssl_trusted_certificate /etc/pki/ca bundle.pem", "alias /var/www/acme/"} {
		if !locations.has(want) {
			t.Errorf("no %q", want)
		}
	}
	if !http.has("server [::1]:9000") {
		t.Error("the signer's address is not used")
	}
}

// CEC and the signer are waited for as long as they may take, and no longer.
func TestNG10Patience(t *testing.T) {
	s := exampleSite()
	locations, http := tree(t, mustLocations(t, s.Tenants[0], s)), tree(t, mustHTTP(t, s.Tenants[0], s))
	for words, want := range map[string]int{
		"proxy_connect_timeout 5s": 1, "proxy_send_timeout 60s": 1, "proxy_read_timeout 300s": 1,
		"proxy_connect_timeout 2s": 3, "proxy_read_timeout 10s": 3,
	} {
		found := 0
		locations.walk(func(_ string, n node) {
			if strings.Join(n.words, " ") == words {
				found++
			}
		})
		if found != want {
			t.Errorf("%d times %q, want %d", found, words, want)
		}
	}
	if !http.has("keepalive_timeout 30s") {
		t.Error("connections are kept longer than a load balancer keeps them")
	}
}

// From 1.27.3 on the upstream itself follows the name, and the locations stay as they are.
func TestNG17Resolve(t *testing.T) {
	s := exampleSite()
	before := string(mustLocations(t, s.Tenants[0], s))
	s.Nginx.Resolver, s.Nginx.Version = "127.0.0.53", "1.27.3"
	http := tree(t, mustHTTP(t, s.Tenants[0], s))
	for _, want := range []string{"zone embedgen_acme_cec 64k", "resolver 127.0.0.53", "server localhost:7443 resolve"} {
		if !http.has(want) {
			t.Errorf("no %q", want)
		}
	}
	after := string(mustLocations(t, s.Tenants[0], s))
	if strings.ReplaceAll(after, "nginx 1.27.3", "nginx 1.22") != before {
		t.Error("the location blocks differ from those without a resolver")
	}
}

// A part of the file for one channel is made of blocks of the whole file.
func TestChannelIsPartOfLocations(t *testing.T) {
	s := exampleSite()
	s.Tenants[0].Channels[1].Context = site.Context{Path: "/b/service-cloud", CEC: "https://localhost:7444"}
	whole := mustLocations(t, s.Tenants[0], s)
	for _, c := range s.Tenants[0].Channels {
		excerpt, err := Channel(c, s, acmePolicy)
		if err != nil {
			t.Fatal(err)
		}
		blocks := tree(t, excerpt)
		for _, n := range blocks {
			if path := n.words[len(n.words)-1]; path != "/acme/" && !strings.Contains(string(whole), blockText(excerpt, n)) {
				t.Errorf("channel %s: %q is not as in the whole file", c.ID, n.words)
			}
		}
		if blocks.count("location") >= tree(t, whole).count("location") {
			t.Errorf("channel %s: not a part", c.ID)
		}
	}
}

// blockText is the text of a location block, from its first line to the end of the block.
func blockText(conf []byte, n node) string {
	start := strings.Index(string(conf), strings.Join(n.words, " ")+" {")
	end := strings.Index(string(conf[start:]), "\n}")
	return string(conf[start : start+end])
}

func TestErrors(t *testing.T) {
	for want, change := range map[string]func(*site.Site){
		"leads to both":     func(s *site.Site) { s.Tenants[0].Channels[0].Context.CEC = "https://other.example" },
		"IP address":        func(s *site.Site) { hostile.SetCECs(s, "https://192.0.2.1") },
		"is not https":      func(s *site.Site) { hostile.SetCECs(s, "http://cec.example") },
		"served twice":      func(s *site.Site) { s.Tenants[0].Endpoints.Token = s.Tenants[0].Endpoints.Authorization },
		"does not end with": func(s *site.Site) { s.Tenants[0].Channels[0].Context.Path = "/chat" },
	} {
		s := exampleSite()
		change(s)
		_, err := Locations(s.Tenants[0], s, policyOf)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `tenant "acme"`) {
			t.Errorf("want %q: %v", want, err)
		}
	}
}

func BenchmarkLocations(b *testing.B) {
	s := exampleSite()
	t := s.Tenants[0]
	for i := range 1000 {
		c := *t.Channels[i%2]
		c.ID = fmt.Sprintf("channel_%d", i)
		t.Channels = append(t.Channels, &c)
	}
	for b.Loop() {
		b.SetBytes(int64(len(mustLocations(b, t, s))))
	}
}

func BenchmarkChannel(b *testing.B) {
	s := exampleSite()
	for b.Loop() {
		conf, err := Channel(s.Tenants[0].Channels[0], s, acmePolicy)
		if err != nil {
			b.Fatal(err)
		}
		Highlight(conf)
	}
}
