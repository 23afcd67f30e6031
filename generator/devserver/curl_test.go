package devserver

import (
	"encoding/json"
	"testing"
	"time"
)

func TestDS18CopyAsCurl(t *testing.T) {
	p := startProject(t)
	at := time.UnixMilli(1700000000123)
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
	own, cec := p.url("acme.localhost", ""), p.url("cec.initech.localhost", "")
	for _, row := range []struct {
		entry Entry
		want  string
	}{
		{Entry{To: "site", What: "authorization", Tenant: "acme", Channel: "web_support"},
			`curl -sS -X POST -H 'Content-Type: application/json' --data-raw '{"channelConfigId":"202102193196869710","tenantSpaceId":"202007159031"}' -H 'Accept: application/json' -H 'Origin: ` + own + `' ` + own + `/webchat/authorizationService`},
		{Entry{To: "site", What: "token", Tenant: "acme", Channel: "web_private"},
			`curl -sS -X POST -H 'Content-Type: application/json' --data-raw '{"channelConfigId":"202102193196869711","tenantSpaceId":"202007159031"}' -H 'Accept: application/json' -H 'Origin: ` + own + `' ` + own + `/webchat/token`},
		{Entry{To: "site", From: "cec", What: "validation", Tenant: "acme", Channel: "web_private", User: "o'neil"},
			`curl -sS -X POST -H 'Content-Type: application/json' --data-raw '{"Token":"…","tenantSpaceId":"202007159031","userId":"o'\''neil","userName":"…"}' -H 'Accept: application/json' ` + own + `/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate`},
		{Entry{From: "visitor", To: "cec", What: "POST newThirdPartyClient.js", Tenant: "acme", Channel: "web_support", Body: `{"a":"it's","thirdUserToken":"` + jwt + `"}`},
			`curl -sS -X POST -H 'Content-Type: application/x-www-form-urlencoded; charset=UTF-8' --data-raw '{"a":"it'\''s","thirdUserToken":"…"}' '` + own + `/service-cloud/webclient/chat_client/js/newThirdPartyClient.js?t=1700000000123'`},
		{Entry{From: "visitor", To: "cec", What: "GET getMessageForWebChannel", Tenant: "initech", Channel: "main_site"},
			`curl -sS -X GET -b 'ccmessaging-token=…' ` + cec + `/service-cloud/rest/webadapter/v1/webadapterfacade/getMessageForWebChannel`},
		{Entry{From: "agent", To: "cec", What: "accept", Tenant: "acme", Channel: "web_support"}, ""},
		{Entry{From: "visitor", To: "cec", What: "GET simulated.css", Tenant: "acme", Channel: "web_support"}, ""},
		{Entry{To: "site", What: "authorization", Tenant: "acme", Channel: "gone"}, ""},
		{Entry{To: "site", What: "authorization"}, ""},
	} {
		row.entry.Time = at
		p.records(row.entry)
		var data struct{ Requests []struct{ What, Curl string } }
		if err := json.Unmarshal([]byte(p.get("127.0.0.1", "/_embedgen/requests.json").body), &data); err != nil {
			t.Fatal(err)
		}
		if got := data.Requests[0]; got.What != row.entry.What || got.Curl != row.want {
			t.Errorf("%s: got\n%s\nwant\n%s", row.entry.What, got.Curl, row.want)
		}
	}
}
