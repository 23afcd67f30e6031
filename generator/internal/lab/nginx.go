package lab

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Conf is an nginx configuration under test: what an operator would write around the emitted files.
type Conf struct {
	HTTP   string           // text inside http{}, before the server block
	Server string           // text inside the one server block
	Name   string           // its server_name, default "www.acme.example"
	Cert   *tls.Certificate // the site's own certificate; nil serves plain http
}

// Nginx is a running nginx with a prefix directory of its own.
type Nginx struct {
	Server
	prefix string
}

// NginxPath returns the nginx program. Without one the test is skipped, or fails if CI is set.
func NginxPath(t testing.TB) string {
	t.Helper()
	return Program(t, "nginx")
}

// StartNginx checks the configuration, where a warning is a failure, runs nginx on a free port of
// 127.0.0.1, waits till it listens, and stops it when the test ends.
func StartNginx(t testing.TB, c Conf) *Nginx {
	t.Helper()
	n := NginxFor(t)
	n.TLS = c.Cert != nil
	n.Start(t, n.render(t, c))
	return n
}

// NginxFor reserves an address and a prefix directory for a complete nginx.conf that [Nginx.Start]
// gets: one that listens on the address and writes below its prefix only.
func NginxFor(t testing.TB) *Nginx {
	t.Helper()
	return &Nginx{Server{Addr: freePort(t)}, t.TempDir()}
}

// Start checks and runs the configuration as [StartNginx] does.
func (n *Nginx) Start(t testing.TB, conf []byte) {
	t.Helper()
	n.write(t, conf)
	if problem := n.test(t); problem != "" {
		t.Fatalf("nginx -t: %s\n%s", problem, conf)
	}
	n.run(t)
}

// CheckNginx returns what nginx -t says against a configuration, and "" if it is clean.
func CheckNginx(t testing.TB, c Conf) string {
	t.Helper()
	n := NginxFor(t)
	n.write(t, n.render(t, c))
	return n.test(t)
}

// ErrorLog returns what nginx logged so far.
func (n *Nginx) ErrorLog() string {
	data, _ := os.ReadFile(filepath.Join(n.prefix, "error.log"))
	return string(data)
}

const mainConf = `worker_processes 1;
pid nginx.pid;
error_log error.log info;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
%s
    server {
        listen %s;
        server_name %s;
%s%s
    }
}
`

func (n *Nginx) render(t testing.TB, c Conf) []byte {
	t.Helper()
	if c.Name == "" {
		c.Name = "www.acme.example"
	}
	listen, certificate := n.Addr, ""
	if c.Cert != nil {
		cert, key := Files(t, *c.Cert)
		listen += " ssl"
		certificate = fmt.Sprintf("        ssl_certificate %q;\n        ssl_certificate_key %q;\n", cert, key)
	}
	return fmt.Appendf(nil, mainConf, c.HTTP, listen, c.Name, certificate, c.Server)
}

func (n *Nginx) write(t testing.TB, conf []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(n.prefix, "nginx.conf"), conf, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (n *Nginx) command(t testing.TB, args ...string) *exec.Cmd {
	global := "daemon off;"
	if os.Geteuid() == 0 {
		global += " user root;" // the workers must read the test's directories
	}
	args = append([]string{"-p", n.prefix, "-c", "nginx.conf", "-g", global}, args...)
	return exec.Command(NginxPath(t), args...)
}

// test runs nginx -t, which exits 0 on warnings, so its words decide.
func (n *Nginx) test(t testing.TB) string {
	t.Helper()
	out, err := n.command(t, "-t", "-e", "stderr").CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("[warn]")) || bytes.Contains(out, []byte("[error]")) {
		return string(out)
	}
	return ""
}

func (n *Nginx) run(t testing.TB) {
	t.Helper()
	cmd := n.command(t, "-e", "error.log")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := serveUntilEnd(t, cmd, n.Addr); err != nil {
		t.Fatalf("nginx did not start: %v\n%s%s", err, stderr.String(), n.ErrorLog())
	}
}

// serveUntilEnd waits until a started program listens, and stops it when the test ends.
func serveUntilEnd(t testing.TB, cmd *exec.Cmd, addr string) error {
	done := make(chan struct{})
	go func() { cmd.Wait(); close(done) }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		<-done
	})
	return waitListening(addr, done)
}

func waitListening(addr string, dead <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-dead:
			return fmt.Errorf("the process ended")
		case <-ctx.Done():
			return err
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// Prefix is the directory of nginx's own files; those that a configuration names go there.
func (n *Nginx) Prefix() string { return n.prefix }

// Put writes a certificate with its chain, and its key, to paths below the prefix.
func (n *Nginx) Put(t testing.TB, certPath, keyPath string, cert tls.Certificate) {
	t.Helper()
	certFile, keyFile := Files(t, cert)
	for from, to := range map[string]string{certFile: certPath, keyFile: keyPath} {
		to = filepath.Join(n.prefix, to)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
}
