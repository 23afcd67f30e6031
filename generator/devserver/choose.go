package devserver

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"embedgen/generator/site"
)

// maxPeek is how much of a body is read to find out whose it is.
const maxPeek = 64 << 10

// chooseUpstream decides between tenants that use the same context path, which only happens where
// they share a host: by the page that asks, by the ids in the body, by CEC's cookie.
func chooseUpstream(r *http.Request, candidates []upstream, g *good) upstream {
	for _, of := range []func(*http.Request, *good) *site.Tenant{tenantOfReferer, tenantOfBody, tenantOfCookie} {
		t := of(r, g)
		if t == nil {
			continue
		}
		for _, u := range candidates {
			if u.tenant == t {
				return u
			}
		}
	}
	return candidates[0]
}

// tenantOfReferer looks at the path of the page: a page of the tenant, or a demonstration of it.
func tenantOfReferer(r *http.Request, g *good) *site.Tenant {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return nil
	}
	if _, rest, ok := strings.Cut(from.Path, demoPath); ok {
		id, _, _ := strings.Cut(rest, "/")
		return g.byID[id]
	}
	for _, t := range g.tenants {
		if strings.HasPrefix(from.Path, t.PublicPath) && t.PublicPath != "/" {
			return t
		}
	}
	return nil
}

func tenantOfBody(r *http.Request, g *good) *site.Tenant {
	if r.Method != http.MethodPost || r.Body == nil {
		return nil
	}
	head, _ := io.ReadAll(io.LimitReader(r.Body, maxPeek))
	r.Body = rejoined{io.MultiReader(bytes.NewReader(head), r.Body), r.Body}
	var names struct{ TenantSpaceID, ChannelConfigID string }
	if json.Unmarshal(head, &names) != nil {
		return nil
	}
	return g.tenantOfIDs(names.TenantSpaceID, names.ChannelConfigID)
}

// rejoined is a body whose beginning was read.
type rejoined struct {
	io.Reader
	io.Closer
}

// tenantOfCookie reads CEC's cookie: URL-encoded Base64 of JSON (cec-contract section 2).
func tenantOfCookie(r *http.Request, g *good) *site.Tenant {
	for _, cookie := range r.CookiesNamed(cecCookie) {
		encoded, err := url.QueryUnescape(cookie.Value)
		if err != nil {
			continue
		}
		text, err := base64.StdEncoding.DecodeString(encoded)
		var names struct{ TenantID, ChannelID string }
		if err == nil && json.Unmarshal(text, &names) == nil {
			return g.tenantOfIDs(names.TenantID, names.ChannelID)
		}
	}
	return nil
}

// tenantOfIDs finds a tenant by a channel's configuration id and, failing that, by its own: two
// tenants may share a tenant space.
func (g *good) tenantOfIDs(tenantSpaceID, channelConfigID string) *site.Tenant {
	var space *site.Tenant
	for _, t := range g.tenants {
		if t.TenantSpaceID != tenantSpaceID {
			continue
		}
		for _, c := range t.Channels {
			if c.ChannelConfigID == channelConfigID {
				return t
			}
		}
		if space == nil {
			space = t
		}
	}
	return space
}
