"""Shows orders to who is logged in, and hears what happens to accounts. Python's standard library only.

SAOMA_ADMIN=http://127.0.0.1:9090 SAOMA_KEY=… WEBHOOK_SECRET=whsec_… python3 backend.py 3000
"""
import base64, hashlib, hmac, json, os, sys, time, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ADMIN, KEY = os.environ["SAOMA_ADMIN"], os.environ["SAOMA_KEY"]
SECRET = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
heard = {}  # by webhook-id: a webhook may come twice


def who_is(cookie):
    """Asks whose session the browser's cookies are; None where there is no session."""
    request = urllib.request.Request(
        ADMIN + "/v1/admin/introspect",
        data=json.dumps({"cookie": cookie}).encode(),
        headers={"Authorization": "Bearer " + KEY, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        session = json.load(answer)
    return session["account"] if session["active"] else None


def is_genuine(headers, body):
    """Checks a webhook as Standard Webhooks has it: the signature of id, time and body, at most five minutes old."""
    sent_at = headers.get("webhook-timestamp", "0")
    if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > 300:
        return False
    signed = f"{headers.get('webhook-id')}.{sent_at}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256))
    signatures = headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(expected, signature) for signature in signatures)


class Backend(BaseHTTPRequestHandler):
    def do_GET(self):
        account = who_is(self.headers.get("Cookie", ""))
        if account is None:
            return self.answer(401, {"error": "log in first"})
        told = [event for event in heard.values() if event["data"].get("account") == account["id"]]
        self.answer(200, {"account": account["id"], "orders": [], "heard": [event["type"] for event in told]})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_genuine(self.headers, body):
            return self.answer(401, {"error": "the signature is wrong"})
        heard[self.headers["webhook-id"]] = json.loads(body)
        self.answer(200, {})

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass  # what browsers send is not logged


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Backend).serve_forever()
