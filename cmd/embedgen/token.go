package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"time"

	"embedgen/generator/chatauth"
	"embedgen/generator/site"
)

// tokenFlags are the flags of embedgen token.
type tokenFlags struct {
	project
	userID, userName string
	json             bool
}

var tokenCommand = command{
	name: "token", args: "TENANT/CHANNEL --user-id ID --user-name NAME [flags]",
	summary: "make one customer token",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(tokenFlags)
		f.bind(fs)
		fs.StringVar(&f.userID, "user-id", "", "the customer's `id`, 1 to 32 characters")
		fs.StringVar(&f.userName, "user-name", "", "the customer's display `name`; the id if left out")
		fs.BoolVar(&f.json, "json", false, "print the answer of the token endpoint")
		return func(_ context.Context, args []string) error { return a.token(f, args) }
	},
}

// tokenOutput is what the token endpoint answers (DESIGN section 5).
type tokenOutput struct {
	Token     string `json:"thirdUserToken"`
	UserID    string `json:"thirdUserId"`
	UserName  string `json:"thirdUserName"`
	ExpiresAt int64  `json:"expiresAt"` // milliseconds since 1970
}

func (a *app) token(f *tokenFlags, args []string) error {
	name, err := one(args, "TENANT/CHANNEL")
	if err != nil {
		return err
	}
	if f.userID == "" {
		return usagef("--user-id is missing")
	}
	if f.userName == "" {
		f.userName = f.userID
	}
	s, err := a.site(&f.project)
	if err != nil {
		return err
	}
	c, err := channel(s, name)
	if err != nil {
		return err
	}
	a.warnOfUserID(f.userID)
	token, err := f.mint(c)
	if err != nil {
		return err
	}
	if !f.json {
		fmt.Fprintln(a.stdout, token.Text)
		return nil
	}
	return printJSON(a.stdout, tokenOutput{token.Text, f.userID, f.userName, token.Expires.UnixMilli()})
}

func (f *tokenFlags) mint(c *site.Channel) (chatauth.Token, error) {
	t := c.Tenant
	switch {
	case c.Mode != site.TokenMode:
		return chatauth.Token{}, inputf("%s/%s is in authorization mode: it has no tokens", t.ID, c.ID).
			withHint("`embedgen sign %s/%s` makes a signature", t.ID, c.ID)
	case len(t.Token.Keys) == 0:
		return chatauth.Token{}, inputf("tenant %q has no token keys", t.ID).
			withHint("add `token: {keys: [{id: k1, secret: {file: …}}]}` to the tenant")
	}
	user := chatauth.User{ID: f.userID, Name: f.userName}
	return chatauth.Mint(t, f.secrets().Resolve, user, time.Now(), rand.Reader)
}
