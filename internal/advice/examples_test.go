package advice

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

var repository = os.DirFS("../..")

var arguments = map[string]string{"customization": DeploymentCustomization, "limits": DeploymentLimits}

// What people copy has to be what the vendor's client understands.
func TestExamples_KeepToTheSchemas(t *testing.T) {
	t.Parallel()
	for _, place := range []struct {
		root    string
		atLeast int // examples are looked for, and found
	}{{"examples", 6}, {"templates", 5}, {"README.md", 1}} {
		t.Run(place.root, func(t *testing.T) {
			t.Parallel()
			found := 0
			for _, file := range textFiles(t, place.root) {
				for _, source := range configurations(t, file) {
					found += checkConfiguration(t, file, source)
				}
			}
			if found < place.atLeast {
				t.Errorf("%d examples with customization or limits; %d are expected at least", found, place.atLeast)
			}
		})
	}
}

func TestExamples_WrongKeyIsFound(t *testing.T) {
	t.Parallel()
	const source = `
locals {
  brand = { preview = { title = var.title } }
}
resource "tavus_deployment" "a" {
  customization = jsonencode(merge(local.brand, { widget = { text = "Ask" }, show_haircheck = templatefile("x", {}) }))
  limits        = jsonencode({ max_call_duration = var.minutes * 60 })
}`
	file := parse(t, "a.tf", source)
	var findings []string
	count := eachArgument(file, func(name string, value cty.Value) { findings = append(findings, check(t, name, value)...) })
	if count != 2 || len(findings) != 1 || findings[0] != "/widget/text: a string where an object is expected" {
		t.Errorf("%d arguments, findings %q", count, findings)
	}
}

func textFiles(t *testing.T, root string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(repository, root, func(name string, entry fs.DirEntry, err error) error {
		switch path.Ext(name) {
		case ".tf", ".hcl", ".tmpl", ".md":
			if !entry.IsDir() {
				files = append(files, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// configurations returns a file of Terraform, or the blocks of it that a page holds.
func configurations(t *testing.T, file string) []string {
	t.Helper()
	text, err := fs.ReadFile(repository, file)
	if err != nil {
		t.Fatal(err)
	}
	if ext := path.Ext(file); ext == ".tf" || ext == ".hcl" {
		return []string{string(text)}
	}
	var blocks []string
	for _, part := range strings.Split("\n"+string(text), "\n```terraform\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block+"\n")
	}
	return blocks
}

// checkConfiguration returns how many arguments it checked.
func checkConfiguration(t *testing.T, file, source string) int {
	t.Helper()
	return eachArgument(parse(t, file, source), func(name string, value cty.Value) {
		for _, finding := range check(t, name, value) {
			t.Errorf("%s: %s: %s", file, name, finding)
		}
	})
}

func parse(t *testing.T, file, source string) *hclsyntax.Body {
	t.Helper()
	parsed, diags := hclsyntax.ParseConfig([]byte(source), file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		t.Fatalf("%s: %T", file, parsed.Body)
	}
	return body
}

// eachArgument calls visit with each argument that jsonencode makes and whose value
// is known at least in part. It returns how often.
func eachArgument(body *hclsyntax.Body, visit func(name string, value cty.Value)) int {
	locals, count := localValues(body), 0
	var walk func(body *hclsyntax.Body)
	walk = func(body *hclsyntax.Body) {
		for name, attribute := range body.Attributes {
			call, ok := attribute.Expr.(*hclsyntax.FunctionCallExpr)
			if arguments[name] == "" || !ok || call.Name != "jsonencode" {
				continue
			}
			if value := evaluate(call.Args[0], locals); value.IsKnown() {
				count++
				visit(name, value)
			}
		}
		for _, block := range body.Blocks {
			walk(block.Body)
		}
	}
	walk(body)
	return count
}

// localValues evaluates locals that refer to nothing but values and other locals above.
func localValues(body *hclsyntax.Body) cty.Value {
	known := map[string]cty.Value{}
	for _, block := range body.Blocks {
		if block.Type != "locals" {
			continue
		}
		for name, attribute := range block.Body.Attributes {
			known[name] = evaluate(attribute.Expr, cty.DynamicVal)
		}
	}
	return cty.ObjectVal(known)
}

// evaluate returns the value of an expression. Whatever is not in the file, such as
// variables and most functions, is unknown.
func evaluate(expression hclsyntax.Expression, locals cty.Value) cty.Value {
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: map[string]function.Function{}}
	for _, traversal := range expression.Variables() {
		scope.Variables[traversal.RootName()] = cty.DynamicVal
	}
	scope.Variables["local"] = locals
	_ = hclsyntax.VisitAll(expression, func(node hclsyntax.Node) hcl.Diagnostics {
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok {
			scope.Functions[call.Name] = unknownFunction
		}
		return nil
	})
	scope.Functions["merge"] = stdlib.MergeFunc
	value, diags := expression.Value(scope)
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	return value
}

var unknownFunction = function.New(&function.Spec{
	VarParam: &function.Parameter{Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true},
	Type:     function.StaticReturnType(cty.DynamicPseudoType),
	Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
})

// check checks what is known of a value: the rest counts as not written.
func check(t *testing.T, name string, value cty.Value) []string {
	t.Helper()
	known, err := cty.Transform(value, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if part.IsKnown() {
			return part, nil
		}
		return cty.NullVal(part.Type()), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := ctyjson.Marshal(known, known.Type())
	if err != nil {
		t.Fatal(err)
	}
	return Check(arguments[name], text)
}
