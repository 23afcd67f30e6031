package config

import (
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
)

// unknownKey reports a key that a mapping does not have, with what was probably meant. It returns
// that key if the mapping lacks it, so that the value is read as meant and not missed as well.
func (r *reader) unknownKey(key, in *yaml.Node, what string, known []string) (meant string) {
	r.report(key, rule.UnknownKey, keyHint(key.Value, what, known), "unknown key %s in %s", quote(firstWord(key.Value)), what)
	if meant = nearest(key.Value, known); meant == "" {
		return ""
	}
	for i := 0; i+1 < len(in.Content); i += 2 {
		if in.Content[i].Value == meant {
			return ""
		}
	}
	return meant
}

// firstWord cuts what is no key but a line without its colon: its value must not be printed.
func firstWord(key string) string {
	if i := strings.IndexFunc(key, unicode.IsSpace); i > 0 {
		return key[:i] + " …"
	}
	return key
}

func keyHint(key, what string, known []string) string {
	if hint := didYouMean(key, known); hint != "" {
		return hint
	}
	var places []string
	for _, m := range keyPlaces {
		if slices.Contains(m.keys, key) {
			places = append(places, m.name)
		}
	}
	if len(places) > 0 && strings.HasSuffix(what, "environment") {
		return key + " is the same in every environment; only " + strings.Join(known, ", ") + " can differ"
	}
	if len(places) > 0 {
		return key + " belongs in " + alternatives(places)
	}
	return "known keys: " + strings.Join(known, ", ")
}

// keyPlaces says which mapping has which keys, outermost first. It is filled late, because the
// fields refer to this file.
var keyPlaces []struct {
	name string
	keys []string
}

func init() {
	addPlace("the top level", fileKeys)
	addPlace("defaults", inheritedKeys)
	addPlace("a tenant", tenantKeys)
	addPlace("a channel", channelKeys)
	addPlace("site", siteKeys)
	addPlace("service", serviceKeys)
	addPlace("nginx", nginxKeys)
	addPlace("endpoints", endpointsKeys)
	addPlace("signature", signatureKeys)
	addPlace("libraries", librariesKeys)
	addPlace("token", tokenKeys)
	addPlace("csp", cspKeys)
}

func addPlace[T any](name string, keys fields[T]) {
	keyPlaces = append(keyPlaces, struct {
		name string
		keys []string
	}{name, names(keys)})
}
