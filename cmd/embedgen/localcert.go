package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"embedgen/generator/render/nginxconf"
)

// localNames are all that the certificate of a laptop is good for.
var (
	localNames     = []string{"localhost"}
	localAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
)

// certificateLife is within what browsers accept; a new one is made a week before its end.
const (
	certificateLife = 365 * 24 * time.Hour
	renewBefore     = 7 * 24 * time.Hour
)

// ensureCertificate makes a certificate for this machine, unless the folder has one that is good
// for another week: a browser that accepted it shall not have to do so again.
func ensureCertificate(dir string) error {
	certFile, keyFile := filepath.Join(dir, nginxconf.LocalCert), filepath.Join(dir, nginxconf.LocalKey)
	now := time.Now()
	if good(certFile, now.Add(renewBefore)) && exists(keyFile) {
		return os.Chmod(keyFile, 0o600)
	}
	cert, key, err := selfSigned(now)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(keyFile), 0o700); err != nil {
		return err
	}
	if err := writePrivate(keyFile, key); err != nil {
		return err
	}
	return writePrivate(certFile, cert)
}

// good reports whether a PEM file has a certificate that is valid at a time.
func good(file string, at time.Time) bool {
	data, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return false
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	return err == nil && at.Before(cert.NotAfter) && at.After(cert.NotBefore) && cert.VerifyHostname(localNames[0]) == nil
}

// selfSigned makes a certificate and its key, both PEM. It is no authority, so whoever tells a
// browser to trust it trusts it for this machine's own names only.
func selfSigned(now time.Time) (cert, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "embedgen nginx --local"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(certificateLife),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              localNames,
		IPAddresses:           localAddresses,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, nil, err
	}
	return pemOf("CERTIFICATE", der), pemOfKey(private), nil
}

func pemOfKey(key crypto.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err) // a fresh ECDSA key always encodes
	}
	return pemOf("PRIVATE KEY", der)
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// writePrivate writes a file that its owner alone can read, whatever was there before.
func writePrivate(path string, data []byte) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}
