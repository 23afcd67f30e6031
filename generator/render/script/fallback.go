package script

import (
	"html/template"
	"net/url"
	"regexp"
	"strings"

	"embedgen/generator/site"
)

// link is where a visitor goes who cannot chat, as the page shows it.
type link struct {
	Label string
	URL   template.URL
}

// fallbackForm is what a fallback may be: an https (for a local trial http), mailto or tel URL, or a path on the tenant's origin. Browsers drop
// control characters and read "\" as "/", so that either could turn a path into another host's address.
var fallbackForm = regexp.MustCompile(`^(?:(?:https?://|mailto:|tel:)[^\x00-\x1f\x7f\\]+|/(?:[^/\x00-\x1f\x7f\\][^\x00-\x1f\x7f\\]*)?)$`)

// fallback returns the channel's fallback, and what to call it in any language: a telephone number, or an address of
// electronic mail. A page has no such label. Both are "" if there is no fallback, or if it has none of the forms, which
// channels.yaml does not let pass.
func fallback(ch *site.Channel) (label, address string) {
	if !fallbackForm.MatchString(ch.Fallback) {
		return "", ""
	}
	if number, ok := strings.CutPrefix(ch.Fallback, "tel:"); ok {
		label, _, _ = strings.Cut(number, ";") // RFC 3966: parameters follow
	} else if mailbox, ok := strings.CutPrefix(ch.Fallback, "mailto:"); ok {
		label, _, _ = strings.Cut(mailbox, "?") // RFC 6068: header fields follow
	}
	if text, err := url.PathUnescape(label); err == nil {
		label = text
	}
	return label, ch.Fallback
}

// fallbackLink is the link of the integration page; it has the words of embed/text.js. It is nil if there is none.
func fallbackLink(ch *site.Channel) *link {
	label, address := fallback(ch)
	if address == "" {
		return nil
	}
	if label == "" {
		label = map[string]string{"en": "Contact us another way", "zh": "其他联系方式"}[language(ch.Locale)]
	}
	return &link{label, template.URL(address)} // fallbackForm has examined it
}
