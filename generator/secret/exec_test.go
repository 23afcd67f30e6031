package secret_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"embedgen/generator/secret"
)

// TestMain lets the test binary stand in for the commands of TestResolveExec.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "act" {
		os.Exit(act(os.Args[2]))
	}
	os.Exit(m.Run())
}

// act is one command; its name says what it does.
func act(name string) int {
	fmt.Fprintln(os.Stderr, plain) // careless commands exist
	switch name {
	case "line":
		fmt.Println(plain)
	case "windows line":
		fmt.Print(plain, "\r\n")
	case "two lines":
		fmt.Print(plain, "\n\n")
	case "folder":
		data, _ := os.ReadFile("marker")
		fmt.Print(string(data))
	case "fail":
		fmt.Println(plain)
		return 3
	case "much":
		fmt.Print(strings.Repeat(plain, 64<<10))
	case "endless":
		time.Sleep(time.Hour)
	case "child":
		child := exec.Command(os.Args[0], "act", "endless")
		child.Stdout = os.Stdout
		child.Start()
		fmt.Fprint(os.Stderr, child.Process.Pid)
		os.WriteFile("child", fmt.Append(nil, child.Process.Pid), 0o600)
	}
	return 0
}

func TestResolveExec(t *testing.T) {
	r := write(t, "marker", plain, 0o600)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"line": plain, "windows line": plain, "two lines": plain + "\n", "folder": plain,
	} {
		v, err := r.Resolve(secret.Ref{Exec: secret.NewCommand(self, "act", name)})
		if err != nil || v.Reveal() != want {
			t.Errorf("%s resolves to %q, %v", name, v.Reveal(), err)
		}
	}
	for name, want := range map[string]string{
		"fail":    "command failed: exit status 3",
		"much":    "command printed more than 64 KiB",
		"nothing": "command printed nothing",
	} {
		ref := secret.Ref{Exec: secret.NewCommand(self, "act", name)}
		_, err := r.Resolve(ref)
		checkError(t, err, "exec "+self+" …: "+want, false)
	}
	_, err = r.Resolve(secret.Ref{Exec: secret.NewCommand("no-such-program-here", "a b")})
	checkError(t, err, `exec no-such-program-here …: program "no-such-program-here" is not found`, false)
	_, err = r.Resolve(secret.Ref{Exec: secret.NewCommand("./marker")})
	checkError(t, err, "exec ./marker: command cannot be run: permission denied", false)
}

// TestResolveExecInTime holds that a command that does not end is ended.
func TestResolveExecInTime(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := secret.Resolver{Root: t.TempDir(), Timeout: 300 * time.Millisecond}
	start := time.Now()
	_, err = r.Resolve(secret.Ref{Exec: secret.NewCommand(self, "act", "endless")})
	checkError(t, err, "exec "+self+" …: command did not end within 300ms", false)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("that took %v", took)
	}
}

// TestResolveExecWithChild holds that a child that outlives its command does not hold us up.
func TestResolveExecWithChild(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := secret.Resolver{Root: t.TempDir()}
	_, err = r.Resolve(secret.Ref{Exec: secret.NewCommand(self, "act", "child")})
	checkError(t, err, "exec "+self+" …: command ended, but left a child that keeps its output open", false)
	var pid int
	data, _ := os.ReadFile(filepath.Join(r.Root, "child"))
	if fmt.Sscan(string(data), &pid); pid > 0 {
		if p, err := os.FindProcess(pid); err == nil {
			p.Kill()
		}
	}
}

func TestCommand(t *testing.T) {
	for want, args := range map[string][]string{
		"":               nil,
		"./key":          {"./key"},
		"pass …":         {"pass", "show", "acme/web"},
		`"a program" …`:  {"a program", ""},
		"/usr/bin/env …": {"/usr/bin/env", "-S", "vault -token=x"},
	} {
		c := secret.NewCommand(args...)
		if c.String() != want || fmt.Sprint(c.Args()) != fmt.Sprint(args) || len(c.Args()) != len(args) {
			t.Errorf("%q is shown as %s, want %s", c.Args(), c, want)
		}
	}
	if a, b := (secret.Ref{Exec: secret.NewCommand("a b")}), (secret.Ref{Exec: secret.NewCommand("a", "b")}); a == b {
		t.Error("two commands are equal")
	}
}

func TestWeakness(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "is shorter than 16 characters",
		"abcdefghijklmno":       "is shorter than 16 characters",
		"abcdefgabcdefgabcdefg": "has fewer than 8 different characters",
		"abcdefghabcdefgh":      "",
		strings.Repeat("a", 43): "has fewer than 8 different characters",
	} {
		if got := secret.New(text).Weakness(); got != want {
			t.Errorf("of %q: %q, want %q", text, got, want)
		}
	}
}

func TestKeyProblem(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "is empty",
		strings.Repeat("a", 44):    "is longer than 43 characters",
		strings.Repeat("Zz09", 10): "",
		"a":                        "",
		"a-b":                      "has a character that is no ASCII letter or digit",
		"密":                        "has a character that is no ASCII letter or digit",
		"a\n":                      "has a character that is no ASCII letter or digit",
	} {
		if got := secret.New(text).KeyProblem(); got != want {
			t.Errorf("of %q: %q, want %q", text, got, want)
		}
	}
}
