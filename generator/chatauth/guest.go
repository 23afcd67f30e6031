package chatauth

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"

	"embedgen/generator/secret"
)

// idLength is the number of base-62 digits that hold 128 bits. CEC's limit where a userId is sent
// is 24 (cec-contract section 1).
const idLength = 22

// newID returns 128 random bits as 22 of 0-9, a-z, A-Z.
func newID(random io.Reader) (string, error) {
	var bits [16]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	digits := new(big.Int).SetBytes(bits[:]).Text(62)
	return strings.Repeat("0", idLength-len(digits)) + digits, nil
}

func isID(s string) bool {
	return len(s) == idLength && strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// sealer returns the seal of a guest id. It is a function, since fmt prints through the fields of
// a key.
type sealer func(id string) []byte

// newSealer derives the key of a tenant's guest cookies from a channel's secretKey. It is stable
// over restarts and replicas, and of no use for signing: the label keeps the two uses apart.
func newSealer(tenantID string, secretKey secret.Value) sealer {
	derived := hmacSHA256([]byte(secretKey.Reveal()), "embedgen guest cookie v1\x00"+tenantID)
	return func(id string) []byte { return hmacSHA256(derived, id) }
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// guestBook recognizes the guests of a tenant. A visitor is the same guest on all its channels, so
// the seal may be of any of them.
type guestBook struct {
	tenant string
	seals  []sealer
}

// cookieName has the prefix by which a browser refuses a cookie from a subdomain or an insecure
// page (RFC 6265bis, section 4.1.3).
func (b guestBook) cookieName(secure bool) string {
	if secure {
		return "__Host-embedgen-guest-" + b.tenant
	}
	return "embedgen-guest-" + b.tenant
}

// maxTries bounds the work that one request can cause.
const maxTries = 8

// read returns the guest of a request; "" if no cookie is genuine.
func (b guestBook) read(r *http.Request, secure bool) string {
	for i, c := range r.CookiesNamed(b.cookieName(secure)) {
		if i == maxTries {
			break
		}
		if id, ok := b.open(c.Value); ok {
			return id
		}
	}
	return ""
}

// open checks a cookie's value: id "." base64url(seal).
func (b guestBook) open(value string) (id string, ok bool) {
	id, text, _ := strings.Cut(value, ".")
	seal, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || !isID(id) {
		return "", false
	}
	for _, s := range b.seals {
		if hmac.Equal(seal, s(id)) {
			return id, true
		}
	}
	return "", false
}

// cookie keeps a guest for as long as the browser runs.
func (b guestBook) cookie(id string, seal sealer, secure bool) *http.Cookie {
	return &http.Cookie{
		Name:     b.cookieName(secure),
		Value:    id + "." + base64.RawURLEncoding.EncodeToString(seal(id)),
		Path:     "/",
		HttpOnly: true,
		Secure:   secure,
		SameSite: http.SameSiteLaxMode,
	}
}

// sameText compares in constant time.
func sameText(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
