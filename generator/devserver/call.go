package devserver

import (
	"net/http"
	"strconv"
	"strings"
)

// call is one request, together with the state that it sees from its beginning to its end.
type call struct {
	*server
	w    http.ResponseWriter
	r    *http.Request
	st   *state
	view view
}

// wantsHTML reports whether a person will look at the answer in a browser.
func (c *call) wantsHTML() bool { return strings.Contains(c.r.Header.Get("Accept"), "text/html") }

func (c *call) body(status int, kind string, body []byte) {
	c.w.Header().Set("Content-Type", kind)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		c.w.Write(body)
	}
}

func (c *call) text(status int, text string) {
	c.body(status, "text/plain; charset=utf-8", []byte(text+"\n"))
}

// redirect keeps a relative address relative, since the server may lie below a prefix, and keeps
// the query.
func (c *call) redirect(to string) {
	if q := c.r.URL.RawQuery; q != "" {
		to += "?" + q
	}
	c.w.Header().Set("Location", to)
	c.w.WriteHeader(http.StatusFound)
}

func (c *call) refuseMethod(allowed ...string) {
	c.w.Header().Set("Allow", strings.Join(allowed, ", "))
	c.text(http.StatusMethodNotAllowed, "method not allowed")
}
