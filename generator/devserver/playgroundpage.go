package devserver

import (
	"net/http"

	"embedgen/generator/site"
)

// playgroundPolicy is ownPolicy for a page that shows another of this server.
const playgroundPolicy = ownPolicy + "; frame-src 'self'"

type playgroundView struct {
	frame
	Tenant  *site.Tenant
	Channel *site.Channel
	Chosen  settings
	Other   string // the locale, if it is none of the languages
	Token   bool
	User    user
	UserOff bool
	// Built are files of the output that mean another playground when they change.
	Built []string
	First description
	// Simulated reports whether First.Policy names the simulated CEC in the place of the real one.
	Simulated bool
}

// playgroundPage answers with the controls. What its query says is chosen already.
func (c *call) playgroundPage(ch *site.Channel) {
	s, _ := settingsOf(ch).with(c.r.URL.Query())
	r, err := c.st.good.Render(s.variant(ch))
	if err != nil {
		c.text(http.StatusInternalServerError, err.Error())
		return
	}
	f := c.frame()
	key := ch.Tenant.ID + "/" + ch.ID
	v := playgroundView{
		frame: f, Tenant: ch.Tenant, Channel: ch, Chosen: s, Token: ch.Mode == site.TokenMode,
		User: c.identity.user(c.r), UserOff: c.identity.off, First: c.describe(ch, s, r),
		Simulated: ch.Context.Direct() && c.st.good.services.CEC != nil,
	}
	if v.User == (user{}) {
		v.User = firstUser
	}
	if s.Locale != "zh" && s.Locale != "en" {
		v.Other = s.Locale
	}
	page := ch.Tenant.PublicPath[1:] + ch.ID
	for _, file := range []string{page + "/", page + "/embed.js", "snippets/" + key + ".html"} {
		v.Built = append(v.Built, f.Base+file)
	}
	c.page(http.StatusOK, "playground", v)
}

// Choices lists the values of a setting.
func (playgroundView) Choices(name string) []string { return choices[name] }
