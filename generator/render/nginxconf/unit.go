package nginxconf

import (
	"strconv"
	"time"
)

// kibibytes, mebibytes and seconds write a quantity in nginx's units.

func kibibytes(bytes int) string { return strconv.Itoa(bytes>>10) + "k" }

func mebibytes(bytes int) string { return strconv.Itoa(bytes>>20) + "m" }

func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second)) + "s" }
