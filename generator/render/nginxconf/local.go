package nginxconf

import "embedgen/generator/site"

// Local is a complete nginx.conf for a laptop: the tenant's files in one server block that listens
// on the address, which is host:port on loopback. The site should say what is different there: the
// origin and CEC of the laptop, and where www is. Every file that nginx writes is below its prefix
// directory.
func Local(t *site.Tenant, s *site.Site, listen string, policy func(*site.Channel) string) ([]byte, error) {
	if _, err := hostPort("listen", listen); err != nil {
		return nil, err
	}
	p, err := newPlan(t, s, t.Channels)
	if err != nil {
		return nil, err
	}
	if err := p.addPages(t.Channels, policy); err != nil {
		return nil, err
	}
	server := append([]directive{
		lits("listen", listen),
		lits("server_name", p.origin.host),
	}, p.locations()...)
	http := []directive{lits("access_log", "off")}
	for _, module := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		http = append(http, lits(module+"_temp_path", module))
	}
	http = append(http, p.http()...)
	return p.render([]directive{
		note(
			"embedgen: tenant "+t.ID+" on a laptop. Not for production.",
			"Generated from channels.yaml. Start it in this directory, and stop it by Ctrl-C:",
			"",
			"    nginx -p . -c nginx.conf -e stderr",
			"",
			"The channels' pages are below "+p.origin.String()+p.publicPath),
		lits("daemon", "off"),
		lits("pid", "nginx.pid"),
		lits("error_log", "stderr"),
		block([]directive{}, "events"),
		block(append(http, block(server, "server")), "http"),
	})
}
