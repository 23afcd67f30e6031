package sign

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// vector is one entry of testdata/auth-v2.json, which an independent implementation made.
type vector struct {
	ThirdUserName    string
	ThirdUserID      string
	TenantSpaceID    string
	ChannelConfigID  string
	AccessKey        string
	SecretKey        string
	Timestamp        string
	Order            Order
	Length           Length
	Body             string
	ContentLength    int
	SigningKey       string
	CanonicalRequest string
	Authorization    string
}

func (v vector) request(tb testing.TB) Request {
	tb.Helper()
	at, err := time.Parse(time.RFC3339, v.Timestamp)
	if err != nil {
		tb.Fatal(err)
	}
	return Request{
		UserName: v.ThirdUserName, UserID: v.ThirdUserID,
		TenantSpaceID: v.TenantSpaceID, ChannelConfigID: v.ChannelConfigID,
		AccessKey: v.AccessKey, Time: at, Order: v.Order, Length: v.Length,
	}
}

// signature returns the stages of the vector; those it does not name are cut out of those it does.
func (v vector) signature(tb testing.TB) Signature {
	tb.Helper()
	lines := strings.Split(v.CanonicalRequest, "\n")
	end := strings.LastIndexByte(v.Authorization, '/')
	if len(lines) != 6 || end < 0 {
		tb.Fatalf("vector %s: a canonical request of %d lines", v.Authorization, len(lines))
	}
	return Signature{
		Body:             v.Body,
		ContentLength:    v.ContentLength,
		Timestamp:        v.Timestamp,
		SignedHeaders:    lines[2],
		Prefix:           v.Authorization[:end],
		SigningKey:       v.SigningKey,
		CanonicalHeaders: lines[3] + "\n" + lines[4],
		CanonicalRequest: v.CanonicalRequest,
		Signature:        v.Authorization[end+1:],
		Authorization:    v.Authorization,
	}
}

func loadVectors(tb testing.TB) []vector {
	tb.Helper()
	data, err := os.ReadFile("testdata/auth-v2.json")
	if err != nil {
		tb.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(data, &vectors); err != nil {
		tb.Fatal(err)
	}
	if len(vectors) < 60 {
		tb.Fatalf("%d vectors, want all 67", len(vectors))
	}
	return vectors
}

// diff names the first stage at which two signatures differ.
func diff(t *testing.T, got, want Signature) {
	t.Helper()
	for _, stage := range []struct{ name, got, want string }{
		{"Body", got.Body, want.Body},
		{"Timestamp", got.Timestamp, want.Timestamp},
		{"SignedHeaders", got.SignedHeaders, want.SignedHeaders},
		{"Prefix", got.Prefix, want.Prefix},
		{"SigningKey", got.SigningKey, want.SigningKey},
		{"CanonicalHeaders", got.CanonicalHeaders, want.CanonicalHeaders},
		{"CanonicalRequest", got.CanonicalRequest, want.CanonicalRequest},
		{"Signature", got.Signature, want.Signature},
		{"Authorization", got.Authorization, want.Authorization},
	} {
		if stage.got != stage.want {
			t.Errorf("%s\n got %s\nwant %s", stage.name, stage.got, stage.want)
		}
	}
	if got.ContentLength != want.ContentLength {
		t.Errorf("ContentLength %d, want %d", got.ContentLength, want.ContentLength)
	}
}

func TestVectorsSign(t *testing.T) {
	for _, v := range loadVectors(t) {
		got, err := Sign(v.SecretKey, v.request(t))
		if err != nil {
			t.Errorf("%s: %v", v.Body, err)
			continue
		}
		diff(t, got, v.signature(t))
	}
}

func TestVectorsVerify(t *testing.T) {
	for _, v := range loadVectors(t) {
		r := v.request(t)
		now := r.Time
		r.Time = time.Time{} // Verify takes it from the authorization
		if err := Verify(v.Authorization, v.SecretKey, r, now, 0); err != nil {
			t.Errorf("%s: %v", v.Authorization, err)
		}
		for _, broken := range breakings(v) {
			request := r
			secretKey := broken(&request, v.SecretKey)
			var m *Mismatch
			if err := Verify(v.Authorization, secretKey, request, now, 0); !errors.As(err, &m) || m.Stage != "signature" {
				t.Errorf("%s\nverifies %+v: %v", v.Authorization, request, err)
			}
		}
	}
}

// breakings change one thing each that the signature must cover; they return the secret key.
func breakings(v vector) []func(*Request, string) string {
	other := func(id string) string { // another id of the same length
		head, last := id[:len(id)-1], id[len(id)-1]
		if last == '0' {
			return head + "1"
		}
		return head + "0"
	}
	list := []func(*Request, string) string{
		func(r *Request, key string) string { r.UserName += "x"; return key },
		func(r *Request, key string) string { r.UserID = "x" + r.UserID; return key },
		func(r *Request, key string) string { r.TenantSpaceID = other(r.TenantSpaceID); return key },
		func(r *Request, key string) string { r.ChannelConfigID = other(r.ChannelConfigID); return key },
		func(_ *Request, key string) string { return key[1:] + "x" },
	}
	for _, o := range Orders() {
		if o != v.Order {
			list = append(list, func(r *Request, key string) string { r.Order = o; return key })
		}
	}
	return list
}
