package chatauth

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"embedgen/generator/site"
)

// User is whom a signature or a token vouches for.
type User struct {
	ID   string // 1 to 32 printable characters, no space, "/", ";" or "\"
	Name string // 1 to 256 characters, no control characters, U+2028 or U+2029
}

// check holds a user to the patterns of package sign: what may be signed may be put into a token.
func (u User) check() error {
	switch {
	case !fits(u.ID, 32, func(r rune) bool { return unicode.IsPrint(r) && !strings.ContainsRune(` /;\`, r) }):
		return errors.New(`the user id is not 1 to 32 printable characters without space, "/", ";" or "\"`)
	case !fits(u.Name, 256, func(r rune) bool { return !unicode.IsControl(r) && r != '\u2028' && r != '\u2029' }):
		return errors.New("the user name is not 1 to 256 characters without control characters")
	}
	return nil
}

func fits(s string, most int, legal func(rune) bool) bool {
	illegal := func(r rune) bool { return r == utf8.RuneError || !legal(r) }
	return s != "" && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, illegal)
}

// IdentityProvider says who the customer of a token-mode request is.
type IdentityProvider interface {
	// Identify returns the user of the request's session with a tenant. The error is
	// ErrNoSession if nobody is logged in; any other is logged, and must hold no user datum.
	Identify(r *http.Request, t *site.Tenant) (User, error)
}

// ErrNoSession means that nobody is logged in.
var ErrNoSession = errors.New("no session")

// HeaderIdentity returns the provider that trusts a reverse proxy's headers. They count only if
// the connection itself comes from one of h.From; a forwarded address is not asked. The values
// are UTF-8. A request without h.ID has no session; one without h.Name has the id for a name.
func HeaderIdentity(h site.HeaderIdentity) (IdentityProvider, error) {
	from := make([]netip.Prefix, 0, len(h.From))
	for _, s := range h.From {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("service.identity.header.from: %w", err)
		}
		from = append(from, p)
	}
	return headerIdentity{h.ID, h.Name, from}, nil
}

type headerIdentity struct {
	id, name string
	from     []netip.Prefix
}

func (h headerIdentity) Identify(r *http.Request, _ *site.Tenant) (User, error) {
	if h.id == "" || !contains(h.from, remoteAddr(r)) {
		return User{}, ErrNoSession
	}
	id, err := singleValue(r.Header, h.id)
	if err != nil {
		return User{}, err
	}
	if id == "" {
		return User{}, ErrNoSession
	}
	name, err := singleValue(r.Header, h.name)
	if err != nil {
		return User{}, err
	}
	if name == "" {
		name = id
	}
	return User{id, name}, nil
}

// singleValue returns a header's value, "" if it is absent. Of two values one may be the client's.
func singleValue(h http.Header, name string) (string, error) {
	values := h.Values(name)
	switch len(values) {
	case 0:
		return "", nil
	case 1:
		return values[0], nil
	}
	return "", fmt.Errorf("header %s came %d times", name, len(values))
}
