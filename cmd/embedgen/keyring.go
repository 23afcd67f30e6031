package main

import (
	"sync"

	"embedgen/generator/secret"
)

// keyring holds what references resolved to, so that each command runs once and slow ones run
// side by side.
type keyring struct {
	resolver secret.Resolver
	known    map[secret.Ref]resolved
}

type resolved struct {
	value secret.Value
	err   error
}

// newKeyring resolves references, several at a time. One that fails keeps its error.
func newKeyring(r secret.Resolver, refs []secret.Ref) *keyring {
	const most = 8
	results := make([]resolved, len(refs))
	slots := make(chan struct{}, most)
	var wait sync.WaitGroup
	for i, ref := range refs {
		slots <- struct{}{}
		wait.Go(func() {
			results[i].value, results[i].err = r.Resolve(ref)
			<-slots
		})
	}
	wait.Wait()
	k := &keyring{r, make(map[secret.Ref]resolved, len(refs))}
	for i, ref := range refs {
		k.known[ref] = results[i]
	}
	return k
}

// Resolve returns what is known about a reference, and resolves another one.
func (k *keyring) Resolve(ref secret.Ref) (secret.Value, error) {
	if r, ok := k.known[ref]; ok {
		return r.value, r.err
	}
	return k.resolver.Resolve(ref)
}
