"""Authlib, with requests."""

import json
import os
import sys
from urllib.parse import urlencode

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken

env = os.environ


def say(what):
    print(json.dumps(what), flush=True)


provider = requests.get(env["ISSUER"] + "/.well-known/openid-configuration", timeout=10).json()
assert provider["issuer"] == env["ISSUER"]
keys = JsonWebKey.import_key_set(requests.get(provider["jwks_uri"], timeout=10).json())
session = OAuth2Session(
    env["CLIENT_ID"],
    env["CLIENT_SECRET"],
    scope="openid profile phone offline_access",
    redirect_uri=env["REDIRECT_URI"],
    code_challenge_method="S256",
    token_endpoint_auth_method="client_secret_post",
)


def checked(token, nonce=None):
    options = {"iss": {"essential": True, "value": provider["issuer"]}, "aud": {"essential": True, "value": env["CLIENT_ID"]}}
    params = {"nonce": nonce, "client_id": env["CLIENT_ID"], "access_token": token["access_token"]}
    claims = jwt.decode(token["id_token"], keys, claims_cls=CodeIDToken, claims_options=options, claims_params=params)
    claims.validate(leeway=5)
    return claims


verifier, nonce = "v" * 64, "a-nonce"
address, _ = session.create_authorization_url(provider["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
say({"authorize": address})
back = sys.stdin.readline().strip()
token = session.fetch_token(provider["token_endpoint"], authorization_response=back, code_verifier=verifier)
claims = checked(token, nonce)
info = session.get(provider["userinfo_endpoint"]).json()
assert info["sub"] == claims["sub"]
fresh = session.refresh_token(provider["token_endpoint"], refresh_token=token["refresh_token"])
assert checked(fresh)["sub"] == claims["sub"]
assert session.get(provider["userinfo_endpoint"]).json() == info
told = session.introspect_token(provider["introspection_endpoint"], token=fresh["access_token"]).json()
assert told["active"], told
query = {"id_token_hint": fresh["id_token"], "post_logout_redirect_uri": env["AFTER_LOGOUT"], "state": "bye"}
logout = provider["end_session_endpoint"] + "?" + urlencode(query)
rotated = fresh["refresh_token"] != token["refresh_token"]
say({"done": {"sub": claims["sub"], "phone": info["phone_number"], "rotated": rotated, "logout": logout}})
