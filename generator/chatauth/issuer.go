package chatauth

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"embedgen/generator/secret"
	"embedgen/generator/site"
)

const (
	tokenType = "embedgen-chat+jwt" // explicit typing (RFC 8725, section 3.11)
	// clockSkew is how far nbf lies before iat, for replicas whose clocks differ.
	clockSkew = 5 * time.Second
	// minKeyBytes is the least for HS256 (RFC 7518, section 3.2).
	minKeyBytes     = 32
	defaultLifetime = 5 * time.Minute
)

// Token is a customer token, a credential.
type Token struct {
	Text    string
	Expires time.Time // to the second
}

// Mint returns a token for a customer of a tenant, as the token endpoint does.
func Mint(t *site.Tenant, secrets func(secret.Ref) (secret.Value, error), u User, now time.Time, random io.Reader) (Token, error) {
	i, err := newIssuer(t, secrets)
	if err != nil {
		return Token{}, fmt.Errorf("tenant %q: %w", t.ID, err)
	}
	return i.mint(u, now, random)
}

// issuer makes and checks the tokens of a tenant.
type issuer struct {
	tenant   *site.Tenant
	lifetime time.Duration
	keys     []signingKey
}

type signingKey struct {
	id    string
	value secret.Value
	until time.Time // verifies and signs until then; zero means without end
}

// usable reports whether the key may sign and verify at a time.
func (k signingKey) usable(at time.Time) bool { return k.until.IsZero() || at.Before(k.until) }

// claims are those of a token; every one is mandatory.
type claims struct {
	Name string `json:"name"`
	jwt.RegisteredClaims
}

func newIssuer(t *site.Tenant, secrets func(secret.Ref) (secret.Value, error)) (*issuer, error) {
	if len(t.Token.Keys) == 0 {
		return nil, errors.New("no token key is configured")
	}
	i := &issuer{tenant: t, lifetime: t.Token.Lifetime}
	setDefault(&i.lifetime, defaultLifetime)
	for _, k := range t.Token.Keys {
		value, err := secrets(k.Secret)
		if err != nil {
			return nil, fmt.Errorf("token key %q: %w", k.ID, err)
		}
		if n := len(value.Reveal()); n < minKeyBytes {
			return nil, fmt.Errorf("token key %q: %s holds %d bytes, want at least %d", k.ID, k.Secret, n, minKeyBytes)
		}
		i.keys = append(i.keys, signingKey{k.ID, value, k.Until})
	}
	return i, nil
}

// mint signs with the first key whose end has not come. The token does not outlive its key.
func (i *issuer) mint(u User, now time.Time, random io.Reader) (Token, error) {
	if err := u.check(); err != nil {
		return Token{}, err
	}
	n := slices.IndexFunc(i.keys, func(k signingKey) bool { return k.usable(now) })
	if n < 0 {
		return Token{}, fmt.Errorf("every token key of tenant %q has ended", i.tenant.ID)
	}
	key := i.keys[n]
	id, err := newID(random)
	if err != nil {
		return Token{}, err
	}
	expires := now.Add(i.lifetime)
	if !key.usable(expires) {
		expires = key.until
	}
	c := i.claims(u, id, now, expires)
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	t.Header["typ"], t.Header["kid"] = tokenType, key.id
	text, err := t.SignedString([]byte(key.value.Reveal()))
	return Token{text, c.ExpiresAt.Time}, err
}

func (i *issuer) claims(u User, id string, now, expires time.Time) claims {
	return claims{u.Name, jwt.RegisteredClaims{
		Issuer:    i.tenant.Origin,
		Audience:  jwt.ClaimStrings{i.tenant.TenantSpaceID},
		Subject:   u.ID,
		ID:        id,
		IssuedAt:  jwt.NewNumericDate(now),
		NotBefore: jwt.NewNumericDate(now.Add(-clockSkew)),
		ExpiresAt: jwt.NewNumericDate(expires),
	}}
}

// verify checks that a token is genuine, timely, and of this user. The error is for a developer:
// CEC learns nothing of it.
func (i *issuer) verify(text string, u User, now time.Time) (*claims, error) {
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(func() time.Time { return now }),
		jwt.WithExpirationRequired(),
		jwt.WithNotBeforeRequired(),
		jwt.WithIssuer(i.tenant.Origin),
		jwt.WithAudience(i.tenant.TenantSpaceID),
	)
	c := new(claims)
	if _, err := parser.ParseWithClaims(text, c, i.keyAt(now)); err != nil {
		return nil, reasonOf(err)
	}
	switch {
	case !sameText(c.Subject, u.ID):
		return nil, errSubject
	case !sameText(c.Name, u.Name):
		return nil, errName
	case c.ID == "":
		return nil, errMalformedToken
	}
	return c, nil
}

// keyAt finds the key that a token's header names.
func (i *issuer) keyAt(now time.Time) jwt.Keyfunc {
	return func(t *jwt.Token) (any, error) {
		if t.Header["typ"] != tokenType {
			return nil, errType
		}
		for _, k := range i.keys {
			if t.Header["kid"] == k.id && k.usable(now) {
				return []byte(k.value.Reveal()), nil
			}
		}
		return nil, errKey
	}
}

// Why a token is refused, in words that quote nothing of it.
var (
	errMalformedToken = errors.New("the token is malformed")
	errType           = errors.New("the token is of another typ")
	errKey            = errors.New("the token's kid is unknown or has ended")
	errForged         = errors.New("the token's signature or algorithm is wrong")
	errExpired        = errors.New("the token has expired")
	errEarly          = errors.New("the token is not valid yet")
	errIssuer         = errors.New("the token's issuer is another")
	errAudience       = errors.New("the token's audience is another")
	errSubject        = errors.New("the token is of another user id")
	errName           = errors.New("the token is of another user name")
	errTenant         = errors.New("no tenant with token keys has this tenantSpaceId")
	errUsedUp         = errors.New("the token was used too often")
)

// reasonOf replaces an error of the library, whose text may quote the token.
func reasonOf(err error) error {
	for _, r := range []struct{ is, say error }{
		{errType, errType},
		{errKey, errKey},
		{jwt.ErrTokenSignatureInvalid, errForged},
		{jwt.ErrTokenExpired, errExpired},
		{jwt.ErrTokenNotValidYet, errEarly},
		{jwt.ErrTokenInvalidIssuer, errIssuer},
		{jwt.ErrTokenInvalidAudience, errAudience},
	} {
		if errors.Is(err, r.is) {
			return r.say
		}
	}
	return errMalformedToken
}
