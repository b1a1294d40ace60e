package benchmarks

import "fmt"

// measureStream looks at the memory in use at several points of a long
// response.
func measureStream(l *Lab) (Measurement, error) {
	_, d, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	x, err := d.get("/Groups/" + string(d.all.ID))
	if err != nil {
		return Measurement{}, err
	}
	if err := x.do(); err != nil {
		return Measurement{}, err
	}
	size, before, peak := x.sink.n, heap(), int64(0)
	const points = 8
	next := size / points
	x.sink.onWrite = func() {
		if x.sink.n >= next {
			next += size / points
			peak = max(peak, heap()-before)
		}
	}
	err = x.do()
	return Measurement{float64(peak) / (1 << 20), fmt.Sprintf("response of %s", Mebibytes.Text(float64(size)/(1<<20)))}, err
}
