package ruledoc

// Choice says which example is shown.
func Choice(d Doc) (nth int, whole bool, bad string) { return d.nth, d.whole, d.bad }
