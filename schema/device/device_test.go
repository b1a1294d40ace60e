package device_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/schema/device"
)

func registry(t *testing.T) *schema.Registry {
	t.Helper()
	r, err := schema.NewRegistry(device.DeviceDefinition().MustCompile(), device.EndpointAppDefinition().MustCompile(), device.GroupDefinition().MustCompile())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTypes(t *testing.T) {
	r := registry(t)
	for _, test := range []struct{ id, endpoint, urn string }{
		{"9944-2-01", "/Devices", device.DeviceURN},
		{"9944-5-01", "/EndpointApps", device.EndpointAppURN},
	} {
		typ, ok := r.ByEndpoint(test.endpoint)
		if !ok || typ.Schema().ID != test.urn {
			t.Errorf("%s: %s is %v", test.id, test.endpoint, typ)
		}
	}
	typ, _ := r.ByName("Device")
	if n := len(typ.Extensions()); n != 6 {
		t.Errorf("%d extensions", n)
	}
	for _, e := range typ.Extensions() {
		if e.Required {
			t.Error("9944-7-01", e.Schema.ID)
		}
	}
	app, _ := r.ByName("EndpointApp")
	if n := len(app.Extensions()); n != 0 { // the extensions are for devices only
		t.Errorf("%s: EndpointApp has %d extensions", "9944-7-03", n)
	}
	if n := len(slices.Collect(r.Schemas())); n != 13 {
		t.Errorf("9944-1.4-01: %d schemas", n)
	}
}

// characteristics of the tables of RFC 9944: type, then what differs from the
// defaults.
var characteristics = []struct{ id, typ, path, want string }{
	{"9944-2.1-01", "Device", "id", "string required caseExact readOnly always server"},
	{"9944-3.1-01", "Device", "displayName", "string"},
	{"9944-3.1-02", "Device", "active", "boolean required"},
	{"9944-3.1-04", "Device", "mudUrl", "reference caseExact"},
	{"9944-3.1-05", "Device", "groups", "list complex readOnly"},
	{"9944-6.2-01", "EndpointApp", "applicationType", "string required immutable"},
	{"9944-6.2-02", "EndpointApp", "applicationName", "string required"},
	{"9944-6.2-03", "EndpointApp", "clientToken", "string caseExact readOnly"},
	{"9944-6.2-05", "EndpointApp", "groups", "list complex readOnly"},
	{"9944-6.3.1-01", "EndpointApp", "certificateInfo.rootCA", "string caseExact"},
	{"9944-6.3.1-03", "EndpointApp", "certificateInfo.subjectName", "string required caseExact"},
	{"9944-7.1.1-01", "Device", device.BLEURN + ":deviceMacAddress", "string required"},
	{"9944-7.1.1-02", "Device", device.BLEURN + ":isRandom", "boolean"},
	{"9944-7.1.1-04", "Device", device.BLEURN + ":irk", "string writeOnly never"},
	{"9944-7.1.1-05", "Device", device.BLEURN + ":mobility", "boolean"},
	{"9944-7.1.2-01", "Device", device.BLEURN + ":versionSupport", "list string required"},
	{"9944-7.1.2-02", "Device", device.BLEURN + ":pairingMethods", "list string required caseExact"},
	{"9944-7.1.3-01", "Device", device.BLEURN + ":" + device.PairingNullURN, "complex"},
	{"9944-7.1.3-02", "Device", device.BLEURN + ":" + device.PairingJustWorksURN + ":key", "integer immutable"},
	{"9944-7.1.3-03", "Device", device.BLEURN + ":" + device.PairingPassKeyURN + ":key", "integer required"},
	{"9944-7.1.3-04", "Device", device.BLEURN + ":" + device.PairingOOBURN + ":key", "string required caseExact"},
	{"9944-7.1.3-04", "Device", device.BLEURN + ":" + device.PairingOOBURN + ":randomNumber", "integer required"},
	{"9944-7.1.3-04", "Device", device.BLEURN + ":" + device.PairingOOBURN + ":confirmationNumber", "integer"},
	{"9944-7.2.1-01", "Device", device.DPPURN + ":dppVersion", "integer required"},
	{"9944-7.2.1-02", "Device", device.DPPURN + ":bootstrapKey", "string required caseExact writeOnly never"},
	{"9944-7.2.2-01", "Device", device.DPPURN + ":classChannel", "list string"},
	{"9944-7.3.1-01", "Device", device.EthernetMABURN + ":deviceMacAddress", "string required"},
	{"9944-7.4.1-01", "Device", device.FIDODeviceOnboardURN + ":fdoVoucher", "string required writeOnly never"},
	{"9944-7.5.1-01", "Device", device.ZigbeeURN + ":deviceEui64Address", "string required"},
	{"9944-7.5.2-01", "Device", device.ZigbeeURN + ":versionSupport", "list string required"},
	{"9944-7.6.1-01", "Device", device.EndpointAppsURN + ":deviceControlEnterpriseEndpoint", "reference required caseExact readOnly"},
	{"9944-7.6.1-01", "Device", device.EndpointAppsURN + ":telemetryEnterpriseEndpoint", "reference caseExact readOnly"},
	{"9944-7.6.2-01", "Device", device.EndpointAppsURN + ":applications", "list complex required"},
	{"9944-7.6.2-01", "Device", device.EndpointAppsURN + ":applications.$ref", "reference caseExact readOnly"},
}

func TestCharacteristics(t *testing.T) {
	r := registry(t)
	for _, test := range characteristics {
		t.Run(test.id, func(t *testing.T) {
			typ, _ := r.ByName(test.typ)
			p, err := typ.Path(strings.ToUpper(test.path))
			if err != nil || p.String() != test.path {
				t.Fatal(p, err)
			}
			if got := describe(p); got != test.want {
				t.Errorf("%s is %s, want %s", test.path, got, test.want)
			}
		})
	}
}

func describe(p schema.Path) string {
	words := []string{string(p.Type())}
	add := func(word string, present bool) {
		if present {
			words = append(words, word)
		}
	}
	if p.MultiValued() {
		words = []string{"list", words[0]}
	}
	add("required", p.Required())
	add("caseExact", p.CaseExact())
	add(string(p.Mutability()), p.Mutability() != schema.ReadWrite)
	add(string(p.Returned()), p.Returned() != schema.ReturnedDefault)
	add(string(p.Uniqueness()), p.Uniqueness() != schema.UniquenessNone)
	return strings.Join(words, " ")
}

// Groups of devices are ordinary groups, with further types of members.
func TestGroup(t *testing.T) {
	typ, _ := registry(t).ByName("Group")
	if typ.Schema().ID != schema.GroupURN {
		t.Errorf("%s: the schema is %s", "9944-4-01", typ.Schema().ID)
	}
	want := []string{"User", "Group", "Device", "EndpointApp"}
	if got := typ.MustPath("members.type").Attribute().CanonicalValues; !slices.Equal(got, want) {
		t.Errorf("%s: types %v, want %v", "9944-4-02", got, want)
	}
	if got := typ.MustPath("members.$ref").Attribute().ReferenceTypes; !slices.Equal(got, want) {
		t.Errorf("%s: references to %v, want %v", "9944-4-02", got, want)
	}
}

var secrets = []string{"irk", "bootstrapKey", "fdoVoucher"}

// The examples of the RFC pass through the types unchanged, and no response
// holds a secret.
func TestExamples(t *testing.T) {
	r := registry(t)
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name := "Device"
			if strings.Contains(file, "testdata/endpoint-app") {
				name = "EndpointApp"
			}
			typ, _ := r.ByName(name)
			res, report, err := typ.Decode(data, &schema.DecodeOptions{KeepReadOnly: true, Unknown: schema.RejectUnknown, Off: schema.Strict})
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Ignored) > 0 {
				t.Errorf("ignored %q", report.Ignored)
			}
			if err := device.Check(res); err != nil {
				t.Error(err)
			}
			if got, want := encode(t, res, &schema.Encoding{All: true}), generic(t, data); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
			if name == "EndpointApp" && !strings.Contains(fmt.Sprint(encode(t, res, nil)), "certificateInfo") {
				t.Error("9944-6.3.1-05: certificateInfo is not returned")
			}
			shown := fmt.Sprint(encode(t, res, &schema.Encoding{}))
			for _, secret := range secrets {
				if strings.Contains(shown, secret) {
					t.Errorf("%s in %s", secret, shown)
				}
			}
		})
	}
}

func encode(t *testing.T, r *schema.Resource, e *schema.Encoding) any {
	t.Helper()
	data, err := r.AppendJSON(nil, e)
	if err != nil {
		t.Fatal(err)
	}
	return generic(t, data)
}

func generic(t *testing.T, data []byte) any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCheck(t *testing.T) {
	r := registry(t)
	const ble = `"` + device.BLEURN + `": {"versionSupport": ["5.4"], "pairingMethods": ["` + device.PairingNullURN + `"], `
	for _, test := range []struct{ name, typ, body, want string }{
		{"9944-7.1.1-01", "Device", ble + `"deviceMacAddress": "2C:54:91:88:C9"}`, device.BLEURN + ":deviceMacAddress: must be six pairs of hexadecimal digits with \":\" between them"},
		{"9944-7.1.1-03", "Device", ble + `"deviceMacAddress": "2C:54:91:88:C9:E2", "isRandom": true, "irk": "s3cret", "separateBroadcastAddress": ["AA:BB:88:77:22:11"]}`,
			device.BLEURN + ":separateBroadcastAddress: must not be set together with irk"},
		{"9944-7.1.1-04", "Device", ble + `"deviceMacAddress": "2C:54:91:88:C9:E2", "irk": "s3cret"}`, device.BLEURN + ":irk: belongs to a random address, but isRandom is not true"},
		{"9944-7.1.3-03", "Device", ble + `"deviceMacAddress": "2C:54:91:88:C9:E2", "` + device.PairingPassKeyURN + `": {"key": 1234567}}`,
			device.BLEURN + ":" + device.PairingPassKeyURN + ":key: must be a number of six digits"},
		{"9944-7.3.1-01", "Device", `"` + device.EthernetMABURN + `": {"deviceMacAddress": "2C5491"}`, device.EthernetMABURN + ":deviceMacAddress: must be six pairs of hexadecimal digits with \":\" between them"},
		{"9944-7.5.1-01", "Device", `"` + device.ZigbeeURN + `": {"deviceEui64Address": "50:32:5F:FF:FE:E7:67:2G"}`, device.ZigbeeURN + ":deviceEui64Address: must be eight pairs of hexadecimal digits with \":\" between them"},
		{"9944-6.2-01", "EndpointApp", `"applicationType": "other"`, "applicationType: must be deviceControl or telemetry"},
		{"9944-6.2-03", "EndpointApp", `"clientToken": "` + strings.Repeat("x", 501) + `"`, "clientToken: must not be longer than 500 characters"},
	} {
		t.Run(test.name, func(t *testing.T) {
			typ, _ := r.ByName(test.typ)
			res, _, err := typ.Decode([]byte(`{"schemas": ["`+typ.Schema().ID+`"], `+test.body+`}`), &schema.DecodeOptions{KeepReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			err = device.Check(res)
			if !errors.Is(err, schema.ErrValue) || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
	group, _ := r.ByName("Group")
	if err := device.Check(group.New().Resource()); err != nil {
		t.Errorf("a group: %v", err)
	}
}

func Example() {
	r, err := schema.NewRegistry(device.DeviceDefinition().MustCompile(), device.EndpointAppDefinition().MustCompile())
	if err != nil {
		fmt.Println(err)
		return
	}
	typ, _ := r.ByEndpoint("/Devices")
	irk, _ := typ.Path(device.BLEURN + ":irk")
	fmt.Println(typ.Name(), irk.Mutability(), irk.Returned())
	// Output: Device writeOnly never
}
