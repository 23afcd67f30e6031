package devserver

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"embedgen/generator/artifact"
	"embedgen/generator/site"
)

func TestWithNonce(t *testing.T) {
	for _, row := range [][2]string{
		{"script-src 'self'", "script-src 'self' 'nonce-N'"},
		{"default-src 'none'; script-src 'strict-dynamic' 'sha256-x'; style-src 'self'", "default-src 'none'; script-src 'strict-dynamic' 'sha256-x' 'nonce-N'; style-src 'self'"},
		{"Script-Src 'none';img-src *", "Script-Src 'nonce-N';img-src *"},
		{"script-src", "script-src 'nonce-N'"},
		{"script-src 'self'; script-src-elem 'self' ; x", "script-src 'self'; script-src-elem 'self' 'nonce-N'; x"},
		{"script-src a; script-src b", "script-src a 'nonce-N'; script-src b"},
		{"default-src 'self'; img-src *;", "default-src 'self'; img-src *; script-src 'self' 'nonce-N'"},
		{"default-src 'none'", "default-src 'none'; script-src 'nonce-N'"},
		{"img-src *", "img-src *"},
		{"", ""},
	} {
		if got := withNonce(row[0], "N"); got != row[1] {
			t.Errorf("%q:\n got %q\nwant %q", row[0], got, row[1])
		}
	}
}

func TestInject(t *testing.T) {
	for _, row := range [][2]string{
		{"<body>x</body>", "<body>xTAG</body>"},
		{"<BODY>x</BODY ></html>", "<BODY>xTAG</BODY ></html>"},
		{"a</body>b</body>c", "a</body>bTAG</body>c"},
		{"\u212A\u0130</body>", "\u212A\u0130TAG</body>"},
		{"no end", "no endTAG"},
		{"", "TAG"},
	} {
		if got := string(inject([]byte(row[0]), "TAG")); got != row[1] {
			t.Errorf("%q: %q, want %q", row[0], got, row[1])
		}
	}
}

func TestDistance(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{{"/a", "/a", 0}, {"/web_suport", "/web_support", 1}, {"abc", "axc", 1}, {"", "abc", 3}, {"abcd", "dcba", 4}, {"a", "abcdefgh", 200}} {
		if got := distance(row.a, row.b); got != row.want {
			t.Errorf("%q %q: %d, want %d", row.a, row.b, got, row.want)
		}
	}
}

func TestOriginsAndAddresses(t *testing.T) {
	o := Origins{Port: 8400, hosts: []string{"dev.example"}}
	if got := o.Plain() + " " + o.Tenant("acme") + " " + o.CEC("acme"); got != "http://127.0.0.1:8400 http://acme.localhost:8400 http://cec.acme.localhost:8400" {
		t.Error(got)
	}
	var got []string
	for _, a := range o.Addresses(testSite()) {
		got = append(got, fmt.Sprint(a.Host, " ", a.Origin, " ", len(a.Tenants)))
	}
	want := []string{
		"127.0.0.1:8400 http://127.0.0.1:8400 4", "localhost:8400 http://localhost:8400 4", "[::1]:8400 http://[::1]:8400 4",
		"dev.example http://dev.example 4", "dev.example https://dev.example 4", "globex.localhost:8400 http://globex.localhost:8400 1",
		"acme.localhost:8400 http://acme.localhost:8400 1", "hooli.localhost:8400 http://hooli.localhost:8400 1", "initech.localhost:8400 http://initech.localhost:8400 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := (Origins{Port: 80}).Addresses(testSite())[2].Host; got != "[::1]" {
		t.Errorf("on port 80: %q", got)
	}
}

func TestOptionsThatAreMissing(t *testing.T) {
	for i, change := range []func(*Options){
		func(o *Options) { o.Root = "" }, func(o *Options) { o.Build = nil }, func(o *Options) { o.Templates = nil }, func(o *Options) { o.Now = nil },
		func(o *Options) { o.Templates = os.DirFS(t.TempDir()) },
	} {
		o := newProject(t).options()
		change(&o)
		if err := Run(t.Context(), o); err == nil {
			t.Errorf("%d: no error", i)
		}
	}
}

// What the services know of a site makes new ones necessary; how a chat looks does not.
func TestServiceKey(t *testing.T) {
	before := serviceKey(testSite())
	for name, row := range map[string]struct {
		change func(*site.Site)
		same   bool
	}{
		"nothing":       {func(*site.Site) {}, true},
		"title":         {func(s *site.Site) { s.Title = "x" }, true},
		"nginx":         {func(s *site.Site) { s.Nginx.Root = "x" }, true},
		"load":          {func(s *site.Site) { s.Tenants[0].Channels[0].Load = site.Idle }, true},
		"consent":       {func(s *site.Site) { s.Tenants[0].Channels[0].Consent = true }, true},
		"fallback":      {func(s *site.Site) { s.Tenants[0].Channels[0].Fallback = "/x" }, true},
		"frames":        {func(s *site.Site) { s.Tenants[0].Channels[0].FrameAncestors = []string{"https://x.example"} }, true},
		"library":       {func(s *site.Site) { s.Tenants[0].Channels[0].JQuery.Src = "x" }, true},
		"tenant's name": {func(s *site.Site) { s.Tenants[0].Name = "x" }, false},
		"endpoint":      {func(s *site.Site) { s.Tenants[0].Endpoints.Token = "/x" }, false},
		"token key":     {func(s *site.Site) { s.Tenants[0].Token.Keys = []site.TokenKey{{ID: "x"}} }, false},
		"channel id":    {func(s *site.Site) { s.Tenants[0].Channels[0].ID = "x" }, false},
		"config id":     {func(s *site.Site) { s.Tenants[0].Channels[0].ChannelConfigID = "1" }, false},
		"mode":          {func(s *site.Site) { s.Tenants[0].Channels[0].Mode = site.TokenMode }, false},
		"secret":        {func(s *site.Site) { s.Tenants[0].Channels[0].SecretKey.Env = "x" }, false},
		"signature":     {func(s *site.Site) { s.Tenants[0].Channels[0].Signature.Order = "hash" }, false},
		"context":       {func(s *site.Site) { s.Tenants[0].Channels[0].Context.CEC = "https://x.example" }, false},
		"new channel":   {func(s *site.Site) { s.Tenants[0].Channels = append(s.Tenants[0].Channels, &site.Channel{}) }, false},
		"new tenant":    {func(s *site.Site) { s.Tenants = append(s.Tenants, &site.Tenant{}) }, false},
	} {
		s := testSite()
		row.change(s)
		if same := serviceKey(s) == before; same != row.same {
			t.Errorf("%s: same %v, want %v", name, same, row.same)
		}
	}
}

// A page whose bytes are the same under another policy is another page.
func TestDS4APolicyCounts(t *testing.T) {
	shows := func(policy string) map[seen]string {
		f := artifact.NewFile("www/acme/web_support/index.html", nil)
		f.Policy = policy
		tree, err := artifact.NewTree([]artifact.File{f})
		if err != nil {
			t.Fatal(err)
		}
		return newGood(Result{Tree: tree, Site: testSite()}).shows()
	}
	h := history(nil).after(1, shows("a")).after(2, shows("a")).after(3, shows("b"))
	at := seen{"acme", "/acme/web_support/index.html"}
	if got := h[at].build; got != 3 {
		t.Errorf("last changed in build %d", got)
	}
	if got := h.after(4, nil)[at]; got != (version{"", 4}) {
		t.Errorf("after its end: %+v", got)
	}
}
