package chatauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

const maxBody = 8 << 10

// fields are the members of a flat JSON object.
type fields map[string]string

// grammar says under which name a member is known and whether a number will do; ok is false for an
// unknown one. A known member without a name is skipped, whatever its value.
type grammar func(key string) (name string, number, ok bool)

// formGrammar knows thirdUserData as the site's own pages send it (cec-contract section 2).
func formGrammar(key string) (name string, number, ok bool) {
	switch key {
	case "thirdUserName", "thirdUserId", "tenantSpaceId", "channelConfigId", "locale", "mapService":
		return key, false, true
	case "timestamp":
		return key, true, true
	}
	return "", false, false
}

// form reads the body of a request to a browser endpoint.
func (c *call) form() (fields, error) {
	if !isJSON(c.r.Header) {
		return nil, errMediaType
	}
	form, err := c.fields(formGrammar)
	if err != nil {
		return nil, err
	}
	return form, form.require("tenantSpaceId", "channelConfigId")
}

// isJSON accepts application/json and, for the guide's sample, the type that jQuery sends by
// default.
func isJSON(h http.Header) bool {
	values := h["Content-Type"]
	if len(values) != 1 {
		return false
	}
	kind, params, err := mime.ParseMediaType(values[0])
	if err != nil || kind != "application/json" && kind != "application/x-www-form-urlencoded" {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// fields reads the body as a flat object of the grammar.
func (c *call) fields(g grammar) (fields, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case err != nil:
		return nil, malformed("the body ended early")
	}
	return parseFields(body, g)
}

// parseFields parses one flat JSON object. It compares keys itself, since json.Unmarshal folds
// their case ("uſerId" is userId to it) and takes the last of two; and it refuses what
// encoding/json would replace by U+FFFD: invalid UTF-8 and lone surrogates.
func parseFields(body []byte, g grammar) (fields, error) {
	if !json.Valid(body) {
		return nil, malformed("the body is not JSON")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if t, _ := d.Token(); t != json.Delim('{') {
		return nil, malformed("the body is not a JSON object")
	}
	f := make(fields)
	for d.More() {
		if err := f.parseMember(d, g); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f fields) parseMember(d *json.Decoder, g grammar) error {
	t, err := d.Token()
	key, ok := t.(string)
	if err != nil || !ok {
		return malformed("the body is not JSON")
	}
	name, number, known := g(key)
	if !known {
		return malformed("unknown key %.40q", key)
	}
	if name == "" {
		return d.Decode(new(json.RawMessage))
	}
	if _, twice := f[name]; twice {
		return malformed("key %q appears twice", name)
	}
	value, err := d.Token()
	if err != nil {
		return malformed("the body is not JSON")
	}
	return f.add(name, value, number)
}

// add stores a value if its type is right.
func (f fields) add(name string, value json.Token, number bool) error {
	switch v := value.(type) {
	case string:
		if strings.ContainsRune(v, utf8.RuneError) {
			return malformed("%s is not valid Unicode", name)
		}
		f[name] = v
		return nil
	case json.Number:
		if number {
			f[name] = v.String()
			return nil
		}
	}
	return malformed("%s is not a string", name)
}

// require refuses an object in which one of the names is missing or empty.
func (f fields) require(names ...string) error {
	for _, name := range names {
		if f[name] == "" {
			return malformed("%s is missing", name)
		}
	}
	return nil
}
