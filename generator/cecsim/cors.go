package cecsim

import (
	"net/http"

	"embedgen/generator/site"
)

// allowOrigin lets the page that asks read the answer, if its origin may use the tenant's CEC, or
// that of any tenant while it is not known which one is meant (nil).
func (c *CEC) allowOrigin(w http.ResponseWriter, r *http.Request, tenant *site.Tenant) bool {
	h := w.Header()
	h.Set("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" || !c.originAllowed(tenant, origin) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	return true
}

func (c *CEC) originAllowed(tenant *site.Tenant, origin string) bool {
	if tenant != nil {
		return c.options.AllowedOrigin(tenant, origin)
	}
	for _, t := range c.site.Load().Tenants {
		if c.options.AllowedOrigin(t, origin) {
			return true
		}
	}
	return false
}

// preflight answers a browser that asks before it sends a request across origins.
func (c *CEC) preflight(w http.ResponseWriter, r *http.Request, method string) {
	if !c.allowOrigin(w, r, nil) {
		refuse(w, http.StatusForbidden, "this origin may not use CEC across origins")
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", method)
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}
