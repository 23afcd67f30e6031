package schema

// contextPathValue has a limit for paths; an address may be longer by its host.
func contextPathValue() Value {
	v := origin(contextPattern)
	v.form = append(v.form, object{
		{"maxLength", 467},
		{"if", object{{"pattern", "^/"}}},
		{"then", object{{"maxLength", 200}}},
	}...)
	return v
}

// fallbackValue is an address, or false.
func fallbackValue() Value {
	return Value{Kind: Text, form: object{
		{"type", []string{"string", "boolean"}}, {"pattern", fallbackPattern}, {"maxLength", 2000},
		{"not", object{{"pattern", address + "|" + dotSegment}, {"type", "string"}}},
		{"if", object{{"type", "boolean"}}}, {"then", object{{"enum", []any{false}}}},
	}}
}

// inheritable are the keys that defaults, a tenant and a channel all have; the nearest wins.
var inheritable = []Key{
	{
		Name: "cec", Title: "Address of CEC", shared: true,
		Text:     "CEC's own origin, to which nginx passes the context path on. Needed unless contextPath is an address. https; http for a CEC on this machine only.",
		Value:    origin(cecPattern),
		Examples: []any{"https://servicestage.besclouds.com"},
	},
	{
		Name: "contextPath", Title: "Context path", shared: true,
		Text: "Where the browser finds CEC. A path of the site, which nginx passes on to cec, or an https address, which the browser asks directly. " +
			"It ends in /service-cloud: CEC recognises a request by that.",
		Value:   contextPathValue(),
		Default: "/service-cloud", Examples: []any{"/service-cloud", "/demo/service-cloud", "https://cec.example.com/service-cloud"},
	},
	{
		Name: "mode", Title: "Who the visitor is", shared: true,
		Text:  "authorization: a guest, whom the company's server signs in with the channel's secretKey. token: a customer who has logged in, vouched for by a token.",
		Value: words("authorization", "token"),
	},
	{
		Name: "locale", Title: "Language of the chat", shared: true,
		Text:    "A language tag. CEC documents zh and en; others are passed on with a warning.",
		Value:   text(localePattern),
		Default: "en", Examples: []any{"en", "zh"},
	},
	{
		Name: "mapService", Title: "Map service", shared: true,
		Text:    "For places that are sent in the chat. tencent knows places in China only.",
		Value:   words("tencent", "google"),
		Default: "tencent",
	},
	{
		Name: "region", Title: "Where the visitors are", shared: true,
		Text:     "A country, as two lower-case letters (ISO 3166-1). Only used to warn of a map service that does not know it.",
		Value:    text(`^[a-z]{2}$`),
		Examples: []any{"cn", "sg"},
	},
	{
		Name: "cobrowse", Title: "Co-browsing", shared: true,
		Text: "Whether the agent can see the page. true: by scripts in the page. extension: by a browser extension, which the build adds. false: not at all.",
		Value: Value{Kind: Word, form: object{
			{"anyOf", []object{{{"enum", []any{false, true, "extension"}}}, {{"type", "string"}, {"pattern", "^(?:false|true)$"}}}},
		}},
		Default: false,
	},
	{
		Name: "load", Title: "When the chat starts", shared: true,
		Text:    "eager: at once. idle: when the browser has nothing else to do. interaction: when the visitor uses a button, before which CEC is not asked.",
		Value:   words("eager", "idle", "interaction"),
		Default: "idle",
	},
	{
		Name: "consent", Title: "Wait for consent", shared: true,
		Text:    "true: nothing is requested before the page calls EmbedChat('consent', true).",
		Value:   flag(),
		Default: false,
	},
	{
		Name: "fallback", Title: "Where to go instead", shared: true,
		Text: "Where a visitor goes who cannot chat: on a device that CEC does not support, or when the chat fails. An https, mailto or tel address, or a path of the site. " +
			"false: nowhere.",
		Value:   fallbackValue(),
		Default: false, Examples: []any{"/contact", "https://help.example.com/contact", "mailto:help@example.com", "tel:+1-201-555-0123"},
	},
	{
		Name: "signature", Title: "Form of the signature", shared: true,
		Text:  "Settles what CEC's documents leave open about auth-v2. Change it only when a live trial with `embedgen sign --order all` says so.",
		Value: mapping(&signature),
	},
	{
		Name: "libraries", Title: "Scripts of others", shared: true,
		Text:  "Where CEC's scripts find jQuery and axios. No other host is asked unless it is named here.",
		Value: mapping(&libraries),
	},
	{
		Name: "csp", Title: "Content security policy", shared: true,
		Text:  "What the policy of the integration page allows beyond what every page needs.",
		Value: mapping(&csp),
	},
}

var signature = Mapping{Keys: []Key{
	{
		Name: "order", Title: "Order of the body's keys",
		Text:    "doc: as in CEC's document. hash: as Java's HashMap has them. sorted: by name.",
		Value:   words("doc", "hash", "sorted"),
		Default: "doc",
	},
	{
		Name: "length", Title: "Unit of content-length",
		Text:    "What the signed content-length counts.",
		Value:   words("bytes", "chars"),
		Default: "bytes",
	},
	{
		Name: "accessKey", Title: "Access key",
		Text:  "The name under which CEC knows the secret key. The channel's channelConfigId if left out.",
		Value: digits(accessKeyPattern),
	},
}}

var libraries = Mapping{Keys: []Key{
	{
		Name: "jquery", Title: "jQuery",
		Text:    "The full build, 3.5 or newer.",
		Value:   library,
		Default: false,
	},
	{
		Name: "axios", Title: "axios",
		Text:    "Used in token mode only.",
		Value:   library,
		Default: false,
	},
}}

// library is false or one of two mappings.
var library = func() Value {
	keys := Mapping{Keys: []Key{
		{
			Name: "src", Title: "Address of the script",
			Text:     "On another host: an https address without query. It needs an integrity.",
			Value:    path(scriptPattern, 520),
			Examples: []any{"https://code.jquery.com/jquery-3.7.1.min.js"},
		},
		{
			Name: "integrity", Title: "Hash of the script",
			Text:  "From the library's publisher: browsers refuse a script that differs (Subresource Integrity).",
			Value: text(integrityPattern),
		},
		{
			Name: "file", Title: "Copy of the script",
			Text:     "A path below the directory of channels.yaml. The build copies the file, gives it a name that changes with its content, and computes its integrity.",
			Value:    path(folderPattern, 199),
			Examples: []any{"vendor/jquery-3.7.1.min.js"},
		},
	}}
	keys.Keys[0].Value.form = append(keys.Keys[0].Value.form, member{"not", object{{"pattern", address}}})
	form := object{{"type", []string{"boolean", "object"}}}
	for _, m := range keys.schema() {
		if m.name != "type" {
			form = append(form, m)
		}
	}
	remote := object{{"type", "object"}, {"required", []string{"src", "integrity"}}, {"not", required("file")}}
	local := object{{"type", "object"}, {"required", []string{"file"}}, {"not", object{{"anyOf", []object{required("src"), required("integrity")}}}}}
	form = append(form, member{"anyOf", []object{{{"enum", []any{false}}}, remote, local}})
	return Value{Mapping: &keys, form: form}
}()

var csp = Mapping{Keys: []Key{
	{
		Name: "inlineStyles", Title: "Allow inline styles",
		Text:    "true: adds 'unsafe-inline' to style-src, and to nothing else, for a release of CEC's client that needs it.",
		Value:   flag(),
		Default: false,
	},
	{
		Name: "frameAncestors", Title: "Sites that may frame the page",
		Text:     "Origins, besides the tenant's own, whose pages may show the integration page in a frame: at most 50, each once, without wildcards. An empty list takes back what is inherited.",
		Value:    list(origin(originPattern), member{"maxItems", 50}, member{"uniqueItems", true}),
		Default:  []string{},
		Examples: []any{[]string{"https://portal.example.com"}},
	},
}}
