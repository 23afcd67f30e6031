package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vector is one of the vectors of auth-v2.json, which an independent implementation made.
type vector struct {
	UserName  string `json:"thirdUserName"`
	UserID    string `json:"thirdUserId"`
	Space     string `json:"tenantSpaceId"`
	Config    string `json:"channelConfigId"`
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"`
	Timestamp string `json:"timestamp"`
	Order     string `json:"order"`
	Length    string `json:"length"`
	stages
}

// stages are the members that the vectors and `embedgen sign --json` have in common.
type stages struct {
	Body             string `json:"body"`
	ContentLength    int    `json:"contentLength"`
	SigningKey       string `json:"signingKey"`
	CanonicalRequest string `json:"canonicalRequest"`
	Authorization    string `json:"authorization"`
}

func vectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, "generator/sign/testdata/auth-v2.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []vector
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 67 {
		t.Fatalf("%d vectors, want 67", len(list))
	}
	return list
}

// signers writes a channels.yaml with a channel v0, v1, … per vector whose secrets come from the
// environment; settle says whether the file answers CEC's open questions as the vector does.
func signers(t testing.TB, list []vector, settle bool) (dir string, env []string) {
	t.Helper()
	var tenants []any
	for i, v := range list {
		channel := object{
			"id": "c", "name": "C", "channelConfigId": v.Config, "mode": "authorization",
			"secretKey": object{"env": fmt.Sprintf("E2E_SECRET_%d", i)},
		}
		if settle {
			channel["signature"] = object{"order": v.Order, "length": v.Length, "accessKey": v.AccessKey}
		}
		tenants = append(tenants, object{
			"id": fmt.Sprintf("v%d", i), "name": "V", "tenantSpaceId": v.Space,
			"origin": fmt.Sprintf("https://v%d.example", i), "cec": "https://cec.example", "channels": []any{channel},
		})
		env = append(env, fmt.Sprintf("E2E_SECRET_%d=%s", i, v.SecretKey))
	}
	dir = t.TempDir()
	save(t, dir, object{"version": 1, "tenants": tenants})
	return dir, env
}

// signWith runs `embedgen sign --json` for a vector.
func signWith(t testing.TB, dir string, env []string, i int, v vector, flags ...string) (stages, string) {
	t.Helper()
	args := append([]string{
		"sign", fmt.Sprintf("v%d/c", i), "--user-id", v.UserID, "--user-name", v.UserName, "--at", v.Timestamp, "--json",
	}, flags...)
	o := embedgenIn(t, dir, env, args...)
	if o.status != 0 {
		t.Fatalf("%q: %v", args, o)
	}
	var got struct {
		stages
		Timestamp string
	}
	if err := json.Unmarshal([]byte(o.stdout), &got); err != nil {
		t.Fatalf("%v: %s", err, o.stdout)
	}
	if got.Timestamp != v.Timestamp {
		t.Errorf("timestamp %q, want %q", got.Timestamp, v.Timestamp)
	}
	return got.stages, o.stdout
}

func TestSignCommandGivesEveryStageOfEveryVector(t *testing.T) {
	list := vectors(t)
	dir, env := signers(t, list, true)
	for i, v := range list {
		if got, _ := signWith(t, dir, env, i, v, "--show-key"); got != v.stages {
			t.Errorf("vector %d: got %+v\nwant %+v", i, got, v.stages)
		}
	}
}

func TestSignCommandFlagsOverrideTheFile(t *testing.T) {
	list := vectors(t)
	dir, env := signers(t, list, false)
	for i, v := range list[:12] {
		got, _ := signWith(t, dir, env, i, v, "--order", v.Order, "--length", v.Length, "--show-key")
		if got != v.stages {
			t.Errorf("vector %d: got %+v\nwant %+v", i, got, v.stages)
		}
	}
}

func TestSignCommandMasksTheKeyUnlessAsked(t *testing.T) {
	list := vectors(t)
	dir, env := signers(t, list, true)
	v := list[3]
	got, stdout := signWith(t, dir, env, 3, v)
	if got.Authorization != v.Authorization {
		t.Errorf("authorization %s, want %s", got.Authorization, v.Authorization)
	}
	flags := []string{"sign", "v3/c", "--user-id", v.UserID, "--user-name", v.UserName, "--at", v.Timestamp}
	explained := embedgenIn(t, dir, env, append(flags, "--explain")...)
	all := embedgenIn(t, dir, env, append(flags, "--order", "all", "--json")...)
	for _, out := range []string{stdout, explained.String(), all.String()} {
		if strings.Contains(out, v.SigningKey) || strings.Contains(out, v.SecretKey) {
			t.Errorf("a key is in the output:\n%s", out)
		}
		if !strings.Contains(out, v.Authorization) {
			t.Errorf("the signature is not in the output:\n%s", out)
		}
	}
}

// TestSignCommandRefusesWhatNoTwoEncodersAgreeOn: cec-contract section 3.
func TestSignCommandRefusesWhatNoTwoEncodersAgreeOn(t *testing.T) {
	list := vectors(t)
	dir, env := signers(t, list[:1], true)
	long := strings.Repeat("i", 33)
	for _, who := range [][2]string{
		{"a\nb", "u1"}, {"a\u2028b", "u1"}, {"a\u2029b", "u1"}, {"a\x7fb", "u1"}, {"a\x01b", "u1"}, {"a\xffb", "u1"},
		{"", "u1"}, {"Tom", ""}, {"Tom", long}, {"Tom", "u\n1"},
	} {
		o := embedgenIn(t, dir, env, "sign", "v0/c", "--user-name", who[0], "--user-id", who[1], "--json")
		if o.status == 0 || o.stdout != "" {
			t.Errorf("%q was signed: %v", who, o)
		}
	}
}

// TestSignCommandSignsUTCToTheMillisecond whatever zone and precision the time is given in.
func TestSignCommandSignsUTCToTheMillisecond(t *testing.T) {
	list := vectors(t)
	dir, env := signers(t, list[:1], true)
	for at, want := range map[string]string{
		"2026-01-02T03:04:05.678Z":      "2026-01-02T03:04:05.678Z",
		"2026-01-02T11:04:05.678+08:00": "2026-01-02T03:04:05.678Z",
		"2026-01-02T03:04:05Z":          "2026-01-02T03:04:05.000Z",
		"2026-01-02T03:04:05.6789999Z":  "2026-01-02T03:04:05.678Z",
		"2026-01-01T22:04:05.67-05:00":  "2026-01-02T03:04:05.670Z",
	} {
		v := list[0]
		o := embedgenIn(t, dir, append(env, "TZ=Asia/Kolkata"), "sign", "v0/c", "--user-id", v.UserID, "--user-name", v.UserName, "--at", at)
		parts := strings.Split(strings.TrimSpace(o.stdout), "/")
		if len(parts) != 5 || parts[2] != want || parts[4] != signature(parts, v.SecretKey, v.Body, "bytes") {
			t.Errorf("%s: %v", at, o)
		}
	}
}
