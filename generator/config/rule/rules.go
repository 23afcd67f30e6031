package rule

import "embedgen/generator/diag"

// The files themselves.
const (
	UnreadableFile    ID = "unreadable-file"
	FileTooLarge      ID = "file-too-large"
	InvalidUTF8       ID = "invalid-utf8"
	UnsafeCharacter   ID = "unsafe-character"
	YAMLSyntax        ID = "yaml-syntax"
	EmptyFile         ID = "empty-file"
	MultipleDocuments ID = "multiple-documents"
	MergeKey          ID = "merge-key"
	AliasLimit        ID = "alias-limit"
	TooManyProblems   ID = "too-many-problems"
	TooManyValues     ID = "too-many-values"
	TooManyEntries    ID = "too-many-entries"
	IncludePattern    ID = "include-pattern"
	IncludeOutside    ID = "include-outside"
	IncludeNoMatch    ID = "include-no-match"
	IncludeCycle      ID = "include-cycle"
	IncludeDuplicate  ID = "include-duplicate"
)

// Keys and types.
const (
	BadVersion   ID = "bad-version"
	UnknownKey   ID = "unknown-key"
	DuplicateKey ID = "duplicate-key"
	WrongType    ID = "wrong-type"
	MissingKey   ID = "missing-key"
)

// Single values.
const (
	BadName          ID = "bad-name"
	BadID            ID = "bad-id"
	UnusualID        ID = "unusual-id"
	BadOrigin        ID = "bad-origin"
	InsecureOrigin   ID = "insecure-origin"
	BadURL           ID = "bad-url"
	BadPath          ID = "bad-path"
	BadContextPath   ID = "bad-context-path"
	BadMode          ID = "bad-mode"
	BadLocale        ID = "bad-locale"
	UnusualLocale    ID = "unusual-locale"
	BadLanguage      ID = "bad-language"
	BadMapService    ID = "bad-map-service"
	BadRegion        ID = "bad-region"
	BadCobrowse      ID = "bad-cobrowse"
	BadLoad          ID = "bad-load"
	BadFallback      ID = "bad-fallback"
	BadFrameAncestor ID = "bad-frame-ancestor"
	BadSignature     ID = "bad-signature"
	BadCIDR          ID = "bad-cidr"
	BadHostPort      ID = "bad-host-port"
	BadHeaderName    ID = "bad-header-name"
	BadDuration      ID = "bad-duration"
	BadTime          ID = "bad-time"
	BadNginxVersion  ID = "bad-nginx-version"
)

// Secrets.
const (
	LiteralSecret ID = "literal-secret"
	EchoedSecret  ID = "echoed-secret"
	BadSecretRef  ID = "bad-secret-ref"
	MissingSecret ID = "missing-secret"
	UnusedSecret  ID = "unused-secret"
	// These are found by what resolves secrets.
	UnresolvedSecret ID = "unresolved-secret"
	UnusableSecret   ID = "unusable-secret"
	WeakSecret       ID = "weak-secret"
)

// Libraries.
const (
	BadLibrary        ID = "bad-library"
	MissingIntegrity  ID = "missing-integrity"
	BadIntegrity      ID = "bad-integrity"
	UnreadableLibrary ID = "unreadable-library"
	OldJQuery         ID = "old-jquery"
	SlimJQuery        ID = "slim-jquery"
	BackdooredAxios   ID = "backdoored-axios"
)

// Environments.
const (
	UnknownEnvironment ID = "unknown-environment"
	UnknownReference   ID = "unknown-reference"
	EnvironmentKind    ID = "environment-kind"
)

// What several values mean together.
const (
	DuplicateID            ID = "duplicate-id"
	DuplicateChannelConfig ID = "duplicate-channel-config"
	MissingCEC             ID = "missing-cec"
	PathCollision          ID = "path-collision"
	DirectContext          ID = "direct-context"
	CrossSiteFrame         ID = "cross-site-frame"
	MissingFolder          ID = "missing-folder"
	BadPageName            ID = "bad-page-name"
	PageCollision          ID = "page-collision"
	MapOutsideChina        ID = "map-outside-china"
)

var all = []Rule{
	{UnreadableFile, diag.Error, "Every file that channels.yaml names can be read."},
	{FileTooLarge, diag.Error, "A file is at most 64 MiB, all included files together 256 MiB."},
	{InvalidUTF8, diag.Error, "A file is UTF-8; a byte order mark at its start is ignored."},
	{UnsafeCharacter, diag.Error, "No control character, line or paragraph separator or bidirectional control, neither raw nor as an escape."},
	{YAMLSyntax, diag.Error, "A file is YAML."},
	{EmptyFile, diag.Error, "A file is not empty."},
	{MultipleDocuments, diag.Error, "A file is one YAML document."},
	{MergeKey, diag.Error, "No merge key (<<): shared values belong under defaults."},
	{AliasLimit, diag.Error, "Aliases (*name) expand to at most 100,000 values."},
	{TooManyProblems, diag.Error, "At most 1,000 errors of a file are shown, and as many warnings."},
	{TooManyValues, diag.Error, "A file has at most 3,000,000 values: that is room for over 100,000 channels."},
	{TooManyEntries, diag.Error, "All files together have at most 250,000 tenants and channels."},
	{IncludePattern, diag.Error, "An include is a file name or a glob with *, ? and [...]; there are at most 10,000 of them."},
	{IncludeOutside, diag.Error, "An include stays inside the directory of channels.yaml."},
	{IncludeNoMatch, diag.Error, "An include matches at least one file."},
	{IncludeCycle, diag.Error, "A file does not include itself."},
	{IncludeDuplicate, diag.Error, "A file is included once."},

	{BadVersion, diag.Error, "version is 1."},
	{UnknownKey, diag.Error, "Every key is a known one, in its place."},
	{DuplicateKey, diag.Error, "A key appears once in its mapping."},
	{WrongType, diag.Error, "A value has the type that its key asks for; text that YAML could read as something else is quoted."},
	{MissingKey, diag.Error, "Every required key is there."},

	{BadName, diag.Error, "A display name is not empty and at most 200 characters."},
	{BadID, diag.Error, "An id keeps to its alphabet and length and is not reserved."},
	{UnusualID, diag.Warning, "CEC's own ids have 12 to 19 digits."},
	{BadOrigin, diag.Error, "An origin is https://host[:port] and nothing more; http only on this machine."},
	{InsecureOrigin, diag.Warning, "A site that carries the chat, shows it in a frame or takes its visitors is served over https."},
	{BadURL, diag.Error, "An address is an absolute https URL without user, query or fragment."},
	{BadPath, diag.Error, "A path has letters, digits, /, _, ., ~ and - only, and no empty or dot segment."},
	{BadContextPath, diag.Error, "A context path ends in /service-cloud: CEC recognises a request by it."},
	{BadMode, diag.Error, "mode is authorization or token."},
	{BadLocale, diag.Error, "A locale is a language tag such as zh, en or zh_CN."},
	{UnusualLocale, diag.Warning, "CEC documents the locales zh and en."},
	{BadLanguage, diag.Error, "The documentation exists in en and zh."},
	{BadMapService, diag.Error, "mapService is tencent or google."},
	{BadRegion, diag.Error, "region is the two letters of a country, in lower case."},
	{BadCobrowse, diag.Error, "cobrowse is false, true or extension."},
	{BadLoad, diag.Error, "load is eager, idle or interaction."},
	{BadFallback, diag.Error, "fallback is false, an https, mailto or tel address of at most 2,000 bytes, or a path of the site."},
	{BadFrameAncestor, diag.Error, "csp.frameAncestors has at most 50 origins, each once and none with a wildcard."},
	{BadSignature, diag.Error, "signature.order is doc, hash or sorted; length is bytes or chars; accessKey has letters, digits, _ and - only."},
	{BadCIDR, diag.Error, "A network is an address with a prefix length, such as 127.0.0.1/32."},
	{BadHostPort, diag.Error, "A network address is host:port."},
	{BadHeaderName, diag.Error, "A header name starts with a letter and has letters, digits and - only."},
	{BadDuration, diag.Error, "A token lifetime is a duration from 10s to 24h."},
	{BadTime, diag.Error, "A time is written as in RFC 3339, with its zone."},
	{BadNginxVersion, diag.Error, "nginx.version is at least 1.18, as major.minor or major.minor.patch."},

	{LiteralSecret, diag.Error, "A secret is named by a reference, never written into the file."},
	{EchoedSecret, diag.Warning, "A program that gives a secret does not have it from the file."},
	{BadSecretRef, diag.Error, "A secret reference has one of env, file and exec."},
	{MissingSecret, diag.Error, "A channel in authorization mode has a secretKey."},
	{UnusedSecret, diag.Warning, "A channel in token mode needs no secretKey."},
	{UnresolvedSecret, diag.Error, "Every secret that a command needs is where its reference says."},
	{UnusableSecret, diag.Error, "A secretKey is 1 to 43 letters and digits; a token key has at least 32 bytes."},
	{WeakSecret, diag.Warning, "A secret has at least 16 characters, 8 of them different."},

	{BadLibrary, diag.Error, "A library is false, {src, integrity} or {file}."},
	{MissingIntegrity, diag.Error, "A remote library has an integrity."},
	{BadIntegrity, diag.Error, "An integrity is sha256-, sha384- or sha512- and the digest in base64."},
	{UnreadableLibrary, diag.Error, "A library file is inside the directory of channels.yaml and can be read."},
	{OldJQuery, diag.Error, "jQuery is 3.5 or newer: older ones have known holes."},
	{SlimJQuery, diag.Error, "jQuery is the full build: the slim one has no $.ajax."},
	{BackdooredAxios, diag.Error, "axios is not one of the releases that carried a backdoor (1.14.1, 0.30.4)."},

	{DuplicateID, diag.Error, "Ids are unique, upper and lower case taken as equal."},
	{DuplicateChannelConfig, diag.Warning, "Two channels do not share a channel configuration."},
	{MissingCEC, diag.Error, "A channel behind the site's proxy knows its CEC."},
	{PathCollision, diag.Error, "The paths of one origin do not overlap."},
	{DirectContext, diag.Warning, "A CEC that the browser talks to directly is on the site's own domain."},
	{CrossSiteFrame, diag.Warning, "A site that shows the page in a frame is on the tenant's own domain."},
	{MissingFolder, diag.Error, "site.pages is a folder."},
	{BadPageName, diag.Error, "The name of a page means the same to every file system and in an address."},
	{PageCollision, diag.Error, "Two pages do not become one file."},
	{MapOutsideChina, diag.Warning, "Tencent maps, which know no places outside China, are for visitors in China."},

	{UnknownEnvironment, diag.Error, "An environment that is asked for, or that an included file adds to, is one of channels.yaml."},
	{UnknownReference, diag.Error, "The tenants and channels that an environment changes exist."},
	{EnvironmentKind, diag.Error, "An environment keeps the kind of a context path: a path stays a path, an address an address."},
}
