"""The calls of Grafana's generic_oauth, with the configuration that its page in docs/ gives.

Grafana has a browser set out at /login/generic_oauth, redeems the code with the secret in the header, reads the claims at api_url,
takes login, name, e-mail address and role of them by JMESPath, and refreshes while the person is there.
"""

import base64
import configparser
import hashlib
import json
import os
import re
import secrets
import sys
import textwrap
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import jmespath
import requests

page = open(os.environ["PAGE"], encoding="utf-8").read()
block = textwrap.dedent(re.search(r" *```ini\n(.*?)```", page, re.DOTALL).group(1))
# What stands in the way of running the page to the letter: where Saoma is, and where secrets are.
block = block.replace("https://login.example.com", os.environ["ISSUER"]).replace("/run/secrets", os.environ["SECRETS"])
grafana = configparser.ConfigParser(interpolation=None)
grafana.read_string(block)
root_url = grafana["server"]["root_url"]
oauth = grafana["auth.generic_oauth"]
assert oauth.getboolean("enabled") and oauth.getboolean("allow_sign_up")
redirect_uri = root_url + "login/generic_oauth"
secret = open(re.fullmatch(r"\$__file\{(.*)\}", oauth["client_secret"]).group(1), encoding="utf-8").read().strip()


def say(what):
    print(json.dumps(what), flush=True)


def tokens(form):
    # As Go's oauth2 does it first: both percent-encoded, in the header.
    shown = f"{quote(oauth['client_id'], safe='')}:{quote(secret, safe='')}"
    header = {"Authorization": "Basic " + base64.b64encode(shown.encode()).decode()}
    answer = requests.post(oauth["token_url"], data=form, headers=header, timeout=10)
    answer.raise_for_status()
    return answer.json()


state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
asked = {
    "client_id": oauth["client_id"],
    "redirect_uri": redirect_uri,
    "response_type": "code",
    "scope": oauth["scopes"],
    "state": state,
}
if oauth.getboolean("use_pkce"):
    digest = hashlib.sha256(verifier.encode()).digest()
    asked |= {"code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="), "code_challenge_method": "S256"}
if oauth.getboolean("use_refresh_token"):
    asked["access_type"] = "offline"
say({"authorize": oauth["auth_url"] + "?" + urlencode(asked)})
back = urlsplit(sys.stdin.readline().strip())
assert back.geturl().startswith(redirect_uri + "?"), back
query = parse_qs(back.query)
assert query["state"] == [state]
form = {"grant_type": "authorization_code", "code": query["code"][0], "redirect_uri": redirect_uri, "code_verifier": verifier}
first = tokens(form)
fresh = tokens({"grant_type": "refresh_token", "refresh_token": first["refresh_token"]})
header = {"Authorization": "Bearer " + fresh["access_token"]}
answer = requests.get(oauth["api_url"], headers=header, timeout=10)
answer.raise_for_status()
claims = answer.json()
user = {name: jmespath.search(oauth[f"{name}_attribute_path"], claims) for name in ("login", "name", "email", "role")}
rotated = fresh["refresh_token"] != first["refresh_token"]
say({"done": user | {"rotated": rotated, "logout": oauth["signout_redirect_url"]}})
