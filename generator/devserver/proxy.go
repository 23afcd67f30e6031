package devserver

import (
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"embedgen/generator/site"
)

const (
	// servicePath is what CEC's own paths start with (cec-contract section 7).
	servicePath = "/service-cloud"
	// maxUpload is the emitted nginx's client_max_body_size.
	maxUpload = 20 << 20
	// cecCookie is the only cookie that reaches CEC.
	cecCookie = "ccmessaging-token"
)

// upstream is where a request under a context path goes.
type upstream struct {
	tenant *site.Tenant
	prefix string   // of the context path, before /service-cloud: "" or "/globex"
	cec    *url.URL // scheme and host only
	path   string   // CEC's own, still escaped
	narrow bool     // others share the prefix: see site.Site.ContextsBelow
}

// proxy forwards a request under a context path to CEC, as the emitted nginx does. It reports
// false if the path is none.
func (c *call) proxy() bool {
	candidates := c.st.good.upstreams(c.view, rawPath(c.r))
	if len(candidates) == 0 {
		return false
	}
	u := candidates[0]
	if len(candidates) > 1 {
		u = chooseUpstream(c.r, candidates, c.st.good)
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, maxUpload)
	p := &httputil.ReverseProxy{
		Rewrite:        u.request,
		ModifyResponse: u.answer,
		ErrorHandler:   c.proxyError,
		FlushInterval:  -1,
		Transport:      c.Transport,
		ErrorLog:       c.report.logger,
	}
	if simulated := c.st.good.services.CEC; simulated != nil {
		p.Transport = inProcess{simulated}
	}
	p.ServeHTTP(c.w, c.r)
	return true
}

// upstreams lists the tenants' contexts that an escaped path lies under, by tenant id.
func (g *good) upstreams(v view, path string) []upstream {
	if hasDotSegment(path) || strings.Contains(path, "%00") {
		return nil
	}
	var list []upstream
	for _, t := range g.tenantsOf(v) {
		done := map[string]bool{}
		for _, ch := range t.Channels {
			context := ch.Context
			if context.Direct() || done[context.Path] {
				continue
			}
			done[context.Path] = true
			if u, ok := under(context, path); ok {
				u.tenant, u.narrow = t, g.Site.ContextsBelow(t.Origin, u.prefix)
				list = append(list, u)
			}
		}
	}
	return list
}

// under maps a path below a context to CEC's own. Doubled slashes become single, as nginx makes
// them; all else stays byte for byte.
func under(context site.Context, path string) (upstream, bool) {
	rest, ok := strings.CutPrefix(mergeSlashes(path), context.Path+"/")
	cec, err := url.Parse(context.CEC)
	if !ok || err != nil {
		return upstream{}, false
	}
	prefix := strings.TrimSuffix(context.Path, servicePath)
	return upstream{prefix: prefix, cec: cec, path: servicePath + "/" + rest}, true
}

// rawPath is the path as the client wrote it.
func rawPath(r *http.Request) string {
	if path, _, _ := strings.Cut(r.RequestURI, "?"); strings.HasPrefix(path, "/") {
		return path
	}
	return r.URL.EscapedPath()
}

func mergeSlashes(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

// hasDotSegment reports whether a path, escaped or not, has a segment that means another folder.
func hasDotSegment(escaped string) bool {
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return true
	}
	for s := range strings.FieldsFuncSeq(plain, func(c rune) bool { return c == '/' || c == '\\' }) {
		if s, _, _ = strings.Cut(s, ";"); s == "." || s == ".." {
			return true
		}
	}
	return false
}

// dropped are the headers of a client that never reach CEC: its own credentials, and those by
// which some servers let it name another path, host or address.
var dropped = []string{
	"Authorization", "Cookie", "Forwarded", "Proxy", "True-Client-Ip", "X-Client-Ip", "X-Forwarded-Host",
	"X-Forwarded-Port", "X-Forwarded-Prefix", "X-Http-Method-Override", "X-Original-Url", "X-Rewrite-Url",
}

func (u upstream) request(p *httputil.ProxyRequest) {
	out := p.Out
	query := p.In.URL.RawQuery // as it came: the proxy drops what it cannot parse
	out.URL = &url.URL{
		Scheme: u.cec.Scheme, Host: u.cec.Host, Opaque: u.path,
		RawQuery: query, ForceQuery: p.In.URL.ForceQuery,
	}
	out.Host = u.cec.Host
	for _, name := range dropped {
		out.Header.Del(name)
	}
	if cookie := p.In.CookiesNamed(cecCookie); len(cookie) > 0 {
		out.Header.Set("Cookie", cecCookie+"="+cookie[0].Value)
	}
	peer, _, err := net.SplitHostPort(p.In.RemoteAddr)
	if err != nil {
		peer = p.In.RemoteAddr
	}
	out.Header.Set("X-Real-IP", peer)
	out.Header.Set("X-Forwarded-For", peer)
	out.Header.Set("X-Forwarded-Proto", "http")
	if !strings.EqualFold(out.Header.Get("Upgrade"), "websocket") {
		out.Header.Del("Upgrade")
		out.Header.Del("Connection")
	}
}

func (u upstream) answer(r *http.Response) error {
	h := r.Header
	h.Del("Cache-Control") // everything here is no-store
	h.Del("Expires")
	h.Del("X-Content-Type-Options") // set already
	if h.Get("Access-Control-Allow-Origin") == "*" {
		h.Del("Access-Control-Allow-Origin")
	}
	for i, line := range h["Set-Cookie"] {
		h["Set-Cookie"][i] = u.cookie(line)
	}
	if to := h.Get("Location"); to != "" {
		h.Set("Location", u.location(to))
	}
	return nil
}

func (c *call) proxyError(_ http.ResponseWriter, r *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		c.text(http.StatusRequestEntityTooLarge, "the body is larger than 20 MB")
	case r.Context().Err() != nil: // the client is gone
	default:
		c.report.note("CEC did not answer %s: %v", quote(c.r.URL.Path), err)
		c.text(http.StatusBadGateway, "CEC did not answer: see the terminal of embedgen dev")
	}
}
