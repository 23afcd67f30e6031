package config_test

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config"
	"embedgen/generator/site"
)

// bigTree makes a root directory with channels in files of an equal number of tenants.
func bigTree(files, tenants, channels int) fstest.MapFS {
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte("version: 1\ninclude: [tenants/*.yaml]\ndefaults: {cec: https://cec.example, mode: token}\n")}}
	for f := range files {
		var b bytes.Buffer
		b.WriteString("tenants:\n")
		for t := range tenants {
			fmt.Fprintf(&b, "  - id: t%d-%d\n    name: Tenant %d of file %d\n    tenantSpaceId: \"2020%08d\"\n    origin: https://t%d.f%d.example\n    channels:\n", f, t, t, f, f*tenants+t, t, f)
			for c := range channels {
				fmt.Fprintf(&b, "      - id: channel_%d\n        name: Channel %d # one of many\n        channelConfigId: \"2021%014d\"\n        mode: authorization\n        secretKey: {env: SECRET_%d}\n        locale: zh\n        mapService: google\n", c, c, (f*tenants+t)*channels+c, c)
			}
		}
		fsys[fmt.Sprintf("tenants/f%03d.yaml", f)] = &fstest.MapFile{Data: b.Bytes()}
	}
	return fsys
}

// BenchmarkLoad reads and resolves 100,000 channels in 100 files. It reports how many times as long
// that takes as the bare YAML parse of the same files, equally parallel, and the most memory that
// it took from the system beyond what the benchmark itself has.
func BenchmarkLoad(b *testing.B) {
	fsys := bigTree(100, 10, 100)
	var bare, full time.Duration
	var peak uint64
	for b.Loop() {
		bare += elapsed(func() { parseAll(b, fsys) })
		debug.FreeOSMemory()
		before, most := memory(), uint64(0)
		stop := watchMemory(&most)
		full += elapsed(func() {
			f, problems := config.Load(fsys, "channels.yaml")
			s, more := site.Resolve(f, fsys)
			if s == nil || len(problems)+len(more) > 0 {
				b.Fatal(problems, more)
			}
		})
		stop()
		peak = max(peak, most-before)
	}
	b.ReportMetric(float64(full)/float64(bare), "x-bare-parse")
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
}

func elapsed(do func()) time.Duration {
	runtime.GC()
	start := time.Now()
	do()
	return time.Since(start)
}

// memory returns the bytes that the process has from the system.
func memory() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}

// watchMemory keeps the most memory that the process has until stop is called.
func watchMemory(peak *uint64) (stop func()) {
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			*peak = max(*peak, memory())
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	return func() { close(done); wait.Wait() }
}

// parseAll parses every file into nodes and drops them.
func parseAll(b *testing.B, fsys fstest.MapFS) {
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, file := range fsys {
		slots <- struct{}{}
		wait.Go(func() {
			var n yaml.Node
			if err := yaml.Unmarshal(file.Data, &n); err != nil {
				b.Error(err)
			}
			<-slots
		})
	}
	wait.Wait()
}
