package nginxconf

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// names makes the names of a tenant's upstreams, zones, variables and named locations:
// embedgen_<tenant>_<thing>, so that many tenants share one nginx.
type names struct{ key string }

// longestKey keeps the longest variable, embedgen_<key>_user_name, at the 46 characters that fit
// nginx's default variables_hash_bucket_size; with a longer one nginx does not start.
const longestKey = 27

// namesOf makes the tenant's part of its names. A tenant id has no "_", so that "-" can become
// "_". A long id is cut, with a digest before it; no id starts with a digit, so that no other
// tenant's name can be the same.
func namesOf(tenant string) names {
	key := strings.ReplaceAll(tenant, "-", "_")
	if len(key) <= longestKey {
		return names{key}
	}
	digest := sha256.Sum256([]byte(tenant))
	short := "0" + hex.EncodeToString(digest[:5]) + "_" + key
	return names{short[:longestKey]}
}

func (n names) of(thing string) string { return "embedgen_" + n.key + "_" + thing }

// The things that carry a tenant's name. None may be another with more words before it: tenant "a"
// with thing "b_cec" would meet tenant "a-b" with thing "cec".
const (
	cecThing        = "cec"        // upstream, followed by a number from the second on
	signerThing     = "signer"     // upstream
	signingThing    = "signing"    // limit_req zone
	validationThing = "validation" // limit_req zone
	refusedThing    = "refused"    // named location
	hostThing       = "host"       // variable, numbered as cec is
	targetThing     = "target"     // variable, numbered by context
	userIDThing     = "user_id"    // variable
	userNameThing   = "user_name"  // variable
)

// The variables that mean the same for every tenant. Each tenant's file defines them alike, and
// nginx keeps the last definition; if one ever changes, its name must, too. They do not carry the
// tenant because nginx warns about its variables_hash from about fifteen long names on.
const (
	upgradeVariable       = "embedgen_upgrade"
	connectionVariable    = "embedgen_connection"
	cookieVariable        = "embedgen_cookie"
	authorizationVariable = "embedgen_authorization"
	originVariable        = "embedgen_origin" // of a laptop only
)

// numbered is the thing's name for the first, second, … of its kind: cec, cec2, cec3.
func numbered(thing string, i int) string {
	if i == 0 {
		return thing
	}
	return thing + strconv.Itoa(i+1)
}
