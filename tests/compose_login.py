"""Logs a new person in at https://localhost, by the phone of the simulated WeChat, which also gets the SMS.

usage: compose_login.py <name of the person>
"""

import json
import ssl
import sys
import urllib.request

SITE, WECHAT = "https://localhost", "http://127.0.0.1:18081/sandbox/api"
# The proxy has made this certificate itself.
ANY = ssl.create_default_context()
ANY.check_hostname, ANY.verify_mode = False, ssl.CERT_NONE


def call(method, url, body=None, token="none"):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, context=ANY if url.startswith("https") else None, timeout=70) as answer:
        return json.loads(answer.read() or "null")


name = sys.argv[1]
call("PUT", f"{WECHAT}/accounts/main/callback-url", {"url": "http://saoma:8080/wechat/main/callback"})
assert call("POST", f"{WECHAT}/accounts/main/check-url")["answers"], "the callback does not answer WeChat"
phone = call("POST", f"{WECHAT}/people", {"name": name})["phone"]
started = call("POST", f"{SITE}/v1/logins", {"channel": "official_account", "client": "device"})
login, token = f"{SITE}/v1/logins/{started['id']}", started["poll_token"]
call("POST", f"{WECHAT}/people/{name}/scan", {"url": started["qr"]["content"]})
state = call("GET", f"{login}?wait=20", token=token)["state"]
assert state == "unregistered", state
call("POST", f"{login}/sms-codes", {"phone": phone}, token)
code = call("GET", f"{WECHAT}/people/{name}/sms")[-1]["code"]
session = call("POST", f"{login}/phone", {"phone": phone, "code": code}, token)["session"]["token"]
account = call("GET", f"{SITE}/v1/session", token=session)["account"]
print(f"compose: {name} is logged in through the proxy as {account['id']}, {account['phone']}")
