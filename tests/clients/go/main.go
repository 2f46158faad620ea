// go-oidc, with golang.org/x/oauth2, as Debian has them.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"log"
	"net/url"
	"os"
	"strings"

	oidc "github.com/coreos/go-oidc"
	"golang.org/x/oauth2"
)

func say(what any) {
	if err := json.NewEncoder(os.Stdout).Encode(what); err != nil {
		log.Fatal(err)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

const (
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

func main() {
	ctx := context.Background()
	provider := must(oidc.NewProvider(ctx, os.Getenv("ISSUER")))
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		log.Fatal(err)
	}
	config := oauth2.Config{
		ClientID:     os.Getenv("CLIENT_ID"),
		ClientSecret: os.Getenv("CLIENT_SECRET"),
		RedirectURL:  os.Getenv("REDIRECT_URI"),
		Endpoint:     provider.Endpoint(),
		Scopes:       []string{oidc.ScopeOpenID, "profile", "phone", oidc.ScopeOfflineAccess},
	}
	say(map[string]string{"authorize": config.AuthCodeURL("a-state", oidc.Nonce("a-nonce"),
		oauth2.SetAuthURLParam("code_challenge", challenge),
		oauth2.SetAuthURLParam("code_challenge_method", "S256"))})
	line := must(bufio.NewReader(os.Stdin).ReadString('\n'))
	back := must(url.Parse(strings.TrimSpace(line)))
	if back.Query().Get("state") != "a-state" {
		log.Fatal("another state")
	}
	token := must(config.Exchange(ctx, back.Query().Get("code"), oauth2.SetAuthURLParam("code_verifier", verifier)))
	checked := func(token *oauth2.Token) *oidc.IDToken {
		raw, _ := token.Extra("id_token").(string)
		id := must(provider.Verifier(&oidc.Config{ClientID: config.ClientID}).Verify(ctx, raw))
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			log.Fatal(err)
		}
		return id
	}
	id := checked(token)
	if id.Nonce != "a-nonce" {
		log.Fatal("another nonce")
	}
	info := must(provider.UserInfo(ctx, oauth2.StaticTokenSource(token)))
	var claims struct {
		Phone string `json:"phone_number"`
	}
	if err := info.Claims(&claims); err != nil || info.Subject != id.Subject {
		log.Fatal("another person", err)
	}
	fresh := must(config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token())
	if checked(fresh).Subject != id.Subject {
		log.Fatal("another person")
	}
	hint, _ := fresh.Extra("id_token").(string)
	query := url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {os.Getenv("AFTER_LOGOUT")}, "state": {"bye"}}
	say(map[string]any{"done": map[string]any{
		"sub": id.Subject, "phone": claims.Phone, "rotated": fresh.RefreshToken != token.RefreshToken,
		"logout": more.EndSession + "?" + query.Encode(),
	}})
}
