package config

import "embedgen/generator/secret"

// SecretRefs lists every reference to a secret, also those of environments, in the order of the
// file; some may repeat.
func (f *File) SecretRefs() []secret.Ref {
	var list []secret.Ref
	keys := func(all []TokenKey) {
		for _, k := range all {
			list = append(list, k.Secret.V)
		}
	}
	for _, t := range f.Tenants {
		keys(t.Token.Keys)
		for _, c := range t.Channels {
			list = append(list, c.SecretKey.V)
		}
	}
	for _, e := range f.Environments {
		for _, t := range e.Tenants {
			keys(t.Keys.V)
			for _, c := range t.Channels {
				list = append(list, c.SecretKey.V)
			}
		}
	}
	return list
}
