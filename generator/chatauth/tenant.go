package chatauth

import (
	"fmt"
	"sync"
	"time"

	"embedgen/generator/secret"
	"embedgen/generator/sign"
	"embedgen/generator/site"
)

// tenant is a site.Tenant with its secrets at hand.
type tenant struct {
	site     *site.Tenant
	origins  map[string]bool // every origin at which browsers see it
	channels []*channel
	guests   guestBook
	issuer   *issuer    // nil if the company issues its own tokens, or a key is missing
	longID   *sync.Once // warns of customers whose id CEC may refuse
}

// channel is a site.Channel with its secret at hand.
type channel struct {
	*site.Channel
	guestName string
	secretKey secret.Value // zero in token mode, and if it is missing or of no use
	seal      sealer       // of guest cookies; nil without secretKey
}

// openTenant resolves the secrets of a tenant.
func openTenant(t *site.Tenant, guestNames map[string]string, o *Options) (*tenant, []Problem) {
	opened := &tenant{site: t, origins: make(map[string]bool), guests: guestBook{tenant: t.ID}, longID: new(sync.Once)}
	var problems []Problem
	for _, ch := range t.Channels {
		c, err := openChannel(ch, guestNames, o)
		if err != nil {
			problems = append(problems, Problem{t.ID, ch.ID, err})
		}
		opened.channels = append(opened.channels, c)
		if c.seal != nil {
			opened.guests.seals = append(opened.guests.seals, c.seal)
		}
	}
	if len(t.Token.Keys) == 0 {
		return opened, problems
	}
	issuer, err := newIssuer(t, o.Secrets)
	if err != nil {
		return opened, append(problems, Problem{t.ID, "", err})
	}
	opened.issuer = issuer
	return opened, problems
}

// openChannel returns the channel even if its secret is of no use; err says why it is not.
func openChannel(ch *site.Channel, guestNames map[string]string, o *Options) (*channel, error) {
	c := &channel{Channel: ch, guestName: guestName(guestNames, ch.Locale)}
	if ch.Mode != site.Authorization {
		return c, nil
	}
	key, err := o.Secrets(ch.SecretKey)
	if err != nil {
		return c, err
	}
	c.secretKey = key
	if _, err := c.sign(User{ID: "trial", Name: c.guestName}, time.Unix(0, 0)); err != nil {
		c.secretKey = secret.Value{}
		return c, fmt.Errorf("%s cannot sign: %w", ch.SecretKey, err)
	}
	c.seal = newSealer(ch.Tenant.ID, key)
	return c, nil
}

// guestName returns the display name of guests in a channel's locale; zh_CN is also zh.
func guestName(names map[string]string, locale string) string {
	for n := len(locale); n > 0; n-- {
		if name, ok := names[locale[:n]]; ok && (n == len(locale) || locale[n] == '_' || locale[n] == '-') {
			return name
		}
	}
	return names["en"]
}

// sign vouches for a user to CEC at a time.
func (c *channel) sign(u User, at time.Time) (sign.Signature, error) {
	return sign.Sign(c.secretKey.Reveal(), sign.Request{
		UserName:        u.Name,
		UserID:          u.ID,
		TenantSpaceID:   c.Tenant.TenantSpaceID,
		ChannelConfigID: c.ChannelConfigID,
		AccessKey:       c.Signature.AccessKey,
		Time:            at,
		Order:           sign.Order(c.Signature.Order),
		Length:          sign.Length(c.Signature.Length),
	})
}

// is reports whether the body's ids are those of the channel. They are public: every page has them.
func (c *channel) is(mode site.Mode, form fields) bool {
	return c.Mode == mode && c.Tenant.TenantSpaceID == form["tenantSpaceId"] && c.ChannelConfigID == form["channelConfigId"]
}
