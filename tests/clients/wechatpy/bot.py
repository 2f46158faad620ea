"""A site's own system behind the relay, by wechatpy in secure mode: it checks and opens each call as its documentation shows,
and echoes what people write.

What it takes is on the disk before it acknowledges it: a line of JSON in the file TAKEN.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

env = os.environ
crypto = WeChatCrypto(env["TOKEN"], env["AES_KEY"], env["APP_ID"])
taken = os.open(env["TAKEN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def which(message):
    """What tells a message apart: its number, or what happened and when. wechatpy calls a follow by a code `subscribe_scan`."""
    if message.id:
        return str(message.id)
    key = getattr(message, "scene_id", None) or getattr(message, "key", None) or ""
    return f"{message.event.removesuffix('_scan')} {key} {message.time}"


class Bot(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer go out in one piece.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self):
        query = dict(parse_qsl(urlsplit(self.path).query))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = (query["timestamp"], query["nonce"])
        try:
            check_signature(env["TOKEN"], query["signature"], *signed)
            message = parse_message(crypto.decrypt_message(body, query["msg_signature"], *signed))
        except (InvalidSignatureException, InvalidAppIdException):
            return self.answer(403, "")
        line = json.dumps({"person": message.source, "what": which(message)})
        os.write(taken, (line + "\n").encode())
        if message.type != "text":
            return self.answer(200, "success")
        reply = create_reply("echo: " + message.content, message)
        return self.answer(200, crypto.encrypt_message(reply, query["nonce"], query["timestamp"]))

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """A caller that died is no news."""


Server(("127.0.0.1", int(env["PORT"])), Bot).serve_forever()
