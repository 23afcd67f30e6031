// Package site is the site as meant: every value of channels.yaml resolved, nothing optional.
//
// Package config holds what the user wrote; [Resolve] turns that into a [Site], and [Site.Plan]
// says which files a build must produce from it. Templates see only this package's types.
package site

import (
	"time"

	"embedgen/generator/config"
	"embedgen/generator/secret"
)

// Site is a whole channels.yaml, resolved.
type Site struct {
	Title     string
	Languages []string // of the docs: "en", "zh"; the first is the default
	Pages     string   // folder of the user's own Markdown pages, slash path relative to the root; "" is none
	Tenants   []*Tenant
	Service   Service
	Nginx     Nginx
	// Environment is the one of channels.yaml that was asked for, such as staging; "" is none.
	Environment string

	written *config.File // what all this was resolved from, as the environment has it
	base    *config.File // the same without environment
}

// Tenant is one company site: an origin that carries the pages of its channels.
type Tenant struct {
	ID            string // [a-z][a-z0-9-]*, at most 40 characters
	Name          string
	TenantSpaceID string // digits, always a string: beyond 2^53
	Origin        string // scheme://host[:port], no trailing slash
	PublicPath    string // where www/<id>/ appears on Origin; starts and ends with "/"
	Endpoints     Endpoints
	Token         Token
	Channels      []*Channel
}

// Endpoints are the paths, on the tenant's origin, of the three server-side duties (DESIGN section 5).
type Endpoints struct {
	Authorization string // default /webchat/authorizationService
	Token         string // default /webchat/token
	Validation    string // default /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate
}

// Token configures the customer tokens of token mode.
type Token struct {
	Lifetime time.Duration // default 5 minutes
	Keys     []TokenKey    // the first signs, all verify; empty if the company issues its own tokens
}

// TokenKey is one HS256 key of at least 32 bytes.
type TokenKey struct {
	ID     string // the JWT's kid
	Secret secret.Ref
	Until  time.Time // verifies until then; zero means without end
}

// Mode is how a visitor is authenticated to CEC (cec-contract section 2).
type Mode string

const (
	Authorization Mode = "authorization" // guest, signed by auth-v2
	TokenMode     Mode = "token"         // customer, vouched for by a token
)

// Load says when the chat starts.
type Load string

const (
	Eager       Load = "eager"       // at once
	Idle        Load = "idle"        // after the load event, when the browser is idle
	Interaction Load = "interaction" // when the visitor uses the facade button
)

// Cobrowse says how CEC's co-browsing scripts reach the page (cec-contract section 5).
type Cobrowse string

const (
	CobrowseOff       Cobrowse = "off"
	CobrowseScripts   Cobrowse = "scripts"   // cobrowse: true
	CobrowseExtension Cobrowse = "extension" // cobrowse: extension
)

// Channel is one CEC web channel.
type Channel struct {
	Tenant          *Tenant `json:"-"`
	ID              string  // CEC channel access code: [A-Za-z_][A-Za-z0-9_]*
	Name            string
	ChannelConfigID string // digits, always a string
	Mode            Mode
	SecretKey       secret.Ref // zero in token mode
	Context         Context
	Locale          string // zh, en, …
	MapService      string // tencent or google
	Region          string // where the visitors are: cn, sg, …; "" if it is not said
	Cobrowse        Cobrowse
	Load            Load
	Consent         bool
	Signature       Signature
	JQuery          Library
	Axios           Library // token mode only
	// Fallback is where a visitor goes who cannot chat: an https (or, with a warning, http), mailto or
	// tel URL, or a path on Tenant.Origin that starts with a single "/"; "" is none (EM-11). It has only
	// characters that RFC 3986 allows in a URL, and no apostrophe.
	Fallback string
	// FrameAncestors are the origins, besides Tenant.Origin, whose pages may show the integration
	// page in a frame: csp.frameAncestors, default none.
	FrameAncestors []string
	// InlineStyles adds 'unsafe-inline' to style-src (and to nothing else) for widgets that
	// need it: csp.inlineStyles, default false.
	InlineStyles bool
}

// Context is where the browser finds CEC. It is either a path on the tenant's own origin, which
// nginx proxies to CEC, or an absolute https address that the browser talks to directly.
type Context struct {
	Path string // "/service-cloud", "/globex/service-cloud"; "" when direct
	URL  string // "https://cec.example/service-cloud"; "" when proxied
	CEC  string // CEC's origin, scheme://host[:port]; of a direct context the origin of URL
}

// Direct reports whether the browser talks to CEC without the tenant's proxy.
func (c Context) Direct() bool { return c.URL != "" }

// Signature settles CEC's open questions about auth-v2 (cec-contract section 3).
type Signature struct {
	Order     string // doc, hash or sorted
	Length    string // bytes or chars
	AccessKey string // default: the channel configuration id
}

// Library is a script that CEC's scripts may need. The zero Library is not loaded.
type Library struct {
	Name      string // jquery or axios
	Src       string // absolute https URL, or a path relative to the tenant's web root: assets/jquery.<hash>.js
	Integrity string // "sha384-…"
	File      string // source of the copy, slash path relative to the root directory; "" for a remote one
	Data      []byte `json:"-"` // the bytes of File
}

// IsZero reports whether no library is loaded.
func (l Library) IsZero() bool { return l.Src == "" }

// Service configures embedgen serve.
type Service struct {
	Listen    string            // host:port, default 127.0.0.1:8480
	GuestName map[string]string // display name of guests per locale; always has en and zh
	Identity  HeaderIdentity
}

// HeaderIdentity trusts a reverse proxy to say who the customer is. The zero value trusts nobody.
type HeaderIdentity struct {
	ID   string   // header that carries the user id, e.g. X-Remote-User
	Name string   // header that carries the display name
	From []string // CIDR prefixes of the proxies that may set them
}

// Nginx configures the emitted nginx files.
type Nginx struct {
	Version   string // minimum version, default 1.22
	Resolver  string // address of a DNS resolver; "" resolves once at start
	TrustedCA string // default /etc/ssl/certs/ca-certificates.crt
	Signer    string // host:port of embedgen serve, default Service.Listen
	Root      string // where www is deployed, default /srv/embedgen/www
}
