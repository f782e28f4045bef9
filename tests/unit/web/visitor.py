"""Somebody with a browser, without sockets: opens addresses, keeps cookies, reads pages and sends the forms that are on them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import httpx

from bot.web.app import create_app
from tests.builders.fake_desk import BASE_URL, NOW, PLAN, SECRET, FakeDesk, token

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSEEN = {"head", "style", "script"}
FROM_OUR_PAGE = {"Origin": BASE_URL, "Sec-Fetch-Site": "same-origin"}


@dataclass
class Form:
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class Seen(HTMLParser):
    """What is on a page: its words, forms, links, ids and elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._inside: list[str] = []
        self._typing = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self.elements.append((tag, facts))
        self._inside += [tag] if tag in UNSEEN else []
        if tag == "form":
            self.forms.append(Form(action=facts["action"]))
        elif tag in {"input", "textarea"}:
            self.forms[-1].fields[facts["name"]] = facts.get("value", "")
            self._typing = facts["name"] if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)
        if tag == "textarea":
            self.forms[-1].fields[self._typing] = self.forms[-1].fields[self._typing].removeprefix("\n")
            self._typing = ""

    def handle_data(self, data: str) -> None:
        if self._typing:
            self.forms[-1].fields[self._typing] += data
        elif not self._inside:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, name: str) -> list[str]:
        return [facts[name] for one, facts in self.elements if one == tag and name in facts]


class Visitor:
    """`told` are the plans that `on_decided` was called with."""

    def __init__(self, desk: FakeDesk | None = None, *, base_url: str = BASE_URL) -> None:
        self.desk = desk or FakeDesk()
        self.told: list[str] = []
        self.link = f"/p/{token()}"
        app = create_app({PLAN: self.desk}, secret=SECRET, base_url=base_url, now=lambda: NOW, on_decided=self.told.append)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("192.0.2.7", 50000))
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url)

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def send(self, method: str, address: str, **options: object) -> httpx.Response:
        return asyncio.run(self._client.request(method, address, **options))

    def get(self, address: str = "", **options: object) -> httpx.Response:
        return self.send("GET", self.link + address, **options)

    def read(self, address: str = "", *, status: int = 200, **options: object) -> Seen:
        answer = self.get(address, **options)
        assert answer.status_code == status
        return Seen(answer.text)

    def question(self, action: str, offering: str = "hold-1", lang: str = "da") -> Form:
        (form,) = self.read(f"/confirm?action={action}&offering={offering}&lang={lang}").forms
        return form

    def submit(self, form: Form, headers: Mapping[str, str] | None = None, **fields: str) -> httpx.Response:
        return self.send("POST", form.action, data=form.fields | fields, headers=FROM_OUR_PAGE if headers is None else headers)

    def after(self, answer: httpx.Response) -> Seen:
        """The page that a change leads to."""
        assert answer.status_code == 303
        followed = self.send("GET", answer.headers["location"])
        assert followed.status_code == 200
        return Seen(followed.text)
