package lab

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// CaddyConf is a Caddyfile under test: what an operator would write around the emitted file.
type CaddyConf struct {
	Site string           // text inside the one site block
	Name string           // its host name, default "www.acme.example"
	Cert *tls.Certificate // the site's own certificate; nil serves plain http
}

// Caddy is a running Caddy with a directory of its own.
type Caddy struct {
	Server
	dir string
}

// CaddyPath returns the caddy program. Without one the test is skipped, or fails if CI is set.
func CaddyPath(t testing.TB) string {
	t.Helper()
	return Program(t, "caddy")
}

// StartCaddy runs Caddy on a free port of 127.0.0.1, waits till it listens, and stops it when the
// test ends.
func StartCaddy(t testing.TB, c CaddyConf) *Caddy {
	t.Helper()
	s := &Caddy{Server{Addr: freePort(t), TLS: c.Cert != nil}, t.TempDir()}
	s.write(t, c)
	cmd := s.command(t, "run")
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := serveUntilEnd(t, cmd, s.Addr); err != nil {
		t.Fatalf("caddy did not start: %v\n%s", err, s.Log())
	}
	return s
}

// AdaptCaddy returns the JSON into which Caddy translates a configuration, and fails the test if it
// does not take it.
func AdaptCaddy(t testing.TB, c CaddyConf) []byte {
	t.Helper()
	s := &Caddy{Server{Addr: "127.0.0.1:1", TLS: c.Cert != nil}, t.TempDir()}
	s.write(t, c)
	var stdout, stderr bytes.Buffer
	cmd := s.command(t, "adapt")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("caddy adapt: %v\n%s\n%s", err, stderr.Bytes(), c.Site)
	}
	return stdout.Bytes()
}

// Log returns what Caddy logged so far.
func (s *Caddy) Log() string {
	data, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return string(data)
}

const mainCaddyfile = `{
	admin off
	auto_https off
	storage file_system storage
}
%s://%s:%s {
	bind 127.0.0.1
%s%s
}
`

func (s *Caddy) write(t testing.TB, c CaddyConf) {
	t.Helper()
	if c.Name == "" {
		c.Name = "www.acme.example"
	}
	scheme, certificate := "http", ""
	if c.Cert != nil {
		cert, key := Files(t, *c.Cert)
		scheme, certificate = "https", fmt.Sprintf("\ttls %s %s\n", cert, key)
	}
	text := fmt.Appendf(nil, mainCaddyfile, scheme, c.Name, s.Port(), certificate, c.Site)
	if err := os.WriteFile(filepath.Join(s.dir, "Caddyfile"), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (s *Caddy) command(t testing.TB, verb string) *exec.Cmd {
	cmd := exec.Command(CaddyPath(t), verb, "--config", "Caddyfile", "--adapter", "caddyfile")
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "HOME="+s.dir, "XDG_CONFIG_HOME="+s.dir, "XDG_DATA_HOME="+s.dir)
	return cmd
}
