package scim

import (
	"net/http"
	"strconv"
	"strings"
)

// The media types of RFC 7644 §3.8.
const (
	mediaSCIM = "application/scim+json"
	mediaJSON = "application/json"
)

// negotiate chooses the media type of the response: application/scim+json
// unless the client accepts only plain JSON (AMB-59, B4). An Accept header
// that allows neither is answered with 406.
func negotiate(header http.Header) (string, error) {
	lines := header["Accept"]
	if len(lines) == 0 || len(lines) == 1 && lines[0] == mediaSCIM {
		return mediaSCIM, nil
	}
	var ranges acceptRanges
	for _, line := range lines {
		for item := range strings.SplitSeq(line, ",") {
			ranges.add(item)
		}
	}
	scim, json := ranges.quality(mediaSCIM), ranges.quality(mediaJSON)
	switch {
	case len(ranges) == 0, scim > 0 && scim >= json:
		return mediaSCIM, nil
	case json > 0:
		return mediaJSON, nil
	default:
		return "", fail(http.StatusNotAcceptable, "", "responses are "+mediaSCIM+" or "+mediaJSON+"; the Accept header allows neither")
	}
}

// acceptRange is one entry of an Accept header.
type acceptRange struct {
	media   string
	quality float64
}

type acceptRanges []acceptRange

// add parses one entry. Entries that make no sense are skipped, because a
// client that cannot write Accept is still better served with an answer.
func (rs *acceptRanges) add(item string) {
	media, params, _ := strings.Cut(item, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	if !strings.Contains(media, "/") {
		return
	}
	*rs = append(*rs, acceptRange{media: media, quality: qualityOf(params)})
}

func qualityOf(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(name, "q") {
			if q, err := strconv.ParseFloat(value, 64); err == nil && q >= 0 && q <= 1 {
				return q
			}
		}
	}
	return 1
}

// quality returns how much the client wants media: the most specific range
// decides (RFC 9110 §12.5.1).
func (rs acceptRanges) quality(media string) float64 {
	quality, best := 0.0, -1
	for _, r := range rs {
		if s := specificity(r.media, media); s > best {
			quality, best = r.quality, s
		}
	}
	return quality
}

func specificity(pattern, media string) int {
	switch pattern {
	case media:
		return 2
	case "application/*":
		return 1
	case "*/*":
		return 0
	default:
		return -1
	}
}

// checkBodyHeaders accepts the media types of request bodies: scim+json, JSON
// or none at all, in UTF-8 and not compressed (AMB-59). Others are answered
// with 415.
func checkBodyHeaders(header http.Header) error {
	if err := checkContentType(header); err != nil {
		return err
	}
	return checkContentEncoding(header)
}

func checkContentType(header http.Header) error {
	lines := header["Content-Type"]
	if len(lines) == 0 || lines[0] == "" || lines[0] == mediaSCIM {
		return nil
	}
	media, params, _ := strings.Cut(lines[0], ";")
	switch media = strings.ToLower(strings.TrimSpace(media)); media {
	case mediaSCIM, mediaJSON, "text/json", "application/scim":
	default:
		return fail(http.StatusUnsupportedMediaType, "", "the body must be "+mediaSCIM+" or "+mediaJSON)
	}
	if charset := charsetOf(params); charset != "" && charset != "utf-8" && charset != "utf8" {
		return fail(http.StatusUnsupportedMediaType, "", "the charset of the body must be UTF-8")
	}
	return nil
}

func charsetOf(params string) string {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(strings.TrimSpace(name), "charset") {
			return strings.ToLower(strings.Trim(strings.TrimSpace(value), `"`))
		}
	}
	return ""
}

// checkContentEncoding refuses compressed bodies: a small one could unpack to
// any size.
func checkContentEncoding(header http.Header) error {
	encoding := header.Get("Content-Encoding")
	if encoding == "" || strings.EqualFold(encoding, "identity") {
		return nil
	}
	return fail(http.StatusUnsupportedMediaType, "", "the body must not be compressed")
}
