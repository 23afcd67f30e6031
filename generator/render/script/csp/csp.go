// Package csp writes Content-Security-Policy values (CSP Level 3).
//
// A [Source] can only be made by this package, so a policy holds no text that came from elsewhere
// unexamined: nothing in it can end a source, a directive or the header.
package csp

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// Source is one expression of a directive's source list. The zero Source is refused.
type Source struct{ text string }

// Keywords.
var (
	Self          = Source{"'self'"}
	None          = Source{"'none'"} // stands alone in its directive
	StrictDynamic = Source{"'strict-dynamic'"}
	UnsafeInline  = Source{"'unsafe-inline'"} // a browser ignores it beside a hash or nonce
)

// Schemes.
var (
	Data = Source{"data:"}
	Blob = Source{"blob:"}
)

var origin = regexp.MustCompile(`^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)

// Origin returns the source for a scheme, host and optional port. Anything more, such as a path, a
// wildcard or a separator, is an error, and so is an IPv6 address: CSP cannot express one.
func Origin(s string) (Source, error) {
	if !origin.MatchString(s) {
		return Source{}, fmt.Errorf("%q is not an http or https origin that a Content-Security-Policy can name", s)
	}
	return Source{strings.ToLower(s)}, nil
}

// Hash returns the source that allows one inline script or style: the SHA-256 of the text between
// its tags.
func Hash(inline []byte) Source {
	sum := sha256.Sum256(inline)
	return Source{"'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}
}

// Directive is a directive with its source list.
type Directive struct {
	Name    string // "script-src"
	Sources []Source
}

// Policy is a list of directives, written in order.
type Policy []Directive

var name = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// Serialize returns the header's value. A malformed or repeated directive name, an empty source
// list, a zero source and 'none' beside another source are errors.
func (p Policy) Serialize() (string, error) {
	var parts []string
	seen := make(map[string]bool)
	for _, d := range p {
		if !name.MatchString(d.Name) || seen[d.Name] {
			return "", fmt.Errorf("directive %q is malformed or repeated", d.Name)
		}
		seen[d.Name] = true
		list, err := d.serialize()
		if err != nil {
			return "", fmt.Errorf("directive %q: %w", d.Name, err)
		}
		parts = append(parts, d.Name+" "+list)
	}
	return strings.Join(parts, "; "), nil
}

func (d Directive) serialize() (string, error) {
	if len(d.Sources) == 0 {
		return "", fmt.Errorf("no source; 'none' says so")
	}
	texts := make([]string, len(d.Sources))
	for i, s := range d.Sources {
		switch {
		case s == Source{}:
			return "", fmt.Errorf("source %d is empty", i+1)
		case s == None && len(d.Sources) > 1:
			return "", fmt.Errorf("'none' stands beside other sources")
		}
		texts[i] = s.text
	}
	return strings.Join(texts, " "), nil
}
