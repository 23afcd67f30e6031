package devserver

import (
	"net/url"
	"regexp"
	"slices"

	"embedgen/generator/site"
)

// settings are what the playground changes: three settings of the channel, who the visitor is, and
// the policy under which the page runs.
type settings struct {
	Load     string
	Consent  string // true or false
	Locale   string
	Identity string // token mode: user and none as of the "be user" box, page through identify(fn)
	Policy   string // emitted, report (of the same policy, or of one of the developer's own) or none
}

// choices are the values of the settings that have a fixed number of them.
var choices = map[string][]string{
	"load":     {string(site.Eager), string(site.Idle), string(site.Interaction)},
	"consent":  {"false", "true"},
	"identity": {"user", "none", "page"},
	"policy":   {"emitted", "report", "none"},
}

// localePattern is a language with regions and scripts, as CEC's sibling API takes them too
// (cec-contract section 6).
var localePattern = regexp.MustCompile(`^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}$`)

// settingsOf are a channel's own.
func settingsOf(ch *site.Channel) settings {
	s := settings{string(ch.Load), "false", ch.Locale, "user", "emitted"}
	if ch.Consent {
		s.Consent = "true"
	}
	return s
}

// with returns the settings with what a query says. It reports false if a value is none of the
// choices, which stays as it was.
func (s settings) with(q url.Values) (settings, bool) {
	valid := true
	for name, field := range map[string]*string{
		"load": &s.Load, "consent": &s.Consent, "locale": &s.Locale, "identity": &s.Identity, "policy": &s.Policy,
	} {
		value := q.Get(name)
		if name == "locale" && value == "other" {
			value = q.Get("other")
		}
		switch fixed := choices[name]; {
		case value == "":
		case fixed == nil && localePattern.MatchString(value), slices.Contains(fixed, value):
			*field = value
		default:
			valid = false
		}
	}
	return s, valid
}

// variant is a copy of a channel that has the settings.
func (s settings) variant(ch *site.Channel) *site.Channel {
	v := *ch
	v.Load, v.Consent, v.Locale = site.Load(s.Load), s.Consent == "true", s.Locale
	return &v
}

// yaml is what channels.yaml has to say of the channel for the settings to hold.
func (s settings) yaml(ch *site.Channel) string {
	return "- id: " + ch.ID + "\n  load: " + s.Load + "\n  consent: " + s.Consent + "\n  locale: " + s.Locale + "\n"
}

// calls are what the page has to say to the chat under the settings; "" is nothing.
func (s settings) calls(ch *site.Channel) string {
	text := ""
	if ch.Mode == site.TokenMode && s.Identity == "page" {
		text += "EmbedChat('identify', () => fetch('/my/chat-token', {method: 'POST'}).then((r) => r.ok ? r.json() : null));\n"
	}
	if s.Consent == "true" {
		text += "EmbedChat('consent', true);\n"
	}
	return text
}
