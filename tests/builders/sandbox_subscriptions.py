"""Somebody who listens to Graph's calls."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.builders.graph_talk import NOW, ORGANISER

PATIENCE_SECONDS = 10.0


class Listener:
    """An address that answers as it is told, and keeps what it got."""

    def __init__(self) -> None:
        self.handshakes: list[str] = []
        self.got: list[dict] = []
        self.statuses: list[int] = []
        self.answer = lambda token: (200, "text/plain; charset=utf-8", token)
        self.came = threading.Semaphore(0)
        self.address = ""

    def wait(self, count=1):
        for _ in range(count):
            assert self.came.acquire(timeout=PATIENCE_SECONDS)
        return [item for body in self.got for item in body["value"]]


@contextmanager
def listening():
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            token = parse_qs(parts.query).get("validationToken")
            if token:
                listener.handshakes.append(parts.path)
                status, kind, text = listener.answer(token[0])
            else:
                status, kind, text = (listener.statuses.pop(0) if listener.statuses else 202), "text/plain", ""
                listener.got.append({"path": parts.path, **json.loads(body)})
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())
            if not token:
                listener.came.release()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    listener.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def wanted(tenant, listener, what="events", **changes):
    mailbox = tenant.directory.find_user(ORGANISER)
    given = {
        "changeType": "created,updated,deleted",
        "notificationUrl": f"{listener.address}/changes",
        "lifecycleNotificationUrl": f"{listener.address}/fate",
        "resource": f"/users/{mailbox.id}/{what}",
        "expirationDateTime": (NOW + timedelta(minutes=4230)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "clientState": "secret",
    }
    return {name: value for name, value in (given | changes).items() if value is not None}
