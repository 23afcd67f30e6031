package caddyfile

import (
	"fmt"
	"regexp"
	"strings"

	"embedgen/generator/render/route"
	"embedgen/generator/site"
)

// Render is caddy/<tenant>/Caddyfile: the routes that the tenant's site block imports. The policy
// function gives the Content-Security-Policy of a channel's integration page. A value of the site
// that Caddy could take for anything but a value is an error.
func Render(t *site.Tenant, s *site.Site, policy func(*site.Channel) string) ([]byte, error) {
	table, err := route.New(t, s, t.Channels, policy)
	if err != nil {
		return nil, err
	}
	p := &plan{table}
	out, err := render(append([]directive{note(p.header()...)}, p.routes()...))
	if err != nil {
		return nil, fmt.Errorf("tenant %q: %w", t.ID, err)
	}
	return out, nil
}

// plan is what a tenant needs, and how Caddy is to do it.
type plan struct{ *route.Table }

func (p *plan) routes() []directive {
	var out []directive
	for _, c := range p.Contexts {
		out = append(out, p.cec(c)...)
	}
	for _, e := range p.Endpoints {
		out = append(out, p.endpoint(e)...)
	}
	if len(p.Pages) > 0 {
		out = append(out, p.files()...)
	}
	return out
}

// matcher names a matcher: matchers of one site block share their names.
func (p *plan) matcher(thing string) string { return "@" + p.name(thing) }

func (p *plan) name(thing string) string { return "embedgen_" + p.Tenant + "_" + thing }

// variable is the placeholder of a variable that the operator may set.
func variable(name string) value { return ph("http.vars." + name) }

// target is the request target as the client wrote it. Caddy's path matcher sees it decoded and
// cleaned, in lower case, and after the site's own rewrites.
const target = "http.request.orig_uri"

// below matches the requests below a path, in the case in which it is written, for this is what
// other servers do; slashes may be doubled. The path matcher comes first: it orders the routes of
// Caddy's site block by the length of their paths.
func (p *plan) below(name, path string, more ...directive) directive {
	conditions := append([]directive{
		line("path", path+"/*"),
		line("vars_regexp").with(ph(target), src("^"+slashes(path)+"/")),
	}, more...)
	return line(name).holding(conditions...)
}

// slashes is a regular expression for a path whose slashes may be doubled.
func slashes(path string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(path), "/", "/+")
}

// handle answers what a matcher matches, in the order of the body. Caddy tries no other handle.
func handle(matcher string, body ...directive) directive {
	return line("handle", matcher).holding(line("route").holding(body...))
}
