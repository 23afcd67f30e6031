package site

import (
	"io/fs"
	"strings"
	"time"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// Built-in defaults (DESIGN section 1).
const (
	defaultTitle       = "Support chat"
	defaultContextPath = "/service-cloud"
	defaultLocale      = "en"
	defaultMapService  = "tencent"
	defaultListen      = "127.0.0.1:8480"
	defaultVersion     = "1.22"
	defaultTrustedCA   = "/etc/ssl/certs/ca-certificates.crt"
	defaultRoot        = "/srv/embedgen/www"
	defaultLifetime    = 5 * time.Minute

	defaultAuthorizationPath = "/webchat/authorizationService"
	defaultTokenPath         = "/webchat/token"
	defaultValidationPath    = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"
)

// resolver makes a site of a file and collects what is wrong with the whole.
type resolver struct {
	file        *config.File
	fsys        fs.FS
	environment string
	assets      map[string]Library  // by name and file
	warned      map[config.Pos]bool // of values that many channels inherit
	problems    diag.List
	shown       [2]int // how many errors, how many warnings
}

// shownLimit is how many errors and how many warnings are reported: a thousand channels can share one.
const shownLimit = 1000

// Resolve says what a channels.yaml means: defaults < tenant < channel over the built-in
// defaults, with the bytes of library files read through fsys. It checks the rules that need
// resolved values even when f is broken, but returns a Site only if nothing at all is wrong.
// Its diagnostics do not repeat those of [config.Load].
func Resolve(f *config.File, fsys fs.FS) (*Site, diag.List) { return ResolveEnv(f, fsys, "") }

// ResolveEnv is [Resolve] for one of the file's environments; "" is none of them.
func ResolveEnv(f *config.File, fsys fs.FS, environment string) (*Site, diag.List) {
	base := f
	f, problems := f.In(environment)
	r := &resolver{file: f, fsys: fsys, environment: environment, assets: map[string]Library{}, problems: problems}
	s := &Site{
		Title:       or(f.Site.Title, defaultTitle),
		Languages:   or(f.Site.Languages, []string{"en", "zh"}),
		Pages:       or(f.Site.Pages, ""),
		Service:     service(f.Service),
		Environment: environment,
		written:     f,
		base:        base,
	}
	s.Nginx = nginx(f.Nginx, s.Service.Listen)
	for _, t := range f.Tenants {
		s.Tenants = append(s.Tenants, r.tenant(t))
	}
	r.checkPages(f.Site.Pages)
	r.checkPaths()
	r.checkChannelConfigs()
	r.problems.Sort()
	if f.Broken() || r.problems.HasErrors() {
		return nil, r.problems
	}
	return s, r.problems
}

// or returns a value as written, or the built-in default.
func or[T any](v config.Value[T], fallback T) T {
	if v.Set {
		return v.V
	}
	return fallback
}

func (r *resolver) tenant(t *config.Tenant) *Tenant {
	id := t.ID.V
	tenant := &Tenant{
		ID:            id,
		Name:          or(t.Name, id),
		TenantSpaceID: t.TenantSpaceID.V,
		Origin:        config.NormalOrigin(t.Origin.V),
		PublicPath:    or(t.PublicPath, "/"+id+"/"),
		Endpoints:     endpoints(t.Endpoints),
		Token:         token(t.Token),
	}
	for _, c := range t.Channels {
		channel := r.channel(t, c)
		channel.Tenant = tenant
		tenant.Channels = append(tenant.Channels, channel)
	}
	return tenant
}

func endpoints(e config.Endpoints) Endpoints {
	return Endpoints{
		Authorization: or(e.Authorization, defaultAuthorizationPath),
		Token:         or(e.Token, defaultTokenPath),
		Validation:    or(e.Validation, defaultValidationPath),
	}
}

func token(t config.Token) Token {
	token := Token{Lifetime: or(t.Lifetime, defaultLifetime)}
	for _, k := range t.Keys {
		token.Keys = append(token.Keys, TokenKey{ID: k.ID.V, Secret: k.Secret.V, Until: k.Until.V})
	}
	return token
}

func service(s config.Service) Service {
	names := map[string]string{"en": "Guest", "zh": "访客"}
	for locale, name := range s.GuestName {
		names[locale] = name.V
	}
	identity := HeaderIdentity{ID: s.Identity.ID.V, Name: s.Identity.Name.V}
	for _, network := range s.Identity.From {
		identity.From = append(identity.From, network.V)
	}
	return Service{Listen: or(s.Listen, defaultListen), GuestName: names, Identity: identity}
}

func nginx(n config.Nginx, listen string) Nginx {
	return Nginx{
		Version:   or(n.Version, defaultVersion),
		Resolver:  or(n.Resolver, ""),
		TrustedCA: or(n.TrustedCA, defaultTrustedCA),
		Signer:    or(n.Signer, listen),
		Root:      strings.TrimRight(or(n.Root, defaultRoot), "/"),
	}
}

// checkPages insists that site.pages is a folder.
func (r *resolver) checkPages(pages config.Value[string]) {
	if pages.V == "" {
		return
	}
	if info, err := fs.Stat(r.fsys, pages.V); err != nil || !info.IsDir() {
		r.report(pages.Pos, rule.MissingFolder, "make it, or remove pages", "site.pages names %q, which is not a folder", pages.V)
	}
}

// warnOnce reports whether a value that many channels may inherit was not warned of yet.
func (r *resolver) warnOnce(at config.Pos) bool {
	if r.warned == nil {
		r.warned = map[config.Pos]bool{}
	}
	first := !r.warned[at]
	r.warned[at] = true
	return first
}

func (r *resolver) report(at config.Pos, id rule.ID, hint, format string, args ...any) *diag.Diagnostic {
	d := at.Problem(id, hint, format, args...)
	switch r.shown[d.Severity]++; {
	case r.shown[d.Severity] > shownLimit:
		return new(diag.Diagnostic)
	case r.shown[d.Severity] == shownLimit:
		d.Hint = strings.TrimPrefix(d.Hint+"; more of these are not shown", "; ")
	}
	r.problems = append(r.problems, d)
	return &r.problems[len(r.problems)-1]
}
