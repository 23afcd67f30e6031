package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"embedgen/generator/config"
	"embedgen/generator/diag"
)

// literals are the ways in which people write a secret into the file.
var literals = []string{
	"        secretKey: hunter2hunter2\n",
	"        secretKey: \"hunter2hunter2\"\n",
	"        secretKey: 'hunter2hunter2' # mine\n",
	"        secretKey:\n          hunter2hunter2\n",
	"        secretKey: |\n          hunter2hunter2\n",
	"        secretKey: {hunter2hunter2}\n",
	"        secretKey: {value: hunter2hunter2}\n",
	"        secretKey: [hunter2hunter2]\n",
	"        secretKey: !!str hunter2hunter2\n",
	"        secretKey: &anchor hunter2hunter2\n",
	"        secretkey: hunter2hunter2\n",
	"        secret_key: hunter2hunter2\n",
	"        secret: hunter2hunter2\n",
	"        password: hunter2hunter2\n",
	"        \"secretKey\": hunter2hunter2\n",
	"        secretKey hunter2hunter2\n",
	"        secretKey = hunter2hunter2\n",
	"        secretKey: {env: \"hunter2hunter2!\"}\n",
	"        secretKey:\n          env: \"hunter2hunter2!\"\n",
	"        token: hunter2hunter2\n",
	"        secretKey: {exec: hunter2hunter2}\n",
	"        secretKey:\n          exec: hunter2hunter2\n",
	"        secretKey: {env:hunter2hunter2}\n",
	"        secretKey: #hunter2hunter2\n",
	"        secretKey: *hunter2hunter2\n",
	"        secretKey: !hunter2hunter2\n",
}

// echoed are secrets in the file that a program hands on: these work, under a warning.
var echoed = []string{
	"        secretKey: {exec: [echo, hunter2hunter2]}\n",
	"        secretKey: {exec: [sh, -c, \"echo hunter2hunter2\"]}\n",
}

// odd are whole files in which a secret stands where none of a channel is expected.
var odd = []string{
	"secretKey hunter2hunter2\n",
	"version = 1\nsecretKey = hunter2hunter2\n",
	"version: 1\ntenants:\n  - secretKey hunter2hunter2\n",
	"version: 1\ntenants:\n  - id: acme\n    channels: [secretKey hunter2hunter2]\n",
	document("        locale: en\n          secretKey hunter2hunter2\n"),
	document("        mode: token\n          secretKey hunter2hunter2\n"),
	document("        name: &s hunter2hunter2\n        secretKey: *s\n"),
	"version: 1\ndefaults: {cec: \"https://user:hunter2hunter2@cec.example\"}\n",
	"version: 1\ndefaults:\n  contextPath: https://user:hunter2hunter2@cec.example/service-cloud\n",
	"version: 1\ntenants:\n  - token: hunter2hunter2\n",
	"version: 1\ntenants:\n  - token: {keys: [hunter2hunter2]}\n",
	"version: 1\ntenants:\n  - token: {keys: hunter2hunter2}\n",
	"version: 1\ntenants:\n  - token: {keys: [{id: k, value: hunter2hunter2}]}\n",
	"version: 1\ntenants:\n  - token:\n      keys:\n        - hunter2hunter2\n        - hunter2hunter2\n",
	"version: 1\ntenants:\n  - token:\n      keys:\n        k1: hunter2hunter2\n",
	"version: 1\ntenants:\n  - token:\n      keys:\n        - id: k\n          value: hunter2hunter2\n",
	"version: 1\ntenants:\n  - token:\n      key: hunter2hunter2\n      value: hunter2hunter2\n",
}

// TestSEC17OddLiteralIsNeverPrinted is the same of those files.
func TestSEC17OddLiteralIsNeverPrinted(t *testing.T) {
	for _, text := range odd {
		if !loaded(text).HasErrors() {
			t.Errorf("no error for %q", text)
		}
		checkSilent(t, text, 0, "")
		checkSilent(t, text+"x: \"", len(text), "x: \"")
	}
}

// TestSEC17LiteralSecretIsNeverPrinted puts a secret into the file in many ways, disturbs the file
// at every place around it, and looks for the secret in everything that is printed.
func TestSEC17LiteralSecretIsNeverPrinted(t *testing.T) {
	for _, literal := range slices.Concat(literals, echoed) {
		plain := document(literal)
		if list := loaded(plain); len(list) == 0 || list.HasErrors() == slices.Contains(echoed, literal) {
			t.Errorf("%q: %v", literal, list)
		}
		start := strings.Index(plain, literal)
		value := start + strings.Index(literal, "hunter2")
		from := value // a name that is misspelt already must stay readable
		if strings.Contains(literal, "secretKey:") {
			from = start
		}
		for at := from; at < len(plain); at++ {
			for _, disturbance := range []string{"", "]", "\"", "'", "\t", "\x00", "@", "{"} {
				checkSilent(t, plain[:at]+disturbance+plain[at:], at, disturbance)
			}
		}
		for at := start + strings.Index(literal, ":") + 1; at > start && at <= value; at++ {
			checkSilent(t, plain[:at]+"\n"+plain[at:], at, "\n")
			checkSilent(t, plain[:at]+": "+plain[at:], at, ": ")
		}
	}
}

func document(literal string) string {
	return "version: 1\ntenants:\n  - id: acme\n    tenantSpaceId: \"202007159031\"\n    origin: https://www.acme.example\n    cec: https://cec.example\n" +
		"    channels:\n      - id: web\n        channelConfigId: \"202102193196869708\"\n        mode: authorization\n" + literal + "        locale: en\n"
}

func loaded(text string) diag.List {
	_, list := config.Load(fstest.MapFS{"channels.yaml": {Data: []byte(text)}}, "channels.yaml")
	return list
}

// checkSilent fails if the secret, or more than half of it, is printed.
func checkSilent(t *testing.T, text string, at int, disturbance string) {
	t.Helper()
	list := loaded(text)
	var out strings.Builder
	diag.Text(&out, list, false)
	diag.JSON(&out, list)
	diag.GitHub(&out, list)
	diag.SARIF(&out, list, "", nil)
	for _, part := range []string{"hunter2h", "2hunter2"} {
		if strings.Contains(out.String(), part) {
			t.Errorf("with %q at %d the secret is printed:\n%s\n%s", disturbance, at, text, fmt.Sprint(out.String()))
			return
		}
	}
}
