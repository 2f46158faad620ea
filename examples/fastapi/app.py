"""Logs people in with WeChat, by Saoma's OpenID provider. Authlib checks state, nonce, signature, issuer and audience.

pip install -r requirements.txt
ISSUER=http://127.0.0.1:8080 CLIENT_ID=shop CLIENT_SECRET=… python app.py 3000
"""
import os, secrets, sys
from urllib.parse import urlencode

import uvicorn
from authlib.integrations.starlette_client import OAuth, OAuthError
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.middleware.sessions import SessionMiddleware

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
SITE = os.environ.get("SITE", f"http://127.0.0.1:{PORT}")

app = FastAPI()
# The session is in a signed cookie: nothing secret may go in.
secret = os.environ.get("SESSION_SECRET") or secrets.token_urlsafe(32)
app.add_middleware(SessionMiddleware, secret_key=secret, https_only=SITE.startswith("https:"))
saoma = OAuth().register(
    "saoma",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["ISSUER"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
)


@app.get("/")
async def home(request: Request):
    if "person" in request.session:
        return request.session["person"]
    return await saoma.authorize_redirect(request, SITE + "/callback")


@app.get("/callback")
async def callback(request: Request):
    try:
        token = await saoma.authorize_access_token(request)
    except OAuthError as error:
        return JSONResponse({"error": error.error}, status_code=400)
    person = token["userinfo"]  # the claims of the id token
    request.session.clear()
    request.session["person"] = {name: person.get(name) for name in ("sub", "name", "amr")}
    return RedirectResponse("/")


@app.get("/logout")
async def logout(request: Request):
    request.session.clear()
    end = (await saoma.load_server_metadata())["end_session_endpoint"]
    asked = {"client_id": os.environ["CLIENT_ID"], "post_logout_redirect_uri": SITE + "/"}
    return RedirectResponse(f"{end}?{urlencode(asked)}")


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")
