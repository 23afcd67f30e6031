package secret

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// commandLimit is how long a command may take when [Resolver.Timeout] is not set.
const commandLimit = 10 * time.Second

// fromExec runs a command and takes what it prints, but for one line end. The command runs
// directly, in no shell, in the root directory, with this program's environment and no input.
// What it says on standard error is thrown away, since nobody knows what is in it.
func (r Resolver) fromExec(ref Ref) (Value, error) {
	limit := r.Timeout
	if limit == 0 {
		limit = commandLimit
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	args := ref.Exec.Args()
	out := &bounded{limit: sizeLimit}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Stdout = r.Root, out
	cmd.WaitDelay = time.Second // for children that keep standard output open
	err := cmd.Run()
	switch text := trimLineEnd(string(out.data)); {
	case ctx.Err() != nil:
		return Value{}, &Error{ref, fmt.Sprintf("command did not end within %v", limit), hintToRun, ctx.Err()}
	case out.full:
		return Value{}, &Error{ref, "command printed more than 64 KiB", hintToRun, nil}
	case err != nil:
		return Value{}, commandError(ref, args[0], err)
	case text == "":
		return Value{}, &Error{ref, "command printed nothing", hintToRun, nil}
	default:
		return New(text), nil
	}
}

const hintToRun = "run it yourself in the folder of channels.yaml; it must print the secret and nothing else"

func commandError(ref Ref, program string, err error) *Error {
	var status *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return &Error{ref, fmt.Sprintf("program %q is not found", program), "install it, or write its path", err}
	case errors.As(err, &status):
		return &Error{ref, "command failed: " + status.ProcessState.String(), hintToRun, err}
	case errors.Is(err, exec.ErrWaitDelay):
		return &Error{ref, "command ended, but left a child that keeps its output open", hintToRun, err}
	}
	return &Error{ref, "command cannot be run: " + cause(err), "", err}
}

// bounded keeps what is written to it up to a limit; past that it fails, which ends the command.
type bounded struct {
	data  []byte
	limit int
	full  bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if len(b.data)+len(p) > b.limit {
		b.full = true
		return 0, errors.New("too much output")
	}
	b.data = append(b.data, p...)
	return len(p), nil
}
