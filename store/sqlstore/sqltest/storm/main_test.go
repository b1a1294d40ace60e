package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestMain makes the test binary a writer when storm starts it as one.
func TestMain(m *testing.M) {
	if os.Getenv(workerEnv) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestStorm(t *testing.T) {
	kills := 4
	if testing.Short() {
		kills = 1
	}
	sources := map[string]string{"SQLite": filepath.Join(t.TempDir(), "storm.db"), "PostgreSQL": os.Getenv("MUSTER_TEST_POSTGRES"), "MySQL": os.Getenv("MUSTER_TEST_MYSQL")}
	for name, source := range sources {
		for tables, own := range map[string]bool{"Managed": false, "Own": true} {
			t.Run(name+"/"+tables, func(t *testing.T) {
				if source == "" && os.Getenv("MUSTER_TEST_REQUIRE") != "1" {
					t.Skip("no server")
				}
				if err := (weather{source: source, own: own, processes: 4, kills: kills}).run(t.Context(), io.Discard, ""); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
