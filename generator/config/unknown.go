package config

import (
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// unknownKey reports a key that a mapping does not have, with what was probably meant. It returns
// that key if the mapping lacks it, so that the value is read as meant and not missed as well.
func (r *reader) unknownKey(key, in *yaml.Node, what string, known []string) (meant string) {
	d := r.report(key, rule.UnknownKey, keyHint(key.Value, what, known), "unknown key %s in %s", quote(firstWord(key.Value)), what)
	if holdsSecrets(what) {
		hide(d, in)
	}
	if meant = diag.Nearest(key.Value, known); meant == "" {
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
	places := placesOf(key, keyPlaces)
	if near := diag.Nearest(key, placed()); places == nil && near != "" {
		key, places = near, placesOf(near, keyPlaces)
	}
	if strings.HasSuffix(what, "environment") && places != nil {
		if places = placesOf(key, environmentPlaces); places == nil {
			return key + " is the same in every environment; only " + strings.Join(known, ", ") + " can differ"
		}
	}
	if places != nil {
		return key + " belongs in " + alternatives(places)
	}
	return "known keys: " + strings.Join(known, ", ")
}

// keyPlace is a mapping and the keys that it has.
type keyPlace struct {
	name string
	keys []string
}

// placesOf names the mappings that have a key.
func placesOf(key string, all []keyPlace) []string {
	var places []string
	for _, m := range all {
		if slices.Contains(m.keys, key) {
			places = append(places, m.name)
		}
	}
	return places
}

// placed lists every key of every mapping.
func placed() []string {
	var keys []string
	for _, m := range keyPlaces {
		keys = append(keys, m.keys...)
	}
	return keys
}

// keyPlaces says which mapping has which keys, outermost first; environmentPlaces those of an
// environment. They are filled late, because the fields refer to this file.
var keyPlaces, environmentPlaces []keyPlace

func init() {
	keyPlaces = []keyPlace{
		{"the top level of channels.yaml", names(fileKeys)},
		{"defaults", names(inheritedKeys)},
		{"a tenant", names(tenantKeys)},
		{"a channel", names(channelKeys)},
		{"site", names(siteKeys)},
		{"service", names(serviceKeys)},
		{"nginx", names(nginxKeys)},
		{"endpoints", names(endpointsKeys)},
		{"signature", names(signatureKeys)},
		{"libraries", names(librariesKeys)},
		{"token", names(tokenKeys)},
		{"csp", names(cspKeys)},
	}
	environmentPlaces = []keyPlace{
		{"an environment", names(environmentKeys)},
		{"its defaults", names(overrides)},
		{"its tenants", names(tenantOverrideKeys)},
		{"its channels", names(channelOverrideKeys)},
		{"token", names(tokenOverrideKeys)},
	}
}
