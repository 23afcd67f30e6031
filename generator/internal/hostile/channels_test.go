package hostile_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"embedgen/generator"
	"embedgen/generator/internal/hostile"
)

// channels is a whole channels.yaml; each <key> is a field.
const channels = `version: 1
site: {title: <site.title>, languages: [en]}
tenants:
  - id: <tenant.id>
    name: <tenant.name>
    tenantSpaceId: <tenant.tenantSpaceId>
    origin: <tenant.origin>
    publicPath: <tenant.publicPath>
    cec: <tenant.cec>
    contextPath: <tenant.contextPath>
    endpoints: {authorization: <endpoints.authorization>, token: <endpoints.token>, validation: <endpoints.validation>}
    token: {lifetime: <token.lifetime>, keys: [{id: <key.id>, secret: {env: <key.env>}}]}
    channels:
      - id: <channel.id>
        name: <channel.name>
        channelConfigId: <channel.channelConfigId>
        mode: <channel.mode>
        secretKey: {env: <channel.env>}
        locale: <channel.locale>
        mapService: <channel.mapService>
        cobrowse: <channel.cobrowse>
        load: <channel.load>
        signature: {order: <signature.order>, length: <signature.length>, accessKey: <signature.accessKey>}
      - {id: web_private, name: Private, channelConfigId: "202102193196869709", mode: token}
service:
  listen: <service.listen>
  guestName: {en: <service.guestName>}
  identity: {header: {id: <identity.id>, name: <identity.name>, from: [<identity.from>]}}
nginx: {version: <nginx.version>, resolver: <nginx.resolver>, trustedCA: <nginx.trustedCA>, signer: <nginx.signer>, root: <nginx.root>}
`

// harmless are values that pass.
var harmless = map[string]string{
	"site.title": "Support", "tenant.id": "acme", "tenant.name": "Acme", "tenant.tenantSpaceId": "202007159031",
	"tenant.origin": "https://www.acme.example", "tenant.publicPath": "/acme/", "tenant.cec": "https://cec.example", "tenant.contextPath": "/a/service-cloud",
	"endpoints.authorization": "/webchat/sign", "endpoints.token": "/webchat/token", "endpoints.validation": "/webchat/check",
	"token.lifetime": "5m", "key.id": "k1", "key.env": "KEY",
	"channel.id": "web", "channel.name": "Web", "channel.channelConfigId": "202102193196869708", "channel.mode": "authorization", "channel.env": "KEY",
	"channel.locale": "en", "channel.mapService": "google", "channel.cobrowse": "false", "channel.load": "idle",
	"signature.order": "doc", "signature.length": "bytes", "signature.accessKey": "202102193196869700",
	"service.listen": "127.0.0.1:8480", "service.guestName": "Guest", "identity.id": "X-Remote-User", "identity.name": "X-Remote-Name", "identity.from": "127.0.0.1/32",
	"nginx.version": "1.22", "nginx.resolver": "10.0.0.2", "nginx.trustedCA": "/etc/ssl/ca.pem", "nginx.signer": "127.0.0.1:8480", "nginx.root": "/srv/www",
}

// embedded are hostile texts inside an otherwise harmless value of a field, so that they get past
// a look at its beginning or end.
func embedded(value string) []string {
	var list []string
	for _, bad := range []string{"\n", "\r", "\x00", "$", "$host", "{", "}", ";", `"`, "'", "`", `\`, "#", " ", "é", "\u2028", "%0a", "..", "//"} {
		middle := len(value) / 2
		list = append(list, value+bad, bad+value, value[:middle]+bad+value[middle:])
	}
	return list
}

// TestNG15EveryField: every hostile value of every field of channels.yaml is refused, with file,
// line and column, or leaves the directive trees of all emitted web server files as they are.
func TestNG15EveryField(t *testing.T) {
	want := build(t, new(generator.Generator), nil)
	if want.Tree == nil {
		t.Fatalf("%+v", want.Diagnostics)
	}
	shapes := serverFiles(t, want)
	for _, key := range slices.Sorted(maps.Keys(harmless)) {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			g := new(generator.Generator)
			for _, value := range append(embedded(harmless[key]), hostile.Values...) {
				if !utf8.ValidString(value) {
					continue // YAML has no way to say it
				}
				r := build(t, g, map[string]string{key: value})
				if r.Tree == nil {
					checkPlaces(t, key, value, r)
					continue
				}
				for path, shape := range serverFiles(t, r) {
					if name := strings.Replace(path, "/"+value+"/", "/acme/", 1); key != "tenant.publicPath" && shapes[name] != shape {
						t.Errorf("%s %q changes the tree of %s", key, value, path)
					}
				}
			}
		})
	}
}

// build makes the site in which some fields have other values.
func build(t *testing.T, g *generator.Generator, change map[string]string) generator.Result {
	t.Helper()
	values := maps.Clone(harmless)
	maps.Copy(values, change)
	var pairs []string
	for key, value := range values {
		quoted, err := json.Marshal(value) // which is a double-quoted scalar of YAML
		if err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, "<"+key+">", string(quoted))
	}
	text := strings.NewReplacer(pairs...).Replace(channels)
	root := fstest.MapFS{"channels.yaml": {Data: []byte(text)}}
	r, err := g.Build(t.Context(), generator.Input{Root: root, Config: "channels.yaml"})
	if err != nil {
		t.Errorf("%q: an error without a place: %v", change, err)
	}
	return r
}

func checkPlaces(t *testing.T, key, value string, r generator.Result) {
	t.Helper()
	if !r.Diagnostics.HasErrors() {
		t.Errorf("%s %q: neither files nor a diagnostic", key, value)
	}
	for _, d := range r.Diagnostics {
		if d.Pos.File != "channels.yaml" || d.Pos.Line == 0 || d.Pos.Column == 0 {
			t.Errorf("%s %q: %q has no place: %+v", key, value, d.Message, d.Pos)
		}
	}
}

// serverFiles are the shapes of the emitted web server files by path.
func serverFiles(t *testing.T, r generator.Result) map[string]string {
	t.Helper()
	shapes := map[string]string{}
	for _, f := range r.Tree.Files() {
		if strings.HasPrefix(f.Path, "nginx/") || strings.HasPrefix(f.Path, "caddy/") {
			shapes[f.Path] = shape(string(f.Data), strings.HasPrefix(f.Path, "nginx/"))
		}
	}
	if len(shapes) == 0 {
		t.Fatal("no files of a web server")
	}
	return shapes
}

// shape is a file's tree without its values: how many words each directive has, and which blocks.
// It is a second reader, written apart from those of the packages that write the files.
func shape(conf string, nginx bool) string {
	var b strings.Builder
	for i := 0; i < len(conf); {
		switch c := conf[i]; {
		case c == '#':
			i += strings.IndexByte(conf[i:]+"\n", '\n')
		case c == '"' || c == '\'' || c == '`' && !nginx:
			i++
			for conf[i] != c {
				if conf[i] == '\\' && c != '`' {
					i++
				}
				i++
			}
			i++
			b.WriteByte('w')
		case c == ' ' || c == '\t':
			i++
		case c == '\n':
			if !nginx {
				b.WriteByte('\n')
			}
			i++
		case nginx && (c == ';' || c == '{' || c == '}') || c == '{' && conf[i+1] == '\n' || c == '}' && i+1 < len(conf) && conf[i+1] == '\n':
			b.WriteByte(c)
			i++
		default:
			for i < len(conf) && !strings.ContainsRune(" \t\n", rune(conf[i])) && (!nginx || conf[i] != ';') {
				i++
			}
			b.WriteByte('w')
		}
	}
	return b.String()
}
