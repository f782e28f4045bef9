"""How messages read, as pages in a folder: the plan's own, and every kind of them about a made-up course."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.cli.files import make_folder, replace_file
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.messages.examples import Example
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


def _card_lines(card: Mapping[str, Any] | None) -> list[list[tuple[str, bool]]]:
    """The lines of a card: its pieces of text, each with whether it is bold."""
    return (
        [[(run["text"], run.get("weight") == "Bolder") for run in block["inlines"]] for block in card["body"]]
        if card
        else []
    )


def write_own(settings: Settings, plan: CoursePlan, folder: Path, language: Language) -> int:
    """The plan's own invitations and messages, each as a page and as text, and a page of all of them.

    How many.
    """
    from bot.desks.messages.coming_messages import shown_courses
    from bot.desks.messages.readers import message_readers
    from bot.messages.environment import render
    from bot.messages.plain_text import text_of

    plan = replace(plan, language=language)
    found = list(shown_courses(plan, message_readers(settings, plan)))
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
        status = text(
            language, "messages.status", status=text(language, f"messages.status_of.{course.status.value}")
        )
        courses.append({"id": course.id, "title": course.title, "status": status, "shown": listed})
    words = {name: text(language, f"messages.{code}") for name, code in _PAGE_WORDS.items()}
    words |= {"feed": text(language, "teams.preview_feed"), "card": text(language, "teams.preview_card")}
    given = {"language": language.value, "words": words, "intro": text(language, "messages.own_intro")}
    make_folder(folder)
    for course_given in courses:
        for one in course_given["shown"]:
            single = given | {
                "title": one["subject"],
                "courses": [course_given | {"shown": [one]}],
                "single": True,
            }
            replace_file(str(folder / f"{one['id']}.html"), render("shown.html.j2", single).encode())
            replace_file(str(folder / f"{one['id']}.txt"), f"{one['subject']}\n\n{one['text']}".encode())
    title = text(language, "messages.own_title", organisation=plan.organisation)
    whole = given | {"title": title, "courses": courses, "single": False}
    replace_file(str(folder / "index.html"), render("shown.html.j2", whole).encode())
    return sum(len(course_given["shown"]) for course_given in courses)


def _name_of(example: Example) -> str:
    variant = "-2" if example.again else "-asked" if example.asked else ""
    return f"{example.kind.value}{variant}.{example.language.value}"


def write_examples(plan: CoursePlan, folder: Path, language: Language) -> int:
    """Every message in both languages about a made-up course, and a page of all of them.

    Each is a page and a text; gives how many there are.
    """
    from bot.messages.environment import render
    from bot.messages.examples import examples
    from bot.messages.plain_text import text_of

    listed: list[dict[str, Any]] = [
        {
            "id": _name_of(one),
            "kind": text(
                language,
                "messages.example",
                kind=text(language, f"messages.kind.{one.kind.value}"),
                language=one.language.value,
            ),
            "language": one.language.value,
            "subject": one.notice.subject,
            "html": one.notice.html,
            "line": one.line,
            "card": _card_lines(one.card),
            "actions": one.card.get("actions", ()) if one.card else (),
        }
        for one in examples(plan)
    ]
    words = {
        "title": text(language, "messages.title"),
        "intro": text(language, "messages.intro"),
        "language": language.value,
    }
    words |= {
        "feed_title": text(language, "teams.preview_feed"),
        "card_title": text(language, "teams.preview_card"),
    }
    make_folder(folder)
    for one in listed:
        page = render("examples.html.j2", words | {"title": one["subject"], "examples": [one]})
        replace_file(str(folder / f"{one['id']}.html"), page.encode())
        replace_file(str(folder / f"{one['id']}.txt"), f"{one['subject']}\n\n{text_of(one['html'])}".encode())
    replace_file(
        str(folder / "index.html"), render("examples.html.j2", words | {"examples": listed}).encode()
    )
    return len(listed)
