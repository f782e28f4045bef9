"""How the desk's pages say what stands on them: how many mails, when, and what would be at the same time."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.i18n.catalogue import plural, text
from bot.i18n.clashes import clash_text
from bot.i18n.dates import (
    clock_text,
    day_of_month_text,
    month_text,
    short_day_text,
    short_moment_text,
    span_text,
)
from bot.i18n.mails import mails_text
from bot.i18n.spoken import reason_text
from bot.messages.characters import unbroken
from bot.messages.markdown import typed_html
from bot.messages.plain_html import without_looks
from bot.overview.words import Words
from bot.registrations.said_lines import response_text
from bot.web.answer_fields import answer_words
from bot.web.desk.broadcast_page import counted_text, place_text
from bot.web.rendering import Templates
from bot.web.result_words import result_words

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.people import Language
    from bot.overview.course_list import ListedDate


def _words(language: Language) -> dict[str, object]:
    return {
        "mails": partial(mails_text, language),
        "clash_words": partial(clash_text, language=language),
        "plural": partial(plural, language),
        "short": lambda wall: unbroken(short_moment_text(language, wall)),
        "when": partial(_when, language),
        "span": lambda start, end, *, all_day: unbroken(span_text(language, start, end, all_day=all_day)),
        "half_text": partial(_half, language),
        "day": partial(short_day_text, language),
        "day_of_month": partial(day_of_month_text, language),
        "month_text": partial(month_text, language),
        "clock": partial(clock_text, language),
        "period_text": Words(language, {}).period,
        "response": lambda said: response_text(said, language),
        "kind_text": lambda kind: text(language, f"messages.kind.{kind}"),
        "reason_text": lambda reason: reason_text(reason, language),
        "place_text": partial(place_text, language=language),
        "counted": lambda counts: counted_text(counts.items(), language),
        "counted_list": partial(counted_text, language=language),
        **answer_words(language),
        **result_words(language),
        "typed": lambda said: Markup(without_looks(typed_html(said))),  # noqa: S704 - made safe
    }


def _when(language: Language, date: ListedDate) -> str:
    """`18-06-2025 kl. 09.00–15.30`, or as far as it is known, with the name of its part."""
    said = _time(language, date.start, date.end, date.period, all_day=date.all_day)
    return f"{date.title}: {said}" if date.title else said


def _time(
    language: Language, start: datetime | None, end: datetime | None, period: str | None, *, all_day: bool
) -> str:
    if start is None or end is None:
        words = Words(language, {})
        return words("undated", period=words.period(period)) if period else words("no_date")
    if all_day:
        last = end - timedelta(days=1)
        days = dict.fromkeys(short_day_text(language, one.date()) for one in (start, last))
        return " – ".join(days)
    if start.date() != end.date():
        return f"{short_moment_text(language, start)} – {short_moment_text(language, end)}"
    until = clock_text(language, end).removeprefix("kl. ")
    return f"{short_moment_text(language, start)}–{until}"


def _half(language: Language, word: str) -> str:
    """`1. halvår 2025`, as a filter has it (`bot.overview.course_list.half_word`)."""
    year, _, half = word.partition("-")
    if half in {"1", "2"} and year.isdigit():
        return text(language, "courses.half", number=half, year=year)
    return year if year.isdigit() else text(language, "courses.no_time")


PAGES = Templates(Path(__file__).parent / "templates", _words)
