"""`messages`: what became of every message, and how each of them reads."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.files import replace_file
from bot.cli.main import Options
from bot.errors import InputError
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.delivery.accounts import Account, Returned
    from bot.domain.messages import Message
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.runtime import Stores
    from bot.showing import Reader
    from config.settings import Settings


_PAGE_WORDS = {
    "none": "own_none",
    "when": "when_heading",
    "to": "to_heading",
    "subject": "subject_heading",
    "events": "events_heading",
    "text": "as_text",
    "contents": "contents",
}


@click.command(epilog="Example: kursusbot --plan plan.yaml messages --preview beskeder")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--preview",
    "folder",
    metavar="FOLDER",
    help="Write the plan's own invitations and messages, as they read, to FOLDER; begin with index.html.",
)
@click.option(
    "--examples", is_flag=True, help="With --preview: every message in both languages, about a made-up course, for who words them."
)
@click.option("--copy", "copy_to", metavar="FOLDER", help="Write our templates to FOLDER, to word them yourself (see KURSUSBOT_TEMPLATES).")
@click.pass_obj
def messages(options: Options, form: str, folder: str | None, copy_to: str | None, *, examples: bool) -> int:
    """Show what became of the messages: sent, or why not; or how each of them reads."""
    from bot.delivery.accounts import accounts
    from bot.runtime import clock_of, load_plan, open_stores_to_read

    settings = options.settings()
    if copy_to is not None:
        click.echo(text(options.speak(), "messages.copied", count=_copy_words(Path(copy_to)), folder=copy_to))
        return 0
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    if folder is not None:
        count = _write_examples(plan, Path(folder), language) if examples else _write_own(settings, plan, Path(folder), language)
        code = "messages.written" if examples else "messages.own_written"
        click.echo(text(language, code, count=count, index=str(Path(folder) / "index.html")))
        return 0
    if examples:
        raise InputError("examples_without_preview")
    with open_stores_to_read(settings) as stores:
        sent = stores.outbox.load_messages(plan.id)
        found, returned = accounts(sent), _returned(sent, stores, plan, now=clock_of(settings).now())
    click.echo(_as_json(found, returned) if form == "json" else _as_text(found, returned, language))
    return 0


def _returned(sent: Sequence[Message], stores: Stores, plan: CoursePlan, *, now: datetime) -> tuple[Returned, ...]:
    """What came back, of addresses that are in an audience or on an event today; invitations only to what is still to come."""
    from bot.delivery.accounts import returned_mails
    from bot.delivery.bounces import still_wanted
    from bot.reporting import UNPLACED_TOLD

    entries = stores.books.ledger.load_entries(plan.id)
    members = stores.books.audiences.load_members(plan.id).values()
    in_use = frozenset[str]().union(*members, *(entry.desired_attendees for entry in entries.values()))
    unplaced = stores.bounces.load_unplaced(plan.id, since=now - UNPLACED_TOLD)
    return returned_mails(sent, still_wanted(stores.bounces.load_bounces(plan.id), entries.values(), now=now), in_use, unplaced)


def _as_json(found: Sequence[Account], returned: Sequence[Returned]) -> str:
    from bot.delivery.accounts import INVITATION, STATES, UNPLACED

    def came_back(kind: str) -> list[dict[str, str]]:
        return [
            {"email": one.email, "course": one.course, "session": one.session, "reason": one.reason} for one in returned if one.kind == kind
        ]

    rows = [
        {
            "kind": one.kind,
            "expected": one.expected,
            **{state: one.counts[state] for state in STATES},
            "reasons": [{"state": state, "reason": reason, "count": count} for (state, reason), count in sorted(one.reasons.items())],
            "returned": came_back(one.kind),
        }
        for one in found
    ]
    invitations = came_back(INVITATION)
    if invitations:
        counts = {state: len(invitations) if state == "failed" else 0 for state in STATES}
        by_reason = sorted(Counter(one["reason"] for one in invitations).items())
        reasons = [{"state": "failed", "reason": reason, "count": count} for reason, count in by_reason]
        rows.insert(0, {"kind": INVITATION, "expected": len(invitations), **counts, "reasons": reasons, "returned": invitations})
    strays = came_back(UNPLACED)
    if strays:
        counts = dict.fromkeys(STATES, 0)
        rows.append({"kind": UNPLACED, "expected": 0, **counts, "reasons": [], "returned": strays})
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_text(found: Sequence[Account], returned: Sequence[Returned], language: Language) -> str:
    from bot.cli.reminder_telling import reason_text
    from bot.delivery.accounts import STATES
    from bot.messages.characters import one_line

    if not found and not returned:
        return text(language, "messages.none")
    lines = []
    for one in found:
        parts = [f"{text(language, f'messages.state.{state}')} {one.counts[state]}" for state in STATES if one.counts[state]]
        lines.append(f"{text(language, f'messages.kind.{one.kind}')}: {one.expected} ({', '.join(parts)})")
        for (_, reason), count in sorted(one.reasons.items()):
            lines.append(f"    {count}: {reason_text(reason, language)}")
    if returned:
        lines += [*([""] if found else []), text(language, "messages.returned")]
    for mail in returned:
        kind, where = text(language, f"messages.kind.{mail.kind}"), mail.session or mail.course
        about = f"{kind}, {where}" if where else kind
        lines.append(f"    {one_line(mail.email)}: {reason_text(mail.reason, language)} ({about})")
    return "\n".join(lines)


def _card_lines(card: Mapping[str, Any] | None) -> list[list[tuple[str, bool]]]:
    """The lines of a card: its pieces of text, each with whether it is bold."""
    return [[(run["text"], run.get("weight") == "Bolder") for run in block["inlines"]] for block in card["body"]] if card else []


def _write_own(settings: Settings, plan: CoursePlan, folder: Path, language: Language) -> int:
    """The plan's own messages: a page of all of them, and each as a page and as text."""
    from bot.messages.environment import render
    from bot.messages.plain_text import text_of
    from bot.showing import shown_courses

    plan = replace(plan, language=language)
    found = list(shown_courses(plan, _readers(settings, plan)))
    courses: list[dict[str, Any]] = []
    for course, shown in found:
        listed = [
            {
                "id": f"{course.id}-{number:02}-{one.code}",
                "kind": one.kind,
                "when": one.when,
                "to": one.to,
                "subject": one.subject,
                "events": one.events,
                "html": one.html,
                "text": text_of(one.html) if one.html else one.plain,
                "line": one.line,
                "card": _card_lines(one.card),
                "actions": one.card.get("actions", ()) if one.card else (),
            }
            for number, one in enumerate(shown, 1)
        ]
        status = text(language, "messages.status", status=text(language, f"messages.status_of.{course.status.value}"))
        courses.append({"id": course.id, "title": course.title, "status": status, "shown": listed})
    words = {name: text(language, f"messages.{code}") for name, code in _PAGE_WORDS.items()}
    words |= {"feed": text(language, "teams.preview_feed"), "card": text(language, "teams.preview_card")}
    given = {"language": language.value, "words": words, "intro": text(language, "messages.own_intro")}
    _make_folder(folder)
    for course_given in courses:
        for one in course_given["shown"]:
            single = given | {"title": one["subject"], "courses": [course_given | {"shown": [one]}], "single": True}
            replace_file(str(folder / f"{one['id']}.html"), render("shown.html.j2", single).encode())
            replace_file(str(folder / f"{one['id']}.txt"), f"{one['subject']}\n\n{one['text']}".encode())
    title = text(language, "messages.own_title", organisation=plan.organisation)
    whole = given | {"title": title, "courses": courses, "single": False}
    replace_file(str(folder / "index.html"), render("shown.html.j2", whole).encode())
    return sum(len(course_given["shown"]) for course_given in courses)


def _readers(settings: Settings, plan: CoursePlan) -> Callable[[Course], Reader]:
    """Whose messages are shown: the first of the course's audience in the books, else the plan's first person of it, else somebody made up."""
    from bot.domain.people import PeopleIndex
    from bot.messages.examples import NAMES
    from bot.runtime import open_stores_to_read
    from bot.showing import Reader

    with open_stores_to_read(settings) as stores:
        people = PeopleIndex(stores.books.people.load_people(plan.id))
        members = stores.books.audiences.load_members(plan.id)
    listed = {one.id: one.people for one in plan.audiences}
    link = f"{str(settings.web.base_url).rstrip('/')}/p/eksempel" if settings.web.base_url is not None else None

    def reader_of(course: Course) -> Reader:
        audiences = course.audience
        addresses = sorted(email for name in audiences for email in members.get(name, ()))
        known = (person.name for email in addresses if (person := people.find(email)) is not None and person.name)
        named = (person.name for name in audiences for person in listed.get(name, ()) if person.name)
        return Reader(name=next(known, None) or next(named, NAMES[plan.language]), link=link)

    return reader_of


def _write_examples(plan: CoursePlan, folder: Path, language: Language) -> int:
    from bot.messages.environment import render
    from bot.messages.examples import examples
    from bot.messages.plain_text import text_of

    listed: list[dict[str, Any]] = [
        {
            "id": f"{one.kind.value}{'-2' if one.again else ''}.{one.language.value}",
            "kind": text(language, "messages.example", kind=text(language, f"messages.kind.{one.kind.value}"), language=one.language.value),
            "language": one.language.value,
            "subject": one.notice.subject,
            "html": one.notice.html,
            "line": one.line,
            "card": _card_lines(one.card),
            "actions": one.card.get("actions", ()) if one.card else (),
        }
        for one in examples(plan)
    ]
    words = {"title": text(language, "messages.title"), "intro": text(language, "messages.intro"), "language": language.value}
    words |= {"feed_title": text(language, "teams.preview_feed"), "card_title": text(language, "teams.preview_card")}
    _make_folder(folder)
    for one in listed:
        page = render("examples.html.j2", words | {"title": one["subject"], "examples": [one]})
        replace_file(str(folder / f"{one['id']}.html"), page.encode())
        replace_file(str(folder / f"{one['id']}.txt"), f"{one['subject']}\n\n{text_of(one['html'])}".encode())
    replace_file(str(folder / "index.html"), render("examples.html.j2", words | {"examples": listed}).encode())
    return len(listed)


def _copy_words(folder: Path) -> int:
    """Write our templates; a file that is there is somebody's work and stops it before anything is written."""
    from bot.messages.own_words import our_words

    words = [(folder / name, content) for name, content in our_words()]
    taken = next((file for file, _ in words if file.exists()), None)
    if taken is not None:
        raise InputError("file_exists", file=str(taken))
    for file, content in words:
        _make_folder(file.parent)
        replace_file(str(file), content)
    return len(words)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("file_not_written", file=str(folder), detail=error.strerror or str(error)) from None
