package config

import (
	"strings"
	"testing"

	"embedgen/generator/diag"
)

func TestNearest(t *testing.T) {
	keys := names(channelKeys)
	for got, want := range map[string]string{
		"mdoe": "mode", "Mode": "mode", "contextpath": "contextPath", "context_path": "contextPath", "lokale": "locale",
		"secret-key": "secretKey", "chanelConfigId": "channelConfigId", "channelConfigID": "channelConfigId", "map": "",
		"color": "", "x": "", "": "", strings.Repeat("locale", 100): "",
	} {
		if near := diag.Nearest(got, keys); near != want {
			t.Errorf("nearest(%q) = %q, want %q", got, near, want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"abc", "xabc", 1}, {"abc", "xyz", 3}, {"ca", "abc", 3}} {
		if got := diag.Distance(test.a, test.b, 10); got != test.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func TestTokenLength(t *testing.T) {
	for line, want := range map[string]int{
		`plain text # comment`: 10, `"a \" b": x`: 8, `'it''s' x`: 7, `key: value`: 3, `a, b`: 1, `"open`: 5, `[a]`: 1, ``: 0, `x:y z`: 5,
	} {
		if got := tokenLength([]byte(line), 0); got != want {
			t.Errorf("tokenLength(%q) = %d, want %d", line, got, want)
		}
	}
}

func TestMaskKeepsWhatIsNoSecret(t *testing.T) {
	for _, line := range []string{
		"        secretKey: {env: ACME_WEB}", "        secretKey: {file: .secrets/acme}  # mine", "    token:", "      keys: [{id: k1, secret: {env: A}}]",
		"    endpoints: {token: /webchat/token}", "mode: token", "accessKey: \"2021\"", "# a comment: with a colon", "tenantSpaceId: \"2020\"",
	} {
		if got := maskSecrets("    channels:", line); got != line {
			t.Errorf("%q is masked: %q", line, got)
		}
	}
	if got := maskSecrets("        secretKey:", "        locale: en"); got != "        locale: en" {
		t.Errorf("a sibling is masked: %q", got)
	}
}

func TestPositionsCountCharacters(t *testing.T) {
	src := &source{name: "c.yaml", text: []byte("a: '银行' # x\nb: c\n")}
	at := Pos{src: src, line: 1, column: 8}.Diag()
	if at.Line != 1 || at.Column != 8 {
		t.Errorf("place is %v, want 1:8", at)
	}
	if back := src.at(11).Diag(); back != at {
		t.Errorf("at(11) is %v, want %v", back, at)
	}
}
