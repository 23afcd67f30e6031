package hostile

import "embedgen/generator/site"

// The paths of the endpoints of [Site]'s first tenant.
const (
	SignPath  = "/webchat/authorizationService"
	TokenPath = "/webchat/token"
	CheckPath = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"
)

// Site is a harmless site: two tenants on one origin, acme without a prefix and globex below
// /globex, each with a channel for guests and one for customers.
func Site() *site.Site {
	return &site.Site{
		Service: site.Service{Listen: "127.0.0.1:8480"},
		Nginx:   site.Nginx{Version: "1.22", TrustedCA: "/etc/ssl/certs/ca-certificates.crt", Root: "/srv/embedgen/www"},
		Tenants: []*site.Tenant{
			Tenant("acme", "", "web_support", "web_private"),
			Tenant("globex", "/globex", "shop_help", "shop_account"),
		},
	}
}

// Tenant makes a tenant of [Site] with two channels.
func Tenant(id, prefix, guests, customers string) *site.Tenant {
	t := &site.Tenant{
		ID: id, Origin: "https://www.acme.example", PublicPath: "/" + id + "/",
		Endpoints: site.Endpoints{Authorization: prefix + SignPath, Token: prefix + TokenPath, Validation: prefix + CheckPath},
		Token:     site.Token{Keys: []site.TokenKey{{ID: "k1"}}},
	}
	context := site.Context{Path: prefix + "/service-cloud", CEC: "https://localhost:7443"}
	t.Channels = []*site.Channel{
		{Tenant: t, ID: guests, Mode: site.Authorization, Context: context},
		{Tenant: t, ID: customers, Mode: site.TokenMode, Context: context},
	}
	t.Token.Keys[0].Secret.Env = "KEY"
	return t
}
