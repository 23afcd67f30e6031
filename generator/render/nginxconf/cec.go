package nginxconf

import "strings"

// cecLocation proxies one context path to its CEC.
func (p *plan) cecLocation(c context) directive {
	body := p.passTo(c)
	body = append(body, p.requestHeaders(c)...)
	body = append(body, p.answerRules(c)...)
	body = append(body, limits()...)
	return block(body, "location", lit("^~"), lit(c.path()+"/")).about(
		"CEC under "+c.path()+". Without \"^~\" the site's location for .js files, if it has one, would",
		"answer for CEC's scripts. No add_header: the site's own headers go with CEC's answers.")
}

// bareLocation answers the context path without its slash, where nginx would send a redirect that
// names its own scheme and port.
func bareLocation(c context) directive {
	return block([]directive{lits("return", "404")}, "location", lit("="), lit(c.path()))
}

func (p *plan) passTo(c context) []directive {
	name := numbered(cecThing, c.cec.index)
	out := []directive{
		line("proxy_pass", lit(c.cec.origin.scheme+"://"+p.names.of(name)+servicePath+"/")).about(
			"The path that matched above is the path that is sent: nginx has decoded and cleaned it,",
			"so that \"//\" or dot segments cannot name anything outside. The query is sent as it came."),
	}
	if p.perRequestNames() {
		target := ref(p.names.of(numbered(targetThing, c.index)))
		out = []directive{
			lits("resolver", p.settings.resolver).about(
				"A name in a proxy_pass with a variable is looked up while nginx runs; the address may",
				"change without a reload. The price: a new connection to CEC for every request. The",
				"variable (http.conf) starts with "+servicePath+"/ or is no address at all."),
			line("proxy_pass", concat(lit(c.cec.origin.scheme+"://"+c.cec.origin.address()), target)),
		}
	}
	out = append(out, lits("proxy_http_version", "1.1"))
	if c.cec.origin.scheme == "https" {
		out = append(out, p.tls(c.cec.origin.host)...)
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
		lits("proxy_ssl_trusted_certificate", p.settings.trustedCA),
	}
}

// pathOverrides are headers by which some servers let a client name another path or host.
var pathOverrides = []string{"Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Original-URL", "X-Rewrite-URL"}

func (p *plan) requestHeaders(c context) []directive {
	out := []directive{
		lits("proxy_set_header", "Host", c.cec.origin.hostport()).about("CEC's own name; the group's would be sent otherwise."),
		line("proxy_set_header", lit("Connection"), ref(connectionVariable)).about(
			"WebSocket upgrades pass, no other. Plain requests carry neither header, and so reuse",
			"connections."),
		line("proxy_set_header", lit("Upgrade"), ref(upgradeVariable)),
		line("proxy_set_header", lit("X-Real-IP"), ref("remote_addr")).about(
			"The peer, whatever the client claims. Behind a load balancer use the realip module."),
		line("proxy_set_header", lit("X-Forwarded-For"), ref("remote_addr")),
		line("proxy_set_header", lit("X-Forwarded-Proto"), ref("scheme")),
	}
	for i, name := range pathOverrides {
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
func (p *plan) answerRules(c context) []directive {
	out := []directive{
		line("proxy_cookie_domain", lit("~.+"), ref("host")).about(
			"CEC's cookies become this site's, whatever domain they name; a browser would drop them."),
	}
	out = append(out, p.cookieRules(c)...)
	for i, from := range c.redirects() {
		d := lits("proxy_redirect", from+servicePath+"/", c.path()+"/")
		if i == 0 {
			d = d.about("CEC's redirects come back under this path, without a host.")
		}
		out = append(out, d)
	}
	return append(out,
		lits("absolute_redirect", "off"),
		lits("proxy_intercept_errors", "off").about("The site's error pages, caches and expiry times are not for CEC's answers."),
		lits("proxy_cache", "off"),
		lits("expires", "off"),
		lits("proxy_ignore_headers", "X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset").about(
			"CEC's answers give this nginx no orders, and set no HSTS for the site's whole domain."),
		lits("proxy_hide_header", "Strict-Transport-Security"))
}

// cookieFlags is the first version with proxy_cookie_flags.
var cookieFlags = version{1, 19, 3}

// cookieRules keep CEC's cookies below the prefix, on https only, and away from other sites.
func (p *plan) cookieRules(c context) []directive {
	flags := []string{"secure", "samesite=lax"}
	if p.origin.scheme == "http" {
		flags = flags[1:]
	}
	if p.settings.version.before(cookieFlags) {
		path := concat(lit(c.prefix+"/"), ref("1"), lit("; "+strings.Join(flags, "; ")))
		return []directive{line("proxy_cookie_path", lit("~^/(.*)"), path).about(
			"Before 1.19.3 the attributes can only go with a path; a cookie without one stays as it is.")}
	}
	var out []directive
	if c.prefix != "" {
		out = append(out, lits("proxy_cookie_path", "/", c.prefix+"/"))
	}
	return append(out, lits("proxy_cookie_flags", append([]string{"~"}, flags...)...))
}

// redirects lists the beginnings of Location headers that mean the CEC's root.
func (c context) redirects() []string {
	o := c.cec.origin
	out := []string{o.String()}
	if o.scheme == "https" && o.port == "" {
		out = append(out, "https://"+o.address(), "http://"+o.host) // the latter behind a TLS terminator of CEC's own
	}
	if c.prefix != "" {
		out = append(out, "")
	}
	return out
}

func limits() []directive {
	return []directive{
		lits("client_max_body_size", "20m").about("Pictures and files that visitors send, passed on as they arrive."),
		lits("proxy_request_buffering", "off"),
		lits("proxy_connect_timeout", "5s"),
		lits("proxy_send_timeout", "60s"),
		lits("proxy_read_timeout", "300s").about("A long poll, or a WebSocket on which nobody says anything."),
		lits("proxy_buffer_size", "16k").about("Room for CEC's cookies, which are long."),
		lits("proxy_buffers", "8", "16k"),
		lits("proxy_busy_buffers_size", "32k"),
	}
}

// serverResolve is the first version whose upstreams follow a name's address.
var serverResolve = version{1, 27, 3}

// perRequestNames reports whether CEC's name is looked up for each request, by a proxy_pass with a
// variable: the only way to follow an address before 1.27.3.
func (p *plan) perRequestNames() bool {
	return p.settings.resolver != "" && p.settings.version.before(serverResolve)
}
