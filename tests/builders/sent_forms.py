"""What a browser would send of a form on a page: every field as it stands there."""

from __future__ import annotations

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self._action, self._inside = action, False
        self._select, self._area = "", ""
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("action", "").startswith(self._action)
        if not self._inside:
            return
        name = said.get("name", "")
        if tag == "input" and name and (said.get("type") not in {"checkbox", "radio"} or "checked" in said):
            self.fields.append((name, said.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            self.fields.append((self._select, said["value"]))
        elif tag == "textarea":
            self._area = name
            self.fields.append((name, ""))
        elif tag == "button" and name == "do" and "disabled" not in said:
            self.buttons.append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area and self._inside:
            name, before = self.fields[-1]
            self.fields[-1] = (name, (before + data).removeprefix("\n"))


def form_on(page: str, action: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The fields of the first forms that go to `action`, and the words of their buttons."""
    parser = _Fields(action)
    parser.feed(page)
    return parser.fields, parser.buttons


def typed(fields: list[tuple[str, str]], **cells: str | list[str]) -> dict[str, list[str]]:
    """As it is sent, with what somebody typed: `c0_title` is `c0.title`."""
    said: dict[str, list[str]] = {}
    for name, value in fields:
        said.setdefault(name, []).append(value)
    for name, value in cells.items():
        said[name.replace("__", ".")] = value if isinstance(value, list) else [value]
    return said
