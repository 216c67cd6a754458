package tavus

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestDecodeWholeDocument(t *testing.T) {
	t.Parallel()
	const body = `{"deployment_id":"d1","pal_id":"p1","channel":"widget","status":"active","name":"N","has_password":true,
		"customization": {"b": 1.0, "a": 123456789012345678901234567890, "a": 2 },"limits":{"x":1e400},"allowed_origins":["https://a"],
		"thumbnail_video_url":"v","thumbnail_image_url":null,"usage_total":5.0,"usage_today":0,"created_at":"c","updated_at":"u",
		"Pal_ID":"wrong","other":[{}]}`
	d, o, err := decodeDeployment([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if d.DeploymentID != "d1" || d.PalID != "p1" || d.Channel != "widget" || d.Status != "active" || d.Name != "N" || !d.HasPassword ||
		len(d.AllowedOrigins) != 1 || d.ThumbnailVideoURL != "v" || d.ThumbnailImageURL != "" || d.CreatedAt != "c" || d.UpdatedAt != "u" {
		t.Errorf("%+v", d)
	}
	if *d.UsageTotal != 5 || *d.UsageToday != 0 {
		t.Errorf("usage %d %d", *d.UsageTotal, *d.UsageToday)
	}
	// The text of the server, with its duplicate keys and long numbers.
	if string(d.Customization) != `{"b": 1.0, "a": 123456789012345678901234567890, "a": 2 }` || string(d.Limits) != `{"x":1e400}` {
		t.Errorf("%s %s", d.Customization, d.Limits)
	}
	if !o.has(wholeFields...) {
		t.Error("a whole document counts as partial")
	}
}

func TestNullAbsentAndEmptyAreTheSame(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"deployment_id":"d"}`,
		`{"deployment_id":"d","name":null,"customization":null,"limits":null,"allowed_origins":null,"has_password":null,"usage_total":null}`,
		`{"deployment_id":"d","name":"","has_password":false}`,
	} {
		d, _, err := decodeDeployment([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if d.Name != "" || d.Customization != nil || d.Limits != nil || d.AllowedOrigins != nil || d.HasPassword || d.UsageTotal != nil {
			t.Errorf("%s: %+v", body, d)
		}
	}
}

func TestWrongTypesNameTheField(t *testing.T) {
	t.Parallel()
	for field, value := range map[string]string{
		"pal_id": `1`, "channel": `{}`, "status": `[]`, "name": `true`, "has_password": `"yes"`, "customization": `[]`, "limits": `"{}"`,
		"allowed_origins": `{}`, "thumbnail_video_url": `1`, "thumbnail_image_url": `{}`, "usage_total": `"5"`, "usage_today": `{}`,
		"created_at": `1700000000`, "updated_at": `[]`, "deployment_id": `7`,
	} {
		body := `{"deployment_id":"d1"}`
		if field == "deployment_id" {
			body = `{}`
		}
		body = strings.Replace(body, "{", `{"`+field+`":`+value+`,`, 1)
		body = strings.Replace(body, ",}", "}", 1)
		c := handle(answer(http.StatusOK, body)).client(t)
		_, err := c.GetDeployment(t.Context(), "d1")
		if err == nil {
			t.Errorf("%s: no error", body)
			continue
		}
		wantText(t, err.Error(), "the field "+field+" is not", "GET /v2/deployments/d1")
	}
	_, _, err := decodeDeployment([]byte(`{"deployment_id":"d","allowed_origins":["a",null]}`))
	if err == nil || !strings.Contains(err.Error(), "allowed_origins[1] is not a string but null") {
		t.Error(err)
	}
}

func TestHostileDocuments(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200)
	for name, tc := range map[string]struct{ body, want string }{
		"deep":         {`{"deployment_id":"d1","customization":` + deep + `}`, "nests deeper"},
		"very deep":    {strings.Repeat("[", 1<<20), "nests deeper"},
		"not UTF-8":    {"{\"deployment_id\":\"d1\",\"name\":\"\xff\xfe\"}", "not valid UTF-8"},
		"a list":       {`[]`, "not an object but a list"},
		"a string":     {`"d1"`, "not an object but a string"},
		"null":         {`null`, "not an object but null"},
		"nothing":      {``, "it is empty"},
		"half":         {`{"deployment_id":"d1","na`, "not JSON"},
		"HTML":         {`<html><title>Wartung</title>`, "not JSON: Wartung"},
		"no id":        {`{"name":"x"}`, "no deployment_id"},
		"another":      {`{"deployment_id":"d2"}`, "another deployment, d2"},
		"empty object": {`{}`, "no deployment_id"},
	} {
		c := handle(answer(http.StatusOK, tc.body)).client(t, func(cfg *Config) { cfg.MaxRetries = 0 })
		if _, err := c.GetDeployment(t.Context(), "d1"); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			wantText(t, err.Error(), tc.want)
		}
	}
	// Not hostile: brackets in strings, and the last of duplicate keys.
	d, _, err := decodeDeployment([]byte(`{"deployment_id":"d0","name":"` + strings.Repeat(`[{\"`, 500) + `","deployment_id":"d1"}`))
	if err != nil || d.DeploymentID != "d1" {
		t.Errorf("%v %v", d, err)
	}
}

func TestUsageNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "7": 7, "7.0": 7, "70e-1": 7, "1e3": 1000, "1.5e1": 15, "9223372036854775807": 9223372036854775807, "-3": -3, "0e400": 0,
	} {
		if n := wholeNumber(text); n == nil || *n != want {
			t.Errorf("%s: %v", text, n)
		}
	}
	for _, text := range []string{"1.5", "1e400", "1e1000000", "1e-1", "9223372036854775808", "1e999999999999999999999999"} {
		if n := wholeNumber(text); n != nil {
			t.Errorf("%s: %d", text, *n)
		}
		d, _, err := decodeDeployment([]byte(`{"deployment_id":"d","usage_total":` + text + `}`))
		if err != nil || d.UsageTotal != nil {
			t.Errorf("%s: %v %v", text, d, err)
		}
	}
}

func TestDecimalsByValue(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"1", "1.0", "1e0", "10e-1", "0.1e1", "1E+0"},
		{"0", "-0", "0.000", "0e999"},
		{"9007199254740993", "9007199254740993.0", "9007199254740993e0"},
		{"1e1000000000", "10e999999999"},
		{"-2.50", "-25e-1"},
	} {
		for _, text := range same {
			if parseDecimal(text).key(text) != parseDecimal(same[0]).key(same[0]) {
				t.Errorf("%s is not %s", text, same[0])
			}
		}
	}
	for _, pair := range [][2]string{{"9007199254740993", "9007199254740992"}, {"1", "-1"}, {"1e400", "1e401"}, {"10", "1"}} {
		if parseDecimal(pair[0]).key(pair[0]) == parseDecimal(pair[1]).key(pair[1]) {
			t.Errorf("%s is %s", pair[0], pair[1])
		}
	}
}

func TestOperationJSON(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal([]Operation{
		{Op: "add", Path: "/a~1b", Value: json.RawMessage(`{"x":1.0}`)},
		{Op: "add", Path: "/password"},
		{Op: "remove", Path: "/c", Value: json.RawMessage(`1`)},
	})
	want := `[{"op":"add","path":"/a~1b","value":{"x":1.0}},{"op":"add","path":"/password","value":null},{"op":"remove","path":"/c"}]`
	if err != nil || string(got) != want {
		t.Errorf("%s %v", got, err)
	}
}

func TestSettledContent(t *testing.T) {
	t.Parallel()
	settle := func(body string) string {
		_, o, err := decodeDeployment([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return settledContent(o)
	}
	base := settle(`{"deployment_id":"d","name":"a","usage_total":1,"updated_at":"x","thumbnail_image_url":"https://a/b?sig=1"}`)
	if same := settle(`{"usage_today":7,"name": "a","deployment_id":"d","updated_at":"y","thumbnail_image_url":"https://a/b?sig=2"}`); same != base {
		t.Errorf("%s is not %s", same, base)
	}
	if other := settle(`{"deployment_id":"d","name":"b","thumbnail_image_url":"https://a/b"}`); other == base {
		t.Error("an edited name is not seen")
	}
}

func FuzzDecodeDeployment(f *testing.F) {
	for _, seed := range []string{
		`{"deployment_id":"d1","customization":{"a":[1,{"b":null}]},"allowed_origins":["x"],"usage_total":1e400}`,
		`{"data":[{"deployment_id":"d"},null,{}],"total_count":3}`, `[1]`, `{"deployment_id":"\ud800"}`, "{\"deployment_id\":\"\xff\"}", `{"deployment_id":`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		_, _ = decodePals(body)
		if list, err := decodePage(body); err == nil && checkJSON(body) == nil {
			for _, item := range list.items {
				_, _ = decodeListed(item)
			}
		}
		d, o, err := decodeDeployment(body)
		if err != nil {
			return
		}
		if d.DeploymentID == "" {
			t.Error("a deployment without an id")
		}
		for _, raw := range []json.RawMessage{d.Customization, d.Limits} {
			var fields map[string]json.RawMessage
			if raw != nil && json.Unmarshal(raw, &fields) != nil {
				t.Errorf("not an object: %s", raw)
			}
		}
		if settledContent(o) == "" {
			t.Error("no settled content")
		}
		if !fits(&CreateRequest{PalID: d.PalID, Channel: d.Channel, Name: &d.Name, Customization: d.Customization, Limits: d.Limits, AllowedOrigins: d.AllowedOrigins}, &Deployment{
			PalID: d.PalID, Channel: d.Channel, Name: d.Name, Customization: d.Customization, Limits: d.Limits, AllowedOrigins: d.AllowedOrigins,
		}) {
			t.Errorf("a document does not fit itself: %s", body)
		}
	})
}

// An ID is printed in commands that people paste into a shell.
func TestControlCharactersInIDs(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`d\u001b[2J`, `d\nrm`, `d\u0000`, `d\u009b`} {
		_, _, err := decodeDeployment([]byte(`{"deployment_id":"` + id + `"}`))
		if err == nil || !strings.Contains(err.Error(), "deployment_id holds a control character") {
			t.Errorf("%s: %v", id, err)
		}
	}
}
