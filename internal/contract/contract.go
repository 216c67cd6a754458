// Package contract checks HTTP requests and answers against openapi.yaml, the
// documented part of the Tavus API in this project's own words. Only tests use
// it: they hand every request of the client and every answer of the simulator
// to [Checker.Check], so that both stay within what is documented even where
// they agree with each other.
//
// The file is strict about requests (a query parameter, a header value or a
// body field that is not documented does not fit) and open about answers,
// wherever the documentation is silent.
package contract

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

//go:embed openapi.yaml
var document []byte

// Checker holds the parsed contract. It is safe for concurrent use.
type Checker struct {
	router routers.Router
}

// New parses the contract. An error is a mistake in openapi.yaml.
func New() (*Checker, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	if err := doc.Validate(loader.Context); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	doc.Servers = nil // a simulator has an address of its own
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	return &Checker{router: router}, nil
}

// Check validates a request and its answer. The error says what does not fit;
// an undocumented path, method, query parameter or body field does not. The
// status 0 stands for an answer that nobody promised anything about, such as
// one that a fault spoiled: then only the request is checked.
func (c *Checker) Check(req *http.Request, reqBody []byte, status int, header http.Header, body []byte) error {
	input, err := c.request(req, reqBody)
	if err != nil {
		return err
	}
	if err := validateRequest(req.Context(), input, reqBody); err != nil {
		return fmt.Errorf("request %s %s is outside the contract: %w", req.Method, req.URL.Path, err)
	}
	if status == 0 {
		return nil
	}
	return check(req.Context(), input, status, header, body)
}

// request finds the operation of a request. It works on a copy, because the
// library reads the body and the context of what it validates.
func (c *Checker) request(req *http.Request, body []byte) (*openapi3filter.RequestValidationInput, error) {
	// The request may be over, so its context may be done; validation is not.
	clone := req.Clone(context.WithoutCancel(req.Context()))
	clone.Body = io.NopCloser(bytes.NewReader(body))
	clone.ContentLength = int64(len(body))
	route, params, err := c.router.FindRoute(clone)
	if err != nil {
		return nil, fmt.Errorf("request %s %s is outside the contract: %w", req.Method, req.URL.Path, err)
	}
	options := &openapi3filter.Options{AuthenticationFunc: authenticate, SkipSettingDefaults: true, IncludeResponseStatus: true}
	options.WithCustomSchemaErrorFunc(reason)
	return &openapi3filter.RequestValidationInput{Request: clone, PathParams: params, Route: route, Options: options}, nil
}

// reason keeps the library from printing schemas and whole documents.
func reason(err *openapi3.SchemaError) string {
	text := fmt.Sprintf("at /%s: %s (%s)", strings.Join(err.JSONPointer(), "/"), err.Reason, err.SchemaField)
	if err.Origin != nil {
		text += ": " + err.Origin.Error()
	}
	return text
}

func authenticate(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	if input.RequestValidationInput.Request.Header.Get(input.SecurityScheme.Name) == "" {
		return fmt.Errorf("the header %s is missing", input.SecurityScheme.Name)
	}
	return nil
}

func validateRequest(ctx context.Context, input *openapi3filter.RequestValidationInput, body []byte) error {
	// The library looks only at the parameters that the contract has.
	documented := map[string]bool{}
	for _, parameters := range []openapi3.Parameters{input.Route.PathItem.Parameters, input.Route.Operation.Parameters} {
		for _, parameter := range parameters {
			documented[parameter.Value.In+" "+parameter.Value.Name] = true
		}
	}
	for name := range input.Request.URL.Query() {
		if !documented["query "+name] {
			return fmt.Errorf("the query parameter %q is not documented", name)
		}
	}
	if input.Request.Header.Get("If-Match") != "" && !documented["header If-Match"] {
		return errors.New("If-Match is not documented here")
	}
	if input.Route.Operation.RequestBody == nil && len(body) > 0 {
		return errors.New("no body is documented here")
	}
	return openapi3filter.ValidateRequest(context.WithoutCancel(ctx), input)
}

func check(ctx context.Context, input *openapi3filter.RequestValidationInput, status int, header http.Header, body []byte) error {
	if len(body) == 0 && mayBeEmpty(input.Route, status) {
		return nil
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: status, Header: header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: input.Options,
	}
	err := openapi3filter.ValidateResponse(context.WithoutCancel(ctx), answer)
	if err == nil && len(body) > 0 && (status == http.StatusNoContent || status == http.StatusNotModified) {
		err = fmt.Errorf("%d has no body", status)
	}
	if err != nil {
		return fmt.Errorf("answer %d to %s %s is outside the contract: %w",
			status, input.Request.Method, input.Request.URL.Path, err)
	}
	return nil
}

func mayBeEmpty(route *routers.Route, status int) bool {
	response := route.Operation.Responses.Status(status)
	return response != nil && response.Value != nil && response.Value.Extensions["x-may-be-empty"] == true
}
