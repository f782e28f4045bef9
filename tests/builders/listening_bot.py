"""A bot that says what it is told to say, on a port of its own: what Teams brings, and how its clients take the answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JsonObject = dict[str, Any]
CARD_TYPE = "application/vnd.microsoft.card.adaptive"


def answering(card: Any) -> JsonObject:
    """The body with which a press is answered by a card."""
    return {"statusCode": 200, "type": CARD_TYPE, "value": card}


@dataclass(slots=True)
class ListeningBot:
    """`say` gives status and body for an activity; `heard` are the activities, `headers` what came with them."""

    url: str = ""
    say: Callable[[JsonObject], tuple[int, Any]] = lambda _activity: (200, None)
    delay_seconds: float = 0.0
    heard: list[JsonObject] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def token(self, which: int = -1) -> str:
        return self.headers[which].get("authorization", "").removeprefix("Bearer ")


@contextmanager
def listening_bot() -> Iterator[ListeningBot]:
    bot = ListeningBot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            activity = json.loads(self.rfile.read(int(self.headers["content-length"])))
            bot.heard.append(activity)
            bot.headers.append({name.lower(): value for name, value in self.headers.items()})
            time.sleep(bot.delay_seconds)
            status, body = bot.say(activity)
            content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Nothing of it belongs in the output of tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    bot.url = f"http://127.0.0.1:{server.server_port}/bot/messages"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield bot
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
