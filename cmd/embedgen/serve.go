package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"embedgen/generator/chatauth"
	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// serveFlags are the flags of embedgen serve.
type serveFlags struct {
	project
	addr string
	json bool
}

var serveCommand = command{
	name: "serve", args: "[flags]", summary: "run the signing, token and validation service",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(serveFlags)
		f.bind(fs)
		fs.StringVar(&f.addr, "addr", "", "listen on this `host:port` instead of service.listen")
		fs.BoolVar(&f.json, "json", false, "log one JSON object a line")
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return usagef("serve takes no arguments, got %q", args[0])
			}
			return a.serve(ctx, f)
		}
	},
}

// nearProxies are the peers whose X-Forwarded-For serve believes: the nginx of the same machine.
var nearProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func (a *app) serve(ctx context.Context, f *serveFlags) error {
	s, err := a.site(&f.project)
	if err != nil {
		return err
	}
	addr := s.Service.Listen
	if f.addr != "" {
		addr = f.addr
	}
	log := a.logger(f.json)
	service, err := f.service(s, addr, log)
	if err != nil {
		return err
	}
	if err := reportUnavailable(s, service, log); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	log.Info("serving", "address", listener.Addr().String(), "tenants", len(s.Tenants), "version", version())
	return serveHTTP(ctx, listener, chatauth.NewServer(service, log))
}

func (a *app) logger(json bool) *slog.Logger {
	if json {
		return slog.New(slog.NewJSONHandler(a.stderr, nil))
	}
	return slog.New(slog.NewTextHandler(a.stderr, nil))
}

func (f *serveFlags) service(s *site.Site, addr string, log *slog.Logger) (*chatauth.Service, error) {
	secrets := newKeyring(f.secrets(), s.SecretRefs())
	warnOfSecrets(s, secrets, log)
	identity, err := chatauth.HeaderIdentity(s.Service.Identity)
	if err != nil {
		return nil, err
	}
	return chatauth.New(chatauth.Options{
		Site:           s,
		Addresses:      chatauth.Addresses(s),
		Secrets:        secrets.Resolve,
		Identity:       identity,
		Now:            time.Now,
		Rand:           rand.Reader,
		Log:            log,
		TrustedProxies: nearProxies,
		Health:         addr,
	})
}

// warnOfSecrets logs which secrets are easy to guess.
func warnOfSecrets(s *site.Site, secrets *keyring, log *slog.Logger) {
	for _, d := range s.CheckSecrets(secrets.Resolve) {
		if d.Severity == diag.Warning {
			log.Warn("weak secret", "at", d.Pos.String(), "reason", d.Message)
		}
	}
}

// reportUnavailable logs every channel that lacks a secret. One missing secret must not take the
// other tenants' chats down; it is an error only if nothing is left to serve.
func reportUnavailable(s *site.Site, service *chatauth.Service, log *slog.Logger) error {
	list := service.Problems()
	for _, p := range list {
		log.Error("unavailable", "tenant", p.Tenant, "channel", p.Channel, "reason", p.Err.Error())
	}
	needed := 0
	for _, t := range s.Tenants {
		if len(t.Token.Keys) > 0 {
			needed++
		}
		for _, c := range t.Channels {
			if c.Mode == site.Authorization {
				needed++
			}
		}
	}
	if len(list) > 0 && len(list) >= needed {
		return inputf("no secret of channels.yaml can be read: there is nothing to serve").
			withHint("the lines above say which secrets are missing; `embedgen dev` makes throwaway ones for a trial")
	}
	return nil
}

// serveHTTP serves until the context ends, then lets requests in flight finish.
func serveHTTP(ctx context.Context, listener net.Listener, server *http.Server) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return fmt.Errorf("requests in flight did not finish: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
