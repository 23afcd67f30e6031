package sign

import (
	"crypto/hmac"
	"crypto/sha256"
	"testing"
	"time"
)

// BenchmarkSign reports how much longer a signature takes than its floor, the two bare
// HMAC-SHA256 over as many bytes, as the metric "x-floor".
func BenchmarkSign(b *testing.B) {
	r := testRequest()
	r.UserName = "张 三 & <O'Hara>/~*"
	s := mustSign(b, r)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Sign(testKey, r); err != nil {
			b.Fatal(err)
		}
	}
	perSign := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(perSign)/float64(floor(s, b.N)), "x-floor")
}

// floor returns the mean time of the two HMACs of s, each run n times.
func floor(s Signature, n int) time.Duration {
	prefix, request := []byte(s.Prefix), []byte(s.CanonicalRequest)
	secretKey, signingKey := []byte(testKey), []byte(s.SigningKey)
	sum := make([]byte, 0, sha256.Size)
	start := time.Now()
	for range n {
		mac := hmac.New(sha256.New, secretKey)
		mac.Write(prefix)
		sum = mac.Sum(sum[:0])
		mac = hmac.New(sha256.New, signingKey)
		mac.Write(request)
		sum = mac.Sum(sum[:0])
	}
	return max(1, time.Since(start)/time.Duration(n))
}

func BenchmarkVerify(b *testing.B) {
	r := testRequest()
	s := mustSign(b, r)
	b.ReportAllocs()
	for b.Loop() {
		if err := Verify(s.Authorization, testKey, r, r.Time, 0); err != nil {
			b.Fatal(err)
		}
	}
}
