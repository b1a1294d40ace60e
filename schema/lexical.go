package schema

// isBase64 reports whether text is base64 in the standard or the URL alphabet,
// with or without padding (RFC 7643 §2.3.6, RFC 4648 §4 and §5).
func isBase64[S ~string | ~[]byte](text S) bool {
	digits := len(text)
	for digits > 0 && len(text)-digits < 2 && text[digits-1] == '=' {
		digits--
	}
	if digits%4 == 1 || digits < len(text) && len(text)%4 != 0 {
		return false
	}
	found := classes(text[:digits])
	return found&base64Other == 0 && found != base64Standard|base64URL
}

// classes returns the alphabets of all bytes of text, four at a time, because
// photos and certificates are long.
func classes[S ~string | ~[]byte](text S) (found byte) {
	for ; len(text) >= 4; text = text[4:] {
		found |= base64Class[text[0]] | base64Class[text[1]] | base64Class[text[2]] | base64Class[text[3]]
	}
	for i := range len(text) {
		found |= base64Class[text[i]]
	}
	return found
}

// The alphabets that a byte of base64 text can belong to besides the one of
// letters and digits, which is 0.
const (
	base64Standard byte = 1 << iota
	base64URL
	base64Other
)

var base64Class = func() (class [256]byte) {
	for c := range class {
		switch b := byte(c); {
		case isLetter(b) || isDigit(b):
		case b == '+' || b == '/':
			class[c] = base64Standard
		case b == '-' || b == '_':
			class[c] = base64URL
		default:
			class[c] = base64Other
		}
	}
	return class
}()

// dateTimeForm is what every dateTime starts with; 0 is any digit.
const dateTimeForm = "0000-00-00T00:00:00"

// isDateTime reports whether text is an xsd:dateTime (XML Schema part 2,
// §3.2.7): "2006-01-02T15:04:05", any number of fraction digits, and a zone or
// none. Years have four digits.
func isDateTime[S ~string | ~[]byte](text S) bool {
	if len(text) < len(dateTimeForm) || !matches(text[:len(dateTimeForm)], dateTimeForm) {
		return false
	}
	year, month, day := number(text[0:4]), number(text[5:7]), number(text[8:10])
	hour, minute, second := number(text[11:13]), number(text[14:16]), number(text[17:19])
	if month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || minute > 59 || second > 59 {
		return false
	}
	zone, zero := cutFraction(text[len(dateTimeForm):])
	return isZone(zone) && (hour < 24 || hour == 24 && minute == 0 && second == 0 && zero)
}

// cutFraction removes a fraction of a second from the front of text, and
// reports whether it is zero.
func cutFraction[S ~string | ~[]byte](text S) (rest S, zero bool) {
	if len(text) < 2 || text[0] != '.' || !isDigit(text[1]) {
		return text, true
	}
	zero = true
	for text = text[1:]; len(text) > 0 && isDigit(text[0]); text = text[1:] {
		zero = zero && text[0] == '0'
	}
	return text, zero
}

func isZone[S ~string | ~[]byte](text S) bool {
	if len(text) == 0 || string(text) == "Z" {
		return true
	}
	const offset = "+00:00"
	if len(text) != len(offset) || text[0] != '+' && text[0] != '-' || !matches(text[1:], offset[1:]) {
		return false
	}
	hour, minute := number(text[1:3]), number(text[4:6])
	return minute <= 59 && (hour < 14 || hour == 14 && minute == 0)
}

// matches reports whether text has a digit for each 0 of form, and the same
// bytes elsewhere.
func matches[S ~string | ~[]byte](text S, form string) bool {
	for i := range len(form) {
		if form[i] == '0' && !isDigit(text[i]) || form[i] != '0' && text[i] != form[i] {
			return false
		}
	}
	return true
}

func number[S ~string | ~[]byte](digits S) int {
	n := 0
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}

func daysOf(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= lower(c) && lower(c) <= 'z' }
