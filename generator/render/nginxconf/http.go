package nginxconf

import (
	"regexp"
	"strings"
)

// http is the part of the configuration that belongs to http{}.
func (p *plan) http() []directive {
	var out []directive
	if len(p.contexts) > 0 {
		out = append(out, p.cecUpstreams()...)
		out = append(out, p.targets()...)
		out = append(out, cecVariables()...)
	}
	if len(p.endpoints) > 0 {
		out = append(out, p.signerUpstream())
		out = append(out, p.zones()...)
	}
	if p.serves(tokenEndpoint) {
		out = append(out, p.customer()...)
	}
	return out
}

func (p *plan) cecUpstreams() []directive {
	if p.perRequestNames() {
		return nil
	}
	var out []directive
	for _, c := range p.contexts {
		if c.cec.index == len(out) { // contexts with the same CEC share it
			out = append(out, p.cecUpstream(c.cec))
		}
	}
	return out
}

func (p *plan) cecUpstream(c cec) directive {
	name := p.names.of(numbered(cecThing, c.index))
	comment := []string{
		"CEC. Its name is looked up when nginx starts or reloads, and must resolve then: nginx does not",
		"start otherwise. Set nginx.resolver in channels.yaml to follow changes of the address.",
	}
	body := []directive{lits("server", c.origin.address())}
	if p.settings.resolver != "" {
		comment = []string{"CEC. Its name is looked up again as its DNS record ages, without a reload."}
		body = []directive{
			lits("zone", name, "64k"),
			lits("resolver", p.settings.resolver),
			lits("server", c.origin.address(), "resolve"),
		}
	}
	body = append(body,
		lits("keepalive", "16").about(
			"Connections are kept for reuse, for less time than a load balancer usually keeps them."),
		lits("keepalive_timeout", "30s"))
	return block(body, "upstream", lit(name)).about(comment...)
}

// targets are the variables of a proxy_pass that must have one (perRequestNames). Such a
// proxy_pass sends the variable as it is, so that this map is all that stands between the request
// and CEC: it takes the path only in the form that the location above it means, as the client
// wrote it, without dot segments in any spelling. Anything else becomes "refused", which after the
// port makes an invalid address, and the answer is 500.
func (p *plan) targets() []directive {
	if !p.perRequestNames() {
		return nil
	}
	var out []directive
	for _, c := range p.contexts {
		source := `~^` + slashes(c.path()) + `/+((?!` + dotSegment + `).*)$`
		out = append(out, block([]directive{
			lits("default", "refused"),
			entry(pattern(source), concat(lit(servicePath+"/"), ref("1"))),
		}, "map", ref("request_uri"), ref(p.names.of(numbered(targetThing, c.index)))).about(
			"The path and query for CEC, byte for byte as the client sent them. A path with dot segments",
			"is refused: after the port, this word makes an invalid address."))
	}
	return out
}

// dotSegment finds a "." or ".." segment, plain or encoded, in the path before the query.
const dotSegment = `(?:[^?]*(?:/|%2[Ff]|\\|%5[Cc]))?(?:\.|%2[Ee]){1,2}(?:[/\\?;#]|%2[Ff]|%5[Cc]|%3[Bb]|$)`

// slashes is a regular expression for a path whose slashes may be doubled.
func slashes(path string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(path), "/", "/+")
}

// cecVariables are the same for every tenant.
func cecVariables() []directive {
	return []directive{
		block([]directive{
			lits("default", ""),
			lits("websocket", "websocket"),
		}, "map", ref("http_upgrade"), ref(upgradeVariable)).about(
			"The next four maps are alike in every tenant's file; nginx keeps one of each.",
			"",
			"WebSocket is the only upgrade that passes. The default must be empty: with \"close\" no",
			"connection to CEC would ever be reused."),
		block([]directive{
			lits("default", ""),
			lits("websocket", "upgrade"),
		}, "map", ref("http_upgrade"), ref(connectionVariable)),
		block([]directive{
			lits("default", ""),
			entry(pattern(`~(?:^|;)\s*(ccmessaging-token=[^;]*)`), ref("1")),
		}, "map", ref("http_cookie"), ref(cookieVariable)).about(
			"CEC's own cookie is the only one that reaches CEC. To send all cookies of a site, or its",
			"Authorization header, say so in its server block:",
			"",
			"    set $"+cookieVariable+" $http_cookie;",
			"    set $"+authorizationVariable+" $http_authorization;"),
		block([]directive{lits("default", "")}, "map", lit(""), ref(authorizationVariable)),
	}
}

func (p *plan) signerUpstream() directive {
	return block([]directive{
		lits("server", p.signer),
		lits("keepalive", "8"),
		lits("keepalive_timeout", "30s"),
	}, "upstream", lit(p.names.of(signerThing))).about("embedgen serve.")
}

// zones count requests per peer. A megabyte holds about 16,000 IPv4 peers.
func (p *plan) zones() []directive {
	zone := func(thing, rate string) directive {
		return line("limit_req_zone", ref("binary_remote_addr"),
			lit("zone="+p.names.of(thing)+":1m"), lit("rate="+rate))
	}
	out := []directive{}
	if p.serves(authorizationEndpoint) || p.serves(tokenEndpoint) {
		out = append(out, zone(signingThing, "5r/s").about("Visitors: one or two requests for each page."))
	}
	if p.serves(validationEndpoint) {
		out = append(out, zone(validationThing, "20r/s").about("CEC's servers, which ask for all customers from few addresses."))
	}
	return out
}

func (p *plan) customer() []directive {
	id, name := p.names.of(userIDThing), p.names.of(userNameThing)
	return []directive{
		block([]directive{lits("default", "")}, "map", lit(""), ref(id)).about(
			"Who is signed in, for the token endpoint; empty is nobody. Fill both in the server block from",
			"whatever knows the session, for example from an auth_request:",
			"",
			"    auth_request_set $"+id+" $upstream_http_x_user_id;",
			"    auth_request_set $"+name+" $upstream_http_x_user_name;"),
		block([]directive{lits("default", "")}, "map", lit(""), ref(name)),
	}
}
