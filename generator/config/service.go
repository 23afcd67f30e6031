package config

import (
	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// Site is the top-level key site.
type Site struct {
	Title     Value[string]
	Languages Value[[]string]
	Pages     Value[string]
}

// Service is the top-level key service.
type Service struct {
	Listen    Value[string]
	GuestName map[string]Value[string] // by locale
	Identity  Identity
}

// Identity is service.identity.header.
type Identity struct {
	ID   Value[string]
	Name Value[string]
	From []Value[string]
}

// Nginx is the top-level key nginx.
type Nginx struct {
	Version   Value[string]
	Resolver  Value[string]
	TrustedCA Value[string]
	Signer    Value[string]
	Root      Value[string]
}

var siteKeys = fields[Site]{
	"title":     func(r *reader, s *Site, n *yaml.Node) { s.Title = r.text(n, "site.title", displayName) },
	"languages": func(r *reader, s *Site, n *yaml.Node) { s.Languages = r.languages(n) },
	"pages":     func(r *reader, s *Site, n *yaml.Node) { s.Pages = r.text(n, "site.pages", folder) },
}

var serviceKeys = fields[Service]{
	"listen":    func(r *reader, s *Service, n *yaml.Node) { s.Listen = r.text(n, "service.listen", hostPort) },
	"guestName": func(r *reader, s *Service, n *yaml.Node) { s.GuestName = r.guestNames(n) },
	"identity": func(r *reader, s *Service, n *yaml.Node) {
		mapping(r, n, "service.identity", identityKeys, &s.Identity)
	},
}

var identityKeys = fields[Identity]{
	"header": func(r *reader, i *Identity, n *yaml.Node) { r.identityHeader(n, i) },
}

var headerKeys = fields[Identity]{
	"id":   func(r *reader, i *Identity, n *yaml.Node) { i.ID = r.text(n, "identity header id", header) },
	"name": func(r *reader, i *Identity, n *yaml.Node) { i.Name = r.text(n, "identity header name", header) },
	"from": func(r *reader, i *Identity, n *yaml.Node) {
		i.From = []Value[string]{}
		ok := r.sequence(n, "identity header from", func(item *yaml.Node) {
			i.From = append(i.From, r.text(item, "identity header from", network))
		})
		if ok && len(i.From) == 0 {
			r.report(n, rule.MissingKey, missingHints["from"], "the identity header has an empty list from")
		}
	},
}

var nginxKeys = fields[Nginx]{
	"version":   func(r *reader, x *Nginx, n *yaml.Node) { x.Version = r.version(n) },
	"resolver":  func(r *reader, x *Nginx, n *yaml.Node) { x.Resolver = r.text(n, "nginx.resolver", resolver) },
	"trustedCA": func(r *reader, x *Nginx, n *yaml.Node) { x.TrustedCA = r.text(n, "nginx.trustedCA", absolutePath) },
	"signer":    func(r *reader, x *Nginx, n *yaml.Node) { x.Signer = r.text(n, "nginx.signer", hostPort) },
	"root":      func(r *reader, x *Nginx, n *yaml.Node) { x.Root = r.text(n, "nginx.root", absolutePath) },
}

// identityHeader reads the provider that trusts a proxy; it must say which proxies.
func (r *reader) identityHeader(n *yaml.Node, i *Identity) {
	if !mapping(r, n, "the identity header", headerKeys, i) {
		return
	}
	r.require(r.pos(n), "the identity header", Value[string]{}, "id", i.ID.Set)
	r.require(r.pos(n), "the identity header", Value[string]{}, "from", i.From != nil)
}

// version reads nginx's version, which looks like a number: it is taken as written.
func (r *reader) version(n *yaml.Node) Value[string] {
	n, v := r.scalar(n, "nginx.version")
	if n == nil {
		return v
	}
	return r.conform(n, v, "nginx.version", nginxVersion)
}

// languages reads the list of documentation languages.
func (r *reader) languages(n *yaml.Node) Value[[]string] {
	v := Value[[]string]{Set: true, Pos: r.pos(n)}
	seen := map[string]Pos{}
	ok := r.sequence(n, "site.languages", func(item *yaml.Node) {
		language := r.oneOf(item, "a language", rule.BadLanguage, "en", "zh")
		first, repeated := seen[language.V]
		switch {
		case language.V == "":
		case repeated:
			d := r.report(item, rule.BadLanguage, "keep one of them", "language %s is listed twice", quote(language.V))
			d.Related = []diag.Related{{Pos: first.Diag(), Message: "first here"}}
		default:
			seen[language.V] = language.Pos
			v.V = append(v.V, language.V)
		}
	})
	if ok && len(n.Content) == 0 {
		r.report(n, rule.BadLanguage, "", "site.languages is empty, expected en, zh or both")
	}
	return v
}

// guestNames reads what a guest is called in each locale.
func (r *reader) guestNames(n *yaml.Node) map[string]Value[string] {
	names := map[string]Value[string]{}
	r.entries(n, "service.guestName", "en: Guest", func(key, value *yaml.Node) {
		if name := r.text(key, "locale", locale); name.V != "" {
			names[name.V] = r.text(value, "guest name", displayName)
		}
	})
	return names
}
