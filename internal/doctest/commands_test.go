package doctest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// goCommand is a go run or go test command in a document, up to a comment or the
// end of what is quoted.
var goCommand = regexp.MustCompile("\\bgo (?:run|test) [^`|#\\n]*")

// TestCommands looks up what documents say to type: the packages are there, and
// have the flags and benchmarks that are named.
func TestCommands(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for file, text := range documents(t, root) {
		for _, command := range goCommand.FindAllString(text, -1) {
			for _, mistake := range commandMistakes(root, strings.Fields(command)) {
				t.Errorf("%s: %s: %s", file, command, mistake)
			}
			seen++
		}
	}
	if seen < 20 {
		t.Errorf("only %d commands were found", seen)
	}
}

// places are the directories, below the root, that documents go to first.
var places = []string{".", "store/sqlstore/sqltest"}

// commandMistakes returns what is wrong with the words of a command.
func commandMistakes(root string, words []string) (mistakes []string) {
	at := slices.IndexFunc(words, isPackage)
	if at < 0 {
		return nil // of the reader's own module, or all of the workspace
	}
	source := packageSource(root, words[at])
	if source == "" {
		return []string{words[at] + " is no package"}
	}
	for i, word := range words {
		name, isFlag := strings.CutPrefix(word, "-")
		switch {
		case word == "-bench" && !regexp.MustCompile(`func Benchmark\w*`+benchmarkName(words[i+1])).MatchString(source):
			mistakes = append(mistakes, "there is no benchmark "+words[i+1])
		case isFlag && i > at && name != "help" && !strings.Contains(source, `"`+name+`"`):
			mistakes = append(mistakes, "there is no flag "+word)
		}
	}
	return mistakes
}

func isPackage(word string) bool {
	return strings.HasPrefix(word, "./") && word != "./..." || strings.HasPrefix(word, module+"/")
}

// benchmarkName is the part of a pattern that stands in the name of a function.
func benchmarkName(pattern string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(pattern, "Benchmark"), "/")
	return name
}

// packageSource returns the Go files of a package, or "" if there are none.
func packageSource(root, name string) string {
	name = strings.TrimPrefix(name, module+"/")
	for _, place := range places {
		files, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(place), filepath.FromSlash(name), "*.go"))
		var all strings.Builder
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return ""
			}
			all.Write(data)
		}
		if all.Len() > 0 {
			return all.String()
		}
	}
	return ""
}

func TestCommandMistakes(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for command, want := range map[string]int{
		"go run ./internal/coverage":                                  0,
		"go run ./internal/coverage -check -C x":                      0,
		"go run ./internal/coverage -chek":                            1,
		"go run ./internal/nothing":                                   1,
		"go run " + module + "/scimtest/cmd/scimtest -base x -tokn T": 1,
		"go test -bench Parse/eq -cpuprofile cpu.out ./filter":        0,
		"go test -bench Parze ./filter":                               1,
		"go test work":                                                0,
	} {
		if got := commandMistakes(root, strings.Fields(command)); len(got) != want {
			t.Errorf("%s: %v", command, got)
		}
	}
}
