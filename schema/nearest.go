package schema

import "strings"

// nearest returns the canonical path that is closest to text, or "" if none is
// close enough to be a likely typing mistake.
func (t *ResourceType) nearest(text string) string {
	if len(text) > 128 {
		return ""
	}
	best, bestDistance := "", len(text)/3+1
	folded := strings.ToLower(text)
	for p := range t.AllPaths() {
		if d := editDistance(folded, strings.ToLower(p.String()), bestDistance); d < bestDistance {
			best, bestDistance = p.String(), d
		}
	}
	return best
}

// editDistance is the Levenshtein distance, or limit if it is not below it.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return min(row[len(b)], limit)
}
