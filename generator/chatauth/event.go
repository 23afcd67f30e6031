package chatauth

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"embedgen/generator/sign"
)

// Event is one request to an endpoint, for a developer to look at. It holds no secret, token or
// cookie; signatures in it are cut short.
type Event struct {
	Time     time.Time
	Duration time.Duration
	Endpoint string // authorization, token or validation
	Tenant   string // id; "" until established
	Channel  string // id; "" until established
	UserID   string // whom the answer vouches for; "" if it does not
	Status   int
	Code     string  // of a refusal; "refused" for a token that does not validate
	Reason   string  // why the token does not validate: CEC is not told
	Stages   []Stage // of a signature, in order
}

// Stage is one step of auth-v2 (package sign).
type Stage struct{ Name, Value string }

// stages lists a signature's stages, without what would let somebody sign or use it.
func stages(s sign.Signature) []Stage {
	return []Stage{
		{"body", s.Body},
		{"contentLength", strconv.Itoa(s.ContentLength)},
		{"timestamp", s.Timestamp},
		{"signedHeaders", s.SignedHeaders},
		{"prefix", s.Prefix},
		{"signingKey", "[redacted]"},
		{"canonicalHeaders", s.CanonicalHeaders},
		{"canonicalRequest", s.CanonicalRequest},
		{"signature", mask(s.Signature)},
		{"authorization", s.Prefix + "/" + mask(s.Signature)},
	}
}

// mask keeps enough of a signature, 64 digits, to tell two of them apart.
func mask(signature string) string { return signature[:8] + "…" }

// record tells the log and the observer of an answer. The line of a refused validation is the
// same for every reason.
func (c *call) record(a *answer) {
	took := c.opt.Now().Sub(c.began)
	attrs := []slog.Attr{slog.Int("status", a.status), slog.Duration("took", took)}
	if a.code != "" {
		attrs = append(attrs, slog.String("code", a.code), slog.String("peer", c.peer()))
	}
	if c.route == nil {
		c.opt.Log.LogAttrs(context.Background(), levelOf(a), "request", attrs...)
		return
	}
	attrs = append(attrs, slog.String("host", c.host.name))
	if c.route.endpoint != forCEC {
		attrs = append(attrs, slog.String("tenant", c.event.Tenant), slog.String("channel", c.event.Channel))
	}
	c.opt.Log.LogAttrs(context.Background(), levelOf(a), c.route.endpoint, attrs...)
	if c.opt.Observe == nil {
		return
	}
	e := c.event
	e.Time, e.Duration, e.Endpoint = c.began, took, c.route.endpoint
	e.Status, e.Code = a.status, a.code
	c.opt.Observe(e)
}

// levelOf is the level of an answer's log line. That nobody is logged in is no news.
func levelOf(a *answer) slog.Level {
	switch {
	case a.status >= http.StatusInternalServerError:
		return slog.LevelError
	case a.code != "" && a.status != http.StatusUnauthorized:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}
