// Command client signs a user in by go-oidc, with what `mock-okta run` puts into its environment.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const nonce = "nonce/with+base64="

func main() {
	ctx, env := context.Background(), os.Getenv
	provider := must(oidc.NewProvider(ctx, env("ISSUER")))
	app := oauth2.Config{
		ClientID:     env("CLIENT_ID"),
		ClientSecret: env("CLIENT_SECRET"),
		Endpoint:     provider.Endpoint(),
		RedirectURL:  os.Args[1],
		Scopes:       []string{oidc.ScopeOpenID, "profile", oidc.ScopeOfflineAccess},
	}
	proof := oauth2.GenerateVerifier()
	state := oauth2.GenerateVerifier()
	returned := signedIn(app.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(proof)))
	if returned.Get("state") != state {
		panic(returned)
	}
	token := must(app.Exchange(ctx, returned.Get("code"), oauth2.VerifierOption(proof)))

	ids := provider.Verifier(&oidc.Config{ClientID: app.ClientID})
	id := must(ids.Verify(ctx, token.Extra("id_token").(string)))
	access := provider.Verifier(&oidc.Config{ClientID: env("OKTA_OAUTH2_AUDIENCE")})
	_ = must(access.Verify(ctx, token.AccessToken))
	_, refused := access.Verify(ctx, token.Extra("id_token").(string))
	user := must(provider.UserInfo(ctx, oauth2.StaticTokenSource(token)))
	var profile struct{ Name string }
	check(user.Claims(&profile))
	renewed := must(app.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token())
	check(must(ids.Verify(ctx, renewed.Extra("id_token").(string))).VerifyAccessToken(renewed.AccessToken))

	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"subject": id.Subject,
		"nonce":   id.Nonce == nonce,
		"name":    profile.Name,
		"refused": refused.Error(),
	}))
}

// signedIn gives the fields with which the org sends the user back, who has signed in.
func signedIn(authorize string) url.Values {
	body := must(json.Marshal(map[string]string{
		"username": os.Getenv("OKTA_USERNAME"), "password": os.Getenv("OKTA_PASSWORD"),
	}))
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	answer := must(client.Post(os.Getenv("OKTA_ORG_URL")+"/api/v1/authn", "application/json", bytes.NewReader(body)))
	var signedIn struct{ SessionToken string }
	check(json.NewDecoder(answer.Body).Decode(&signedIn))
	back := must(client.Get(authorize + "&sessionToken=" + signedIn.SessionToken))
	if back.StatusCode != http.StatusFound {
		panic(errors.New(back.Status))
	}
	return must(back.Location()).Query()
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
