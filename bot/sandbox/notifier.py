"""The tenant's calls to the outside.

The handshake of a subscription, and notifications over HTTP from threads of their own.

| the address answers                     | then                                                       |
|-----------------------------------------|------------------------------------------------------------|
| 2xx within 3 seconds                    | delivered                                                  |
| 5xx, nothing, or too late               | again after a while, for up to four hours                  |
| anything else                           | dropped                                                    |

What waits for the same address goes in one POST. How long it waits, how often it comes and in which order are
knobs of `settings.py`; all in real time, because whoever is called lives in it. Facts: graph-facts section 4
(2026-11-22); that other 4xx are not repeated is assumed.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.parse import quote_plus
from urllib.request import ProxyHandler, Request, build_opener

from bot.sandbox.settings import Settings
from bot.sandbox.wire import JsonObject

HANDSHAKE_SECONDS = 10.0
GIVE_UP_SECONDS = 4 * 3600.0
MOST_ITEMS = 100
LONGEST_SLEEP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One POST that was made; `status` 0 for no answer in time."""

    url: str
    items: tuple[JsonObject, ...]
    status: int
    seconds: float


@dataclass(slots=True)
class _Waiting:
    url: str
    item: JsonObject
    due: float
    since: float


class Notifier:
    """The way of every notification. The thread ends when nothing waits and is started again by the next."""

    def __init__(self, settings: Settings) -> None:
        """Nothing waits."""
        self.settings = settings
        self.deliveries: list[Delivery] = []
        self._opener = build_opener(ProxyHandler({}))
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._waiting: list[_Waiting] = []
        self._thread: threading.Thread | None = None

    def validate(self, url: str) -> bool:
        """Whether the address gives the token back as Graph wants it: 200, plain text, decoded. Blocks."""
        token = (
            "Validation: Testing client application reachability for subscription Request-Id: "
            f"{uuid.uuid4()} <&+%>"
        )
        joint = "&" if "?" in url else "?"
        status, kind, body = self._post(
            f"{url}{joint}validationToken={quote_plus(token)}", b"", HANDSHAKE_SECONDS
        )
        return (
            status == HTTPStatus.OK
            and kind.split(";")[0].strip().lower() == "text/plain"
            and body == token.encode()
        )

    def put(self, url: str, item: JsonObject) -> None:
        """Let a notification go, as often and as late as the knobs say."""
        now = time.monotonic()
        due = now + self.settings.notification_delay_seconds
        with self._lock:
            self._waiting += [_Waiting(url, item, due, now) for _ in range(self.settings.notification_copies)]
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        self._wake.set()

    def stop(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._waiting.clear()
        self._wake.set()

    @property
    def waiting(self) -> int:
        """How many notifications have not been delivered or dropped yet."""
        with self._lock:
            return len(self._waiting)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                now = time.monotonic()
                first = min(self._waiting, key=lambda one: one.due)
                together = [one for one in self._waiting if one.url == first.url and one.due <= now][
                    :MOST_ITEMS
                ]
            if together:
                self._deliver(first.url, together)
            else:
                self._wake.wait(min(first.due - now, LONGEST_SLEEP))
                self._wake.clear()

    def _deliver(self, url: str, together: list[_Waiting]) -> None:
        items = tuple(one.item for one in together)
        if self.settings.notifications_reversed:
            items = items[::-1]
        started = time.monotonic()
        status, _, _ = self._post(
            url, json.dumps({"value": items}).encode(), self.settings.notification_timeout_seconds
        )
        ended = time.monotonic()
        again = status == 0 or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        with self._lock:
            self.deliveries.append(Delivery(url=url, items=items, status=status, seconds=ended - started))
            for one in together:
                if again and ended - one.since < GIVE_UP_SECONDS:
                    one.due = ended + self.settings.notification_retry_seconds
                elif one in self._waiting:
                    self._waiting.remove(one)

    def _post(self, url: str, body: bytes, seconds: float) -> tuple[int, str, bytes]:
        kind = "application/json; charset=utf-8" if body else "text/plain; charset=utf-8"
        # Http to loopback only, else https.
        request = Request(url, data=body, headers={"Content-Type": kind}, method="POST")  # noqa: S310
        try:
            with self._opener.open(request, timeout=seconds) as answer:
                return answer.status, answer.headers.get("content-type", ""), answer.read()
        except HTTPError as error:
            with error:
                return error.code, "", b""
        except OSError:
            return 0, "", b""
