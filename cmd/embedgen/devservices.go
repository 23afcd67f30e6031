package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"embedgen/generator/cecsim"
	"embedgen/generator/chatauth"
	"embedgen/generator/devserver"
	"embedgen/generator/diag"
	"embedgen/generator/secret"
	"embedgen/generator/site"
)

// devServices joins the endpoints of production and the simulated CEC with the development
// server.
type devServices struct {
	simulate  bool
	templates fs.FS
	secrets   func(secret.Ref) (secret.Value, error)

	// The simulated CEC outlives changes of the site, so that open chats do.
	cec       *cecsim.CEC
	addresses atomic.Pointer[[]chatauth.Address]
}

func buildFailure(err error) diag.Diagnostic {
	return diag.Diagnostic{Pos: diag.Pos{File: "channels.yaml"}, Rule: "build", Message: err.Error()}
}

// make builds the services of a site.
func (d *devServices) make(r devserver.Result, tools devserver.Tools) (devserver.Services, error) {
	known := addresses(tools.Origins, r.Site)
	endpoints, err := chatauth.New(chatauth.Options{
		Site:      r.Site,
		Addresses: known,
		Secrets:   d.secrets,
		Identity:  devIdentity(tools.Identity),
		Now:       time.Now,
		Rand:      rand.Reader,
		Observe: func(e chatauth.Event) {
			tools.Record(endpointEntry(e))
		},
	})
	if err != nil {
		return devserver.Services{}, err
	}
	if problems := endpoints.Problems(); len(problems) > 0 && !d.simulate {
		return devserver.Services{}, problems[0]
	}
	services := devserver.Services{Endpoints: endpoints}
	if d.simulate {
		d.addresses.Store(&known)
		if d.cec == nil {
			d.cec = d.newCEC(r.Site, tools)
		} else {
			d.cec.SetSite(r.Site)
		}
		services.CEC, services.Console = d.cec, d.cec.Console()
	}
	return services, nil
}

func addresses(o devserver.Origins, s *site.Site) []chatauth.Address {
	var list []chatauth.Address
	for _, a := range o.Addresses(s) {
		list = append(list, chatauth.Address(a))
	}
	return list
}

// devIdentity is the identity provider behind the "be user" box of the dashboard.
type devIdentity func(*http.Request) (id, name string, ok bool)

func (d devIdentity) Identify(r *http.Request, _ *site.Tenant) (chatauth.User, error) {
	id, name, ok := d(r)
	if !ok {
		return chatauth.User{}, chatauth.ErrNoSession
	}
	return chatauth.User{ID: id, Name: name}, nil
}

func (d *devServices) newCEC(s *site.Site, tools devserver.Tools) *cecsim.CEC {
	return cecsim.New(cecsim.Options{
		Site: s,
		Secrets: func(r secret.Ref) (string, error) {
			v, err := d.secrets(r)
			return v.Reveal(), err
		},
		Templates: d.templates,
		Validate:  validator(tools.Origins),
		Now:       time.Now,
		Rand:      rand.Reader,
		AllowedOrigin: func(t *site.Tenant, origin string) bool {
			return d.knows(func(a chatauth.Address) bool { return a.Origin == origin && slices.Contains(a.Tenants, t.ID) })
		},
		AllowHost: func(host string) bool {
			return d.knows(func(a chatauth.Address) bool { return a.Host == host })
		},
		Observe: func(e cecsim.Event) { tools.Record(hopEntry(e)) },
	})
}

// knows reports whether one of the server's present addresses is such.
func (d *devServices) knows(such func(chatauth.Address) bool) bool {
	return slices.ContainsFunc(*d.addresses.Load(), such)
}

// validator calls a tenant's token authentication API as CEC's server does: by HTTP, on the
// tenant's own origin.
func validator(o devserver.Origins) func(context.Context, *site.Tenant, cecsim.ValidateRequest) (int, string, error) {
	return func(ctx context.Context, t *site.Tenant, v cecsim.ValidateRequest) (int, string, error) {
		body, err := json.Marshal(v)
		if err != nil {
			return 0, "", err
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.Plain()+t.Endpoints.Validation, bytes.NewReader(body))
		if err != nil {
			return 0, "", err
		}
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, "", err
		}
		defer answer.Body.Close()
		return retCode(answer)
	}
}

func retCode(answer *http.Response) (int, string, error) {
	var result struct {
		RetCode *int   `json:"retCode"`
		Message string `json:"message"`
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, 64<<10)).Decode(&result); err != nil {
		return 0, "", fmt.Errorf("status %d, and the body is not JSON: %w", answer.StatusCode, err)
	}
	if result.RetCode == nil {
		return 0, "", fmt.Errorf("status %d, and the body has no retCode", answer.StatusCode)
	}
	return *result.RetCode, result.Message, nil
}
