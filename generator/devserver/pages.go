package devserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// pages are the server's own pages: dev/*.html, each with dev/layout.html around it, their
// styles and scripts, and the words in every language of dev/text.<lang>.json.
type pages struct {
	html   map[string]*template.Template
	assets map[string][]byte
	text   map[string]map[string]string // language → key → words
}

// languages of the server's own pages. The first is the default.
var languages = []string{"en", "zh"}

func loadPages(templates fs.FS) (*pages, error) {
	p := &pages{html: map[string]*template.Template{}, assets: map[string][]byte{}, text: map[string]map[string]string{}}
	files, err := fs.ReadDir(templates, "dev")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := p.load(templates, f.Name()); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *pages) load(templates fs.FS, name string) error {
	ext := path.Ext(name)
	if ext == ".html" && name != "layout.html" {
		t, err := template.New(name).ParseFS(templates, "dev/layout.html", "dev/"+name)
		p.html[strings.TrimSuffix(name, ext)] = t
		return err
	}
	data, err := fs.ReadFile(templates, "dev/"+name)
	if err != nil {
		return err
	}
	if lang, ok := strings.CutPrefix(strings.TrimSuffix(name, ext), "text."); ok {
		words := map[string]string{}
		p.text[lang] = words
		if err := json.Unmarshal(data, &words); err != nil {
			return fmt.Errorf("dev/%s: %w", name, err)
		}
		return nil
	}
	if ext == ".css" || ext == ".js" || ext == ".svg" {
		p.assets[name] = data
	}
	return nil
}

// frame is what every page of the server needs.
type frame struct {
	Lang string
	// Base leads from the page to the root of the server; it ends with a slash or is empty.
	Base  string
	Query string // "?lang=zh" where the language was chosen, to be kept in links
	Site  string // title of the site; may be empty
	Agent bool   // there is a console

	words map[string]string
}

func (c *call) frame() frame {
	f := frame{Lang: c.language(), Base: strings.Repeat("../", strings.Count(c.r.URL.Path, "/")-1)}
	f.words = c.pages.text[f.Lang]
	if asked := c.r.URL.Query().Get("lang"); asked == f.Lang {
		f.Query = "?lang=" + asked
	}
	if c.st.good != nil {
		f.Site, f.Agent = c.st.good.Site.Title, c.st.good.services.Console != nil
	}
	return f
}

// T returns the words of a key. A key without words shows itself.
func (f frame) T(key string, args ...any) string {
	words, ok := f.words[key]
	if !ok {
		words = key
	}
	if len(args) == 0 {
		return words
	}
	return fmt.Sprintf(words, args...)
}

// language is what the address asks for, else what the browser prefers.
func (c *call) language() string {
	if asked := c.r.URL.Query().Get("lang"); c.pages.text[asked] != nil {
		return asked
	}
	for tag := range strings.SplitSeq(c.r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		if c.pages.text[tag] != nil {
			return tag
		}
	}
	return languages[0]
}

// page answers with one of the server's own pages.
func (c *call) page(status int, name string, data any) {
	if !isRead(c.r.Method) {
		c.refuseMethod(http.MethodGet, http.MethodHead)
		return
	}
	policy := ownPolicy
	switch name {
	case "demo":
		policy = "" // a page of somebody else: the snippet must work as it stands
	case "playground":
		policy = playgroundPolicy
	}
	var out bytes.Buffer
	if err := c.pages.html[name].ExecuteTemplate(&out, name+".html", data); err != nil {
		c.report.note("dev/%s.html: %v", name, err)
		c.text(http.StatusInternalServerError, "dev/"+name+".html is broken: see the terminal")
		return
	}
	c.html(status, out.Bytes(), policy)
}

func (c *call) asset(name string) {
	data, ok := c.pages.assets[name]
	switch {
	case !ok:
		c.notFound()
	case !isRead(c.r.Method):
		c.refuseMethod(http.MethodGet, http.MethodHead)
	default:
		if name == "worker.js" { // a worker has a policy of its own
			c.w.Header().Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'")
		}
		c.body(http.StatusOK, contentType(name), data)
	}
}
