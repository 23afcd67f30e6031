package e2e

import (
	"net"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a running embedgen.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}

	mu   sync.Mutex
	text []byte // stdout and stderr
}

// start runs the program until the test ends, when it must obey SIGTERM with exit status 0.
func start(t testing.TB, dir string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(program, args...), done: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = dir, os.Environ()
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.cmd.Wait(); close(p.done) }()
	t.Cleanup(func() { p.stop(t, args[0]) })
	return p
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = append(p.text, b...)
	return len(b), nil
}

// output is what the process printed so far.
func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return string(p.text)
}

func (p *process) stop(t testing.TB, name string) {
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(12 * time.Second):
		p.cmd.Process.Kill()
		<-p.done
		t.Errorf("embedgen %s did not end on SIGTERM", name)
	}
	if status := p.cmd.ProcessState.ExitCode(); status != 0 {
		t.Errorf("embedgen %s: exit %d\n%s", name, status, p.output())
	}
}

// says waits until the output matches and returns the submatches.
func (p *process) says(t testing.TB, pattern string) []string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if m := re.FindStringSubmatch(p.output()); m != nil {
			return m
		}
		select {
		case <-p.done:
			t.Fatalf("embedgen ended before it said %q:\n%s", pattern, p.output())
		default:
		}
	}
	t.Fatalf("embedgen never said %q:\n%s", pattern, p.output())
	return nil
}

// listens waits until somebody accepts connections.
func (p *process) listens(t testing.TB, addr string) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			return
		}
		select {
		case <-p.done:
			t.Fatalf("embedgen ended:\n%s", p.output())
		default:
		}
	}
	t.Fatalf("nobody listens on %s:\n%s", addr, p.output())
}

// freePort is an address of loopback that nobody listens on.
func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
