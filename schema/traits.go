package schema

import (
	"slices"
	"strings"
)

// traits are the facts about an attribute that reading and writing values
// needs all the time, worked out once by Compile.
type traits struct {
	member    string   // the quoted name with its colon, as it is written
	words     []string // texts that many values share: they are not copied
	firstWord uint32   // number of the first one in ResourceType.words
	targets   []string // the resource types that ref may point to
	value     *attr    // the predefined sub-attributes of RFC 7643 §2.4, or nil
	ref       *attr
	typ       *attr
	primary   *attr

	fixed    []*attr // see fixedSubs
	required []*attr // the sub-attributes that a client must give
	ruled    bool    // see isRuled
	readOnly bool    // only the service provider assigns it
	multi    bool    // multi-valued
	ord      uint32  // in the order of AllPaths
	fold     folding
	isURN    bool // the data of an extension, nested ones included
}

// bindTraits fills in the traits of every attribute of t.
func (t *ResourceType) bindTraits() {
	for p := range t.AllPaths() {
		a := p.a
		a.ord = uint32(len(t.all))
		t.all = append(t.all, a)
		a.readOnly, a.multi = a.def.Mutability == ReadOnly, a.def.MultiValued
		a.isURN = strings.Contains(a.def.Name, ":")
		a.member = quoteName(a.def.Name) + ":"
		a.shareWords(a.def.CanonicalValues)
		a.fold = foldingOf(a)
		if a.kind == KindComplex && !a.container {
			a.bindSubs()
		}
		a.required = requiredOf(a.subs)
		a.ruled = slices.ContainsFunc(a.subs, (*attr).isRuled)
		if a.isKey() {
			t.keys = append(t.keys, a)
		}
		if a.def.Returned == ReturnedRequest && a.def.Mutability != ReadOnly {
			t.onRequest = append(t.onRequest, a)
		}
	}
	t.root.required = requiredOf(t.root.subs)
	t.metaType.shareWords([]string{t.def.Name})
	t.shown = t.project(selection{named: make([]bool, len(t.all)), excluded: make([]bool, len(t.all))})
}

// shareWords makes values of a share the given texts.
func (a *attr) shareWords(words []string) {
	a.words, a.firstWord = words, uint32(len(a.owner.words))
	a.owner.words = append(a.owner.words, words...)
}

// requiredOf leaves out what the service provider assigns.
func requiredOf(subs []*attr) (required []*attr) {
	for _, a := range subs {
		if a.def.Required && a.def.Mutability != ReadOnly && a != a.owner.schemas {
			required = append(required, a)
		}
	}
	return required
}

// isRuled reports whether a check of values that a is part of must look at a:
// it may be missing, change when it must not, or hold a value twice.
func (a *attr) isRuled() bool {
	return a.def.Required || a.def.Mutability == Immutable || a.def.MultiValued || slices.ContainsFunc(a.subs, (*attr).isRuled)
}

// bindSubs finds the sub-attributes that have a meaning of their own.
func (a *attr) bindSubs() {
	a.value = a.scalarSub("value", KindString, KindReference, KindBinary, KindInteger, KindDecimal, KindBoolean, KindDateTime)
	a.typ = a.scalarSub("type", KindString)
	a.primary = a.scalarSub("primary", KindBoolean)
	a.ref = a.scalarSub("$ref", KindReference)
	a.fixed = a.fixedSubs()
	if a.ref == nil || a.value == nil {
		return
	}
	for _, name := range a.ref.def.ReferenceTypes {
		if !strings.EqualFold(name, "external") && !strings.EqualFold(name, "uri") {
			a.targets = append(a.targets, name)
		}
	}
}

// fixedSubs are the immutable sub-attributes of an element that can be told
// from its value and are nobody's to derive.
func (a *attr) fixedSubs() (fixed []*attr) {
	if a.value == nil {
		return nil
	}
	for _, sub := range a.subs {
		derived := a.ref != nil && (sub == a.ref || equalFoldASCII(sub.def.Name, "display"))
		if sub.def.Mutability == Immutable && sub != a.value && !derived {
			fixed = append(fixed, sub)
		}
	}
	return fixed
}

// scalarSub returns the sub-attribute called name if it holds one value of one
// of the given kinds.
func (a *attr) scalarSub(name string, kinds ...Kind) *attr {
	sub := a.names.find(name)
	if sub == nil || sub.def.MultiValued || !slices.Contains(kinds, sub.kind) {
		return nil
	}
	return sub
}

// isKey reports whether values of a must be unique (RFC 7643 §2.2). The id is
// left out, because it is the store's own.
func (a *attr) isKey() bool {
	return a.def.Uniqueness != UniquenessNone && a != a.owner.id && !a.container
}

func quoteName(name string) string {
	return `"` + name + `"`
}
