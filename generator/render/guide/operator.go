package guide

import (
	"net/url"

	"embedgen/generator/site"
)

// OperatorPath is the page for whoever runs a tenant's web server. No channel id has a "-".
func OperatorPath(lang string, t *site.Tenant) string {
	return "docs/" + lang + "/" + t.ID + "/for-operators.html"
}

// operatorDoc is what the templates operator.<lang>.md see.
type operatorDoc struct {
	*tenantDoc
	Host, Port               string // of the tenant's origin
	Contexts                 []contextRow
	IdentityID, IdentityName string        // headers; "" if nobody is believed
	GuestChannel             *site.Channel // the first of its mode, or nil
	TokenChannel             *site.Channel
	FirstEndpointURL         string
}

// contextRow is one context path of a tenant.
type contextRow struct {
	Path     string // on the tenant's origin
	CEC      string // CEC's origin
	Address  string // CEC's host:port
	Hostname string
}

// Operator renders the page for whoever runs a tenant's web server.
func (b *Book) Operator(lang string, t *site.Tenant, blocks TenantBlocks) ([]byte, error) {
	l, err := b.language(lang)
	if err != nil {
		return nil, err
	}
	doc := &operatorDoc{
		tenantDoc:    b.tenantDoc(lang, OperatorPath(lang, t), t, blocks),
		IdentityID:   b.site.Service.Identity.ID,
		IdentityName: b.site.Service.Identity.Name,
	}
	doc.Host, doc.Port = hostAndPort(t.Origin)
	doc.FirstEndpointURL = doc.SignURL
	for _, c := range t.Channels {
		doc.addContext(c)
		if c.Mode == site.Authorization && doc.GuestChannel == nil {
			doc.GuestChannel = c
		}
		if c.Mode == site.TokenMode && doc.TokenChannel == nil {
			doc.TokenChannel = c
		}
	}
	if doc.GuestChannel == nil {
		doc.FirstEndpointURL = doc.TokenURL
	}
	p := place{lang: lang, path: func(lang string) string { return OperatorPath(lang, t) }, tenant: t, below: true}
	return execute(l.operator, b.view(p, doc))
}

func (d *operatorDoc) addContext(c *site.Channel) {
	if c.Context.Direct() {
		return
	}
	for _, known := range d.Contexts {
		if known.Path == c.Context.Path {
			return
		}
	}
	host, port := hostAndPort(c.Context.CEC)
	d.Contexts = append(d.Contexts, contextRow{c.Context.Path, c.Context.CEC, host + ":" + port, host})
}

// hostAndPort splits an origin, with the scheme's port if it names none.
func hostAndPort(origin string) (host, port string) {
	u, err := url.Parse(origin)
	if err != nil {
		return "", ""
	}
	port = u.Port()
	switch {
	case port != "":
	case u.Scheme == "http":
		port = "80"
	default:
		port = "443"
	}
	return u.Hostname(), port
}
