package caddyfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"embedgen/generator/render/route"
)

// dotSegment finds a "." or ".." segment, plain or encoded, in the path before the query, or a NUL.
// Servers in Java, and some others, take "..;" or "..\" for such a segment.
const dotSegment = `(?i)^[^?]*(?:%00|(?:/|%2f|\\|%5c)(?:\.|%2e)(?:\.|%2e)?(?:[/\\?;]|%2f|%5c|%3b|$))`

// cec passes a context path on to its CEC. Caddy sends a path as the client wrote it, so one with
// dot segments is none of this route's.
func (p *plan) cec(c route.Context) []directive {
	name := p.matcher(numbered("cec", c.Index))
	return []directive{
		p.below(name, c.Path(), line("not", "vars_regexp").with(ph(target), src(dotSegment))).about(
			"CEC under " + c.Path() + "."),
		handle(name, p.passTo(c, name)...),
	}
}

// numbered is the thing's name for the first, second, … of its kind: cec, cec2, cec3.
func numbered(thing string, i int) string {
	if i == 0 {
		return thing
	}
	return thing + strconv.Itoa(i+1)
}

func (p *plan) passTo(c route.Context, name string) []directive {
	body := tooLarge(name, route.MaxUpload)
	body = append(body,
		line("uri", "path_regexp").with(src("^"+slashes(c.Path())+"/"), lit(route.ServicePath+"/")).about(
			"CEC's own path, with single slashes."),
		line("uri", "path_regexp", "//+", "/"))
	body = append(body, credentials(name)...)
	body = append(body,
		line(name+"_plain", "not", "header_regexp", "Upgrade").with(src("(?i)^websocket$")).about(
			"WebSocket is the only upgrade that passes."),
		line("request_header", name+"_plain", "-Upgrade"))
	return append(body, p.proxy(c))
}

// tooLarge refuses a body that says that it is larger, and cuts off one that does not.
func tooLarge(name string, limit int) []directive {
	const length = "{http.request.header.Content-Length}"
	return []directive{
		line(name+"_large", "expression").with(src(fmt.Sprintf(`%s != "" && int(%s) > %d`, length, length, limit))),
		line("respond", name+"_large", "413"),
		line("request_body").holding(line("max_size", strconv.Itoa(limit))),
	}
}

const (
	passVariable = "embedgen_pass"   // the operator's switch for the site's own cookies and Authorization
	cookieName   = "embedgen_cookie" // of the regular expression that finds CEC's cookie
)

// credentials keep the site's own cookies and passwords from CEC.
func credentials(name string) []directive {
	cookie := `(?:^|;)\s*(` + route.Cookie + `=[^;]*)`
	others := name + "_others"
	return []directive{
		line(others, "not", "vars", passVariable, "all").about(
			"Of the site's cookies only CEC's own, and no Authorization. To send all of them, say in the",
			"site block:",
			"",
			"    vars "+passVariable+" all"),
		line("request_header", others, "-Authorization"),
		line(name+"_cookie").holding(
			line("not", "vars", passVariable, "all"),
			line("header_regexp", cookieName, "Cookie").with(src(cookie))),
		line("request_header", name+"_cookie", "Cookie").with(ph("http.regexp." + cookieName + ".1")),
		line(name+"_none").holding(
			line("not", "vars", passVariable, "all"),
			line("not", "header_regexp", "Cookie").with(src(cookie))),
		line("request_header", name+"_none", "-Cookie"),
	}
}

func (p *plan) proxy(c route.Context) directive {
	body := []directive{
		line("header_up", "Host", c.CEC.HostPort()),
		line("header_up", "X-Real-IP").with(ph("http.request.remote.host")).about(
			"The peer, whatever the client claims. Caddy sets X-Forwarded-For and -Proto so, too."),
	}
	for i, name := range route.Forged {
		d := line("header_up", "-"+name)
		if i == 0 {
			d = d.about("Never taken from a client.")
		}
		body = append(body, d)
	}
	body = append(body, line("header_up", "-*_*").about("Some servers take X_Real_IP for X-Real-IP."))
	body = append(body, p.answers(c)...)
	body = append(body,
		line("flush_interval", "-1").about("Both ways bytes pass as they come."),
		p.transport(c))
	return line("reverse_proxy", c.CEC.Scheme+"://"+c.CEC.Dial()).holding(body...)
}

// answers bring cookies and redirects of CEC back to this origin and prefix.
func (p *plan) answers(c route.Context) []directive {
	flags := "; Secure; SameSite=Lax"
	if p.Origin.Scheme == "http" {
		flags = "; SameSite=Lax"
	}
	cookie := line("header_down", "Set-Cookie")
	out := []directive{
		cookie.with(src(`(?i);\s*(?:domain|secure|samesite)\b[^;]*()`), src("$1")).about(
			"CEC's cookies become this site's, whatever domain they name; a browser would drop them. They",
			"stay below the prefix, on https only, and away from other sites."),
	}
	if c.Prefix != "" {
		out = append(out, cookie.with(src(`(?i)(;\s*path\s*=\s*)/`), src("$1"+c.Prefix+"/")))
	}
	if c.Narrow {
		all := regexp.QuoteMeta(c.Prefix + "/")
		out = append(out, cookie.with(src(`(?i)(;\s*path\s*=\s*)`+all+`\s*(;|$)`), src("$1"+c.Path()+"/$2")))
	}
	return append(out,
		cookie.with(src("$"), lit(flags)),
		line("header_down", "Location").with(src(redirected(c)), src(c.Prefix+"$1")).about(
			"CEC's redirects come back under this path, without a host."),
		line("header_down", "-Strict-Transport-Security").about("CEC sets no HSTS for the site's whole domain."),
		line("header_down", "-Server"))
}

// redirected finds the Location headers that mean a path of the CEC's below ServicePath: with the
// CEC's address in either scheme (a TLS terminator of its own may make a CEC believe that it speaks
// http), or without one.
func redirected(c route.Context) string {
	host := regexp.QuoteMeta(c.CEC.Host)
	_, port, _ := strings.Cut(c.CEC.Address(), c.CEC.Host)
	return `(?i)^(?:(?:https?:)?//` + host + `(?:` + port + `)?)?(` + route.ServicePath + `(?:[/?#].*)?)$`
}

func (p *plan) transport(c route.Context) directive {
	body := []directive{
		line("versions", "1.1").about("HTTP/2 has no WebSocket upgrades here."),
		line("compression", "off"),
		line("dial_timeout", seconds(route.DialTimeout)),
		line("response_header_timeout", seconds(route.Silence)).about("A long poll is waited for."),
		line("keepalive", "30s"),
	}
	if c.CEC.Scheme == "https" {
		body = append(body,
			line("tls").about("CEC's certificate is verified against its name."),
			line("tls_server_name", strings.Trim(c.CEC.Host, "[]")),
			line("tls_trusted_ca_certs", p.TrustedCA))
	}
	return line("transport", "http").holding(body...)
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second)) + "s" }
