package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"embedgen/generator/sign"
	"embedgen/generator/site"
)

// signFlags are the flags of embedgen sign.
type signFlags struct {
	project
	userID, userName string
	at               string
	order, length    string
	json, explain    bool
	showKey          bool
}

var signCommand = command{
	name: "sign", args: "TENANT/CHANNEL --user-id ID --user-name NAME [flags]",
	summary: "make one authorization signature",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(signFlags)
		f.bind(fs)
		fs.StringVar(&f.userID, "user-id", "", "thirdUserId, 1 to 32 `characters`")
		fs.StringVar(&f.userName, "user-name", "", "thirdUserName: the display `name`")
		fs.StringVar(&f.at, "at", "", "sign for this `time`, such as 2026-01-02T03:04:05.678Z; now if left out")
		fs.StringVar(&f.order, "order", "", "`order` of the body's keys: doc, hash or sorted instead of the configured one, or all")
		fs.StringVar(&f.length, "length", "", "`unit` of content-length: bytes or chars instead of the configured one")
		fs.BoolVar(&f.json, "json", false, "print a JSON object with every stage")
		fs.BoolVar(&f.explain, "explain", false, "show every stage to a person")
		fs.BoolVar(&f.showKey, "show-key", false, "print the signing key instead of masking it")
		return func(_ context.Context, args []string) error { return a.sign(f, args) }
	},
}

func (a *app) sign(f *signFlags, args []string) error {
	name, err := one(args, "TENANT/CHANNEL")
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
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
	list, err := f.candidates(c)
	if err != nil {
		return err
	}
	return a.printCandidates(f, list)
}

func (f *signFlags) check() error {
	orders, lengths := append(sign.Orders(), "all"), sign.Lengths()
	switch {
	case f.order != "" && !slices.Contains(orders, sign.Order(f.order)):
		return usagef("--order %q is not doc, hash, sorted or all", f.order)
	case f.length != "" && !slices.Contains(lengths, sign.Length(f.length)):
		return usagef("--length %q is not bytes or chars", f.length)
	case f.json && f.explain:
		return usagef("--json and --explain exclude each other")
	case f.userID == "":
		return usagef("--user-id is missing")
	case f.userName == "":
		return usagef("--user-name is missing")
	}
	return nil
}

// candidate is one signature and how it was made. Its JSON form is the output of --json.
type candidate struct {
	Authorization    string      `json:"authorization"`
	CanonicalRequest string      `json:"canonicalRequest"`
	SigningKey       string      `json:"signingKey"` // masked unless --show-key
	Body             string      `json:"body"`
	ContentLength    int         `json:"contentLength"`
	Timestamp        string      `json:"timestamp"`
	AccessKey        string      `json:"accessKey"`
	SignedHeaders    string      `json:"signedHeaders"`
	Prefix           string      `json:"prefix"`
	CanonicalHeaders string      `json:"canonicalHeaders"`
	Signature        string      `json:"signature"`
	Order            sign.Order  `json:"order"`
	Length           sign.Length `json:"length"`
}

// candidates signs once, or with --order all once for each answer to CEC's open questions.
func (f *signFlags) candidates(c *site.Channel) ([]candidate, error) {
	if c.Mode != site.Authorization {
		return nil, inputf("%s/%s is in token mode: it has no signature", c.Tenant.ID, c.ID).
			withHint("`embedgen token %s/%s` makes a customer token", c.Tenant.ID, c.ID)
	}
	key, err := f.secrets().Resolve(c.SecretKey)
	if err != nil {
		return nil, err
	}
	at, err := f.time()
	if err != nil {
		return nil, err
	}
	r := sign.Request{
		UserName: f.userName, UserID: f.userID, Time: at,
		TenantSpaceID: c.Tenant.TenantSpaceID, ChannelConfigID: c.ChannelConfigID,
		AccessKey: c.Signature.AccessKey,
	}
	var list []candidate
	for _, r.Order = range f.orders(c) {
		for _, r.Length = range f.lengths(c) {
			s, err := sign.Sign(key.Reveal(), r)
			if err != nil {
				return nil, &failure{status: exitInput, err: err}
			}
			if n := len(list); n > 0 && list[n-1].Authorization == s.Authorization {
				continue // bytes and chars agree on this body
			}
			list = append(list, f.candidate(r, s))
		}
	}
	return list, nil
}

func (f *signFlags) orders(c *site.Channel) []sign.Order {
	switch f.order {
	case "":
		return []sign.Order{sign.Order(c.Signature.Order)}
	case "all":
		return sign.Orders()
	}
	return []sign.Order{sign.Order(f.order)}
}

func (f *signFlags) lengths(c *site.Channel) []sign.Length {
	switch {
	case f.length != "":
		return []sign.Length{sign.Length(f.length)}
	case f.order == "all":
		return sign.Lengths()
	}
	return []sign.Length{sign.Length(c.Signature.Length)}
}

func (f *signFlags) time() (time.Time, error) {
	if f.at == "" {
		return time.Now(), nil
	}
	at, err := time.Parse(time.RFC3339Nano, f.at)
	if err != nil {
		return at, usagef("--at %q is not a time", f.at).withHint("write it as 2026-01-02T03:04:05.678Z")
	}
	return at, nil
}

func (f *signFlags) candidate(r sign.Request, s sign.Signature) candidate {
	key := s.SigningKey
	if !f.showKey {
		key = "[redacted]"
	}
	access, _, _ := strings.Cut(strings.TrimPrefix(s.Prefix, "auth-v2/"), "/")
	return candidate{
		Authorization: s.Authorization, CanonicalRequest: s.CanonicalRequest, SigningKey: key,
		Body: s.Body, ContentLength: s.ContentLength, Timestamp: s.Timestamp, AccessKey: access,
		SignedHeaders: s.SignedHeaders, Prefix: s.Prefix, CanonicalHeaders: s.CanonicalHeaders,
		Signature: s.Signature, Order: r.Order, Length: r.Length,
	}
}

func (a *app) printCandidates(f *signFlags, list []candidate) error {
	switch {
	case f.json && f.order == "all":
		return printJSON(a.stdout, list)
	case f.json:
		return printJSON(a.stdout, list[0])
	}
	for i, c := range list {
		switch {
		case f.explain:
			explainSignature(a.stdout, c)
		case len(list) > 1:
			fmt.Fprintf(a.stdout, "%-6s %-5s %s\n", c.Order, c.Length, c.Authorization)
		default:
			fmt.Fprintln(a.stdout, c.Authorization)
		}
		if f.explain && i < len(list)-1 {
			fmt.Fprintln(a.stdout)
		}
	}
	return nil
}

// printJSON leaves &, < and > as they are: the output is for programs and terminals, not HTML.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func explainSignature(w io.Writer, c candidate) {
	indent := func(s string) string { return "   " + strings.ReplaceAll(s, "\n", "\n   ") }
	for i, stage := range []struct{ title, text string }{
		{fmt.Sprintf("body: compact JSON, key order %s", c.Order), c.Body},
		{fmt.Sprintf("content-length: the body in %s", c.Length), fmt.Sprint(c.ContentLength)},
		{"prefix: version / access key / timestamp / signed headers", c.Prefix},
		{"signing key: hex(HMAC-SHA256(secretKey, prefix))", c.SigningKey},
		{"canonical headers: values percent-encoded", c.CanonicalHeaders},
		{"canonical request: method, path, signed headers, canonical headers, body percent-encoded", c.CanonicalRequest},
		{"signature: hex(HMAC-SHA256(signing key as text, canonical request))", c.Signature},
		{"authorization: prefix / signature", c.Authorization},
	} {
		fmt.Fprintf(w, "%d. %s\n%s\n", i+1, stage.title, indent(stage.text))
	}
}
