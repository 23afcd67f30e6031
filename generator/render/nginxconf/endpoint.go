package nginxconf

import (
	"strconv"

	"embedgen/generator/render/route"
)

// endpointLocation passes one of the three duties to embedgen serve. Only this one path matches,
// and only this path is sent.
func (p *plan) endpointLocation(e route.Endpoint) directive {
	body := []directive{
		lits("client_max_body_size", kibibytes(route.MaxBody)),
		p.limit(e.Kind),
		lits("limit_req_status", "429"),
		lits("proxy_pass", "http://"+p.names.of(signerThing)+e.Path),
		lits("proxy_http_version", "1.1"),
		lits("proxy_set_header", "Connection", ""),
		lits("proxy_connect_timeout", seconds(route.SignerDialTimeout)),
		lits("proxy_read_timeout", seconds(route.SignerTimeout)),
	}
	body = append(body, p.peerHeaders()...)
	body = append(body, p.identityHeaders(e.Kind)...)
	body = append(body, noStore()...)
	body = append(body,
		lits("proxy_cookie_domain", "off").about("What the site does to the cookies of other servers would break this one's."),
		lits("proxy_cookie_path", "off"))
	if !p.version.before(cookieFlags) {
		body = append(body, lits("proxy_cookie_flags", "off"))
	}
	body = append(body,
		lits("proxy_intercept_errors", "off"),
		lits("proxy_cache", "off"),
		lits("charset", "off"),
		line("error_page", lit("413"), lit("429"), lit("500"), lit("502"), lit("503"), lit("504"),
			lit("@"+p.names.of(refusedThing))).about("nginx's own refusals; the site's error pages would lose no-store."))
	return block(body, "location", lit("="), lit(e.Path)).about(purpose(e.Kind)...)
}

func purpose(k route.Kind) []string {
	switch k {
	case route.Authorization:
		return []string{"Guests get their signature here, from embedgen serve."}
	case route.Token:
		return []string{
			"Signed-in customers get their token here. Who they are is what the server block says in two",
			"variables, by set or auth_request_set (see http.conf), never what the client sends.",
		}
	}
	return []string{"CEC's servers ask here whether a token is good."}
}

// limit bounds requests per peer. CEC's servers ask from few addresses for all customers.
func (p *plan) limit(k route.Kind) directive {
	zone, burst := signingThing, 20
	if k == route.Validation {
		zone, burst = validationThing, 40
	}
	return lits("limit_req", "zone="+p.names.of(zone), "burst="+strconv.Itoa(burst), "nodelay")
}

// peerHeaders tell the signer who asks and for which site. The host is the one that was asked for,
// so that the signer can refuse an unknown one; its port is the origin's.
func (p *plan) peerHeaders() []directive {
	host, scheme := ref("host"), ref("scheme")
	if p.Origin.Port != "" {
		host = concat(host, lit(":"+p.Origin.Port))
	}
	var out []directive
	if p.standsFor != nil {
		host, scheme = lit(p.standsFor.HostPort()), lit(p.standsFor.Scheme)
		out = append(out, line("proxy_set_header", lit("Origin"), ref(originVariable)))
	}
	return append(out,
		line("proxy_set_header", lit("Host"), host),
		line("proxy_set_header", lit("X-Forwarded-Host"), host),
		line("proxy_set_header", lit("X-Forwarded-Proto"), scheme),
		line("proxy_set_header", lit("X-Forwarded-For"), ref("remote_addr")),
		line("proxy_set_header", lit("X-Real-IP"), ref("remote_addr")),
		lits("proxy_set_header", "Forwarded", ""))
}

func (p *plan) identityHeaders(k route.Kind) []directive {
	id, name := lit(""), lit("")
	if k == route.Token {
		id, name = ref(p.names.of(userIDThing)), ref(p.names.of(userNameThing))
	}
	return []directive{
		line("proxy_set_header", lit(p.Identity.ID), id),
		line("proxy_set_header", lit(p.Identity.Name), name),
	}
}

// noStore gives every answer exactly one Cache-Control, nginx's own errors too.
func noStore() []directive {
	return []directive{
		lits("proxy_hide_header", "Cache-Control"),
		lits("proxy_hide_header", "X-Content-Type-Options"),
		lits("expires", "off"),
		lits("add_header", "Cache-Control", "no-store", "always"),
		noSniff(),
	}
}

// refusedLocation answers for the endpoints when nginx itself refuses, with the status that it has.
func (p *plan) refusedLocation() directive {
	return block([]directive{
		lits("default_type", "text/plain"),
		lits("charset", "off"),
		lits("add_header", "Cache-Control", "no-store", "always"),
		noSniff(),
		lits("return", "200", "refused"),
	}, "location", lit("@"+p.names.of(refusedThing))).about(
		"The answer to a request that nginx refuses itself: the status stays 413, 429 or 5xx.")
}
