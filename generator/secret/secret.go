// Package secret names secrets by reference, resolves them, and keeps their values out of print.
//
// channels.yaml never holds a secret, only a [Ref] that says where it is. A resolved [Value]
// prints as "[redacted]" however it is formatted; only [Value.Reveal] gives the bytes.
package secret

// Ref says where a secret is; exactly one field is set. The zero Ref refers to nothing.
type Ref struct {
	Env  string // name of an environment variable
	File string // slash path relative to the directory of channels.yaml, or absolute
}

// IsZero reports whether the reference refers to nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// String returns the reference, never the secret: "env ACME_KEY" or "file .secrets/acme".
func (r Ref) String() string {
	switch {
	case r.Env != "":
		return "env " + r.Env
	case r.File != "":
		return "file " + r.File
	}
	return "nothing"
}
