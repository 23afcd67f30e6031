package main

import (
	"flag"
	"strings"

	"embedgen/generator/config"
	"embedgen/generator/config/edit"
	"embedgen/generator/config/schema"
)

// addFlags are the flags of embedgen add.
type addFlags struct {
	project
	set    *flag.FlagSet
	tenant string // of the channel
}

// part is a key of channels.yaml that a flag of embedgen add fills in.
type part struct {
	flag, usage string
	key         string
}

var (
	tenantParts = []part{
		{"id", "`id` of the tenant: it names folders; or of the channel: the access code in the CEC console", "id"},
		{"name", "display `name`", "name"},
		{"tenant-space-id", "of a tenant: its `ID` in the CEC console", "tenantSpaceId"},
		{"origin", "of a tenant: the `address` of the site that carries the chat", "origin"},
		{"cec", "of a tenant: CEC's own `address`", "cec"},
		{"context-path", "of a tenant: where the browser finds CEC, if not at /service-cloud: a `path` or an address", "contextPath"},
	}
	// firstParts are of the channel that a new tenant begins with; of a new channel, id and name
	// are flags of their own.
	firstParts = []part{
		{"channel", "of a tenant: `id` of its first channel", "id"},
		{"channel-name", "of a tenant: display `name` of its first channel", "name"},
	}
	channelParts = []part{
		{"channel-config-id", "`ID` of the channel configuration in the CEC console", "channelConfigId"},
		{"mode", "`authorization` for guests, token for customers", "mode"},
		{"locale", "language of the chat: `zh` or en", "locale"},
		{"map-service", "`tencent` or google", "mapService"},
		{"cobrowse", "`false`, true or extension", "cobrowse"},
		{"load", "`idle`, eager or interaction", "load"},
	}
	secretParts = []part{
		{"secret-env", "environment `variable` of the secret key", "env"},
		{"secret-file", "`file` of the secret key; .secrets/TENANT_CHANNEL if neither is given", "file"},
		{"secret-exec", "`command` that prints the secret key: words between spaces", "exec"},
	}
)

func newAddFlags(fs *flag.FlagSet) *addFlags {
	f := &addFlags{set: fs}
	f.bindFile(fs)
	fs.StringVar(&f.tenant, "tenant", "", "of a channel: `id` of its tenant")
	for _, parts := range [][]part{tenantParts, firstParts, channelParts, secretParts} {
		for _, p := range parts {
			fs.String(p.flag, "", p.usage)
		}
	}
	return f
}

func (f *addFlags) value(name string) string { return f.set.Lookup(name).Value.String() }

// refuse reports flags that are given and are for the other kind.
func (f *addFlags) refuse(kind string, parts ...part) (err error) {
	f.set.Visit(func(given *flag.Flag) {
		for _, p := range parts {
			if p.flag == given.Name {
				err = usagef("--%s is not for a %s", p.flag, kind)
			}
		}
	})
	return err
}

// chooseTenant finds the tenant of a new channel: the only one if none is named.
func (a *app) chooseTenant(q *questions, f *addFlags, file *config.File) (*config.Tenant, error) {
	id := f.tenant
	if id == "" && len(file.Tenants) == 1 {
		return file.Tenants[0], nil
	}
	var ids []string
	for _, t := range file.Tenants {
		ids = append(ids, t.ID.V)
	}
	if id == "" {
		id = q.choose("tenant", "Tenant", ids)
	}
	for _, t := range file.Tenants {
		if t.ID.V == id {
			return t, nil
		}
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	return nil, unknownTenant(id, ids)
}

var (
	tenantMapping  = schema.File.Key("tenants").Value.Items.Mapping
	channelMapping = tenantMapping.Key("channels").Value.Items.Mapping
)

// channelFields collects what is to be written of a channel of a tenant. The first two parts are its
// id and its name; mode is what it inherits.
func (f *addFlags) channelFields(q *questions, idAndName []part, tenant, mode string) edit.Fields {
	fields := edit.Fields{}
	q.need(fields, channelMapping, idAndName[0], f.value(idAndName[0].flag))
	q.offer(fields, channelMapping, idAndName[1], f.value(idAndName[1].flag))
	for _, p := range channelParts {
		given := f.value(p.flag)
		switch {
		case p.key == "channelConfigId", p.key == "mode" && mode == "":
			q.need(fields, channelMapping, p, given)
		case given != "":
			fields[p.key] = given
		}
	}
	if written, ok := fields["mode"].(string); ok {
		mode = written
	}
	if mode == "authorization" {
		id, _ := fields["id"].(string)
		fields["secretKey"] = f.secretFields(".secrets/" + tenant + "_" + id)
	}
	return fields
}

// secretFields is the reference to the secret key.
func (f *addFlags) secretFields(file string) edit.Fields {
	for _, p := range secretParts {
		if given := f.value(p.flag); given != "" && p.key == "exec" {
			return edit.Fields{p.key: strings.Fields(given)}
		} else if given != "" {
			return edit.Fields{p.key: given}
		}
	}
	return edit.Fields{"file": file}
}

// tenantFields collects what is to be written of a tenant with its first channel.
func (f *addFlags) tenantFields(q *questions, file *config.File) edit.Fields {
	fields := edit.Fields{}
	for _, p := range tenantParts {
		given := f.value(p.flag)
		switch {
		case p.key == "name":
			q.offer(fields, tenantMapping, p, given)
		case p.key == "contextPath" || p.key == "cec" && f.knowsCEC(file):
			if given != "" {
				fields[p.key] = given
			}
		default:
			q.need(fields, tenantMapping, p, given)
		}
	}
	id, _ := fields["id"].(string)
	fields["channels"] = []edit.Fields{f.channelFields(q, firstParts, id, file.Defaults.Mode.V)}
	return fields
}

// knowsCEC reports whether a tenant can do without cec of its own.
func (f *addFlags) knowsCEC(file *config.File) bool {
	return file.Defaults.CEC.Set || strings.Contains(f.value("context-path")+file.Defaults.ContextPath.V, "://")
}
