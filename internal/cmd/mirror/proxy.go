package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// apiHost is a name that no resolver knows (RFC 6761, section 6.2), and that is
// not the own machine, to which no proxy is used.
const apiHost = "api.tavus.test"

// network is a proxy, and behind it the API under another name and with a
// certificate of our own.
type network struct {
	proxy   string // its URL
	ca      []byte // PEM
	tunnels atomic.Int64
	servers []*http.Server
}

func newNetwork(ctx context.Context, api string) (*network, error) {
	target, err := url.Parse(api)
	if err != nil {
		return nil, err
	}
	certificate, authority, err := certify()
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	inner, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	outer, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, inner.Close())
	}
	n := &network{proxy: "http://" + outer.Addr().String(), ca: authority}
	front := &http.Server{
		Handler:           httputil.NewSingleHostReverseProxy(target),
		ReadHeaderTimeout: 10 * time.Second,
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		// A client that does not know the CA is part of the check.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	proxy := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodConnect || r.Host != apiHost+":443" {
				http.Error(w, "this proxy tunnels to "+apiHost+" and nowhere else", http.StatusForbidden)
				return
			}
			n.tunnels.Add(1)
			tunnel(r.Context(), w, inner.Addr().String())
		}),
	}
	n.servers = []*http.Server{front, proxy}
	// Both end with close, and then always with the same error.
	go func() { _ = front.ServeTLS(inner, "", "") }()
	go func() { _ = proxy.Serve(outer) }()
	return n, nil
}

func (n *network) close() {
	for _, server := range n.servers {
		_ = server.Close()
	}
}

// tunnel answers a CONNECT (RFC 9110, section 9.3.6).
func tunnel(ctx context.Context, w http.ResponseWriter, to string) {
	var dialer net.Dialer
	there, err := dialer.DialContext(ctx, "tcp", to)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = there.Close() }()
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer func() { _ = here.Close() }()
	if _, err := io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		return
	}
	// When one side ends, so does the other.
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(there, here); _ = there.Close() })
	both.Go(func() { _, _ = io.Copy(here, there); _ = here.Close() })
	both.Wait()
}

// certify makes a CA and a certificate of it for apiHost.
func certify() (certificate tls.Certificate, authority []byte, err error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Company CA"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return certificate, nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: apiHost}, DNSNames: []string{apiHost},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return certificate, nil, err
	}
	certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}), nil
}
