package nginxconf

import "strconv"

// endpointLocation passes one of the three duties to embedgen serve. Only this one path matches,
// and only this path is sent.
func (p *plan) endpointLocation(e endpoint) directive {
	body := []directive{
		lits("client_max_body_size", "8k"),
		lits("client_body_buffer_size", "8k"),
		p.limit(e.kind),
		lits("limit_req_status", "429"),
		lits("proxy_pass", "http://"+p.names.of(signerThing)+e.path),
		lits("proxy_http_version", "1.1"),
		lits("proxy_set_header", "Connection", ""),
		lits("proxy_connect_timeout", "2s"),
		lits("proxy_read_timeout", "10s"),
	}
	body = append(body, p.peerHeaders()...)
	body = append(body, p.identityHeaders(e.kind)...)
	body = append(body, noStore()...)
	body = append(body,
		lits("proxy_intercept_errors", "off"),
		lits("proxy_cache", "off"),
		line("error_page", lit("413"), lit("429"), lit("500"), lit("502"), lit("503"), lit("504"),
			lit("@"+p.names.of(refusedThing))).about("nginx's own refusals; the site's error pages would lose no-store."))
	return block(body, "location", lit("="), lit(e.path)).about(e.kind.purpose()...)
}

func (k endpointKind) purpose() []string {
	switch k {
	case authorizationEndpoint:
		return []string{"Guests get their signature here, from embedgen serve."}
	case tokenEndpoint:
		return []string{
			"Signed-in customers get their token here. Who they are is what the server block says in two",
			"variables, by set or auth_request_set (see http.conf), never what the client sends.",
		}
	}
	return []string{"CEC's servers ask here whether a token is good."}
}

// limit bounds requests per peer. CEC's servers ask from few addresses for all customers.
func (p *plan) limit(k endpointKind) directive {
	zone, burst := signingThing, 20
	if k == validationEndpoint {
		zone, burst = validationThing, 40
	}
	return lits("limit_req", "zone="+p.names.of(zone), "burst="+strconv.Itoa(burst), "nodelay")
}

// peerHeaders tell the signer who asks and for which site. The host is the one that was asked for,
// so that the signer can refuse an unknown one; its port is the origin's.
func (p *plan) peerHeaders() []directive {
	host := ref("host")
	if p.origin.port != "" {
		host = concat(host, lit(":"+p.origin.port))
	}
	return []directive{
		line("proxy_set_header", lit("Host"), host),
		line("proxy_set_header", lit("X-Forwarded-Host"), host),
		line("proxy_set_header", lit("X-Forwarded-Proto"), ref("scheme")),
		line("proxy_set_header", lit("X-Forwarded-For"), ref("remote_addr")),
		line("proxy_set_header", lit("X-Real-IP"), ref("remote_addr")),
		lits("proxy_set_header", "Forwarded", ""),
	}
}

func (p *plan) identityHeaders(k endpointKind) []directive {
	id, name := lit(""), lit("")
	if k == tokenEndpoint {
		id, name = ref(p.names.of(userIDThing)), ref(p.names.of(userNameThing))
	}
	return []directive{
		line("proxy_set_header", lit(p.identity.id), id),
		line("proxy_set_header", lit(p.identity.name), name),
	}
}

// noStore gives every answer exactly one Cache-Control, nginx's own errors too.
func noStore() []directive {
	return []directive{
		lits("proxy_hide_header", "Cache-Control"),
		lits("proxy_hide_header", "X-Content-Type-Options"),
		lits("expires", "off"),
		lits("add_header", "Cache-Control", "no-store", "always"),
		lits("add_header", "X-Content-Type-Options", "nosniff", "always"),
	}
}

// refusedLocation answers for the endpoints when nginx itself refuses, with the status that it has.
func (p *plan) refusedLocation() directive {
	return block([]directive{
		lits("default_type", "text/plain"),
		lits("expires", "off"),
		lits("add_header", "Cache-Control", "no-store", "always"),
		lits("add_header", "X-Content-Type-Options", "nosniff", "always"),
		lits("return", "200", "refused"),
	}, "location", lit("@"+p.names.of(refusedThing))).about(
		"The answer to a request that nginx refuses itself: the status stays 413, 429 or 5xx.")
}
