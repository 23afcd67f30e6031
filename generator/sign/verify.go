package sign

import (
	"crypto/hmac"
	"fmt"
	"strings"
	"time"
)

// DefaultSkew is how far the clocks of signer and verifier may be apart, either way. CEC's own
// tolerance is not documented (cec-contract section 3).
const DefaultSkew = 15 * time.Minute

// Mismatch says where an authorization first differs from what it should be.
type Mismatch struct {
	// Stage is one of, in the order of the checks: "format" (not five parts), "version", "access
	// key", "timestamp" (not written as auth-v2 writes it), "skew" (too old or too new),
	// "signed headers", "signature".
	Stage string
	// Want and Got are texts for a person, empty at the stage "signature": the expected
	// signature is a credential.
	Want, Got string
}

func (m *Mismatch) Error() string {
	if m.Stage == "signature" {
		return "authorization: the signature differs"
	}
	return fmt.Sprintf("authorization: the %s is %.80q, want %s", m.Stage, m.Got, m.Want)
}

// Verify checks that authorization is the signature of r, made within skew of now; a signature
// exactly skew old still passes. The time is taken from authorization: r.Time is ignored. The
// error is a [*Mismatch], or a [*FieldError] if r cannot be signed at all.
func Verify(authorization, secretKey string, r Request, now time.Time, skew time.Duration) error {
	r = r.withDefaults()
	p, err := parse(authorization)
	if err != nil {
		return err
	}
	if err := p.check(r.AccessKey, now, skew); err != nil {
		return err
	}
	r.Time = p.time
	want, err := Sign(secretKey, r)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(p.signature), []byte(want.Signature)) {
		return &Mismatch{Stage: "signature"}
	}
	return nil
}

// parts is an authorization taken apart.
type parts struct {
	version, accessKey, timestamp, signedHeaders, signature string

	time time.Time // of timestamp; set by check
}

// parse splits an authorization at its slashes; no part of a genuine one has any.
func parse(authorization string) (parts, error) {
	const want = "version/accessKey/timestamp/signedHeaders/signature"
	n := 1 + strings.Count(authorization, "/")
	if n != 5 {
		return parts{}, &Mismatch{"format", want, fmt.Sprintf("%d parts", n)}
	}
	f := strings.Split(authorization, "/")
	return parts{version: f[0], accessKey: f[1], timestamp: f[2], signedHeaders: f[3], signature: f[4]}, nil
}

// check compares the parts before the signature, from left to right, and sets p.time.
func (p *parts) check(accessKey string, now time.Time, skew time.Duration) error {
	if p.version != version {
		return &Mismatch{"version", version, p.version}
	}
	if p.accessKey != accessKey {
		return &Mismatch{"access key", accessKey, p.accessKey}
	}
	if err := p.checkTime(now, skew); err != nil {
		return err
	}
	if p.signedHeaders != signedHeaders {
		return &Mismatch{"signed headers", signedHeaders, p.signedHeaders}
	}
	return nil
}

// checkTime parses the timestamp. time.Parse is lenient (a comma for the point, an hour of one
// digit), so the text must also be the one that formatTime writes.
func (p *parts) checkTime(now time.Time, skew time.Duration) error {
	t, err := time.Parse(timeLayout, p.timestamp)
	if err != nil || formatTime(t) != p.timestamp {
		return &Mismatch{"timestamp", "yyyy-MM-ddTHH:mm:ss.SSSZ in UTC", p.timestamp}
	}
	if apart := now.Sub(t); apart.Abs() > skew {
		return &Mismatch{"skew", fmt.Sprintf("at most %v either way", skew), apart.String()}
	}
	p.time = t
	return nil
}
