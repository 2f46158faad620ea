"""Logs a new person in at https://localhost, by the phone page of the simulated WeChat and the code in a container's log.

usage: compose_login.py "<command that prints a log>" <container>…
"""

import json
import re
import ssl
import subprocess
import sys
import urllib.request

SITE, WECHAT = "https://localhost", "http://127.0.0.1:18081"
# The proxy has made this certificate itself.
ANY = ssl.create_default_context()
ANY.check_hostname, ANY.verify_mode = False, ssl.CERT_NONE


def call(method, url, body=None, token="none"):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, context=ANY if url.startswith("https") else None, timeout=70) as answer:
        return json.loads(answer.read() or "null")


def codes(command, containers):
    """Returns all codes that stand in the logs."""
    found = []
    for container in containers:
        log = subprocess.run([*command.split(), container], capture_output=True, text=True, check=True)
        found += re.findall(r"the code for \S+ is (\d{6})", log.stdout + log.stderr)
    return found


command, containers = sys.argv[1], sys.argv[2:]
name = f"person{len(codes(command, containers))}"
phone = call("POST", f"{WECHAT}/sandbox/api/people", {"name": name})["phone"]
started = call("POST", f"{SITE}/v1/logins", {"channel": "official_account", "client": "device"})
login, token = f"{SITE}/v1/logins/{started['id']}", started["poll_token"]
call("POST", f"{WECHAT}/sandbox/api/people/{name}/scan", {"url": started["qr"]["content"]})
state = call("GET", f"{login}?wait=20", token=token)["state"]
assert state == "unregistered", state
before = codes(command, containers)
call("POST", f"{login}/sms-codes", {"phone": phone}, token)
new = [code for code in codes(command, containers) if code not in before]
session = call("POST", f"{login}/phone", {"phone": phone, "code": new[-1]}, token)["session"]["token"]
account = call("GET", f"{SITE}/v1/session", token=session)["account"]
print(f"compose: {name} is logged in through the proxy as {account['id']}, {account['phone']}")
