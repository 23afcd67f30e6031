package schema

// secret is a reference to a secret: one of three keys.
func secret() Value {
	oneOf := []object{}
	for _, name := range []string{"env", "file", "exec"} {
		oneOf = append(oneOf, object{{"required", []string{name}}})
	}
	return mapping(&Mapping{
		Keys: []Key{
			{
				Name: "env", Title: "Environment variable",
				Text:     "The name of the environment variable that holds the secret.",
				Value:    written(environmentPattern),
				Examples: []any{"ACME_WEB_SUPPORT_SECRET"},
			},
			{
				Name: "file", Title: "File",
				Text:     "The path of a file that holds the secret and that only its owner can read: relative to the directory of channels.yaml, or absolute.",
				Value:    written(secretFilePattern),
				Examples: []any{".secrets/acme_web_support"},
			},
			{
				Name: "exec", Title: "Command",
				Text:  "A program and its arguments. It prints the secret within 10 seconds; no shell is involved.",
				Value: list(text(argumentPattern), member{"minItems", 1}, member{"maxItems", 32}),
				Examples: []any{
					[]string{"pass", "show", "acme/web_support"},
				},
			},
		},
		also: object{{"oneOf", oneOf}},
	})
}

const displayNameText = "What people read. Any characters but controls, at most 200 of them."

var channel = Mapping{
	Title: "Channel", Text: "One channel of a tenant: a way into the chat, with pages of its own.",
	Keys: join(
		[]Key{
			{
				Name: "id", Title: "Channel access code", Required: true,
				Text:     "As in the CEC console. It names files of the output.",
				Value:    id(channelIDPattern, "assets", "index"),
				Examples: []any{"web_support"},
			},
			{
				Name: "name", Title: "Display name",
				Text:  displayNameText + " The id if left out.",
				Value: displayName(),
			},
			{
				Name: "channelConfigId", Title: "Channel configuration ID", Required: true,
				Text:     "From the CEC console: 12 to 19 digits. In quotes: it is a name, not a number.",
				Value:    digits(numberPattern),
				Examples: []any{"202102193196869708"},
			},
		},
		pick(inheritable, "mode"),
		[]Key{{
			Name: "secretKey", Title: "Secret key of the channel",
			Text:  "Where the key is that signs guests in, never the key itself. Required in authorization mode.",
			Value: secret(),
		}},
		pick(inheritable, "cec", "contextPath", "locale", "mapService", "region", "cobrowse", "load", "consent", "fallback", "signature", "libraries", "csp"),
	),
	also: when(is("mode", "authorization"), required("secretKey")),
}

var tenant = Mapping{
	Title: "Tenant", Text: "One company site: an origin that carries the pages of its channels.",
	Keys: join(
		[]Key{
			{
				Name: "id", Title: "Name of the tenant's folders", Required: true,
				Text:     "A lower-case letter, then up to 39 lower-case letters, digits or -.",
				Value:    id(tenantIDPattern, "pages", "assets"),
				Examples: []any{"acme"},
			},
			{
				Name: "name", Title: "Display name",
				Text:  displayNameText + " The id if left out.",
				Value: displayName(),
			},
			{
				Name: "tenantSpaceId", Title: "Tenant space ID", Required: true,
				Text:     "From the CEC console: 12 to 19 digits. In quotes: it is a name, not a number.",
				Value:    digits(numberPattern),
				Examples: []any{"202007159031"},
			},
			{
				Name: "origin", Title: "Site that carries the chat", Required: true,
				Text:     "Scheme, host and port, and nothing more. http on this machine only.",
				Value:    origin(originPattern),
				Examples: []any{"https://www.example.com"},
			},
		},
		pick(inheritable, "cec", "contextPath"),
		[]Key{
			{
				Name: "publicPath", Title: "Path of the public files",
				Text:     "Where the folder www of the tenant appears on its origin; it begins and ends with /. The id between slashes if left out.",
				Value:    path(publicPathPattern, 200),
				Examples: []any{"/acme/", "/"},
			},
			{
				Name: "endpoints", Title: "Paths of the server's duties",
				Text:  "Where the site's nginx passes requests on to `embedgen serve`.",
				Value: mapping(&endpoints),
			},
			{
				Name: "token", Title: "Customer tokens",
				Text:  "How token mode vouches for a customer.",
				Value: mapping(&token),
			},
		},
		pick(inheritable, "mode", "locale", "mapService", "region", "cobrowse", "load", "consent", "fallback", "signature", "libraries", "csp"),
		[]Key{{
			Name: "channels", Title: "Channels of the tenant", Required: true,
			Text:  "At least one.",
			Value: list(mapping(&channel), member{"minItems", 1}),
		}},
	),
	also: when(is("mode", "authorization"), channels(required("secretKey"))),
}

var endpoints = Mapping{Keys: []Key{
	{
		Name: "authorization", Title: "Signing endpoint",
		Text:    "Answers the page with a signature for its visitor (authorization mode).",
		Value:   path(endpointPattern, 200),
		Default: "/webchat/authorizationService",
	},
	{
		Name: "token", Title: "Token endpoint",
		Text:    "Answers the page with a token for its customer (token mode).",
		Value:   path(endpointPattern, 200),
		Default: "/webchat/token",
	},
	{
		Name: "validation", Title: "Validation endpoint",
		Text:    "Answers CEC's server whether a token is genuine (token mode).",
		Value:   path(endpointPattern, 200),
		Default: "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate",
	},
}}

var keys = Key{
	Name: "keys", Title: "Keys of the tokens",
	Text:  "The first one signs, all of them verify: that is how a key is changed. None if the company issues tokens itself.",
	Value: list(mapping(&tokenKey)),
}

var token = Mapping{Keys: []Key{
	{
		Name: "lifetime", Title: "How long a token is valid",
		Text:    "A number with a unit, from 10s to 24h.",
		Value:   written(durationPattern),
		Default: "5m",
	},
	keys,
}}

var tokenKey = Mapping{
	Title: "Token key", Text: "A key of at least 32 bytes (HS256).",
	Keys: []Key{
		{
			Name: "id", Title: "Name of the key", Required: true,
			Text:     "Stands in the token as kid: letters, digits, ., _ and -.",
			Value:    text(keyIDPattern),
			Examples: []any{"k1"},
		},
		{
			Name: "secret", Title: "Where the key is", Required: true,
			Text:  "A reference, never the key itself.",
			Value: secret(),
		},
		{
			Name: "until", Title: "When the key expires",
			Text:     "Date, time and zone (RFC 3339). Later the key verifies nothing. Never if left out.",
			Value:    written(timePattern),
			Examples: []any{"2026-12-31T00:00:00Z"},
		},
	},
}
