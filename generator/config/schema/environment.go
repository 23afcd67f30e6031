package schema

// environments is the key of that name, for environments of a form.
func environments(one *Mapping) Key {
	return Key{
		Name: "environments", Title: "Named environments",
		Text:  "What is different where the site is tried out, chosen with --env NAME. Addresses and secrets only, so that pages keep their kind.",
		Value: named(`^[A-Za-z][A-Za-z0-9_-]{0,39}$`, mapping(one)),
	}
}

var environment = Mapping{
	Title: "Environment", Text: "What is different in this environment. It wins over whatever is said outside of it.",
	Keys: []Key{
		{
			Name: "defaults", Title: "For every channel",
			Text:  "Until a tenant or a channel of the environment says otherwise.",
			Value: mapping(&Mapping{Keys: pick(inheritable, "cec", "contextPath")}),
		},
		{
			Name: "tenants", Title: "For single tenants",
			Text:  "By the id of the tenant.",
			Value: named("", mapping(&tenantOverride)),
		},
	},
}

var tenantOverride = Mapping{
	Title: "Tenant in an environment", Text: "What is different for this tenant.",
	Keys: join(
		optional(pick(tenant.Keys, "origin")),
		pick(inheritable, "cec", "contextPath"),
		[]Key{
			{
				Name: "token", Title: "Customer tokens",
				Text: "The keys of this environment, instead of the tenant's.",
				Value: mapping(&Mapping{Keys: []Key{{
					Name: "keys", Title: keys.Title, Text: "The first one signs, all of them verify.",
					Value: list(mapping(&tokenKey), member{"minItems", 1}),
				}}}),
			},
			{
				Name: "channels", Title: "For single channels",
				Text:  "By the id of the channel.",
				Value: named("", mapping(&channelOverride)),
			},
		},
	),
}

var channelOverride = Mapping{
	Title: "Channel in an environment", Text: "What is different for this channel.",
	Keys: join(pick(channel.Keys, "secretKey"), pick(inheritable, "cec", "contextPath")),
}
