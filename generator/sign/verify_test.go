package sign

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestVerifyNamesTheStage(t *testing.T) {
	r := testRequest()
	good := mustSign(t, r).Authorization
	other := r
	other.Time = r.Time.Add(time.Millisecond)
	laterStamp := mustSign(t, other).Timestamp
	const stamp = "2026-01-02T03:04:05.678Z"

	for _, test := range []struct{ stage, old, new string }{
		{"format", good, ""},
		{"format", good, "auth-v2"},
		{"format", "/content-length", "content-length"},
		{"format", good, good + "/"},
		{"format", good, "/" + good},
		{"version", "auth-v2/", "auth-v1/"},
		{"version", "auth-v2/", "AUTH-V2/"},
		{"version", "auth-v2/", "/"},
		{"version", good, "////"},
		{"version", good, "Authorization:" + good},
		{"access key", "202102193196869708", "202102193196869709"},
		{"access key", "202102193196869708", ""},
		{"timestamp", stamp, ""},
		{"timestamp", stamp, "2026-01-02T03:04:05Z"},
		{"timestamp", stamp, "2026-01-02T03:04:05.678"},
		{"timestamp", stamp, "2026-01-02T03:04:05.6789Z"},
		{"timestamp", stamp, "2026-01-02T03:04:05,678Z"}, // time.Parse takes a comma
		{"timestamp", stamp, "2026-01-02T3:04:05.678Z"},  // and an hour of one digit
		{"timestamp", stamp, "2026-01-02T03:04:05.678+00:00"},
		{"timestamp", stamp, "2026-01-02t03:04:05.678z"},
		{"timestamp", stamp, "2026-02-30T03:04:05.678Z"},
		{"timestamp", stamp, "1767323045678"},
		{"skew", stamp, "2026-01-02T03:19:05.679Z"},
		{"skew", stamp, "2026-01-02T02:49:05.677Z"},
		{"skew", stamp, "0001-01-01T00:00:00.000Z"},
		{"skew", stamp, "9999-12-31T23:59:59.999Z"},
		{"signed headers", "content-length;", ""},
		{"signed headers", "content-length;content-type", "content-type;content-length"},
		{"signed headers", "content-length;content-type", "Content-Length;Content-Type"},
		{"signature", stamp, laterStamp},
		{"signature", good, good[:len(good)-1]},
		{"signature", good, good + "0"},
		{"signature", good, good + "\n"},
		{"signature", good, good[:len(good)-64]},
		{"signature", good, good[:len(good)-64] + strings.ToUpper(good[len(good)-64:])},
	} {
		authorization := strings.Replace(good, test.old, test.new, 1)
		err := Verify(authorization, testKey, r, r.Time, DefaultSkew)
		var m *Mismatch
		if !errors.As(err, &m) || m.Stage != test.stage {
			t.Errorf("%q: %v, want stage %s", authorization, err, test.stage)
		}
	}
}

// Flipping any bit of any byte breaks it.
func TestVerifyCoversEveryByte(t *testing.T) {
	r := testRequest()
	good := mustSign(t, r).Authorization
	for i := range len(good) {
		for bit := range 8 {
			b := []byte(good)
			b[i] ^= 1 << bit
			if Verify(string(b), testKey, r, r.Time, DefaultSkew) == nil {
				t.Errorf("%q verifies", b)
			}
		}
	}
}

func TestVerifySkew(t *testing.T) {
	r := testRequest()
	authorization := mustSign(t, r).Authorization
	for _, test := range []struct {
		offset, skew time.Duration
		ok           bool
	}{
		{0, 0, true},
		{time.Nanosecond, 0, false},
		{DefaultSkew, DefaultSkew, true},
		{-DefaultSkew, DefaultSkew, true},
		{DefaultSkew + 1, DefaultSkew, false},
		{-DefaultSkew - 1, DefaultSkew, false},
		{0, -1, false},
		{time.Hour, 2 * time.Hour, true},
	} {
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("", 9*3600)} {
			err := Verify(authorization, testKey, r, r.Time.Add(test.offset).In(zone), test.skew)
			if (err == nil) != test.ok {
				t.Errorf("%v away with skew %v: %v", test.offset, test.skew, err)
			}
		}
	}
	if DefaultSkew != 15*time.Minute {
		t.Errorf("the contract's skew is 15 minutes, not %v", DefaultSkew)
	}
}

func TestVerifyRefusesWhatSignRefuses(t *testing.T) {
	for _, f := range fields {
		r, key := testRequest(), testKey
		r.AccessKey = r.ChannelConfigID
		f.set(&r, &key, "a\x00b")
		authorization := strings.Join([]string{version, r.AccessKey, formatTime(r.Time), signedHeaders, strings.Repeat("0", 64)}, "/")
		err := Verify(authorization, key, r, r.Time, DefaultSkew)
		var refused *FieldError
		if !errors.As(err, &refused) || refused.Field != f.name {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

// No error of Verify helps to forge: neither the right signature nor a key is in it.
func TestMismatchText(t *testing.T) {
	r := testRequest()
	s := mustSign(t, r)
	forged := s.Prefix + "/" + strings.Repeat("0", 64)
	long := strings.Replace(s.Authorization, "auth-v2", strings.Repeat("x", 9999), 1)
	for _, test := range []struct {
		authorization string
		now           time.Time
		want          string
	}{
		{"a/b", r.Time, `authorization: the format is "2 parts", want version/accessKey/timestamp/signedHeaders/signature`},
		{"auth-v1////", r.Time, `authorization: the version is "auth-v1", want auth-v2`},
		{"auth-v2/a///", r.Time, `authorization: the access key is "a", want 202102193196869708`},
		{s.Authorization, r.Time.Add(time.Hour), `authorization: the skew is "1h0m0s", want at most 15m0s either way`},
		{forged, r.Time, "authorization: the signature differs"},
		{long, r.Time, `authorization: the version is "` + strings.Repeat("x", 80) + `", want auth-v2`},
	} {
		err := Verify(test.authorization, testKey, r, test.now, DefaultSkew)
		if err == nil || err.Error() != test.want {
			t.Errorf("got %v\nwant %s", err, test.want)
			continue
		}
		var m *Mismatch
		if !errors.As(err, &m) {
			t.Errorf("%v is not a Mismatch", err)
			continue
		}
		for _, secret := range []string{s.Signature, s.SigningKey, testKey} {
			if strings.Contains(m.Stage+m.Want+m.Got, secret) {
				t.Errorf("%v holds a secret", err)
			}
		}
	}
}

// Signatures and keys are compared by hmac.Equal only.
func TestSEC8NoPlainCompareOfSecrets(t *testing.T) {
	suspicious := regexp.MustCompile(`(?i)^(secretkey|signingkey|signature|authorization|mac)$`)
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if c, ok := n.(*ast.BinaryExpr); ok && (c.Op == token.EQL || c.Op == token.NEQ) {
				for _, side := range []ast.Expr{c.X, c.Y} {
					if suspicious.MatchString(lastName(side)) {
						t.Errorf("%s compares %s by %s", name, lastName(side), c.Op)
					}
				}
			}
			return true
		})
	}
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
