package lab

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// CA is a certificate authority that exists for one test.
type CA struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// Leaf describes a server certificate. The zero Leaf is valid now and names no host.
type Leaf struct {
	Hosts         []string  // DNS names, or IP addresses
	NotAfter      time.Time // default: in an hour
	Intermediates int       // authorities between the root and the leaf
}

// NewCA makes an authority.
func NewCA(t testing.TB) *CA {
	t.Helper()
	key := newKey(t)
	cert := sign(t, authority("lab root"), nil, key.Public(), key)
	return &CA{cert: cert, key: key}
}

// Pool returns a certificate pool that trusts the authority.
func (ca *CA) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	return pool
}

// File writes the authority's certificate to a file of the test and returns its path.
func (ca *CA) File(t testing.TB) string {
	t.Helper()
	return writeFile(t, "ca.pem", pemBlock("CERTIFICATE", ca.cert.Raw))
}

// Issue makes a server certificate with its chain, without the root.
func (ca *CA) Issue(t testing.TB, leaf Leaf) tls.Certificate {
	t.Helper()
	var chain [][]byte
	parent, signer := ca.cert, ca.key
	for i := range leaf.Intermediates {
		key := newKey(t)
		parent = sign(t, authority(fmt.Sprintf("lab intermediate %d", i+1)), parent, key.Public(), signer)
		signer = key
		chain = append([][]byte{parent.Raw}, chain...)
	}
	key := newKey(t)
	cert := sign(t, leaf.template(), parent, key.Public(), signer)
	return tls.Certificate{
		Certificate: append([][]byte{cert.Raw}, chain...),
		PrivateKey:  key,
		Leaf:        cert,
	}
}

// Files writes a certificate with its chain, and its key, as PEM files of the test.
func Files(t testing.TB, cert tls.Certificate) (certFile, keyFile string) {
	t.Helper()
	var chain []byte
	for _, der := range cert.Certificate {
		chain = append(chain, pemBlock("CERTIFICATE", der)...)
	}
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "cert.pem", chain), writeFile(t, "key.pem", pemBlock("PRIVATE KEY", key))
}

func (l Leaf) template() *x509.Certificate {
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "lab server"},
		NotAfter:    l.NotAfter,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range l.Hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	return template
}

func authority(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		KeyUsage:              x509.KeyUsageCertSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
}

// sign completes the template and signs it; without a parent it signs itself.
func sign(t testing.TB, template, parent *x509.Certificate, public crypto.PublicKey, signer crypto.Signer) *x509.Certificate {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template.SerialNumber = serial
	template.NotBefore = now.Add(-48 * time.Hour)
	if template.NotAfter.IsZero() {
		template.NotAfter = now.Add(time.Hour)
	}
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func pemBlock(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func writeFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
