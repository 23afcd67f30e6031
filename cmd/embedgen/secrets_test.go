package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"embedgen/generator/secret"
)

// TestDevSecrets holds what a trial makes up, what it says of the rest, and that a command runs
// once.
func TestDevSecrets(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "once"), []byte("abcdefghijklmnopqrst"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	d := newDevSecrets(secret.Resolver{Root: dir, Getenv: func(string) (string, bool) { return "", false }}, &log)
	for _, ref := range []secret.Ref{{Env: "ACME"}, {File: ".secrets/acme"}, {Exec: secret.NewCommand("cat", "once")}} {
		first, err := d.Resolve(ref)
		if ref.Exec != "" {
			os.Remove(filepath.Join(dir, "once"))
		}
		second, again := d.Resolve(ref)
		if err != nil || again != nil || first.IsZero() || first.Reveal() != second.Reveal() {
			t.Errorf("%v gives %v, then %v", ref, err, again)
		}
	}
	broken := secret.Ref{Exec: secret.NewCommand("no-such-program")}
	d.Resolve(broken)
	d.Resolve(broken)
	want := "ACME is not set: a random value stands in for it until dev stops\n" +
		"made a throwaway key: .secrets/acme\n" +
		"secret unavailable: exec no-such-program: program \"no-such-program\" is not found\n" +
		"hint: install it, or write its path\n"
	if log.String() != want {
		t.Errorf("said\n%s\nwant\n%s", log.String(), want)
	}
}

// TestServeWarnsOfWeakSecrets holds that the log names the place and not the secret.
func TestServeWarnsOfWeakSecrets(t *testing.T) {
	dir := t.TempDir()
	text := `version: 1
tenants:
  - id: acme
    tenantSpaceId: "202007159031"
    origin: https://www.acme.example
    cec: https://cec.example
    channels:
      - {id: web, channelConfigId: "202102193196869708", mode: authorization, secretKey: {file: key}}
`
	for name, data := range map[string]string{"channels.yaml": text, "key": "hunter2"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, log bytes.Buffer
	a := &app{strings.NewReader(""), &out, &log}
	f := &serveFlags{project: project{config: filepath.Join(dir, "channels.yaml")}}
	s, err := a.site(&f.project)
	if err != nil {
		t.Fatal(err)
	}
	warnOfSecrets(s, newKeyring(f.secrets(), s.SecretRefs()), slog.New(slog.NewTextHandler(&log, nil)))
	if !strings.Contains(log.String(), `at=channels.yaml:8:90 reason="secretKey of acme/web (file key) is shorter than 16 characters"`) || strings.Contains(log.String(), "hunter2") {
		t.Errorf("logged %s", log.String())
	}
}
