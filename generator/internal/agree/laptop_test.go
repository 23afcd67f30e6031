package agree

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"embedgen/generator/internal/lab"
)

// TestNG18Command does what embedgen nginx --local says, as a user without privileges: the pages,
// the chat and the endpoints work, and the second command stops it.
func TestNG18Command(t *testing.T) {
	lab.NginxPath(t)
	dir, user := unprivileged(t)
	embedgen := filepath.Join(dir, "embedgen")
	run(t, nil, "../../..", "go", "build", "-o", embedgen, "./cmd/embedgen")
	ca := lab.NewCA(t)
	cert := ca.Issue(t, lab.Leaf{Hosts: []string{"localhost"}})
	cec := lab.NewCEC(t, lab.CECOptions{Cert: &cert})
	listen, serve := freeAddr(t), freeAddr(t)
	config := fmt.Sprintf(laptopChannels, cec.Port, serve, readable(t, dir, ca))
	if err := os.WriteFile(filepath.Join(dir, "channels.yaml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}

	said := run(t, user, dir, embedgen, "nginx", "--local", "--listen", listen, "-o", "here")
	start, stop, pages := told(t, said)
	signer := exec.Command(embedgen, "serve")
	signer.Dir, signer.Env = dir, append(os.Environ(), "KEY="+strings.Repeat("k", 43))
	if err := signer.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { signer.Process.Signal(syscall.SIGTERM); signer.Wait() })
	awaitListener(t, serve)
	run(t, user, dir, start[0], start[1:]...)
	stopped := false
	t.Cleanup(func() {
		if !stopped {
			run(t, user, dir, stop[0], stop[1:]...)
		}
	})
	awaitListener(t, listen)

	_, port, _ := net.SplitHostPort(listen)
	s := &server{Server: &lab.Server{Addr: listen, TLS: true}, t: t, host: "localhost:" + port}
	origin := "Origin: https://" + s.host
	for _, page := range pages {
		if r := s.get(strings.TrimPrefix(page, "https://"+s.host)); r.Status != 200 || join(r, "Content-Security-Policy") == "" {
			t.Errorf("%s: %d", page, r.Status)
		}
	}
	if s.get("/service-cloud/x?y"); cec.One(t).Target != "/service-cloud/x?y" {
		t.Error("the chat does not reach CEC")
	}
	kind := []string{origin, "Content-Type: application/json", "Accept: application/json"}
	r := s.send("POST", "/webchat/authorizationService", `{"tenantSpaceId": "202007159031", "channelConfigId": "202102193196869708"}`, kind...)
	if r.Status != 200 || !strings.Contains(string(r.Body), "auth-v2/202102193196869708/") {
		t.Errorf("a signature: %d %s", r.Status, r.Body)
	}
	var customer struct{ ThirdUserToken, ThirdUserID string }
	r = s.send("POST", "/webchat/token", `{"tenantSpaceId": "202007159031", "channelConfigId": "202102193196869709"}`, append(kind, "X-Remote-User: admin")...)
	if err := json.Unmarshal(r.Body, &customer); err != nil || r.Status != 200 || customer.ThirdUserID != "laptop-1" {
		t.Errorf("a token: %d %s", r.Status, r.Body)
	}
	body := fmt.Sprintf(`{"Token": %q, "userName": "Laptop visitor", "userId": "laptop-1", "tenantSpaceId": "202007159031"}`, customer.ThirdUserToken)
	if r = s.send("POST", "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate", body); !strings.Contains(string(r.Body), `"retCode":0`) {
		t.Errorf("validation: %d %s", r.Status, r.Body)
	}

	run(t, user, dir, stop[0], stop[1:]...)
	stopped = true
	for deadline := time.Now().Add(10 * time.Second); listening(listen); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nginx does not stop")
		}
	}
	checkKey(t, filepath.Join(dir, "here"))
}

const laptopChannels = `version: 1
tenants:
  - id: acme
    name: Acme
    tenantSpaceId: "202007159031"
    origin: https://www.acme.example
    cec: https://localhost:%s
    token: {keys: [{id: k1, secret: {env: KEY}}]}
    channels:
      - {id: web_support, name: Main, channelConfigId: "202102193196869708", mode: authorization, secretKey: {env: KEY}}
      - {id: web_private, name: Private, channelConfigId: "202102193196869709", mode: token}
service:
  listen: %s
  identity: {header: {id: X-Remote-User, name: X-Remote-Name, from: [127.0.0.1/32]}}
nginx: {trustedCA: %s}
`

// checkKey: nobody else can read the key, and its certificate is no authority and good for this
// machine's own names only.
func checkKey(t *testing.T, dir string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "tls/key.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key.pem: %v %v", info.Mode(), err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "tls/cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if cert.IsCA || fmt.Sprint(cert.DNSNames, cert.IPAddresses) != "[localhost] [127.0.0.1 ::1]" || time.Until(cert.NotAfter) > 398*24*time.Hour {
		t.Errorf("authority %t, names %v %v, until %v", cert.IsCA, cert.DNSNames, cert.IPAddresses, cert.NotAfter)
	}
}

var nginxLine = regexp.MustCompile(`(?m)^ {4}(nginx -p .*)$`)

// told takes the two nginx commands and the pages from what the command said.
func told(t *testing.T, said string) (start, stop, pages []string) {
	t.Helper()
	lines := nginxLine.FindAllStringSubmatch(said, -1)
	pages = regexp.MustCompile(`https://localhost:\S+`).FindAllString(said, -1)
	if len(lines) != 2 || !strings.HasSuffix(lines[1][1], " -s stop") || len(pages) != 2 {
		t.Fatalf("the command said\n%s", said)
	}
	start, stop = strings.Fields(lines[0][1]), strings.Fields(lines[1][1])
	start[0], stop[0] = lab.NginxPath(t), lab.NginxPath(t)
	return start, stop, pages
}

// unprivileged makes a folder for a user without privileges, who is the one of the test unless
// that is root.
func unprivileged(t *testing.T) (dir string, user *syscall.Credential) {
	t.Helper()
	dir, err := os.MkdirTemp("", "embedgen-laptop-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Geteuid() == 0 {
		user = &syscall.Credential{Uid: 65534, Gid: 65534}
		if err := os.Chown(dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	return dir, user
}

// readable puts the authority's certificate where that user can read it.
func readable(t *testing.T, dir string, ca *lab.CA) string {
	t.Helper()
	data, err := os.ReadFile(ca.File(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs a program to its end and returns what it printed.
func run(t *testing.T, user *syscall.Credential, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if user != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: user}
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if strings.HasSuffix(name, "nginx") { // which leaves a process behind that keeps the pipes open
		cmd.Stdout, cmd.Stderr = nil, nil
	}
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s%s", name, args, err, stdout.String(), stderr.String())
	}
	return stdout.String()
}

func freeAddr(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func listening(addr string) bool {
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

func awaitListener(t *testing.T, addr string) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !listening(addr); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("nobody listens on %s", addr)
		}
	}
}
