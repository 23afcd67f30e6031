package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// program is the built embedgen, repository the folder of the module.
var program, repository string

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "embedgen-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	repository, _ = filepath.Abs("../../..")
	program = filepath.Join(dir, "embedgen")
	build := exec.Command("go", "build", "-o", program, "./cmd/embedgen")
	build.Dir = repository
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// outcome is how a finished run of the program went.
type outcome struct {
	status         int
	stdout, stderr string
}

func (o outcome) String() string {
	return fmt.Sprintf("exit %d\nstdout: %s\nstderr: %s", o.status, o.stdout, o.stderr)
}

// embedgen runs the program in a folder and waits for its end.
func embedgen(t testing.TB, dir string, args ...string) outcome {
	t.Helper()
	return embedgenIn(t, dir, nil, args...)
}

// embedgenIn is embedgen with further environment variables.
func embedgenIn(t testing.TB, dir string, env []string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("embedgen %v: %v", args, err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// must is embedgen that has to succeed; it returns stdout.
func must(t testing.TB, dir string, args ...string) string {
	t.Helper()
	o := embedgen(t, dir, args...)
	if o.status != 0 {
		t.Fatalf("embedgen %v: %v", args, o)
	}
	return o.stdout
}
