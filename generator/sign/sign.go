package sign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Signature is a signature with every stage that led to it, in the order of the specification.
type Signature struct {
	Body          string // the JSON text that is signed
	ContentLength int    // of Body, in the units of Request.Length
	Timestamp     string // UTC to the millisecond, e.g. 2026-01-02T03:04:05.678Z
	SignedHeaders string // always "content-length;content-type"
	Prefix        string // auth-v2/accessKey/timestamp/signedHeaders
	// SigningKey signs anything under the same Prefix, so it is as secret as the secretKey, for
	// as long as the timestamp is accepted. It is kept out of JSON and of every fmt verb.
	SigningKey       string `json:"-"`
	CanonicalHeaders string // two lines
	CanonicalRequest string // six lines
	Signature        string // 64 lower-case hexadecimal digits
	Authorization    string // Prefix + "/" + Signature: what the page sends
}

// Format prints the prefix alone, under every verb: the rest is worth stealing.
func (s Signature) Format(f fmt.State, _ rune) {
	io.WriteString(f, s.Prefix+"/[redacted]")
}

// Sign signs r with the secret key of its channel. The error is a [*FieldError].
func Sign(secretKey string, r Request) (Signature, error) {
	r = r.withDefaults()
	if err := r.check(secretKey); err != nil {
		return Signature{}, err
	}
	return r.sign(secretKey), nil
}

// sign computes the stages of a request that has its defaults and passed check.
func (r Request) sign(secretKey string) Signature {
	s := Signature{
		Body:          body(r),
		Timestamp:     formatTime(r.Time),
		SignedHeaders: signedHeaders,
	}
	s.ContentLength = r.Length.of(s.Body)
	s.Prefix = version + "/" + r.AccessKey + "/" + s.Timestamp + "/" + signedHeaders
	s.SigningKey = hmacHex(secretKey, s.Prefix)
	s.CanonicalHeaders = canonicalHeaders(s.ContentLength)
	s.CanonicalRequest = canonicalRequest(s.CanonicalHeaders, s.Body)
	s.Signature = hmacHex(s.SigningKey, s.CanonicalRequest)
	s.Authorization = s.Prefix + "/" + s.Signature
	return s
}

// hmacHex returns HMAC-SHA256 (RFC 2104) of data under key as lower-case hexadecimal text.
func hmacHex(key, data string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(data))
	var text [2 * sha256.Size]byte
	hex.Encode(text[:], mac.Sum(nil))
	return string(text[:])
}
