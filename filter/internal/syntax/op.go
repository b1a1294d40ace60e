package syntax

// Op is a comparison operator of RFC 7644 §3.4.2.2, Table 3.
type Op uint8

// The operators, in the order of the table.
const (
	Eq Op = iota + 1
	Ne
	Co
	Sw
	Ew
	Pr
	Gt
	Ge
	Lt
	Le
)

// OpNames holds the names of the operators, each at the index of its Op.
var OpNames = [...]string{"", "eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le"}

// lookupOp finds an operator by its name in any letter case.
func lookupOp(word string) (Op, bool) {
	if len(word) != 2 {
		return 0, false
	}
	first, second := word[0]|0x20, word[1]|0x20
	for op := Eq; op <= Le; op++ {
		if name := OpNames[op]; name[0] == first && name[1] == second {
			return op, true
		}
	}
	return 0, false
}
