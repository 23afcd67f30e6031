// Package e2e tests the finished program from outside: it builds cmd/embedgen, runs it, and holds
// what it does against cec-contract.md and DESIGN.md. Nothing of the project but the test support of
// package lab is imported, so that a mistake in a shared package cannot hide itself.
//
// Its CEC is an own, strict one: it speaks TLS, checks every request to the letter of the contract,
// verifies signatures by an own implementation, calls the site's validation endpoint through nginx,
// and answers with scripts that check the page before they draw anything. What it finds fault with
// fails the test.
package e2e
