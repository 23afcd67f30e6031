package nginxconf

import (
	"regexp"
	"strings"

	"embedgen/generator/render/route"
)

// http is the part of the configuration that belongs to http{}.
func (p *plan) http() []directive {
	var out []directive
	if len(p.Contexts) > 0 {
		out = append(out, p.cecUpstreams()...)
		out = append(out, p.hosts()...)
		out = append(out, p.targets()...)
		out = append(out, cecVariables()...)
	}
	if len(p.Endpoints) > 0 {
		out = append(out, p.signerUpstream())
		out = append(out, p.zones()...)
	}
	if p.Serves(route.Token) {
		out = append(out, p.customer()...)
	}
	return out
}

func (p *plan) cecUpstreams() []directive {
	if p.perRequestNames() {
		return nil
	}
	var out []directive
	for _, c := range p.cecs() {
		out = append(out, p.cecUpstream(c))
	}
	return out
}

// cecs lists the CECs of the contexts, each once.
func (p *plan) cecs() []route.CEC {
	var list []route.CEC
	seen := map[int]bool{}
	for _, c := range p.Contexts {
		if !seen[c.CEC.Index] {
			seen[c.CEC.Index] = true
			list = append(list, c.CEC)
		}
	}
	return list
}

func (p *plan) cecUpstream(c route.CEC) directive {
	name := p.names.of(numbered(cecThing, c.Index))
	comment := []string{
		"CEC. Its name is looked up when nginx starts or reloads, and must resolve then: nginx does not",
		"start otherwise. Set nginx.resolver in channels.yaml to follow changes of the address.",
	}
	body := []directive{lits("server", c.Dial())}
	if p.resolver != "" {
		comment = []string{"CEC. Its name is looked up again as its DNS record ages, without a reload."}
		body = []directive{
			lits("zone", name, "64k"),
			lits("resolver", p.resolver),
			lits("server", c.Address(), "resolve"),
		}
	}
	body = append(body,
		lits("keepalive", "16").about(
			"Connections are kept for reuse, for less time than a load balancer usually keeps them."),
		lits("keepalive_timeout", "30s"))
	return block(body, "upstream", lit(name)).about(comment...)
}

// hosts are the variables of the Host header: CEC's name, or nothing for a path in which another
// server may see dot segments where nginx sees none.
func (p *plan) hosts() []directive {
	if p.perRequestNames() {
		return nil // targets refuses such a path
	}
	var out []directive
	for _, c := range p.cecs() {
		out = append(out, block([]directive{
			lits("default", c.HostPort()),
			entry(pattern(`~[/\\]\.\.?(?:[;/\\]|$)`), lit("")),
		}, "map", ref("uri"), ref(p.names.of(numbered(hostThing, c.Index)))).about(
			"The Host header for CEC. Servers in Java, and some others, take \"..;\" or \"..\\\" for \"..\". A",
			"request with one in its path goes without Host, and that every server refuses (RFC 9112,",
			"section 3.2)."))
	}
	return out
}

// host is the Host header for a CEC.
func (p *plan) host(c route.CEC) value {
	if p.perRequestNames() {
		return lit(c.HostPort())
	}
	return ref(p.names.of(numbered(hostThing, c.Index)))
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
	for _, c := range p.Contexts {
		source := `~^` + slashes(c.Path()) + `/+((?!` + dotSegment + `).*)$`
		out = append(out, block([]directive{
			lits("default", "refused"),
			entry(pattern(source), concat(lit(route.ServicePath+"/"), ref("1"))),
		}, "map", ref("request_uri"), ref(p.names.of(numbered(targetThing, c.Index)))).about(
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
			entry(pattern(`~(?:^|;)\s*(`+route.Cookie+`=[^;]*)`), ref("1")),
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
		lits("server", p.Signer),
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
	if p.Serves(route.Authorization, route.Token) {
		out = append(out, zone(signingThing, "5r/s").about("Visitors: one or two requests for each page."))
	}
	if p.Serves(route.Validation) {
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
