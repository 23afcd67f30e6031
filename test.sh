#!/usr/bin/env bash
# Installs what the tests need (nginx, Caddy, Chromium, npm packages), runs everything, and ends
# non-zero on any failure. It needs Go, and on Debian root or sudo for what is missing.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n== %s\n' "$*"; }

root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

install_programs() {
  local missing=()
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx)
  command -v caddy >/dev/null || missing+=(caddy)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v curl >/dev/null || missing+=(curl)
  command -v npm >/dev/null || missing+=(npm)
  command -v gcc >/dev/null || missing+=(gcc libc6-dev) # the race detector needs cgo
  fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk)
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  root apt-get update -qq
  root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

install_packages() {
  say 'npm packages of the tests'
  (cd generator/internal/lab/npm && npm ci --silent --no-audit --no-fund)
}

lint() {
  say 'gofmt, go vet, staticcheck'
  local unformatted
  unformatted=$(git ls-files '*.go' | xargs gofmt -l)
  if [ -n "$unformatted" ]; then
    printf 'gofmt would change:\n%s\n' "$unformatted"
    return 1
  fi
  go vet ./...
  go run honnef.co/go/tools/cmd/staticcheck@v0.8.1 ./...
}

# The vulnerability database is asked only where it answers; go.sum pins what is built either way.
vulnerabilities() {
  say 'govulncheck'
  if ! curl -fsS --max-time 10 -o /dev/null https://vuln.go.dev/index/modules.json 2>/dev/null; then
    echo 'the vulnerability database cannot be reached from here: not checked'
    return
  fi
  go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...
}

tests() {
  say 'tests'
  go test -timeout 20m ./...
  say 'tests of what runs concurrently, with the race detector'
  go test -race -timeout 20m ./generator/artifact/ ./generator/chatauth/ ./generator/cecsim/ ./generator/devserver/...
}

install_programs
install_packages
lint
vulnerabilities
tests
say 'all tests passed'
