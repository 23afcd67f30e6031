package sign

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// names are user names that have broken signers, pages or proxies.
var names = []string{
	"Tom", " ", "  leading", `"`, `\`, `\"`, `\u0041`, "a/b;c", "O'Hara", "<O&M>", "</script>", `"};alert(1)//`,
	"{{.}}", "$host;}", "%41%", "+ *~", "张 三", "\u00a0", "é", "e\u0301", "👩\u200d💻", "𝒳", "\ufffd", "\ufeff", "\uffff",
	"", "\x00", "a\nb", "a\rb", "\t", "\x1f", "\x7f", "\u0085", "\u2028", "\u2029", "\xff", "\xed\xa0\x80", "\xc0\xaf",
}

func FuzzNormalize(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}
	f.Add(contentType)
	unreserved := regexp.MustCompile(`\A(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*\z`)
	f.Fuzz(func(t *testing.T, s string) {
		got := normalize(s)
		if !unreserved.MatchString(got) {
			t.Errorf("normalize(%q) = %s", s, got)
		}
		back, err := url.PathUnescape(got)
		if err != nil || back != s {
			t.Errorf("normalize(%q) = %s, which decodes to %q, %v", s, got, back, err)
		}
		// An unreserved byte is never escaped; QueryEscape knows the same set.
		if want := strings.ReplaceAll(url.QueryEscape(s), "+", "%20"); got != want {
			t.Errorf("normalize(%q) = %s, want %s", s, got, want)
		}
	})
}

// Whatever the fields hold: they are refused, or encoding/json reads back the same, in order.
func FuzzBody(f *testing.F) {
	for _, name := range names {
		f.Add(name, "10010001", "202007159031", "202102193196869708")
		f.Add("Tom", name, "1", "1")
		f.Add("Tom", "1", name, "1")
		f.Add("Tom", "1", "1", name)
	}
	f.Fuzz(func(t *testing.T, name, id, tenant, config string) {
		r := Request{UserName: name, UserID: id, TenantSpaceID: tenant, ChannelConfigID: config, Time: testRequest().Time}
		for _, r.Order = range Orders() {
			s, err := Sign(testKey, r)
			if err == nil {
				checkBody(t, r, s.Body)
				continue
			}
			var refused *FieldError
			if !errors.As(err, &refused) || plain(r) {
				t.Errorf("%+v: %v", r, err)
			}
		}
	})
}

var (
	plainName = regexp.MustCompile(`\A[^\pC\pZ]{1,256}\z`)
	plainID   = regexp.MustCompile(`\A[^\pC\pZ/;\\]{1,32}\z`)
	digits    = regexp.MustCompile(`\A[0-9]{1,32}\z`)
)

// plain reports whether all fields are of the kind that no reading of the rules refuses.
func plain(r Request) bool {
	return utf8.ValidString(r.UserName) && utf8.ValidString(r.UserID) &&
		plainName.MatchString(r.UserName) && plainID.MatchString(r.UserID) &&
		digits.MatchString(r.TenantSpaceID) && digits.MatchString(r.ChannelConfigID)
}

func checkBody(t *testing.T, r Request, body string) {
	t.Helper()
	var got map[string]string
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	want := map[string]string{
		"thirdUserName": r.UserName, "thirdUserId": r.UserID,
		"tenantSpaceId": r.TenantSpaceID, "channelConfigId": r.ChannelConfigID,
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s reads as %q, want %q", body, got, want)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	var members []string
	for _, key := range memberOrder(r.Order) {
		b.Reset()
		if err := e.Encode(want[key]); err != nil {
			t.Fatal(err)
		}
		members = append(members, `"`+key+`":`+strings.TrimSuffix(b.String(), "\n"))
	}
	if text := "{" + strings.Join(members, ",") + "}"; text != body {
		t.Errorf("%s order\n got %s\nwant %s", r.Order, body, text)
	}
}

// memberOrder restates the contract's three orders.
func memberOrder(o Order) []string {
	doc := []string{"thirdUserName", "thirdUserId", "tenantSpaceId", "channelConfigId"}
	switch o {
	case "hash":
		return []string{doc[1], doc[2], doc[0], doc[3]}
	case "sorted":
		return slices.Sorted(slices.Values(doc))
	}
	return doc
}

var (
	authorizationShape = regexp.MustCompile(`\Aauth-v2/[\w-]{1,64}/[0-9TZ.:-]{24}/content-length;content-type/[0-9a-f]{64}\z`)
	requestShape       = regexp.MustCompile(`\APOST\n/[!-~]+\n[a-z;-]+\ncontent-length:[0-9]+\ncontent-type:[!-~]+\n[\w.~%-]+\z`)
)

// TestSEC2's property for any input: a signed request cannot be cut in another way.
func FuzzSign(f *testing.F) {
	for _, name := range names {
		f.Add(name, "10010001", name, testKey, int64(1767323045678), "doc", "bytes")
		f.Add("Tom", name, "key", name, int64(0), name, name)
	}
	f.Fuzz(func(t *testing.T, name, id, accessKey, secretKey string, milli int64, order, length string) {
		r := testRequest()
		r.UserName, r.UserID, r.AccessKey, r.Time = name, id, accessKey, time.UnixMilli(milli)
		r.Order, r.Length = Order(order), Length(length)
		s, err := Sign(secretKey, r)
		if err != nil {
			if len(secretKey) > 20 && strings.Contains(err.Error(), secretKey) {
				t.Errorf("%v holds the secret key", err)
			}
			return
		}
		if !authorizationShape.MatchString(s.Authorization) {
			t.Errorf("authorization %q, want %s", s.Authorization, authorizationShape)
		}
		if !requestShape.MatchString(s.CanonicalRequest) {
			t.Errorf("canonical request %q, want %s", s.CanonicalRequest, requestShape)
		}
		if err := Verify(s.Authorization, secretKey, r, r.Time, time.Millisecond); err != nil {
			t.Errorf("%q does not verify: %v", s.Authorization, err)
		}
	})
}

// Only the one right text verifies; everything else is a Mismatch, never a panic.
func FuzzVerify(f *testing.F) {
	r := testRequest()
	good, err := Sign(testKey, r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good.Authorization)
	for _, v := range loadVectors(f) {
		f.Add(v.Authorization)
	}
	for _, s := range []string{"", "/", "////", "/////", "auth-v2////", good.Prefix, good.Authorization + "/", "auth-v2/202102193196869708/2026-01-02T03:04:05.678Z/content-length;content-type/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, authorization string) {
		err := Verify(authorization, testKey, r, r.Time, 0)
		if authorization == good.Authorization {
			if err != nil {
				t.Error(err)
			}
			return
		}
		var m *Mismatch
		if !errors.As(err, &m) {
			t.Fatalf("%q: error %v, want a Mismatch", authorization, err)
		}
		if !strings.Contains(authorization, good.Signature) && strings.Contains(m.Error(), good.Signature) {
			t.Errorf("%v holds the signature", m)
		}
	})
}
