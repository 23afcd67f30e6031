package script_test
import ("testing";"os";"embedgen/templates")
func TestZZDump(t *testing.T){ e:=newEngine(t,templates.FS); os.WriteFile("/tmp/emb/embed.js",e.Embed(full()),0o644); _,c:=e.Client(); os.WriteFile("/tmp/emb/client.js",c,0o644)}
