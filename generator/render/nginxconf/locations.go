package nginxconf

import (
	"fmt"

	"embedgen/generator/site"
)

// Locations is nginx/<tenant>/locations.conf: the location blocks that the tenant's server block
// includes. The policy function gives the Content-Security-Policy of a channel's integration page.
// A value of the site that nginx could take for anything but a value is an error.
func Locations(t *site.Tenant, s *site.Site, policy func(*site.Channel) string) ([]byte, error) {
	p, err := newPlan(t, s, t.Channels, policy)
	if err != nil {
		return nil, err
	}
	return p.render(append([]directive{note(p.locationsHeader()...)}, p.locations()...))
}

// Channel is the part of [Locations] that one channel needs, without the file's header: what a
// channel's own documentation shows. The policy is that of its page.
func Channel(c *site.Channel, s *site.Site, policy string) ([]byte, error) {
	p, err := newPlan(c.Tenant, s, []*site.Channel{c}, func(*site.Channel) string { return policy })
	if err != nil {
		return nil, err
	}
	return p.render(p.locations())
}

// HTTP is nginx/<tenant>/http.conf: upstreams, variables and rate limits, included once in http{}.
func HTTP(t *site.Tenant, s *site.Site) ([]byte, error) {
	p, err := newPlan(t, s, t.Channels, nil)
	if err != nil {
		return nil, err
	}
	return p.render(append([]directive{note(p.httpHeader()...)}, p.http()...))
}

func (p *plan) render(tree []directive) ([]byte, error) {
	out, err := render(tree)
	if err != nil {
		return nil, fmt.Errorf("tenant %q: %w", p.Tenant, err)
	}
	return out, nil
}

func (p *plan) locations() []directive {
	var out []directive
	for _, c := range p.Contexts {
		out = append(out, p.cecLocation(c), bareLocation(c))
	}
	for _, e := range p.Endpoints {
		out = append(out, p.endpointLocation(e))
	}
	if len(p.Endpoints) > 0 {
		out = append(out, p.refusedLocation())
	}
	if len(p.Pages) > 0 {
		out = append(out, p.staticLocation())
	}
	return out
}

func (p *plan) locationsHeader() []string {
	header := []string{
		"embedgen: location blocks of tenant " + p.Tenant + ", for the server block of",
		p.Origin.String() + ".",
	}
	header = append(header, p.common()...)
	return append(header,
		"\"^~\" and \"=\" keep the site's own locations for .js, .png and the like away from these paths.")
}

func (p *plan) httpHeader() []string {
	header := []string{"embedgen: what the location blocks of tenant " + p.Tenant + " need at http level."}
	header = append(header, p.common()...)
	return append(header,
		"Names carry the tenant, so that many tenants share one nginx. If nginx then warns about its",
		"variables_hash, add once, in http{}:",
		"",
		"    variables_hash_max_size 4096;",
		"    variables_hash_bucket_size 128;")
}

func (p *plan) common() []string {
	return []string{
		"Generated from channels.yaml; do not edit, the next build overwrites it.",
		"",
		"Needs nginx " + p.minimum + " or newer. Include both files of this tenant, each once:",
		"",
		"    include /etc/nginx/embedgen/" + p.Tenant + "/http.conf;       # in http{}",
		"    include /etc/nginx/embedgen/" + p.Tenant + "/locations.conf;  # in server{}",
		"",
	}
}
