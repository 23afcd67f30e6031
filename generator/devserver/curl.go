package devserver

import (
	"encoding/json"
	"path"
	"strconv"
	"strings"

	"embedgen/generator/site"
)

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded; charset=UTF-8" // as the page asks CEC (cec-contract section 2)
)

// curl is the command that makes an entry's request again; "" if the entry does not tell enough.
// What the inspector masks is masked there too: it is to be filled in by hand.
func (c *call) curl(e Entry) string {
	ch := c.st.good.channel(e.Tenant, e.Channel)
	if ch == nil {
		return ""
	}
	if e.To == "site" {
		return c.curlSite(ch, e)
	}
	method, name, _ := strings.Cut(e.What, " ")
	if e.To != "cec" || e.From != "visitor" || name == "" {
		return ""
	}
	context := c.origins.Tenant(e.Tenant) + ch.Context.Path
	if ch.Context.Direct() {
		context = ch.Context.URL
	}
	switch path.Ext(name) {
	case ".js":
		return command("POST", context+"/webclient/chat_client/js/"+name+"?t="+strconv.FormatInt(e.Time.UnixMilli(), 10), asForm, e.Body)
	case "":
		url := context + "/rest/webadapter/v1/webadapterfacade/" + name
		return command(method, url, asJSON, e.Body, "-b", cecCookie+"=…")
	}
	return ""
}

// curlSite is a request to one of the three endpoints, whose bodies follow from the site.
func (c *call) curlSite(ch *site.Channel, e Entry) string {
	names := map[string]string{"tenantSpaceId": ch.Tenant.TenantSpaceID}
	endpoint := ""
	switch ends := ch.Tenant.Endpoints; {
	case e.What == "authorization":
		endpoint, names["channelConfigId"] = ends.Authorization, ch.ChannelConfigID
	case e.What == "token":
		endpoint, names["channelConfigId"] = ends.Token, ch.ChannelConfigID
	case e.What == "validation" || e.What == "POST "+ends.Validation:
		endpoint, names["Token"], names["userId"], names["userName"] = ends.Validation, "…", e.User, "…"
	default:
		return ""
	}
	body, _ := json.Marshal(names) // strings always encode
	origin := c.origins.Tenant(e.Tenant)
	more := []string{"-H", "Accept: " + asJSON}
	if e.What == "authorization" || e.What == "token" {
		more = append(more, "-H", "Origin: "+origin) // they answer pages of the site only
	}
	return command("POST", origin+endpoint, asJSON, string(body), more...)
}

// command writes a command line for a POSIX shell.
func command(method, url, kind, body string, more ...string) string {
	words := []string{"curl", "-sS", "-X", method}
	if body != "" {
		words = append(words, "-H", "Content-Type: "+kind, "--data-raw", body)
	}
	words = append(append(words, more...), url)
	for i, w := range words {
		words[i] = shellWord(w)
	}
	return strings.Join(words, " ")
}

// shellWord quotes a word unless every character of it is harmless to a shell.
func shellWord(w string) string {
	const harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,"
	if w != "" && strings.Trim(w, harmless) == "" {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}
