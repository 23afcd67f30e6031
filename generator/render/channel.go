package render

import (
	"embedgen/generator/render/script"
	"embedgen/generator/site"
)

// Channel is what the web site of a tenant carries for one channel.
type Channel struct {
	Page   []byte // the integration page
	Policy string // Content-Security-Policy of Page
	Script []byte // embed.js
	Forms  []Form // what a web developer pastes, in each form, the plain one first
}

// Form is a snippet in the form of that name: html, gtm, react, …
type Form struct {
	Name string
	Text []byte
}

// Channel renders what belongs to one channel, which need not be one of a site that was rendered:
// a playground changes a copy. The client script that Script loads is the tenant's, and is not
// part of the result.
func (e *Engine) Channel(ch *site.Channel) (Channel, error) {
	var c Channel
	var err error
	if c.Page, c.Policy, err = e.script.Page(ch); err != nil {
		return Channel{}, err
	}
	c.Script = e.script.Embed(ch)
	for _, name := range script.Forms() {
		text, err := e.script.Form(ch, name)
		if err != nil {
			return Channel{}, err
		}
		c.Forms = append(c.Forms, Form{name, text})
	}
	return c, nil
}
