package nginxconf

import (
	"regexp"
	"strings"

	"embedgen/generator/render/route"
)

// cecLocation proxies one context path to its CEC.
func (p *plan) cecLocation(c route.Context) directive {
	body := p.passTo(c)
	body = append(body, p.requestHeaders(c)...)
	body = append(body, p.answerRules(c)...)
	body = append(body, limits()...)
	return block(body, "location", lit("^~"), lit(c.Path()+"/")).about(
		"CEC under "+c.Path()+". Without \"^~\" the site's location for .js files, if it has one, would",
		"answer for CEC's scripts. No add_header: the site's own headers go with CEC's answers.")
}

// bareLocation answers the context path without its slash, where nginx would send a redirect that
// names its own scheme and port.
func bareLocation(c route.Context) directive {
	return block([]directive{lits("return", "404")}, "location", lit("="), lit(c.Path()))
}

func (p *plan) passTo(c route.Context) []directive {
	name := numbered(cecThing, c.CEC.Index)
	out := []directive{
		line("proxy_pass", lit(c.CEC.Scheme+"://"+p.names.of(name)+route.ServicePath+"/")).about(
			"The path that matched above is the path that is sent: nginx has decoded and cleaned it,",
			"so that \"//\" or dot segments cannot name anything outside. The query is sent as it came."),
	}
	if p.perRequestNames() {
		target := ref(p.names.of(numbered(targetThing, c.Index)))
		out = []directive{
			lits("resolver", p.resolver).about(
				"A name in a proxy_pass with a variable is looked up while nginx runs; the address may",
				"change without a reload. The price: a new connection to CEC for every request. The",
				"variable (http.conf) starts with "+route.ServicePath+"/ or is no address at all."),
			line("proxy_pass", concat(lit(c.CEC.Scheme+"://"+c.CEC.Address()), target)),
		}
	}
	out = append(out, lits("proxy_http_version", "1.1"))
	if c.CEC.Scheme == "https" {
		out = append(out, p.tls(c.CEC.Host)...)
	}
	return out
}

func (p *plan) tls(host string) []directive {
	return []directive{
		lits("proxy_ssl_server_name", "on").about(
			"Unless told, nginx sends no server name to an https upstream and verifies nothing."),
		lits("proxy_ssl_name", host),
		lits("proxy_ssl_protocols", "TLSv1.2", "TLSv1.3"),
		lits("proxy_ssl_verify", "on"),
		lits("proxy_ssl_verify_depth", "3"),
		lits("proxy_ssl_trusted_certificate", p.TrustedCA),
	}
}

func (p *plan) requestHeaders(c route.Context) []directive {
	out := []directive{
		line("proxy_set_header", lit("Host"), p.host(c.CEC)).about(
			"CEC's own name; the group's would be sent otherwise. It is empty, which CEC refuses, for a",
			"path that servers other than nginx take for one outside (http.conf)."),
		line("proxy_set_header", lit("Connection"), ref(connectionVariable)).about(
			"WebSocket upgrades pass, no other. Plain requests carry neither header, and so reuse",
			"connections."),
		line("proxy_set_header", lit("Upgrade"), ref(upgradeVariable)),
		line("proxy_set_header", lit("X-Real-IP"), ref("remote_addr")).about(
			"The peer, whatever the client claims. Behind a load balancer use the realip module."),
		line("proxy_set_header", lit("X-Forwarded-For"), ref("remote_addr")),
		line("proxy_set_header", lit("X-Forwarded-Proto"), ref("scheme")),
	}
	for i, name := range route.Forged {
		d := lits("proxy_set_header", name, "")
		if i == 0 {
			d = d.about("Never taken from a client.")
		}
		out = append(out, d)
	}
	return append(out,
		line("proxy_set_header", lit("Cookie"), ref(cookieVariable)).about(
			"Of the site's cookies only CEC's own, and no Authorization: see http.conf."),
		line("proxy_set_header", lit("Authorization"), ref(authorizationVariable)))
}

// answerRules bring cookies and redirects of CEC back to this origin and prefix.
func (p *plan) answerRules(c route.Context) []directive {
	out := []directive{
		line("proxy_cookie_domain", lit("~.+"), ref("host")).about(
			"CEC's cookies become this site's, whatever domain they name; a browser would drop them."),
	}
	out = append(out, p.cookieRules(c)...)
	return append(out,
		line("proxy_redirect", pattern(redirected(c)), concat(lit(c.Prefix), ref("1"))).about(
			"CEC's redirects come back under this path, without a host."),
		lits("absolute_redirect", "off"),
		lits("proxy_intercept_errors", "off").about(
			"The site's error pages, caches, expiry times and charset are not for CEC's answers."),
		lits("proxy_cache", "off"),
		lits("expires", "off"),
		lits("charset", "off"),
		lits("proxy_ignore_headers", "X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset").about(
			"CEC's answers give this nginx no orders, and set no HSTS for the site's whole domain."),
		lits("proxy_hide_header", "Strict-Transport-Security"))
}

// redirected finds the Location headers that mean a path of the CEC's below ServicePath: with the
// CEC's address in either scheme (a TLS terminator of its own may make a CEC believe that it speaks
// http), or without one.
func redirected(c route.Context) string {
	host := regexp.QuoteMeta(c.CEC.Host)
	_, port, _ := strings.Cut(c.CEC.Address(), c.CEC.Host)
	return `~*^(?:(?:https?:)?//` + host + `(?:` + port + `)?)?(` + route.ServicePath + `(?:[/?#].*)?)$`
}

// cookieFlags is the first version with proxy_cookie_flags.
var cookieFlags = version{1, 19, 3}

// cookieRules keep CEC's cookies below the prefix, on https only, and away from other sites.
func (p *plan) cookieRules(c route.Context) []directive {
	flags := []string{"secure", "samesite=lax"}
	if p.Origin.Scheme == "http" {
		flags = flags[1:]
	}
	old := p.version.before(cookieFlags)
	attributes := ""
	if old {
		attributes = "; " + strings.Join(flags, "; ")
	}
	out := cookiePaths(c, attributes)
	if old {
		out[0] = out[0].about("Before 1.19.3 the attributes can only go with a path; a cookie without one stays as it is.")
		return out
	}
	return append(out, lits("proxy_cookie_flags", append([]string{"~"}, flags...)...))
}

// cookiePaths bring the paths of CEC's cookies below the prefix, and write attributes after them.
func cookiePaths(c route.Context, attributes string) []directive {
	var out []directive
	if c.Narrow {
		out = append(out, line("proxy_cookie_path", pattern("~^/$"), lit(c.Path()+"/"+attributes)).about(
			"A cookie for all of CEC is for this context only: there are others on this origin."))
	}
	if c.Prefix == "" && attributes == "" {
		if c.Narrow {
			return out
		}
		return []directive{lits("proxy_cookie_path", "off")}
	}
	return append(out, line("proxy_cookie_path", pattern("~^/(.*)$"), concat(lit(c.Prefix+"/"), ref("1"), lit(attributes))))
}

func limits() []directive {
	return []directive{
		lits("client_max_body_size", mebibytes(route.MaxUpload)).about(
			"Pictures and files that visitors send. Both ways bytes pass as they come, and no part of a",
			"chat is written to this server's disk."),
		lits("proxy_request_buffering", "off"),
		lits("proxy_buffering", "off"),
		lits("proxy_connect_timeout", seconds(route.DialTimeout)),
		lits("proxy_send_timeout", "60s"),
		lits("proxy_read_timeout", seconds(route.Silence)).about(
			"A long poll, or a WebSocket on which nobody says anything."),
		lits("proxy_buffer_size", "16k").about("Room for CEC's cookies, which are long."),
		lits("proxy_buffers", "8", "16k"),
	}
}

// serverResolve is the first version whose upstreams follow a name's address.
var serverResolve = version{1, 27, 3}

// perRequestNames reports whether CEC's name is looked up for each request, by a proxy_pass with a
// variable: the only way to follow an address before 1.27.3.
func (p *plan) perRequestNames() bool {
	return p.resolver != "" && p.version.before(serverResolve)
}
