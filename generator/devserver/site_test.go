package devserver

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"embedgen/generator/artifact"
	"embedgen/generator/diag"
	"embedgen/generator/site"
)

func testSite() *site.Site {
	type ch struct {
		id     string
		mode   site.Mode
		locale string
		load   site.Load
		cobr   site.Cobrowse
		cons   bool
	}
	s := &site.Site{Title: "Support chat", Languages: []string{"en", "zh"}}
	endpoints := site.Endpoints{
		Authorization: "/webchat/authorizationService", Token: "/webchat/token",
		Validation: "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate",
	}
	for n, row := range []struct {
		id, name, path, url, cec string
		channels                 []ch
	}{
		{"globex", "Globex Retail", "/globex/service-cloud", "", "https://cec.globex.example", []ch{
			{"shop_help", site.Authorization, "en", site.Interaction, site.CobrowseExtension, false},
			{"shop_account", site.TokenMode, "zh", site.Idle, site.CobrowseOff, true},
		}},
		{"acme", "Acme Bank", "/service-cloud", "", "https://cec.acme.example", []ch{
			{"web_support", site.Authorization, "zh", site.Eager, site.CobrowseScripts, false},
			{"web_private", site.TokenMode, "en", site.Idle, site.CobrowseOff, false},
		}},
		{"hooli", "Hooli", "/service-cloud", "", "https://cec.hooli.example", []ch{
			{"main", site.Authorization, "en", site.Idle, site.CobrowseOff, false},
		}},
		{"initech", "Initech", "", "https://cec.initech.example/service-cloud", "https://cec.initech.example", []ch{
			{"main_site", site.Authorization, "en", site.Eager, site.CobrowseOff, false},
		}},
	} {
		t := &site.Tenant{
			ID: row.id, Name: row.name, TenantSpaceID: fmt.Sprintf("20200715903%d", n), Origin: "https://www." + row.id + ".example",
			PublicPath: "/" + row.id + "/", Endpoints: endpoints,
		}
		for i, c := range row.channels {
			t.Channels = append(t.Channels, &site.Channel{
				Tenant: t, ID: c.id, Name: row.name + " " + c.id, ChannelConfigID: fmt.Sprintf("2021021931968697%d%d", n, i),
				Mode: c.mode, Locale: c.locale, MapService: "tencent", Cobrowse: c.cobr, Load: c.load, Consent: c.cons,
				Context: site.Context{Path: row.path, URL: row.url, CEC: row.cec},
			})
		}
		s.Tenants = append(s.Tenants, t)
	}
	return s
}

func (p *project) build(_ context.Context, o Origins) Result {
	r := Result{Inputs: slices.Collect(maps.Keys(firstFiles))}
	r.Inputs = append(r.Inputs, "pages")
	for _, name := range slices.Sorted(maps.Keys(firstFiles)) {
		for i, line := range strings.Split(p.read(name), "\n") {
			if at := strings.Index(line, "BROKEN"); at >= 0 {
				r.Diagnostics = append(r.Diagnostics, diag.Diagnostic{
					Pos: diag.Pos{File: name, Line: i + 1, Column: at + 1}, Length: len("BROKEN"), Rule: "broken-word",
					Message: "the word \"BROKEN\" <b>here</b>", Hint: "take it out & save", Source: line,
				})
			}
		}
	}
	if r.Diagnostics.HasErrors() {
		return r
	}
	s := testSite()
	s.Title, _, _ = strings.Cut(p.read("channels.yaml"), "\n")
	if strings.Contains(p.read("channels.yaml"), "rename acme") {
		s.Tenants[1].Name = "Acme Trust"
	}
	if strings.Contains(p.read("channels.yaml"), "no hooli") {
		s.Tenants = slices.DeleteFunc(s.Tenants, func(t *site.Tenant) bool { return t.ID == "hooli" })
	}
	o.Adjust(s)
	tree, err := artifact.NewTree(p.files(s))
	if err != nil {
		r.Diagnostics = diag.List{{Rule: "tree", Message: err.Error()}}
		return r
	}
	r.Tree, r.Site = tree, s
	r.Render = p.render
	return r
}

// render makes a page and a script that show the settings they were made from.
func (p *project) render(ch *site.Channel) (Rendition, error) {
	if ch.Locale == "xx" {
		return Rendition{}, errors.New("no such language")
	}
	shows := fmt.Sprintf("%s load=%s consent=%v locale=%s", ch.ID, ch.Load, ch.Consent, ch.Locale)
	page := strings.ReplaceAll(strings.Replace(p.read("page.html"), "<html lang=en>", "<html lang=en><head>", 1), "NAME", shows)
	return Rendition{
		Page: []byte(page), Policy: policyOf(page), Script: []byte("// " + shows + "\n" + p.read("embed.js")),
		Forms: []Snippet{{"html", "<!-- " + shows + " -->"}, {"react", "/* " + shows + " */"}},
	}, nil
}

func (p *project) files(s *site.Site) []artifact.File {
	var files []artifact.File
	add := func(path, text, name string) {
		f := artifact.NewFile(path, []byte(strings.ReplaceAll(text, "NAME", name)))
		if strings.HasPrefix(path, "www/") && strings.HasSuffix(path, ".html") {
			f.Policy = policyOf(string(f.Data))
		}
		files = append(files, f)
	}
	for _, lang := range s.Languages {
		add("docs/"+lang+"/index.html", p.read("guide.html"), s.Title)
	}
	for _, t := range s.Tenants {
		add("nginx/"+t.ID+"/locations.conf", "# NAME\n", t.ID)
		add("www/"+t.ID+"/assets/a.0123abcd.css", "/* NAME */", t.ID)
		for _, c := range t.Channels {
			key := t.ID + "/" + c.ID
			add("www/"+key+"/index.html", p.read("page.html"), c.ID)
			add("www/"+key+"/embed.js", p.read("embed.js"), c.ID)
			add("snippets/"+key+".html", `<script async src="`+t.Origin+t.PublicPath+c.ID+`/embed.js"></script>`+"\n", "")
			for _, lang := range s.Languages {
				add("docs/"+lang+"/"+key+".html", p.read("guide.html"), c.ID)
			}
		}
	}
	for _, name := range []string{"a", "b"} {
		if text := p.read("pages/" + name + ".md"); text != "" {
			add("docs/en/pages/"+name+".html", text, name)
		}
	}
	return files
}

// policyOf is a policy like that of an integration page: one inline script is listed by its hash,
// and only what that script adds may run.
func policyOf(page string) string {
	_, rest, _ := strings.Cut(page, "<script>")
	inline, _, _ := strings.Cut(rest, "</script>")
	sum := sha256.Sum256([]byte(inline))
	return "default-src 'none'; script-src 'strict-dynamic' 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"
}
