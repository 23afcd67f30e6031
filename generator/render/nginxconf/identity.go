package nginxconf

import (
	"embedgen/generator/render/route"
	"embedgen/generator/site"
)

// Identity is an example of what the operator's own server block says, so that the token endpoint
// knows who the customer is. It is empty if nginx has no token endpoint.
func Identity(t *site.Tenant, s *site.Site) ([]byte, error) {
	p, err := newPlan(t, s, t.Channels, nil)
	if err != nil || !p.Serves(route.Token) {
		return nil, err
	}
	const session = "/session"
	return p.render([]directive{
		lits("auth_request", session).about(
			"In the server block of "+p.Origin.String()+", beside locations.conf. What knows the",
			"site's sessions, here on port 3000, is asked about each request. It answers 204 to everybody,",
			"with the two headers if somebody is signed in. nginx needs its auth_request module for this."),
		line("auth_request_set", ref(p.names.of(userIDThing)), ref("upstream_http_x_user_id")),
		line("auth_request_set", ref(p.names.of(userNameThing)), ref("upstream_http_x_user_name")),
		block([]directive{
			lits("internal"),
			lits("proxy_pass", "http://127.0.0.1:3000"+session),
			lits("proxy_pass_request_body", "off"),
			lits("proxy_set_header", "Content-Length", ""),
		}, "location", lit("="), lit(session)),
	})
}
