package sign

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

const testKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

// testRequest is the contract's own example.
func testRequest() Request {
	return Request{
		UserName: "Tom", UserID: "10010001",
		TenantSpaceID: "202007159031", ChannelConfigID: "202102193196869708",
		Time: time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC),
	}
}

func mustSign(tb testing.TB, r Request) Signature {
	tb.Helper()
	s, err := Sign(testKey, r)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Empty settings mean the contract's defaults.
func TestDefaults(t *testing.T) {
	r := testRequest()
	got := mustSign(t, r)
	r.Order, r.Length, r.AccessKey = "doc", "bytes", r.ChannelConfigID
	diff(t, got, mustSign(t, r))
	if Orders()[0] != r.Order || Lengths()[0] != r.Length {
		t.Error("a default is not the first of its list")
	}
}

func TestEveryOrderAndLengthIsKnown(t *testing.T) {
	r := testRequest()
	r.UserName = "张"
	seen := map[string]bool{}
	for _, r.Order = range Orders() {
		for _, r.Length = range Lengths() {
			seen[mustSign(t, r).Signature] = true
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d different signatures, want 6", len(seen))
	}
}

func TestContentLengthUnits(t *testing.T) {
	for _, test := range []struct {
		name         string
		bytes, chars int // of the name alone
	}{
		{"a", 1, 1},
		{"é", 2, 1},
		{"张", 3, 1},
		{"\u00a0", 2, 1},
		{"\uffff", 3, 1},
		{"😀", 4, 2}, // a surrogate pair in Java and JavaScript
		{"👩\u200d💻", 11, 5},
		{`"\`, 4, 4}, // both escaped
	} {
		r := testRequest()
		r.UserName = test.name
		const rest = len(`{"thirdUserName":"","thirdUserId":"10010001","tenantSpaceId":"202007159031","channelConfigId":"202102193196869708"}`)
		for _, r.Length = range Lengths() {
			want := rest + test.bytes
			if r.Length == "chars" {
				want = rest + test.chars
			}
			if got := mustSign(t, r).ContentLength; got != want {
				t.Errorf("%q in %s: content length %d, want %d", test.name, r.Length, got, want)
			}
		}
	}
}

func TestSEC9TimestampIsUTCUnderEveryZone(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678_999_999, time.UTC) // cut, not rounded
	const want = "2026-01-02T03:04:05.678Z"
	zones := []*time.Location{
		time.UTC, time.Local,
		time.FixedZone("UTC+14", 14*3600), time.FixedZone("UTC-12", -12*3600),
		time.FixedZone("UTC+5:45", 5*3600+45*60), time.FixedZone("Z", 3600), time.FixedZone("", -1),
	}
	for _, zone := range zones {
		r := testRequest()
		r.Time = at.In(zone)
		if got := mustSign(t, r).Timestamp; got != want {
			t.Errorf("in %v: timestamp %s, want %s", zone, got, want)
		}
	}
	r := testRequest()
	r.Time = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if got := mustSign(t, r).Timestamp; got != "2026-01-02T03:04:05.000Z" {
		t.Errorf("a full second: timestamp %s", got)
	}
}

// Every character of ASCII and some beyond, in every field: signed or refused, by the field's rule.
func TestSEC2Characters(t *testing.T) {
	characters := []rune{'\u0080', '\u0085', '\u009f', '\u00a0', 'é', '\u1680', '\u200b', '\u200d', '\u2028', '\u2029', '\u202e', '\u3000', '٣', '０', 'Ａ', '张', '\ufeff', '\ufffd', '😀', '𝟎'}
	for c := range rune(0x80) {
		characters = append(characters, c)
	}
	const digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	control := func(c rune) bool { return c < ' ' || 0x7f <= c && c < 0xa0 }
	for _, f := range fields {
		for _, c := range characters {
			var legal bool
			switch f.name {
			case "userName":
				legal = !control(c) && c != '\u2028' && c != '\u2029'
			case "userId":
				legal = c > ' ' && c < 0x7f && !strings.ContainsRune(`/;\`, c) ||
					strings.ContainsRune("é٣０Ａ张\ufffd😀𝟎", c)
			case "tenantSpaceId", "channelConfigId":
				legal = strings.ContainsRune(digits, c)
			case "accessKey":
				legal = strings.ContainsRune(digits+letters+"_-", c)
			case "secretKey":
				legal = strings.ContainsRune(digits+letters, c)
			}
			checkField(t, f, "1"+string(c)+"1", legal)
		}
	}
}

func TestSEC2Lengths(t *testing.T) {
	limits := map[string]int{"userName": 256, "userId": 32, "tenantSpaceId": 32, "channelConfigId": 32, "accessKey": 64, "secretKey": 43}
	for _, f := range fields {
		checkField(t, f, "1", true)
		checkField(t, f, strings.Repeat("1", limits[f.name]), true)
		checkField(t, f, strings.Repeat("1", limits[f.name]+1), false)
		checkField(t, f, "1\xff", false)
		checkField(t, f, "\xed\xa0\x80", false) // a surrogate
		checkField(t, f, strings.Repeat("1", 1<<20), false)
		if f.name != "accessKey" { // whose empty value has a meaning
			checkField(t, f, "", false)
		}
	}
	// Characters are counted, not bytes.
	checkField(t, fields[0], strings.Repeat("😀", 256), true)
	checkField(t, fields[0], strings.Repeat("😀", 257), false)
	checkField(t, fields[1], strings.Repeat("张", 32), true)
	checkField(t, fields[1], strings.Repeat("张", 33), false)
}

// field sets one signed field of a request, or the secret key.
type field struct {
	name string
	set  func(r *Request, secretKey *string, value string)
}

var fields = []field{
	{"userName", func(r *Request, _ *string, v string) { r.UserName = v }},
	{"userId", func(r *Request, _ *string, v string) { r.UserID = v }},
	{"tenantSpaceId", func(r *Request, _ *string, v string) { r.TenantSpaceID = v }},
	{"channelConfigId", func(r *Request, _ *string, v string) { r.ChannelConfigID, r.AccessKey = v, "1" }},
	{"accessKey", func(r *Request, _ *string, v string) { r.AccessKey = v }},
	{"secretKey", func(_ *Request, key *string, v string) { *key = v }},
}

func checkField(t *testing.T, f field, value string, legal bool) {
	t.Helper()
	r, key := testRequest(), testKey
	f.set(&r, &key, value)
	s, err := Sign(key, r)
	var refused *FieldError
	switch {
	case legal && err != nil:
		t.Errorf("%s %.50q: %v", f.name, value, err)
	case !legal && (!errors.As(err, &refused) || refused.Field != f.name):
		t.Errorf("%s %.50q: error %v, want one that names the field", f.name, value, err)
	case !legal && s != Signature{}:
		t.Errorf("%s %.50q: stages beside an error", f.name, value)
	}
}

func TestSettingsAreRefused(t *testing.T) {
	for _, test := range []struct {
		want   string // the whole error
		change func(*Request)
	}{
		{"time is not set: want the time of signing", func(r *Request) { r.Time = time.Time{} }},
		{"time is in the year 10000: want a year from 1 to 9999", func(r *Request) {
			r.Time = time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600))
		}},
		{"time is in the year 0: want a year from 1 to 9999", func(r *Request) { r.Time = time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC) }},
		{`order is "DOC": want doc, hash or sorted`, func(r *Request) { r.Order = "DOC" }},
		{`length is "characters": want bytes or chars`, func(r *Request) { r.Length = "characters" }},
	} {
		r := testRequest()
		test.change(&r)
		if _, err := Sign(testKey, r); err == nil || err.Error() != test.want {
			t.Errorf("error %v, want %s", err, test.want)
		}
	}
}

func TestFieldErrorText(t *testing.T) {
	for _, test := range []struct{ field, value, want string }{
		{"userName", "Tom\nHanks", "userName has U+000A at byte 3: want 1 to 256 characters without control characters, U+2028 or U+2029"},
		{"userName", "", "userName is empty: want 1 to 256 characters without control characters, U+2028 or U+2029"},
		{"userName", "a\xff", "userName is not valid UTF-8 at byte 1: want 1 to 256 characters without control characters, U+2028 or U+2029"},
		{"userId", "张/1", `userId has U+002F '/' at byte 3: want 1 to 32 characters that print, without space, "/", ";" or "\"`},
		{"tenantSpaceId", strings.Repeat("1", 33), "tenantSpaceId has 33 characters: want 1 to 32 characters of 0-9"},
		{"accessKey", "a;b", "accessKey has U+003B ';' at byte 1: want 1 to 64 characters of A-Z, a-z, 0-9, _ and -"},
		{"secretKey", "s3cret!", "secretKey is off its pattern: want 1 to 43 characters of A-Z, a-z and 0-9"},
		{"secretKey", "", "secretKey is off its pattern: want 1 to 43 characters of A-Z, a-z and 0-9"},
	} {
		for _, f := range fields {
			if f.name != test.field {
				continue
			}
			r, key := testRequest(), testKey
			f.set(&r, &key, test.value)
			if _, err := Sign(key, r); err == nil || err.Error() != test.want {
				t.Errorf("%s %q\n got %v\nwant %s", test.field, test.value, err, test.want)
			}
		}
	}
}

// A signature that ends up in a log by accident gives nothing away.
func TestSEC23SignatureDoesNotPrint(t *testing.T) {
	s := mustSign(t, testRequest())
	encoded, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(encoded), s.SigningKey) {
		t.Errorf("JSON has the signing key: %s", encoded)
	}
	want := s.Prefix + "/[redacted]"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, s); got != want {
			t.Errorf("%s prints %s, want %s", verb, got, want)
		}
	}
	if got := fmt.Sprintf("%+v", &s); got != want {
		t.Errorf("a pointer prints %s, want %s", got, want)
	}
}

func ExampleSign() {
	s, err := Sign("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", Request{
		UserName:        "Tom",
		UserID:          "10010001",
		TenantSpaceID:   "202007159031",
		ChannelConfigID: "202102193196869708",
		Time:            time.Date(2024, 3, 1, 12, 0, 0, 123_000_000, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Prefix)
	fmt.Println(s.CanonicalHeaders)
	fmt.Println(s.Signature)
	// Output:
	// auth-v2/202102193196869708/2024-03-01T12:00:00.123Z/content-length;content-type
	// content-length:118
	// content-type:application%2Fjson%3Bcharset%3DUTF-8
	// ba172d986f258a8365735f8091ef510557fcebd18e139bf824bcf1d5f192a350
}
