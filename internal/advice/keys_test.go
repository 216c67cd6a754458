package advice

import (
	"slices"
	"testing"
)

func TestKeys_Customization(t *testing.T) {
	t.Parallel()
	keys := Keys(DeploymentCustomization)
	at := func(path string) Key {
		i := slices.IndexFunc(keys, func(k Key) bool { return k.Path == path })
		if i < 0 {
			t.Fatalf("no key %s", path)
		}
		return keys[i]
	}
	for _, want := range []Key{
		{"/style/mode", `"system", "light", "dark"`, `"system"`, "Light or dark; `system` follows the visitor's device."},
		{"/style/boxes_radius", "integer, 0 to 4", "1", "Roundness of boxes, an index and not pixels."},
		{"/landing_page/cta", "array", "", "Links, in this order. Both members are needed in each."},
		{"/landing_page/cta/*/url", "string", "", "Address of the link."},
		{"/unavailable_screen/busy/title", "string", "", "Title of the screen."},
	} {
		if got := at(want.Path); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	for _, key := range keys {
		if key.Values == "" || key.About == "" {
			t.Errorf("%s lacks its values or its description", key.Path)
		}
	}
}

func TestKeys_Limits(t *testing.T) {
	t.Parallel()
	keys := Keys(DeploymentLimits)
	if len(keys) != 2 || keys[0].Values != "integer or null, at least 0" || keys[1].Values != "integer, at least 1" {
		t.Errorf("got %+v", keys)
	}
}
