package schema

// File is a channels.yaml.
var File = Mapping{
	Title: "channels.yaml", Text: "Everything that embedgen builds: the tenants, their channels, and what they have in common.",
	Keys: []Key{
		{
			Name: "version", Title: "Version of the format", Required: true,
			Text:  "Always 1.",
			Value: Value{form: object{{"enum", []int{1}}}},
		},
		{
			Name: "site", Title: "Documentation site",
			Text:  "Of the documentation that the build writes.",
			Value: mapping(&site),
		},
		{
			Name: "defaults", Title: "What holds for every channel",
			Text:  "Until a tenant or a channel says otherwise.",
			Value: mapping(&Mapping{Keys: pick(inheritable, "mode", "cec", "contextPath", "locale", "mapService", "region", "cobrowse", "load", "consent", "fallback", "signature", "libraries", "csp")}),
		},
		environments(&environment),
		{
			Name: "include", Title: "Further files with tenants",
			Text:     "Paths below the directory of channels.yaml, with *, ? and [...]. Their tenants come after those of this file.",
			Value:    include,
			Examples: []any{[]string{"tenants/*.yaml"}},
		},
		tenants,
		{
			Name: "service", Title: "The signing service",
			Text:  "Of `embedgen serve`, which signs, issues and validates.",
			Value: mapping(&service),
		},
		{
			Name: "nginx", Title: "nginx files",
			Text:  "Of the nginx files that the build writes.",
			Value: mapping(&nginx),
		},
	},
	also: fileRules,
}

// Included is a file that channels.yaml includes.
var Included = Mapping{
	Title: "Tenants", Text: "Tenants in a file of their own, which channels.yaml includes.",
	Keys: []Key{
		{
			Name: "version", Title: "Version of the format",
			Text:  "Always 1. channels.yaml has it; here it may be left out.",
			Value: Value{form: object{{"enum", []int{1}}}},
		},
		environments(&Mapping{
			Title: environment.Title, Text: "What is different in this environment, which channels.yaml names.",
			Keys: pick(environment.Keys, "tenants"),
		}),
		func() Key { k := tenants; k.Required = true; return k }(),
	},
}

var tenants = Key{
	Name: "tenants", Title: "Tenants",
	Text:  "The company sites that carry the chat.",
	Value: list(mapping(&tenant)),
}

// include is a list of patterns or a single one.
var include = func() Value {
	item := text(includePattern)
	both := object{{"type", []string{"string", "array"}}, {"pattern", includePattern}, {"items", item.schema()}}
	return Value{Kind: Text, Items: &item, form: both}
}()

var site = Mapping{Keys: []Key{
	{
		Name: "title", Title: "Title of the documentation",
		Text:    "Stands on every page of it.",
		Value:   displayName(),
		Default: "Support chat",
	},
	{
		Name: "languages", Title: "Languages of the documentation",
		Text:    "The first is the default.",
		Value:   list(words("en", "zh"), member{"minItems", 1}, member{"uniqueItems", true}),
		Default: []string{"en", "zh"},
	},
	{
		Name: "pages", Title: "Pages of your own",
		Text:     "A folder of Markdown files that become part of the documentation: a path below the directory of channels.yaml.",
		Value:    path(folderPattern, 199),
		Examples: []any{"docs"},
	},
}}

var service = Mapping{Keys: []Key{
	{
		Name: "listen", Title: "Address of the service",
		Text:    "host:port on which `embedgen serve` listens.",
		Value:   text(hostPortPattern),
		Default: "127.0.0.1:8480",
	},
	{
		Name: "guestName", Title: "What a guest is called",
		Text:    "For each locale, the name that the agent sees.",
		Value:   named(localePattern, displayName()),
		Default: map[string]string{"en": "Guest", "zh": "访客"},
	},
	{
		Name: "identity", Title: "Who the customer is",
		Text: "How the service learns it in token mode. Without it every request for a token is refused.",
		Value: mapping(&Mapping{Keys: []Key{{
			Name: "header", Title: "By headers of a proxy",
			Text:  "A reverse proxy that has authenticated the customer says who it is.",
			Value: mapping(&header),
		}}}),
	},
}}

var header = Mapping{Keys: []Key{
	{
		Name: "id", Title: "Header of the user id", Required: true,
		Text:     "A header name: a letter, then letters, digits and -.",
		Value:    text(headerPattern),
		Examples: []any{"X-Remote-User"},
	},
	{
		Name: "name", Title: "Header of the display name",
		Text:     "Without it the customer's id is shown.",
		Value:    text(headerPattern),
		Examples: []any{"X-Remote-Name"},
	},
	{
		Name: "from", Title: "Who may set them", Required: true,
		Text:     "Networks of the proxies, as address and prefix length. Nobody else is believed.",
		Value:    list(text(networkPattern), member{"minItems", 1}),
		Examples: []any{[]string{"127.0.0.1/32"}},
	},
}}

var nginx = Mapping{Keys: []Key{
	{
		Name: "version", Title: "Oldest nginx",
		Text: "That will read the files, from 1.18 on. In quotes: 1.30 is not 1.3.",
		// As a number, 1.20 has lost its zero: no more than the rough size can be checked.
		Value:   Value{Kind: Written, form: object{{"type", []string{"string", "number"}}, {"pattern", nginxPattern}, {"minimum", 1.18}}},
		Default: "1.22",
	},
	{
		Name: "resolver", Title: "DNS server",
		Text:     "With it nginx asks for CEC's address again and again; without, once at its start.",
		Value:    text(resolverPattern),
		Examples: []any{"10.0.0.2", "[fd00::2]:53"},
	},
	{
		Name: "trustedCA", Title: "Certificates that are trusted",
		Text:    "A file of certificate authorities, by which nginx checks CEC's certificate.",
		Value:   path(absolutePathPattern, 200),
		Default: "/etc/ssl/certs/ca-certificates.crt",
	},
	{
		Name: "signer", Title: "Where `embedgen serve` is",
		Text:  "host:port to which nginx passes signing, token and validation requests. service.listen if left out.",
		Value: text(hostPortPattern),
	},
	{
		Name: "root", Title: "Where the public files are",
		Text:    "The directory on the server into which the folder www is deployed.",
		Value:   path(absolutePathPattern, 200),
		Default: "/srv/embedgen/www",
	},
}}
