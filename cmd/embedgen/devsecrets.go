package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"

	"embedgen/generator/secret"
)

// devSecrets resolves secrets for a trial against the simulated CEC: what is missing is made up.
// A missing file is written, so that `sign` and `serve` find the same key; a missing variable
// gets a value for as long as the program runs.
type devSecrets struct {
	resolver secret.Resolver
	log      io.Writer

	mu    sync.Mutex
	known map[secret.Ref]secret.Value
	told  map[string]bool // errors
}

func newDevSecrets(r secret.Resolver, log io.Writer) *devSecrets {
	return &devSecrets{resolver: r, log: log, known: map[secret.Ref]secret.Value{}, told: map[string]bool{}}
}

// Resolve returns the secret of a reference, the same at each call: a command runs once, not at
// each save.
func (d *devSecrets) Resolve(ref secret.Ref) (secret.Value, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if v, ok := d.known[ref]; ok {
		return v, nil
	}
	v, err := d.resolver.Resolve(ref)
	if errors.Is(err, secret.ErrMissing) {
		v, err = d.invent(ref)
	}
	if err != nil {
		d.tell(err)
	} else if ref.File == "" {
		d.known[ref] = v
	}
	return v, err
}

// tell says, once, why a channel will not work: only what is missing can be made up.
func (d *devSecrets) tell(err error) {
	var cause *secret.Error
	if !errors.As(err, &cause) || d.told[err.Error()] {
		return
	}
	d.told[err.Error()] = true
	fmt.Fprintf(d.log, "secret unavailable: %s\n", err)
	if cause.Hint != "" {
		fmt.Fprintf(d.log, "hint: %s\n", cause.Hint)
	}
}

func (d *devSecrets) invent(ref secret.Ref) (secret.Value, error) {
	if ref.Env != "" {
		fmt.Fprintf(d.log, "%s is not set: a random value stands in for it until dev stops\n", ref.Env)
		return secret.Random(rand.Reader)
	}
	v, err := d.resolver.Create(ref, rand.Reader)
	if err == nil {
		fmt.Fprintf(d.log, "made a throwaway key: %s\n", ref.File)
	}
	return v, err
}
