package nginxconf

import (
	"testing"

	"embedgen/generator/internal/lab"
)

func TestNG18Local(t *testing.T) {
	st := newStage(t)
	cec := lab.NewCEC(t, lab.CECOptions{})
	st.setCEC(0, "http://"+cec.Addr)
	tenant := st.site.Tenants[0]
	n := lab.NginxFor(t)
	tenant.Origin = "http://" + n.Addr
	conf, err := Local(tenant, st.site, n.Addr, policyOf)
	if err != nil {
		t.Fatal(err)
	}
	n.Start(t, conf)
	if r := n.Get(t, "/acme/web_support/"); r.Status != 200 || header(r, "Content-Security-Policy") != acmePolicy {
		t.Errorf("page: %d", r.Status)
	}
	if n.Get(t, "/service-cloud/x?y"); cec.One(t).Target != "/service-cloud/x?y" {
		t.Error("the chat does not reach the CEC")
	}
	if r := n.Do(t, "POST", authPath, "{}"); r.Status != 200 {
		t.Errorf("signature: %d", r.Status)
	}
}
