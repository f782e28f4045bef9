"""Bytes of a YAML file → nodes with lines: an own builder over libyaml's events.

Why not a loader: YAML 1.1 guesses (`no` is False, `09:00` is 540, `2024-09-01` a date), drops lines and
takes the last of two equal keys. Here a scalar stays text, a duplicate key is an error, and nothing in
the file can make the reader recurse, grow without bound or run code. Tags and merge keys are refused.
Encodings: UTF-8 with or without a byte order mark, UTF-16 with one (what Notepad calls "Unicode").
Facts: YAML 1.1 as libyaml 0.2.5 reads it, tried 2026-11-22.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

import yaml

from bot.plan.findings import shown
from bot.plan.nodes import ROOT, Mapping, Node, NodeEntry, Scalar, Sequence, Spot

if TYPE_CHECKING:
    from bot.plan.findings import Findings

# The format itself is 9 deep; anything far deeper is an accident or an attack.
MAX_DEPTH = 40
# 5,000 sessions are some 60,000 nodes. Aliases count with everything they stand for.
MAX_NODES = 600_000
KEY_IN_PLACE = 60
NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What libyaml says → which of our texts explains it.
SYNTAX_REASONS = (
    ("mapping values are not allowed", "colon"),
    ("did not find expected key", "indent"),
    ("did not find expected '-' indicator", "indent"),
    ("could not find expected ':'", "no_colon"),
    ("found unexpected end of stream", "open_quote"),
    ("did not find expected ',' or", "bracket"),
    ("did not find expected node content", "bracket"),
    ("cannot start any token", "first_character"),
    ("block sequence entries are not allowed", "indent"),
)


class _Stopped(Exception):
    """The document cannot be read further; the problem is noted."""


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open, with what it has so far."""

    place: str
    spot: Spot
    is_mapping: bool
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    entries: list[NodeEntry] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    pending: tuple[str, Spot] | None = None
    size: int = 1
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A value that an alias may stand for; `size` and `height` with everything below it."""

    node: Node
    size: int
    height: int


def read_yaml(data: bytes, findings: Findings) -> Node | None:
    """The document's one value, or None when it could not be read (the problems say why)."""
    text = _decoded(data, findings)
    if text is None:
        return None
    builder = _Builder(findings)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except _Stopped:
        return None
    except yaml.YAMLError as error:
        _note_syntax(error, text, findings)
        return None
    if builder.root is None:
        findings.error("plan.unreadable", ROOT, reason="empty")
    return builder.root


def _decoded(data: bytes, findings: Findings) -> str | None:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        findings.error("plan.unreadable", ROOT, reason="encoding")
        return None
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 if encoding == "utf-16" else error.object[: error.start].count(b"\n") + 1
        findings.error("plan.unreadable", Spot("", line, (line,)), reason="encoding")
        return None
    if bad := NOT_YAML.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        findings.error(
            "plan.unreadable",
            Spot("", line, (line,)),
            reason="character",
            character=f"U+{ord(bad.group()):04X}",
        )
        return None
    return text


def _note_syntax(error: yaml.YAMLError, text: str, findings: Findings) -> None:
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(error, "problem", None) or ""
    reason = next((name for said, name in SYNTAX_REASONS if said in problem), "other")
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        reason = "tab"
    opened = context.line + 1 if context else line
    findings.error(
        "yaml.syntax", Spot("", line, (line,)), reason=reason, detail=shown(problem), opened=opened
    )


def _spot(place: str, event: yaml.Event) -> Spot:
    mark = event.start_mark
    return Spot(place, mark.line + 1, (mark.line + 1, mark.column)) if mark else Spot(place, 1, (1,))


class _Builder:
    """Events in, nodes out, with a stack of its own instead of recursion."""

    def __init__(self, findings: Findings) -> None:
        self.root: Node | None = None
        self._findings = findings
        self._open: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._total = 0

    def take(self, event: yaml.Event) -> None:
        """Take one event; raises _Stopped when the rest cannot be understood."""
        match event:
            case yaml.ScalarEvent():
                self._take_scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._take_start(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._take_end()
            case yaml.AliasEvent():
                self._take_alias(event)
            case yaml.DocumentStartEvent() if self.root is not None:
                self._stop("plan.unreadable", _spot("", event), reason="documents")
            case _:
                pass

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        frame = self._open[-1] if self._open else None
        if frame is not None and frame.is_mapping and frame.pending is None:
            self._take_key(frame, event)
            return
        spot = _spot(self._place(), event)
        self._refuse_tag(event.tag, spot)
        scalar = Scalar(event.value, spot, not event.style)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(scalar, 1, 0)
        self._add(scalar, 1, 0, spot)

    def _take_key(self, frame: _Frame, event: yaml.ScalarEvent) -> None:
        key = event.value
        named = key if len(key) <= KEY_IN_PLACE else key[:KEY_IN_PLACE] + "…"
        spot = _spot(f"{frame.place}.{named}" if frame.place else named, event)
        self._refuse_tag(event.tag, spot)
        if key == "<<" and not event.style:
            self._stop("yaml.syntax", spot, reason="merge")
        frame.pending = (key, spot)

    def _take_start(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        place = self._place()
        spot = _spot(place, event) if place else ROOT
        self._refuse_complex_key(spot)
        self._refuse_tag(event.tag, spot)
        if len(self._open) >= MAX_DEPTH:
            self._stop("plan.unreadable", spot, reason="deep", limit=MAX_DEPTH)
        self._open.append(_Frame(place, spot, isinstance(event, yaml.MappingStartEvent), event.anchor))

    def _take_end(self) -> None:
        frame = self._open.pop()
        node: Node = (
            Mapping(tuple(frame.entries), frame.spot)
            if frame.is_mapping
            else Sequence(tuple(frame.items), frame.spot)
        )
        if frame.anchor:
            self._anchors[frame.anchor] = _Anchored(node, frame.size, frame.height)
        self._add(node, frame.size, frame.height, frame.spot)

    def _take_alias(self, event: yaml.AliasEvent) -> None:
        spot = _spot(self._place(), event)
        self._refuse_complex_key(spot)
        name = event.anchor or ""
        anchored = self._anchors.get(name)
        if anchored is None:
            self._stop("yaml.syntax", spot, reason="alias", name=shown(name))
        if len(self._open) + anchored.height > MAX_DEPTH:
            self._stop("plan.unreadable", spot, reason="deep", limit=MAX_DEPTH)
        self._total += anchored.size
        self._add(anchored.node, anchored.size, anchored.height, spot)

    def _add(self, node: Node, size: int, height: int, spot: Spot) -> None:
        self._total += 1
        if self._total > MAX_NODES:
            self._stop("plan.unreadable", spot, reason="nodes", limit=MAX_NODES)
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        frame.size += size
        frame.height = max(frame.height, height + 1)
        if not frame.is_mapping:
            frame.items.append(node)
            return
        key, key_spot = frame.pending or ("", spot)  # libyaml gives a mapping's scalars in pairs
        frame.pending = None
        if key in frame.keys:
            self._findings.error("yaml.duplicate_key", key_spot, key=shown(key))
            return
        frame.keys.add(key)
        frame.entries.append(NodeEntry(key, key_spot, node))

    def _place(self) -> str:
        if not self._open:
            return ""
        frame = self._open[-1]
        if frame.pending is not None:
            return frame.pending[1].place
        return f"{frame.place}[{len(frame.items)}]"

    def _refuse_complex_key(self, spot: Spot) -> None:
        if self._open and self._open[-1].is_mapping and self._open[-1].pending is None:
            self._stop("yaml.syntax", spot, reason="complex_key")

    def _refuse_tag(self, tag: str | None, spot: Spot) -> None:
        if tag is not None:
            self._stop("yaml.syntax", spot, reason="tag", tag=shown(tag))

    def _stop(self, code: str, spot: Spot, **params: object) -> NoReturn:
        self._findings.error(code, spot, **params)
        raise _Stopped
