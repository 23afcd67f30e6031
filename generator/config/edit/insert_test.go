package edit_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"embedgen/generator/config"
	"embedgen/generator/config/edit"
)

var (
	newChannel = edit.Fields{
		"id": "new_channel", "name": "yes", "channelConfigId": "202102193196869999", "mode": "authorization",
		"secretKey": edit.Fields{"file": ".secrets/new"}, "cobrowse": "true",
	}
	newTenant = edit.Fields{
		"id": "new-tenant", "name": "New: \"x\"", "tenantSpaceId": "202007159999", "origin": "https://new.example", "cec": "https://cec.example",
		"channels": []edit.Fields{newChannel},
	}
)

// TestAdd runs testdata/add: a file, what it is with one more channel of acme, and with one more tenant.
func TestAdd(t *testing.T) {
	files, _ := filepath.Glob("testdata/add/*.txtar")
	if len(files) == 0 {
		t.Fatal("no fixtures")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := archive.Files[0].Data
			for i, add := range []func() ([]byte, error){
				func() ([]byte, error) { return edit.AddChannel(in, "acme", newChannel) },
				func() ([]byte, error) { return edit.AddTenant(in, newTenant) },
			} {
				got, err := add()
				if err != nil {
					got = []byte(err.Error() + "\n")
				}
				if *update {
					archive.Files[i+1].Data = got
				}
				if want := archive.Files[i+1].Data; string(got) != string(want) {
					t.Errorf("%s is\n%s\nwant\n%s", archive.Files[i+1].Name, got, want)
				}
			}
			if *update {
				os.WriteFile(file, txtar.Format(archive), 0o644)
			}
		})
	}
}

// TestAddToEveryFixture holds that nothing else changes: neither what was there nor a comment.
func TestAddToEveryFixture(t *testing.T) {
	added := 0
	for _, text := range corpus(t) {
		for _, text := range [][]byte{
			text,
			[]byte("\ufeff" + strings.ReplaceAll(string(text), "\n", "\r\n")),
			[]byte(strings.ReplaceAll(string(text), "\n", " # comment\n")),
			[]byte(strings.ReplaceAll(string(text), "\n", "\n      # comment\n\n# other\n")),
			[]byte(strings.TrimSpace(string(text))),
		} {
			before, _ := load(text)
			if len(before.Tenants) == 0 {
				continue
			}
			added += checkAddTenant(t, text) + checkAddChannel(t, text, before)
		}
	}
	if added < 500 {
		t.Errorf("only %d additions", added)
	}
}

func load(text []byte) (*config.File, []string) {
	file, problems := config.Load(fstest.MapFS{"channels.yaml": {Data: text}}, "channels.yaml")
	return file, described(problems)
}

func checkAddTenant(t *testing.T, text []byte) int {
	t.Helper()
	got, err := edit.AddTenant(text, newTenant)
	if refused(t, err) {
		return 0
	}
	after, _ := load(got)
	n := len(after.Tenants) - 1
	if n < 0 || after.Tenants[n].ID.V != "new-tenant" || after.Tenants[n].Name.V != "New: \"x\"" || len(after.Tenants[n].Channels) != 1 {
		t.Errorf("the tenant is not there\n%s", got)
		return 0
	}
	after.Tenants = after.Tenants[:n]
	checkRest(t, text, got, after)
	return 1
}

func checkAddChannel(t *testing.T, text []byte, before *config.File) (added int) {
	t.Helper()
	for i, tenant := range before.Tenants {
		same := func(other *config.Tenant) bool { return other.ID.V == tenant.ID.V }
		if tenant.ID.V == "" || slices.IndexFunc(before.Tenants, same) != i {
			continue
		}
		got, err := edit.AddChannel(text, tenant.ID.V, newChannel)
		if refused(t, err) {
			continue
		}
		after, _ := load(got)
		channels := &after.Tenants[i].Channels
		n := len(*channels) - 1
		if n < 0 || (*channels)[n].ID.V != "new_channel" || (*channels)[n].Name.V != "yes" || (*channels)[n].SecretKey.V.File != ".secrets/new" || (*channels)[n].Cobrowse.V != "true" {
			t.Errorf("the channel is not there\n%s", got)
			continue
		}
		*channels = (*channels)[:n]
		checkRest(t, text, got, after)
		added++
	}
	return added
}

func refused(t *testing.T, err error) bool {
	t.Helper()
	var obstacle *edit.Obstacle
	if err != nil && !errors.As(err, &obstacle) && !errors.Is(err, edit.ErrSyntax) && !strings.HasPrefix(err.Error(), "there is no tenant") {
		t.Error(err)
	}
	return err != nil
}

// checkRest compares a file with what is left of a longer one without what was added to it.
func checkRest(t *testing.T, text, longer []byte, rest *config.File) {
	t.Helper()
	before, _ := load(text)
	var x, y strings.Builder
	write(&x, reflect.ValueOf(before).Elem())
	write(&y, reflect.ValueOf(rest).Elem())
	if x.String() != y.String() {
		t.Errorf("more has changed\n%s\n%s\n--- before\n%s\n--- after\n%s", text, longer, x.String(), y.String())
	}
	for line := range strings.Lines(string(text)) {
		if line := strings.TrimSpace(line); strings.HasPrefix(line, "#") && strings.Count(string(longer), line) < strings.Count(string(text), line) {
			t.Errorf("a comment is gone: %s", line)
		}
	}
}

func TestNewFile(t *testing.T) {
	text := edit.NewFile(newTenant)
	file, problems := config.Load(fstest.MapFS{
		"channels.yaml": {Data: []byte("version: 1\ninclude: a.yaml\n")}, "a.yaml": {Data: text},
	}, "channels.yaml")
	if len(problems) > 0 || len(file.Tenants) != 1 || file.Tenants[0].Channels[0].ID.V != "new_channel" {
		t.Errorf("%v\n%s", problems, text)
	}
	if formatted, kept, err := edit.Format(text); kept != nil || err != nil || string(formatted) != string(text) {
		t.Errorf("not canonical: %s, %v, %v", formatted, kept, err)
	}
}
