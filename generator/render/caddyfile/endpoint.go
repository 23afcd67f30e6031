package caddyfile

import (
	"regexp"

	"embedgen/generator/render/route"
)

var endpointNames = map[route.Kind]string{route.Authorization: "sign", route.Token: "token", route.Validation: "validate"}

// endpoint passes one of the three duties to embedgen serve. Only this one path matches, and only
// this path is sent.
func (p *plan) endpoint(e route.Endpoint) []directive {
	name := p.matcher(endpointNames[e.Kind])
	matcher := line(name).holding(
		line("path", e.Path),
		line("vars_regexp").with(ph(target), src("^"+regexp.QuoteMeta(e.Path)+`(?:\?|$)`)))
	body := append([]directive{
		line("header", "Cache-Control", "no-store").about("On every answer, Caddy's own refusals too."),
		line("header", "X-Content-Type-Options", "nosniff"),
	}, tooLarge(name, route.MaxBody)...)
	body = append(body, p.signer(e.Kind))
	return []directive{matcher.about(p.purpose(e.Kind)...), handle(name, body...)}
}

func (p *plan) purpose(k route.Kind) []string {
	switch k {
	case route.Authorization:
		return []string{"Guests get their signature here, from embedgen serve."}
	case route.Token:
		return []string{
			"Signed-in customers get their token here. Who they are is what the site block says in two",
			"variables, never what the client sends. For example, after an authentication that sets the",
			"header X-User, or removes it:",
			"",
			"    vars " + p.name("user_id") + " {header.X-User}",
			"    vars " + p.name("user_name") + " {header.X-User-Name}",
			"",
			"vars comes early in Caddy's order: put it, the authentication and this import in a route block.",
		}
	}
	return []string{"CEC's servers ask here whether a token is good."}
}

// signer tells embedgen serve who asks; Caddy itself says for which site.
func (p *plan) signer(k route.Kind) directive {
	body := []directive{
		line("header_up", "X-Real-IP").with(ph("http.request.remote.host")),
		line("header_up", "-Forwarded"),
	}
	for _, header := range []struct{ name, variable string }{{p.Identity.ID, "user_id"}, {p.Identity.Name, "user_name"}} {
		if k == route.Token {
			body = append(body, line("header_up", header.name).with(variable(p.name(header.variable))))
		} else {
			body = append(body, line("header_up", "-"+header.name))
		}
	}
	body = append(body,
		line("header_down", "-Cache-Control"),
		line("header_down", "-X-Content-Type-Options"),
		line("header_down", "-Server"),
		line("transport", "http").holding(
			line("dial_timeout", seconds(route.SignerDialTimeout)),
			line("response_header_timeout", seconds(route.SignerTimeout)),
			line("compression", "off")))
	return line("reverse_proxy", p.Signer).holding(body...)
}
