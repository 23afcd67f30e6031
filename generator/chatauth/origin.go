package chatauth

import (
	"net/http"
	"slices"
)

// admit lets a request pass whose Origin is one of a tenant's. An Origin equal to Host is not
// enough: both may belong to an attacker (DNS rebinding), and the Host may be of another tenant.
func (c *call) admit(members []*member) error {
	c.cors = ""
	origins := c.r.Header["Origin"]
	if len(origins) != 1 {
		return errOrigin
	}
	i := slices.IndexFunc(members, func(m *member) bool { return m.origins[origins[0]] })
	if i < 0 {
		return errOrigin
	}
	if members[i].origin != origins[0] {
		c.cors = origins[0]
	}
	return nil
}

// setCORS tells the browser which other origin may read the answer.
func (c *call) setCORS(a *answer) {
	if c.route == nil || c.route.endpoint == forCEC {
		return
	}
	a.set("Vary", "Origin")
	if c.cors == "" {
		return
	}
	a.set("Access-Control-Allow-Origin", c.cors)
	a.set("Access-Control-Allow-Credentials", "true")
	a.set("Access-Control-Expose-Headers", userIDHeader+", "+userNameHeader+", Retry-After")
}

// isPreflight recognizes a CORS preflight (Fetch standard, section 4.8).
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// preflight grants what the endpoints need, whatever was asked for: the browser compares.
func (c *call) preflight() (*answer, error) {
	if err := c.admit(c.route.members); err != nil {
		return nil, err
	}
	a := &answer{status: http.StatusNoContent}
	a.set("Access-Control-Allow-Methods", http.MethodPost)
	a.set("Access-Control-Allow-Headers", "Accept, Content-Type")
	a.set("Access-Control-Max-Age", "600")
	return a, nil
}
