package archtest

import (
	"fmt"
	"go/token"
)

// Rule is one property that the whole tree must have.
type Rule struct {
	Name  string                // short, as it appears in test names
	Why   string                // the reason, printed with the offences
	Check func(*Tree) []Offence // every place that breaks the rule
}

// Offence is one place that breaks a rule.
type Offence struct {
	Where string // slash-separated path from the root, with a line where it helps
	What  string // what is wrong there
}

// String formats the offence the way compilers report a position.
func (o Offence) String() string { return o.Where + ": " + o.What }

// at makes an offence at a position of a parsed file.
func (t *Tree) at(pos token.Pos, format string, args ...any) Offence {
	p := t.fset.Position(pos)
	return Offence{fmt.Sprintf("%s:%d", p.Filename, p.Line), fmt.Sprintf(format, args...)}
}

// Rules returns all rules in the order in which they are best read.
func Rules() []Rule {
	return []Rule{
		{"Layers", "imports point down: schema, filter, patch, store, scim; scimtest knows no package of ours", checkLayers},
		{"ConfinedImports", "net/http and database/sql stay behind the seams that isolate them", checkConfined},
		{"ThirdParty", "each dependency serves one place, so that it can be replaced there", checkThirdParty},
		{"DirectDependencies", "what the root module requires, every user of it inherits", checkDirect},
		{"Workspace", "a module outside go.work is tested by nobody", checkWorkspace},
		{"GoVersion", "go 1.26 is lower than 1.26.0, and one lower module makes the workspace refuse to load", checkGoVersion},
		{"NestedModules", "a nested module builds alone, and against published names only", checkNested},
		{"FileLength", "a file holds one concept", checkFileLength},
		{"FunctionLength", "a function is read in one glance", checkFunctionLength},
		{"PackageDocs", "a newcomer starts at the package comment, and finds it in doc.go", checkPackageDocs},
		{"ExportedDocs", "an exported name is a promise; its comment says what is promised", checkExportedDocs},
		{"Examples", "a package is learned from an example, and one without verified output may be wrong", checkExamples},
		{"Panics", "no input may take the host down; only Must functions panic", checkPanics},
		{"Printing", "a library writes nothing to its host's standard output or global logger", checkPrinting},
		{"Sleeping", "a test that sleeps is slow on a good day and wrong on a bad one", checkSleeping},
	}
}
