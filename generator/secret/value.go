package secret

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Value is a resolved secret. It prints as "[redacted]" under every verb of fmt, in JSON, in
// text encodings, in slog and in a panic; inside other values too, even behind unexported fields,
// where at most an address shows. The zero Value holds nothing.
type Value struct {
	p *string // a pointer, because fmt cannot call methods of unexported fields and prints through them
}

// New makes a Value of a secret.
func New(s string) Value { return Value{&s} }

// Reveal returns the secret itself. Every call is a place to look at in a review.
func (v Value) Reveal() string {
	if v.p == nil {
		return ""
	}
	return *v.p
}

// IsZero reports whether the value holds nothing.
func (v Value) IsZero() bool { return v.p == nil || *v.p == "" }

// Format implements fmt.Formatter for all verbs.
func (Value) Format(s fmt.State, _ rune) { io.WriteString(s, redacted) }

// String implements fmt.Stringer, which the printing of panics uses.
func (Value) String() string { return redacted }

// MarshalText implements encoding.TextMarshaler.
func (Value) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON implements json.Marshaler.
func (Value) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// LogValue implements slog.LogValuer.
func (Value) LogValue() slog.Value { return slog.StringValue(redacted) }
