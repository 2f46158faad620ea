// Logs people in with WeChat, by Saoma: ISSUER=http://127.0.0.1:8080 CLIENT_ID=shop CLIENT_SECRET=… go run . 3000
package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"golang.org/x/oauth2"
)

func random() string { return base64.RawURLEncoding.EncodeToString(securecookie.GenerateRandomKey(32)) }

func main() {
	saoma, err := oidc.NewProvider(context.Background(), os.Getenv("ISSUER"))
	if err != nil {
		panic(err)
	}
	client := oauth2.Config{ClientID: os.Getenv("CLIENT_ID"), ClientSecret: os.Getenv("CLIENT_SECRET"), Endpoint: saoma.Endpoint(),
		RedirectURL: "http://127.0.0.1:" + os.Args[1] + "/callback", Scopes: []string{oidc.ScopeOpenID, "profile"}}
	store := sessions.NewCookieStore(securecookie.GenerateRandomKey(32), securecookie.GenerateRandomKey(32)) // sealed cookies
	store.Options = &sessions.Options{Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}             // and Secure, over https
	verifier, app := saoma.Verifier(&oidc.Config{ClientID: client.ClientID}), gin.New()
	app.GET("/", func(c *gin.Context) {
		session, _ := store.Get(c.Request, "shop")
		if person, ok := session.Values["person"].(string); ok {
			c.JSON(http.StatusOK, gin.H{"sub": person})
			return
		}
		state, nonce, proof := random(), random(), random()
		session.Values["asked"] = []string{state, nonce, proof}
		session.Save(c.Request, c.Writer)
		hash := sha256.Sum256([]byte(proof))
		challenge := oauth2.SetAuthURLParam("code_challenge", base64.RawURLEncoding.EncodeToString(hash[:]))
		c.Redirect(http.StatusFound, client.AuthCodeURL(state, oidc.Nonce(nonce), challenge, oauth2.SetAuthURLParam("code_challenge_method", "S256")))
	})
	app.GET("/callback", func(c *gin.Context) {
		c.Status(http.StatusBadRequest) // unless it was begun in this browser, and Saoma agrees
		session, _ := store.Get(c.Request, "shop")
		asked, _ := session.Values["asked"].([]string)
		if len(asked) != 3 || c.Query("state") != asked[0] {
			return
		}
		if token, err := client.Exchange(c, c.Query("code"), oauth2.SetAuthURLParam("code_verifier", asked[2])); err == nil {
			raw, _ := token.Extra("id_token").(string)
			if person, err := verifier.Verify(c, raw); err == nil && person.Nonce == asked[1] {
				session.Values = map[any]any{"person": person.Subject}
				session.Save(c.Request, c.Writer)
				c.Redirect(http.StatusFound, "/")
			}
		}
	})
	app.Run("127.0.0.1:" + os.Args[1])
}
