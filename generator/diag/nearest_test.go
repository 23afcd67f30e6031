package diag

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"eager", "idle", "interaction", "tenantSpaceId", "cobrowse", "张三的页面"}
	for got, want := range map[string]string{
		"idel": "idle", "Idle": "idle", "tenant_space_id": "tenantSpaceId", "tenantSpaceID": "tenantSpaceId",
		"intreaction": "interaction", "eger": "eager", "cobrowze": "cobrowse", "张三页面": "张三的页面",
		"": "", "nothing": "", "xx": "", "map": "",
	} {
		if near := Nearest(got, words); near != want {
			t.Errorf("Nearest(%q) = %q, want %q", got, near, want)
		}
	}
}
