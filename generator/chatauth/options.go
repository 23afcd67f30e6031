package chatauth

import (
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// Options are what a [Service] needs. Site, Addresses, Secrets, Now and Rand are required.
type Options struct {
	Site      *site.Site
	Addresses []Address
	// Secrets resolves a reference, once, in New. A failure makes what needs the secret
	// unavailable; see [Service.Problems].
	Secrets func(secret.Ref) (secret.Value, error)
	// Identity says who the customer of a token-mode request is; nil means nobody.
	Identity IdentityProvider
	Now      func() time.Time
	Rand     io.Reader // cryptographically random, safe for concurrent use
	Log      *slog.Logger
	// Replay counts the uses of tokens; nil counts in memory, which serves one process.
	Replay ReplayStore
	Limits Limits
	// TrustedProxies are the peers whose X-Forwarded-For is believed. Without one every
	// client behind a reverse proxy is the same peer.
	TrustedProxies []netip.Prefix
	// Health is the host:port on which GET /healthz answers, whatever the Addresses; "" is none.
	Health string
	// Observe, if not nil, is told of every request to the three endpoints, after its answer
	// was made. It is called concurrently.
	Observe func(Event)
}

// Limits bound what one client may ask for. Zero fields have the defaults given here.
type Limits struct {
	Window     time.Duration // of the next three numbers; 1 minute
	Session    int           // signatures or tokens per guest or customer; 30
	Peer       int           // requests to the browser endpoints per address (IPv6: per /64), which may be that of a whole office; 300
	Validation int           // validations per address: CEC validates from a few for all customers; 6000
	Keys       int           // sessions or addresses remembered at a time; 10000
	TokenUses  int           // times that one token validates; 8, since CEC may ask more than once per page
	Tokens     int           // tokens remembered at a time by the Replay that counts in memory; 100000
}

func (l Limits) withDefaults() Limits {
	setDefault(&l.Window, time.Minute)
	setDefault(&l.Session, 30)
	setDefault(&l.Peer, 300)
	setDefault(&l.Validation, 6000)
	setDefault(&l.Keys, 10_000)
	setDefault(&l.TokenUses, 8)
	setDefault(&l.Tokens, 100_000)
	return l
}

func setDefault[T int | time.Duration](p *T, value T) {
	if *p <= 0 {
		*p = value
	}
}

// check returns what New cannot do without.
func (o *Options) check() error {
	switch {
	case o.Site == nil:
		return errors.New("chatauth: no site")
	case len(o.Addresses) == 0:
		return errors.New("chatauth: no addresses")
	case o.Secrets == nil:
		return errors.New("chatauth: no resolver of secrets")
	case o.Now == nil || o.Rand == nil:
		return errors.New("chatauth: no clock or no randomness")
	}
	return nil
}

// Problem says what is unavailable because of a secret.
type Problem struct {
	Tenant  string // id
	Channel string // id; "" for a token key, which all channels in token mode need
	Err     error  // names the reference, not the value
}

// Error makes a problem usable as an error: "tenant/channel: why".
func (p Problem) Error() string {
	if p.Channel == "" {
		return p.Tenant + ": " + p.Err.Error()
	}
	return p.Tenant + "/" + p.Channel + ": " + p.Err.Error()
}

// Unwrap returns Err.
func (p Problem) Unwrap() error { return p.Err }
