package config

import (
	"encoding/base64"
	"strings"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
)

// Library says where a script comes from: one of remote (Src and Integrity), a copy (File), or
// none at all (Off).
type Library struct {
	Src       Value[string]
	Integrity Value[string]
	File      Value[string]
	Off       bool
}

var libraryKeys = fields[Library]{
	"src":       func(r *reader, l *Library, n *yaml.Node) { l.Src = r.text(n, "src", scriptURL) },
	"integrity": func(r *reader, l *Library, n *yaml.Node) { l.Integrity = r.text(n, "integrity", integrity) },
	"file":      func(r *reader, l *Library, n *yaml.Node) { l.File = r.text(n, "file", libraryFile) },
}

var (
	scriptURL   = grammar{rule.BadURL, checkScriptURL}
	integrity   = grammar{rule.BadIntegrity, checkIntegrity}
	libraryFile = below(rule.BadLibrary, "file")
)

// library reads libraries.jquery or libraries.axios.
func (r *reader) library(n *yaml.Node, what string) Value[*Library] {
	v := Value[*Library]{V: new(Library), Set: true, Pos: r.pos(n)}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" && strings.EqualFold(n.Value, "false") {
		v.V.Off = true
		return v
	}
	if n.Kind == yaml.ScalarNode {
		r.report(n, rule.BadLibrary, libraryHint(n), "%s is %s, expected {src, integrity}, {file} or false", what, describe(n))
		return v
	}
	if !mapping(r, n, what, libraryKeys, v.V) {
		return v
	}
	switch l := v.V; {
	case l.Src.Set && l.File.Set:
		r.report(n, rule.BadLibrary, "keep one of them", "%s has both src and file", what)
	case l.File.Set && l.Integrity.Set:
		r.report(n, rule.BadLibrary, "remove integrity: it is computed from the file", "%s has both file and integrity", what)
	case l.Src.Set && !l.Integrity.Set:
		r.report(n, rule.MissingIntegrity, "take it from the library's publisher, or use file to serve a copy yourself",
			"%s has src without integrity", what)
	case !l.Src.Set && !l.File.Set:
		r.report(n, rule.BadLibrary, "", "%s has neither src nor file", what)
	}
	return v
}

// libraryHint says what a single value for a library was probably meant to be.
func libraryHint(n *yaml.Node) string {
	switch on, boolean := oldBooleans[strings.ToLower(n.Value)]; {
	case boolean && !on:
		return "write false"
	case strings.Contains(n.Value, "://"):
		return "write {src: …, integrity: sha384-…}"
	case strings.HasSuffix(n.Value, ".js"):
		return "write {file: " + n.Value + "}"
	}
	return ""
}

// checkScriptURL accepts an https address whose path is what it looks like.
func checkScriptURL(s string) (string, string) {
	rest, https := strings.CutPrefix(s, "https://")
	if !https {
		hint := ""
		if rest, plain := strings.CutPrefix(s, "http://"); plain {
			hint = "write https://" + rest
		}
		return "is not an https address", hint
	}
	host, path, found := strings.Cut(rest, "/")
	if problem, hint := checkOrigin("https://" + host); problem != "" {
		return problem, hint
	}
	if !found || path == "" {
		return "names no file", ""
	}
	if problem, hint := checkPath("/" + strings.ReplaceAll(path, "@", "-")); problem != "" {
		return problem, hint
	}
	return "", ""
}

// checkIntegrity accepts one hash of Subresource Integrity (W3C SRI section 3.5).
func checkIntegrity(s string) (string, string) {
	sizes := map[string]int{"sha256": 32, "sha384": 48, "sha512": 64}
	algorithm, digest, _ := strings.Cut(s, "-")
	raw, err := base64.StdEncoding.Strict().DecodeString(digest)
	if size, known := sizes[algorithm]; !known || err != nil || len(raw) != size {
		return "is not an integrity, expected sha384- and 64 characters of base64", ""
	}
	return "", ""
}
