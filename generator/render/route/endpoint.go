package route

import "embedgen/generator/site"

// Kind is one of the three duties of embedgen serve (DESIGN section 5).
type Kind int

// The endpoints of guests, of customers, and of CEC's servers.
const (
	Authorization Kind = iota
	Token
	Validation
)

// Endpoint is a path that leads to the same path of embedgen serve. Only the path itself does, not
// what is below.
type Endpoint struct {
	Kind Kind
	Path string
}

func (r *Table) addEndpoints(t *site.Tenant, channels []*site.Channel) error {
	var authorization, token bool
	for _, c := range channels {
		authorization = authorization || c.Mode == site.Authorization
		token = token || c.Mode == site.TokenMode && len(t.Token.Keys) > 0
	}
	if authorization {
		r.Endpoints = append(r.Endpoints, Endpoint{Authorization, t.Endpoints.Authorization})
	}
	if token {
		r.Endpoints = append(r.Endpoints, Endpoint{Token, t.Endpoints.Token}, Endpoint{Validation, t.Endpoints.Validation})
	}
	for _, e := range r.Endpoints {
		if _, err := urlPath("endpoint", e.Path); err != nil {
			return err
		}
	}
	return nil
}

// Serves reports whether one of the kinds has an endpoint.
func (r *Table) Serves(kinds ...Kind) bool {
	for _, e := range r.Endpoints {
		for _, kind := range kinds {
			if e.Kind == kind {
				return true
			}
		}
	}
	return false
}
