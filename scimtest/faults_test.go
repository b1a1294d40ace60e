package scimtest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// faults names, for each fault of the model server, the cases that are meant to
// find it.
var faults = map[string]string{
	"half a configuration":               "discovery/config",
	"discovery lists are bare arrays":    "discovery/resource-types",
	"no single discovery resources":      "discovery/schema discovery/resource-type",
	"misspelt characteristic":            "discovery/schemas",
	"extension schema not listed":        "discovery/complete",
	"message schemas listed":             "discovery/no-messages",
	"discovery is paged":                 "discovery/ignores-paging",
	"discovery can be filtered":          "discovery/filter-forbidden",
	"half a pagination attribute":        "discovery/pagination",
	"empty create answer":                "crud/create",
	"no Location":                        "crud/location",
	"internal host in Location":          "crud/location",
	"client chooses id":                  "crud/server-assigns-id",
	"readOnly is written":                "crud/readonly-ignored",
	"duplicates allowed":                 "crud/duplicate",
	"unique by exact case":               "crud/duplicate-case",
	"duplicates allowed on replace":      "crud/duplicate-on-replace",
	"duplicates allowed on patch":        "patch/unique",
	"required not checked":               "crud/required crud/replace-required",
	"foreign id crashes":                 "crud/unknown-id",
	"PUT creates":                        "crud/unknown-id",
	"exact attribute names":              "crud/attribute-case",
	"text loses accents":                 "crud/unicode",
	"only the first element stored":      "crud/multi-valued members/create",
	"extensions dropped":                 "crud/extension",
	"created moves":                      "crud/meta",
	"secret returned":                    "crud/secret",
	"secret returned when asked":         "crud/secret",
	"immutable can change":               "patch/immutable crud/replace-immutable",
	"delete does nothing":                "crud/delete",
	"deleted stay in lists":              "crud/delete",
	"deleted names stay taken":           "crud/delete-frees-names",
	"numeric error status":               "error/body",
	"plain text errors":                  "error/malformed-json",
	"wrong types accepted":               "error/wrong-type patch/wrong-type crud/types",
	"unguarded route":                    "error/unauthorized",
	"no challenge":                       "error/unauthorized",
	"media type compared as text":        "error/accept-json",
	"crash on deep body":                 "error/deep-nesting",
	"attributes ignored":                 "projection/attributes projection/writes projection/sub-attribute projection/extension",
	"excludedAttributes ignored":         "projection/excluded members/excluded",
	"id can be excluded":                 "projection/always",
	"lists show everything":              "projection/list",
	"projection by exact name":           "projection/names",
	"booleans become texts":              "patch/boolean crud/complex",
	"path-less replaces all":             "patch/without-path",
	"operations in reverse":              "patch/order",
	"only the first operation":           "patch/all-operations",
	"complex replaced whole":             "patch/complex-merge",
	"paths split at every dot":           "patch/extension",
	"exact names in paths and filters":   "patch/names filter/names-case",
	"exact op names":                     "patch/op-case",
	"always 204":                         "patch/attributes",
	"no-op counts as change":             "patch/no-change",
	"add replaces lists":                 "patch/multi-add members/add",
	"filtered replace drops the rest":    "patch/filter-replace",
	"path filter ignored":                "patch/filter-remove members/remove-filter",
	"several primaries":                  "patch/primary",
	"duplicate elements pile up":         "patch/multi-duplicate members/add-again",
	"operations stored one by one":       "patch/atomic",
	"remove without path removes all":    "patch/remove-without-path",
	"readOnly paths skipped":             "patch/readonly",
	"required can be removed":            "patch/remove-required",
	"invalid paths skipped":              "patch/invalid-path",
	"unknown operations skipped":         "patch/unknown-op",
	"remove with value removes all":      "members/remove-value",
	"unknown members are created":        "members/unknown",
	"broken member reference":            "members/reference",
	"deleted members stay":               "members/deleted",
	"groups not shown":                   "members/backlink",
	"filters ignored":                    "filter/eq filter/ne filter/pr filter/order filter/date filter/boolean filter/id filter/sub-attribute filter/extension filter/substrings filter/value-path",
	"empty lists are 404":                "filter/none",
	"filters compare exactly":            "filter/value-case",
	"filters never compare exactly":      "filter/value-case-exact",
	"ew is co":                           "filter/substrings",
	"not ignored":                        "filter/and-or-not",
	"or before and":                      "filter/precedence",
	"only first value compared":          "filter/multi-any",
	"terms match different elements":     "filter/value-path",
	"filters are not parsed":             "filter/quoting",
	"malformed filters ignored":          "filter/malformed filter/unknown-operator search/invalid",
	"booleans have an order":             "filter/boolean-order",
	"unknown attributes match all":       "filter/unknown-attribute",
	"secret can be filtered on":          "filter/secret",
	"sortBy ignored":                     "sort/ascending sort/sub-attribute sort/pages search/sort",
	"sortOrder ignored":                  "sort/descending",
	"sort by bytes":                      "sort/letter-case",
	"missing values first":               "sort/missing",
	"sort by first value":                "sort/primary",
	"total counts the page":              "page/walk",
	"pages are 0-based":                  "page/walk",
	"numbers as texts":                   "page/walk",
	"count ignored":                      "page/count",
	"count 0 is unset":                   "page/zero cursor/zero",
	"past the end is an error":           "page/past-end",
	"cursors never end":                  "cursor/walk",
	"cursors are offsets":                "cursor/stable",
	"cursors need escaping":              "cursor/characters",
	"forged cursors accepted":            "cursor/invalid",
	"root search finds users only":       "search/root search/root-get",
	"no ETag":                            "etag/present",
	"version never changes":              "etag/changes",
	"If-None-Match ignored":              "etag/not-modified",
	"If-Match ignored":                   "etag/stale",
	"numeric bulk status":                "bulk/operations",
	"bulk stops at the first error":      "bulk/continue",
	"bulk errors without response":       "bulk/continue",
	"failOnErrors ignored":               "bulk/fail-on-errors",
	"bulkId stored as it is":             "bulk/reference bulk/unknown-reference bulk/extension-reference",
	"bulk without limit":                 "bulk/too-many",
	"bulk without size limit":            "bulk/too-large",
	"wrong endpoint advertised":          "discovery/endpoints",
	"ids contain bulkId":                 "crud/distinct-ids",
	"texts lost after create":            "crud/read",
	"foreign schema in schemas":          "crud/schemas",
	"externalId invented":                "crud/external-id",
	"PUT changes nothing":                "crud/replace members/put",
	"PUT refuses id":                     "crud/replace-own-representation",
	"PUT merges":                         "crud/replace-clears crud/replace-omitted",
	"null becomes a text":                "crud/unassigned",
	"request attributes always returned": "projection/on-request",
	"PATCH changes nothing":              "patch/replace patch/add patch/remove patch/replace-missing patch/null patch/sub-attribute patch/multi-replace patch/multi-remove patch/filter-element members/replace",
	"malformed PATCH accepted":           "patch/malformed",
	"PATCH of nobody succeeds":           "patch/unknown-id",
	"core URN not understood":            "filter/full-name patch/names",
	"dates compared as texts":            "filter/date",
	"each page sorted alone":             "sort/pages",
	"startIndex 0 refused":               "page/start-below-one",
	"large counts refused":               "page/huge-count",
	"search ignores the body":            "search/type",
	"If-Match always fails":              "etag/if-match",
	"bulk accepts any method":            "bulk/malformed",
	"texts stored in lower case":         "crud/case-preserved",
	"nothing new in PUT":                 "crud/replace-sets-immutable",
	"no default page size":               "page/no-count",
	"names not prepared":                 "filter/prepared",
	"cursor pages lose the order":        "cursor/sorted",
	"no location for failures":           "bulk/continue",
	"circles are bad requests":           "bulk/circular",
	"limit not named":                    "bulk/too-many",
	"array index means all":              "patch/array-index",
	"accepted with a body":               "async/accepted",
	"no Set-Txn":                         "async/accepted",
	"results are open":                   "async/result",
	"accepted and forgotten":             "async/done",
	"updates get lost":                   "concurrency/add-members concurrency/change-members concurrency/different-attributes",
	"creates race":                       "concurrency/duplicate-create",
	"If-Match races":                     "concurrency/if-match",
	"deletes race":                       "concurrency/delete",
}

// TestEveryFaultIsFound switches the faults on one at a time and demands that
// each case which is meant for it fails.
func TestEveryFaultIsFound(t *testing.T) {
	for fault, names := range faults {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			meant := strings.Fields(names)
			r, err := Check(t.Context(), modelTarget(fault), &Options{Match: func(c Case) bool { return slices.Contains(meant, c.Name) }, Rounds: 2})
			if err != nil || len(r.Results) != len(meant) {
				t.Fatalf("report %v, error %v; are there cases %s?", r, err, names)
			}
			for _, result := range r.Results {
				if result.Outcome != Failed {
					t.Errorf("%s %s %s", result.Case.Name, result.Outcome, result.Reason)
				}
			}
		})
	}
}

// TestFaultsAreListed finds the faults in the source of the model server, so
// that none is forgotten above.
func TestFaultsAreListed(t *testing.T) {
	files, err := filepath.Glob("model_*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	dynamic := []string{"duplicates allowed on "}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\.on\("([^"]+)"`).FindAllSubmatch(source, -1) {
			if fault := string(m[1]); faults[fault] == "" && !slices.Contains(dynamic, fault) {
				t.Errorf("%s: no case is named for the fault %q", file, fault)
			}
		}
	}
}

// TestCasesAreProven reports required cases that no fault above has shown to
// find anything.
func TestCasesAreProven(t *testing.T) {
	proven := map[string]bool{}
	for _, names := range faults {
		for _, name := range strings.Fields(names) {
			proven[name] = true
		}
	}
	for _, c := range rfcCases() {
		if c.level == Required && !proven[c.name] {
			t.Errorf("no fault shows that %s finds anything", c.name)
		}
	}
}
