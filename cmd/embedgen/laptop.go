package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"embedgen/generator"
	"embedgen/generator/artifact"
	"embedgen/generator/render/nginxconf"
	"embedgen/generator/site"
)

// laptop writes everything with which nginx on this machine stands for the tenant's site.
func (a *app) laptop(ctx context.Context, f *nginxFlags) error {
	as := nginxconf.Laptop{Listen: f.listen, UserID: f.userID, UserName: f.userName}
	origin, err := as.Origin()
	if err != nil {
		return usagef("nginx: --%w", err)
	}
	in, err := f.input()
	if err != nil {
		return err
	}
	var unknown error
	in.Adapt = func(s *site.Site) { unknown = f.adapt(s) }
	r, err := a.generateFrom(ctx, in)
	if err = cmp.Or(unknown, err); err != nil {
		return err
	}
	t, err := f.find(r.Site)
	if err != nil {
		return err
	}
	conf, err := nginxconf.Local(t, r.Site, as, policies(r.Tree))
	if err != nil {
		return err
	}
	if f.out == "" {
		f.out = filepath.Join("nginx-local", t.ID)
	}
	if err := writeLaptop(f.out, laptopFiles(r.Tree, t.ID, conf)); err != nil {
		return &failure{status: exitMachine, err: fmt.Errorf("cannot write %s: %w", f.out, err)}
	}
	return a.explainLaptop(f, r.Site, t, origin.String())
}

// generateFrom builds in memory as generate does, from an input that was changed.
func (a *app) generateFrom(ctx context.Context, in generator.Input) (generator.Result, error) {
	r, err := new(generator.Generator).Build(ctx, in)
	if err == nil && r.Diagnostics.HasErrors() {
		err = problems{r.Diagnostics}
	}
	if err == nil {
		a.printDiagnostics(r.Diagnostics)
	}
	return r, err
}

// simulatedPort ends the address of the simulated CEC of embedgen dev.
const simulatedPort = ".localhost:8400"

// bundles are where systems keep the authorities that they trust.
var bundles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem", "/opt/homebrew/etc/ca-certificates/cert.pem",
}

// adapt puts what this machine has in the place of what the production server has.
func (f *nginxFlags) adapt(s *site.Site) error {
	t, err := f.find(s)
	if err != nil {
		return err
	}
	if f.cec == "simulate" {
		f.cec = "http://cec." + t.ID + simulatedPort
	}
	if _, err := os.Stat(s.Nginx.TrustedCA); err != nil {
		if i := slices.IndexFunc(bundles, func(path string) bool { _, err := os.Stat(path); return err == nil }); i >= 0 {
			s.Nginx.TrustedCA = bundles[i]
		}
	}
	for _, c := range t.Channels {
		if f.cec != "" && !c.Context.Direct() {
			c.Context.CEC = f.cec
		}
	}
	return nil
}

// policies looks up the Content-Security-Policy of a channel's page.
func policies(tree *artifact.Tree) func(*site.Channel) string {
	return func(c *site.Channel) string {
		file, _ := tree.Lookup("www/" + c.Tenant.ID + "/" + c.ID + "/index.html")
		return file.Policy
	}
}

// laptopFiles are the tenant's web root, the configuration, and a rule that keeps all of it, the
// certificate's key most of all, out of version control.
func laptopFiles(tree *artifact.Tree, id string, conf []byte) []artifact.File {
	files := []artifact.File{
		artifact.NewFile(nginxconf.LocalConf, conf),
		artifact.NewFile(".gitignore", []byte("*\n")),
	}
	for _, file := range tree.Files() {
		if strings.HasPrefix(file.Path, "www/"+id+"/") {
			files = append(files, file)
		}
	}
	return files
}

func writeLaptop(dir string, files []artifact.File) error {
	tree, err := artifact.NewTree(files)
	if err != nil {
		return err
	}
	if _, err := artifact.Write(tree, dir); err != nil {
		return err
	}
	return ensureCertificate(dir)
}

// explainLaptop says how to start and stop it, and what to open.
func (a *app) explainLaptop(f *nginxFlags, s *site.Site, t *site.Tenant, origin string) error {
	var out strings.Builder
	step := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	prefix, err := filepath.Abs(f.out) // nginx looks for certificates in the wrong place if it is relative
	if err != nil {
		return err
	}
	run := fmt.Sprintf("nginx -p %s -c %s -e stderr", shellWord(prefix), nginxconf.LocalConf)
	config := ""
	if f.config != "channels.yaml" {
		config = " -c " + shellWord(f.config)
	}
	step("%s stands for %s on this machine.\n", f.out, t.Origin)
	if strings.HasSuffix(f.cec, simulatedPort) {
		step("Start the simulated CEC, and leave it running:\n\n    embedgen dev%s --strict-port\n", config)
	}
	step("Start what signs, and leave it running:\n\n    embedgen serve%s\n", config)
	step("Start nginx:\n\n    %s\n", run)
	step("Open a channel's page. The browser warns once, since the certificate is this machine's own:\n")
	for _, c := range t.Channels {
		step("    %s%s%s/   %s", origin, t.PublicPath, c.ID, c.Name)
	}
	step("\nStop nginx:\n\n    %s -s stop\n", run)
	for _, note := range f.notes(s, t) {
		step("%s", note)
	}
	_, err = a.stdout.Write([]byte(out.String()))
	return err
}

// notes are what keeps a chat from working that the user must know.
func (f *nginxFlags) notes(s *site.Site, t *site.Tenant) []string {
	var list []string
	var direct, proxied, customers bool
	for _, c := range t.Channels {
		direct = direct || c.Context.Direct()
		proxied = proxied || !c.Context.Direct()
		customers = customers || c.Mode == site.TokenMode
	}
	if direct {
		list = append(list, "Note: a channel of "+t.ID+" talks to CEC without nginx, from an origin that CEC does not know: its chat works on the real site only.")
	}
	if customers && len(t.Token.Keys) > 0 && !believesNginx(s.Service.Identity) {
		list = append(list, "Note: service.identity does not believe nginx on 127.0.0.1 who is signed in, so channels in token mode have no customer.")
	}
	if customers && len(t.Token.Keys) == 0 {
		list = append(list, "Note: "+t.ID+" has no token.keys, so its token endpoint is another server's, which this nginx does not know.")
	}
	if proxied && f.cec == "" {
		list = append(list, "The chat goes to the CEC of channels.yaml, whose name must resolve for nginx to start. With --cec simulate it goes to the simulated one.")
	}
	if proxied && f.cec == "" && !exists(s.Nginx.TrustedCA) {
		list = append(list, "Note: "+s.Nginx.TrustedCA+" is missing, and nginx needs it to verify CEC: set nginx.trustedCA.")
	}
	return list
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// believesNginx reports whether serve takes the customer from a proxy on this machine.
func believesNginx(h site.HeaderIdentity) bool {
	return h.ID != "" && slices.ContainsFunc(h.From, func(s string) bool {
		p, err := netip.ParsePrefix(s)
		return err == nil && p.Contains(netip.MustParseAddr("127.0.0.1"))
	})
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./@:+-]+$`)

// shellWord writes a path as one word of a POSIX shell.
func shellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
