package site

import (
	"errors"
	"fmt"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
	"embedgen/generator/secret"
)

// tokenKeyBytes is the least length of an HS256 key (RFC 7518 section 3.2).
const tokenKeyBytes = 32

// secretUse is a place of channels.yaml where a secret is used.
type secretUse struct {
	ref  secret.Ref
	pos  config.Pos
	what string                    // "secretKey of acme/web"
	fit  func(secret.Value) string // why a value is of no use there, or ""
}

// secretUses lists what the commands that sign need: the secret keys of channels in
// authorization mode and the token keys of tenants.
func (s *Site) secretUses() []secretUse {
	var list []secretUse
	for i, t := range s.Tenants {
		written := s.written.Tenants[i]
		for j, c := range t.Channels {
			if c.Mode == Authorization {
				list = append(list, secretUse{c.SecretKey, written.Channels[j].SecretKey.Pos,
					"secretKey of " + t.ID + "/" + c.ID, secret.Value.KeyProblem})
			}
		}
		for j, k := range t.Token.Keys {
			list = append(list, secretUse{k.Secret, written.Token.Keys[j].Secret.Pos, "token key " + k.ID + " of " + t.ID, tokenKeyProblem})
		}
	}
	return list
}

func tokenKeyProblem(v secret.Value) string {
	if len(v.Reveal()) < tokenKeyBytes {
		return fmt.Sprintf("has fewer than %d bytes", tokenKeyBytes)
	}
	return ""
}

// SecretRefs lists the references that the site needs, each once.
func (s *Site) SecretRefs() []secret.Ref {
	var list []secret.Ref
	for _, use := range s.secretUses() {
		list = append(list, use.ref)
	}
	return unique(list)
}

// AllSecretRefs lists every reference of channels.yaml, also those of environments that were not
// asked for, each once.
func (s *Site) AllSecretRefs() []secret.Ref { return unique(s.base.SecretRefs()) }

func unique(list []secret.Ref) []secret.Ref {
	seen := make(map[secret.Ref]bool, len(list))
	var each []secret.Ref
	for _, ref := range list {
		if !ref.IsZero() && !seen[ref] {
			seen[ref] = true
			each = append(each, ref)
		}
	}
	return each
}

// CheckSecrets resolves every secret that the site needs and says, at its place in channels.yaml,
// which one is missing, of no use or weak; never what it is.
func (s *Site) CheckSecrets(resolve func(secret.Ref) (secret.Value, error)) diag.List {
	var list diag.List
	for _, use := range s.secretUses() {
		v, err := resolve(use.ref)
		if err != nil {
			list = append(list, use.unresolved(err))
		} else if problem := use.fit(v); problem != "" {
			list = append(list, use.problem(rule.UnusableSecret, "put the right secret there", problem))
		} else if weakness := v.Weakness(); weakness != "" {
			list = append(list, use.problem(rule.WeakSecret, "make a random one of 43 letters and digits", weakness))
		}
	}
	list.Sort()
	return list
}

func (u secretUse) problem(id rule.ID, hint, problem string) diag.Diagnostic {
	return u.pos.Problem(id, hint, "%s (%s) %s", u.what, u.ref, problem)
}

func (u secretUse) unresolved(err error) diag.Diagnostic {
	var cause *secret.Error
	if errors.As(err, &cause) {
		return u.problem(rule.UnresolvedSecret, cause.Hint, "does not resolve: "+cause.Problem)
	}
	return u.problem(rule.UnresolvedSecret, "", "does not resolve")
}
