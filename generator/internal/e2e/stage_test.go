package e2e

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"embedgen/generator/internal/lab"
)

// stage is the example in production: the built files behind real nginx, embedgen serve, a strict
// CEC per tenant, and a browser that finds all of them under their real names.
type stage struct {
	t        *testing.T
	dir      string
	addr     string // of nginx
	nginx    *lab.Nginx
	serve    *process
	cecs     map[string]*cec // by tenant
	channels []channel
	secrets  map[string]string
	browser  context.Context
	client   *http.Client // reaches nginx under the tenants' names, and trusts it
}

// customer is somebody who is logged in at a tenant's site.
type customer struct{ session, id, name string }

// customers by the value of the site's session cookie. The second is as hostile as a name can be
// that an nginx file can hold.
var customers = []customer{
	{"s-ann", "u-1001", "Ann Lee"},
	{"s-eve", "u-1002", `"};alert(1)//</script>{{.}}<img src=x onerror=alert(1)>张 三`},
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, dir: newProject(t), addr: freePort(t), cecs: map[string]*cec{}}
	ca := lab.NewCA(t)
	s.startCECs(ca)
	doc := s.configure(ca)
	s.channels = channels(doc)
	s.secrets = writeSecrets(t, s.dir, doc)
	save(t, s.dir, doc)
	for tenant, c := range s.cecs {
		c.secrets, c.validate = s.secrets, s.validate
		for _, ch := range s.channels {
			if ch.tenant == tenant {
				c.channels = append(c.channels, ch)
			}
		}
	}
	must(t, s.dir, "build")
	s.serve = start(t, s.dir, "serve", "--json")
	s.serve.listens(t, at(doc, "service")["listen"].(string))
	site := ca.Issue(t, lab.Leaf{Hosts: s.hosts()})
	s.startNginx(site)
	s.client = s.newClient(ca)
	s.browser = startChromium(t, s.flags(site))
	return s
}

// startCECs makes one CEC behind each proxying tenant, known as localhost, and the one that
// Initech's visitors reach directly.
func (s *stage) startCECs(ca *lab.CA) {
	s.cecs["acme"] = newCEC(s.t, ca, "localhost", false)
	s.cecs["globex"] = newCEC(s.t, ca, "localhost", false)
	s.cecs["initech"] = newCEC(s.t, ca, "cec.initech.example", true)
}

// configure is the committed channels.yaml with this machine's addresses, and with other answers to
// CEC's open questions on some channels.
func (s *stage) configure(ca *lab.CA) object {
	doc := committed(s.t)
	at(doc, "acme")["cec"] = s.cecs["acme"].origin
	at(doc, "globex")["cec"] = s.cecs["globex"].origin
	_, port, _ := net.SplitHostPort(s.addr)
	at(doc, "globex")["origin"] = "https://shop.globex.example:" + port // a site on a port of its own
	at(doc, "acme", "web_support")["signature"] = object{"length": "chars"}
	at(doc, "globex", "shop_help")["signature"] = object{"order": "sorted"}
	at(doc, "initech", "main_site")["signature"] = object{"order": "hash"}
	at(doc, "service")["listen"] = freePort(s.t)
	nginx := at(doc, "nginx")
	nginx["root"] = filepath.Join(s.dir, "out", "www")
	nginx["trustedCA"] = ca.File(s.t)
	if s.copyLibraries() {
		at(doc, "acme", "web_loans")["libraries"] = object{"jquery": object{"file": "vendor/jquery.min.js"}}
		at(doc, "acme", "web_private")["libraries"] = object{
			"jquery": object{"file": "vendor/jquery.min.js"}, "axios": object{"file": "vendor/axios.min.js"},
		}
	}
	return doc
}

// hosts are the names of the tenants' sites.
func (s *stage) hosts() []string {
	seen := map[string]bool{}
	var list []string
	for _, ch := range s.channels {
		host, _, _ := strings.Cut(strings.TrimPrefix(ch.origin, "https://"), ":")
		if !seen[host] {
			seen[host] = true
			list = append(list, host)
		}
	}
	return list
}

// flags make the browser find the tenants' sites and the direct CEC, and trust their certificates.
func (s *stage) flags(site tls.Certificate) map[string]any {
	direct := s.cecs["initech"]
	rules := []string{"MAP " + direct.host + " " + direct.addr}
	for _, host := range s.hosts() {
		rules = append(rules, "MAP "+host+" "+s.addr)
	}
	conn, err := tls.Dial("tcp", direct.addr, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	pins := []string{pin(site.Leaf.RawSubjectPublicKeyInfo), pin(conn.ConnectionState().PeerCertificates[0].RawSubjectPublicKeyInfo)}
	return map[string]any{
		"host-resolver-rules":                 strings.Join(append(rules, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"), ", "),
		"ignore-certificate-errors-spki-list": strings.Join(pins, ","),
	}
}

func pin(spki []byte) string {
	sum := sha256.Sum256(spki)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (s *stage) newClient(ca *lab.CA) *http.Client {
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.addr)
	}
	return &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: ca.Pool()}},
	}
}

// post sends JSON to a tenant's site as a server or a page does.
func (s *stage) post(url, body string, header http.Header) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for {
		r.Body = io.NopCloser(strings.NewReader(body))
		answer, err := s.client.Do(r)
		if err != nil {
			s.t.Fatalf("POST %s: %v", url, err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			s.t.Fatal(err)
		}
		if answer.StatusCode != http.StatusTooManyRequests {
			return answer, string(text)
		}
		time.Sleep(250 * time.Millisecond) // the emitted files allow 5 requests a second
	}
}

// validate asks the site about a token as CEC's server does, and returns retCode as it was written.
// It runs in the CEC's goroutine, so it must not end the test.
func (s *stage) validate(ch channel, body string) string {
	url := ch.origin + "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"
	answer, err := s.client.Post(url, "application/json;charset=UTF-8", strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	return retCode(answer)
}

// retCode reads {"retCode": 0, "message": "…"}: an integer and a string, and nothing else.
func retCode(answer *http.Response) string {
	var v struct {
		RetCode json.RawMessage `json:"retCode"`
		Message *string         `json:"message"`
	}
	d := json.NewDecoder(answer.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil || v.Message == nil {
		return fmt.Sprintf("HTTP %d, not a retCode and a message: %v", answer.StatusCode, err)
	}
	if answer.StatusCode != 200 {
		return fmt.Sprintf("HTTP %d", answer.StatusCode)
	}
	return string(v.RetCode)
}
