// Logs people in with WeChat, by Saoma's OpenID provider. go-oidc checks signature, issuer, audience and expiry.
// ISSUER=http://127.0.0.1:8080 CLIENT_ID=shop CLIENT_SECRET=… go run . 3000
package main

import (
	"context"
	"net/http"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-contrib/sessions"
	"github.com/gin-contrib/sessions/cookie"
	"github.com/gin-gonic/gin"
	"golang.org/x/oauth2"
)

func main() {
	id := os.Getenv("CLIENT_ID")
	saoma, err := oidc.NewProvider(context.Background(), os.Getenv("ISSUER"))
	if err != nil {
		panic(err)
	}
	client := oauth2.Config{ClientID: id, ClientSecret: os.Getenv("CLIENT_SECRET"), Endpoint: saoma.Endpoint(),
		RedirectURL: "http://127.0.0.1:" + os.Args[1] + "/callback", Scopes: []string{oidc.ScopeOpenID, "profile"}}
	verifier := saoma.Verifier(&oidc.Config{ClientID: id})
	store := cookie.NewStore([]byte(oauth2.GenerateVerifier()))
	store.Options(sessions.Options{Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 3600})
	app := gin.New()
	app.Use(sessions.Sessions("shop", store)) // in a signed cookie: nothing secret may go in but what is used once
	app.GET("/", func(c *gin.Context) {
		session := sessions.Default(c)
		if person, ok := session.Get("person").(string); ok {
			c.JSON(http.StatusOK, gin.H{"sub": person})
			return
		}
		state, nonce, proof := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
		session.Set("asked", state+" "+nonce+" "+proof)
		session.Save()
		c.Redirect(http.StatusFound, client.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(proof)))
	})
	app.GET("/callback", func(c *gin.Context) {
		session := sessions.Default(c)
		asked, _ := session.Get("asked").(string)
		kept := strings.Fields(asked)
		person := ""
		if len(kept) == 3 && c.Query("state") == kept[0] {
			if token, err := client.Exchange(c, c.Query("code"), oauth2.VerifierOption(kept[2])); err == nil {
				raw, _ := token.Extra("id_token").(string)
				if verified, err := verifier.Verify(c, raw); err == nil && verified.Nonce == kept[1] {
					person = verified.Subject
				}
			}
		}
		if person == "" {
			c.AbortWithStatus(http.StatusBadRequest) // it was not begun in this browser, or Saoma refused
			return
		}
		session.Clear()
		session.Set("person", person)
		session.Save()
		c.Redirect(http.StatusFound, "/")
	})
	app.Run("127.0.0.1:" + os.Args[1])
}
