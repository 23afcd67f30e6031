package nginxconf

import (
	"strings"
	"testing"
)

var things = []string{
	cecThing, numbered(cecThing, 1), signerThing, signingThing, validationThing, refusedThing,
	targetThing, numbered(targetThing, 11), hostThing, numbered(hostThing, 1), userIDThing, userNameThing,
}

func TestNamesAreDistinct(t *testing.T) {
	ids := []string{"a", "a-b", "a--b", "a-", "ab", "user", "a-user", "a-cec", "a-cec2", "cec", "target", "a-target12", "upgrade", "cookie", "authorization"}
	for _, thing := range things {
		ids = append(ids, "a-"+strings.ReplaceAll(thing, "_", "-"))
	}
	for n := 20; n <= 40; n++ { // around the length at which ids are cut
		ids = append(ids, strings.Repeat("x", n), strings.Repeat("x", n-1)+"y", strings.Repeat("x-", n/2)[:n-1]+"z")
	}
	seen := map[string]string{}
	for _, shared := range []string{upgradeVariable, connectionVariable, cookieVariable, authorizationVariable} {
		seen[shared] = "every tenant"
	}
	done := map[string]bool{}
	for _, id := range ids {
		if done[id] {
			continue
		}
		done[id] = true
		for _, thing := range things {
			name := namesOf(id).of(thing)
			if other := seen[name]; other != "" {
				t.Errorf("%s: both %s and %s %s", name, other, id, thing)
			}
			seen[name] = id + " " + thing
		}
	}
}

// nginx does not start when a variable's name is longer than 46 characters.
func TestNamesFitTheHash(t *testing.T) {
	for _, thing := range []string{numbered(targetThing, 99), userIDThing, userNameThing} {
		if name := namesOf(strings.Repeat("a", 40)).of(thing); len(name) > 46 {
			t.Errorf("%s has %d characters", name, len(name))
		}
	}
}
