package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"embedgen/generator/secret"
)

const plain = "hunter2hunter2"

type holder struct {
	Public  secret.Value
	private secret.Value
	pointer *secret.Value
	list    []secret.Value
}

// TestSEC19ValueIsRedacted prints a secret in every way that programs print things.
func TestSEC19ValueIsRedacted(t *testing.T) {
	v := secret.New(plain)
	h := holder{v, v, &v, []secret.Value{v}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		for _, value := range []any{v, &v, h, &h, []any{v}, map[string]secret.Value{"k": v}} {
			checkSilent(t, fmt.Sprintf("%s of %T", verb, value), fmt.Sprintf(verb, value))
		}
	}
	if got := fmt.Sprintf("%v %s", v, v); got != "[redacted] [redacted]" {
		t.Errorf("printed as %q", got)
	}
	data, err := json.Marshal(map[string]any{"v": v, "h": h, "m": map[secret.Value]int{v: 1}})
	checkSilent(t, "JSON", string(data))
	if err != nil || !strings.Contains(string(data), `"[redacted]"`) {
		t.Errorf("JSON is %s, %v", data, err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v, "h", h)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v, "h", h)
	checkSilent(t, "slog", log.String())
	checkSilent(t, "error", fmt.Errorf("cannot use %v", v).Error())
	if v.Reveal() != plain || v.IsZero() || !(secret.Value{}).IsZero() || (secret.Value{}).Reveal() != "" {
		t.Error("Reveal or IsZero is wrong")
	}
}

// TestSEC19Panic lets a child process panic with a secret.
func TestSEC19Panic(t *testing.T) {
	if os.Getenv("SECRET_TEST_PANIC") != "" {
		panic(secret.New(plain))
	}
	cmd := exec.Command(os.Args[0], "-test.run=TestSEC19Panic$")
	cmd.Env = append(os.Environ(), "SECRET_TEST_PANIC=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic") {
		t.Fatalf("the child did not panic: %v\n%s", err, out)
	}
	checkSilent(t, "panic", string(out))
}

func checkSilent(t *testing.T, where, printed string) {
	t.Helper()
	for _, form := range []string{plain, fmt.Sprintf("%x", plain), fmt.Sprintf("%X", plain), fmt.Sprint([]byte(plain))} {
		if strings.Contains(printed, form) {
			t.Errorf("%s shows the secret: %s", where, printed)
		}
	}
}

// write makes a file below a fresh root directory.
func write(t *testing.T, name, text string, mode fs.FileMode) secret.Resolver {
	t.Helper()
	root := t.TempDir()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
	return secret.Resolver{Root: root}
}

func TestResolveEnv(t *testing.T) {
	env := map[string]string{"SET": plain, "EMPTY": ""}
	r := secret.Resolver{Getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	if v, err := r.Resolve(secret.Ref{Env: "SET"}); err != nil || v.Reveal() != plain {
		t.Errorf("SET resolves to %q, %v", v.Reveal(), err)
	}
	_, err := r.Resolve(secret.Ref{Env: "UNSET"})
	checkError(t, err, "env UNSET: environment variable is not set", true)
	_, err = r.Resolve(secret.Ref{Env: "EMPTY"})
	checkError(t, err, "env EMPTY: environment variable is empty", false)
	_, err = r.Resolve(secret.Ref{})
	checkError(t, err, "nothing: expected a variable, a file or a command", false)
	_, err = r.Resolve(secret.Ref{Env: "SET", File: "x"})
	checkError(t, err, "env SET: expected a variable, a file or a command", false)
}

func checkError(t *testing.T, err error, want string, missing bool) {
	t.Helper()
	var e *secret.Error
	if !errors.As(err, &e) || err.Error() != want || errors.Is(err, secret.ErrMissing) != missing {
		t.Errorf("error is %v (missing: %t), want %s", err, errors.Is(err, secret.ErrMissing), want)
	}
	if err != nil {
		checkSilent(t, "error", err.Error())
	}
}

func TestResolveFile(t *testing.T) {
	for text, want := range map[string]string{plain: plain, plain + "\n": plain, plain + "\r\n": plain, plain + "\n\n": plain + "\n", " " + plain: " " + plain} {
		r := write(t, "secrets/acme", text, 0o600)
		if v, err := r.Resolve(secret.Ref{File: "secrets/acme"}); err != nil || v.Reveal() != want {
			t.Errorf("%q resolves to %q, %v", text, v.Reveal(), err)
		}
	}
	r := write(t, "secrets/acme", "\n", 0o600)
	_, err := r.Resolve(secret.Ref{File: "secrets/acme"})
	checkError(t, err, "file secrets/acme: file is empty", false)
	_, err = r.Resolve(secret.Ref{File: "secrets/none"})
	checkError(t, err, "file secrets/none: file does not exist", true)
	_, err = r.Resolve(secret.Ref{File: "secrets"})
	checkError(t, err, "file secrets: is not a regular file", false)
	if _, err = r.Resolve(secret.Ref{File: "../" + filepath.Base(r.Root) + "/secrets/acme"}); err == nil {
		t.Error("a path that leaves the root directory resolves")
	}
	big := write(t, "big", strings.Repeat("x", 64<<10+1), 0o600)
	_, err = big.Resolve(secret.Ref{File: "big"})
	checkError(t, err, "file big: file is larger than 64 KiB", false)
	absolute := secret.Ref{File: filepath.ToSlash(filepath.Join(write(t, "abs", plain, 0o400).Root, "abs"))}
	if v, err := r.Resolve(absolute); err != nil || v.Reveal() != plain {
		t.Errorf("an absolute path resolves to %q, %v", v.Reveal(), err)
	}
}

// TestSEC17OpenFileIsRefused holds that group and others may not read a secret.
func TestSEC17OpenFileIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o644, 0o620, 0o602, 0o660, 0o444} {
		r := write(t, "acme", plain, mode)
		_, err := r.Resolve(secret.Ref{File: "acme"})
		checkError(t, err, fmt.Sprintf("file acme: file is open to group or others (mode %04o)", mode), false)
	}
}

// dial is a source of random bytes that are known.
type dial struct{ next byte }

func (d *dial) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = d.next
		d.next++
	}
	return len(p), nil
}

func TestRandom(t *testing.T) {
	v, err := secret.Random(&dial{240})
	if err != nil {
		t.Fatal(err)
	}
	// 240 to 247 are the last 8 characters of the fourth round; 248 to 255 would favour some and are skipped.
	if want := "23456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi"; v.Reveal() != want || len(want) != 43 {
		t.Errorf("the secret is %q, want %q", v.Reveal(), want)
	}
	if _, err := secret.Random(strings.NewReader("short")); err == nil {
		t.Error("a source that ends gives a secret")
	}
}

func TestCreate(t *testing.T) {
	r := secret.Resolver{Root: t.TempDir()}
	ref := secret.Ref{File: ".secrets/acme/web"}
	made, err := r.Create(ref, &dial{})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := r.Resolve(ref); err != nil || found.Reveal() != made.Reveal() {
		t.Errorf("what was made resolves to %v, %v", found, err)
	}
	for name, want := range map[string]fs.FileMode{".secrets": 0o700, ".secrets/acme": 0o700, ".secrets/acme/web": 0o600} {
		if info, err := os.Stat(filepath.Join(r.Root, name)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}
	if _, err := r.Create(ref, &dial{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: %v, want that the file exists", err)
	}
	outside := filepath.Join(t.TempDir(), "x")
	for _, bad := range []secret.Ref{{File: "../x"}, {File: outside}, {Env: "X"}, {}} {
		if _, err := r.Create(bad, &dial{}); err == nil {
			t.Errorf("%v is made", bad)
		}
	}
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(r.Root, "link")); err == nil {
		if _, err := r.Create(secret.Ref{File: "link/x"}, &dial{}); err == nil {
			t.Error("a file is made through a link that leaves the root directory")
		}
	}
}
