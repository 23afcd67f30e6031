package cecsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// maxBody is the size of the largest request body, in bytes.
const maxBody = 64 << 10

// userData is thirdUserData, the body of both client scripts (cec-contract section 2).
type userData struct {
	UserName        string
	UserID          string
	TenantSpaceID   string
	ChannelConfigID string
	Locale          string
	MapService      string
	Timestamp       string // as written
	Token           string // token mode
	Authorization   string // authorization mode
}

// parseUserData reads the fields by their exact names; fields that CEC does not know are ignored.
func parseUserData(body []byte) (userData, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return userData{}, refusal{http.StatusBadRequest, "body", "the body is not a JSON object of thirdUserData"}
	}
	var d userData
	for _, f := range []struct {
		name     string
		to       *string
		required bool
	}{
		{"thirdUserName", &d.UserName, true}, {"thirdUserId", &d.UserID, true},
		{"tenantSpaceId", &d.TenantSpaceID, true}, {"channelConfigId", &d.ChannelConfigID, true},
		{"locale", &d.Locale, true}, {"mapService", &d.MapService, false},
		{"thirdUserToken", &d.Token, false}, {"thirdPartAuthorization", &d.Authorization, false},
	} {
		if err := readString(fields[f.name], f.to); err != nil {
			return d, refusal{http.StatusBadRequest, "body", f.name + " " + err.Error()}
		}
		if f.required && *f.to == "" {
			return d, refusal{http.StatusBadRequest, "body", f.name + " is missing"}
		}
	}
	d.Timestamp = string(fields["timestamp"])
	return d, nil
}

func readString(raw json.RawMessage, to *string) error {
	if raw == nil {
		return nil
	}
	if json.Unmarshal(raw, to) != nil || string(raw) == "null" {
		return fmt.Errorf("is not a string: a JSON number loses digits beyond 2^53")
	}
	return nil
}

// timestampCheck looks at a field of which only the form is known, and that is not settled.
func (d userData) timestampCheck() Check {
	var ms int64
	if json.Unmarshal([]byte(d.Timestamp), &ms) == nil {
		return Check{"timestamp", true, "epoch milliseconds, " + time.UnixMilli(ms).UTC().Format(time.RFC3339)}
	}
	if _, err := time.Parse(`"`+time.RFC3339+`"`, d.Timestamp); err == nil {
		return Check{"timestamp", true, "ISO 8601, " + strings.Trim(d.Timestamp, `"`)}
	}
	if d.Timestamp == "" {
		return Check{"timestamp", false, "is missing; the guide sends epoch milliseconds"}
	}
	return Check{"timestamp", false, "is neither epoch milliseconds nor ISO 8601"}
}

// masked is the raw view of the body: credentials are masked.
func (d userData) masked() string {
	view := struct {
		UserName        string          `json:"thirdUserName"`
		UserID          string          `json:"thirdUserId"`
		TenantSpaceID   string          `json:"tenantSpaceId"`
		ChannelConfigID string          `json:"channelConfigId"`
		Locale          string          `json:"locale"`
		MapService      string          `json:"mapService,omitempty"`
		Timestamp       json.RawMessage `json:"timestamp,omitempty"`
		Token           string          `json:"thirdUserToken,omitempty"`
		Authorization   string          `json:"thirdPartAuthorization,omitempty"`
	}{
		d.UserName, d.UserID, d.TenantSpaceID, d.ChannelConfigID, d.Locale, d.MapService,
		json.RawMessage(d.Timestamp), mask(d.Token), maskAuthorization(d.Authorization),
	}
	return pretty(view)
}

// pretty writes a value as indented JSON, for a person.
func pretty(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	e.Encode(v) // our own types always encode
	return strings.TrimSuffix(b.String(), "\n")
}
