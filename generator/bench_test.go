package generator_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"embedgen/generator"
	"embedgen/generator/artifact"
	"embedgen/generator/leak"
	"embedgen/generator/secret"
)

// agency is a channels.yaml of n channels, ten to a tenant, of every mode, locale, start and
// context path.
func agency(n int) []byte {
	var b bytes.Buffer
	b.WriteString("version: 1\nsite: {title: Agency, languages: [en, zh]}\ntenants:\n")
	loads := []string{"eager", "idle", "interaction"}
	for i := range n {
		tenant := i / 10
		if i%10 == 0 {
			fmt.Fprintf(&b, "  - id: t%d\n    name: Tenant %d\n    tenantSpaceId: \"2020071%05d\"\n    origin: https://www%d.example\n"+
				"    cec: https://cec%d.cloud.example\n    contextPath: %s/service-cloud\n"+
				"    token: {keys: [{id: k1, secret: {env: TOKEN_%d}}]}\n    channels:\n",
				tenant, tenant, tenant, tenant, tenant%7, []string{"", fmt.Sprintf("/t%d", tenant)}[tenant%2], tenant)
		}
		fmt.Fprintf(&b, "      - id: c%d\n        name: Channel %d\n        channelConfigId: \"2021021931968%05d\"\n        load: %s\n        locale: %s\n",
			i, i, i, loads[i%3], []string{"en", "zh"}[i%2])
		if i%4 == 3 {
			b.WriteString("        mode: token\n")
		} else {
			fmt.Fprintf(&b, "        mode: authorization\n        secretKey: {env: KEY_%d}\n", i)
		}
	}
	return b.Bytes()
}

// BenchmarkBuild1000 builds 1,000 channels from channels.yaml to files on disk, searched for 1,000
// secrets, and reports how many times as long that takes as writing the same files from memory,
// one after the other.
func BenchmarkBuild1000(b *testing.B) {
	in := generator.Input{Root: fstest.MapFS{"channels.yaml": {Data: agency(1000)}}, Config: "channels.yaml"}
	secrets := randomSecrets(1000)
	var build, floor time.Duration
	var files int
	var size int64
	for i := 0; b.Loop(); i++ {
		dir := filepath.Join(b.TempDir(), fmt.Sprint(i))
		start := time.Now()
		r, err := new(generator.Generator).Build(context.Background(), in)
		if err != nil || r.Tree == nil {
			b.Fatal(err, r.Diagnostics)
		}
		if leaks := leak.Search(r.Tree.Files(), secrets); leaks != nil {
			b.Fatal(leaks)
		}
		if _, err := artifact.Write(r.Tree, dir); err != nil {
			b.Fatal(err)
		}
		build += time.Since(start)
		files, size = len(r.Tree.Files()), r.Tree.Bytes()

		start = time.Now()
		writePlainly(b, r.Tree, dir+"-floor")
		floor += time.Since(start)
		os.RemoveAll(dir)
		os.RemoveAll(dir + "-floor")
	}
	b.ReportMetric(float64(build)/float64(floor), "x-floor")
	b.ReportMetric(float64(floor.Milliseconds())/float64(b.N), "floor-ms/op")
	b.ReportMetric(float64(files), "files")
	b.ReportMetric(float64(size)/1e6, "MB")
}

func randomSecrets(n int) []leak.Secret {
	var list []leak.Secret
	for i := range n {
		v, err := secret.Random(rand.Reader)
		if err != nil {
			panic(err)
		}
		list = append(list, leak.Secret{Ref: secret.Ref{Env: fmt.Sprintf("KEY_%d", i)}, Value: v})
	}
	return list
}

func writePlainly(b *testing.B, t *artifact.Tree, dir string) {
	last := ""
	for _, f := range t.Files() {
		p := filepath.Join(dir, f.Path)
		if d := filepath.Dir(p); d != last {
			if err := os.MkdirAll(d, 0o777); err != nil {
				b.Fatal(err)
			}
			last = d
		}
		if err := os.WriteFile(p, f.Data, 0o666); err != nil {
			b.Fatal(err)
		}
	}
}
