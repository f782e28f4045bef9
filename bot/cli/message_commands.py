"""`messages`: what became of every message, and how each of them reads."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.files import make_folder, replace_file
from bot.cli.main import Options
from bot.cli.who import by_option
from bot.domain.errors import InputError
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.delivery.accounts import Account, Returned
    from bot.domain.people import Language


@click.command(epilog="Example: kursusbot --plan plan.yaml messages --preview beskeder")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--preview",
    "folder",
    metavar="FOLDER",
    help="Write the plan's own invitations and messages, as they read, to FOLDER; begin with index.html.",
)
@click.option(
    "--examples",
    is_flag=True,
    help="With --preview: every message in both languages, about a made-up course, for who words them.",
)
@click.option(
    "--copy",
    "copy_to",
    metavar="FOLDER",
    help="Write our templates to FOLDER, to word them yourself (see KURSUSBOT_TEMPLATES).",
)
@by_option
@click.pass_obj
def messages(
    options: Options, form: str, folder: str | None, copy_to: str | None, *, examples: bool, by: str | None
) -> int:
    """Show what became of the messages: sent, or why not; or how each of them reads."""
    from bot.cli.actions import note_action
    from bot.desks.messages.accounts import message_accounts
    from bot.opening.clock import clock_of
    from bot.opening.plan_source import load_plan
    from bot.opening.stores import open_stores_to_read

    settings = options.settings()
    if copy_to is not None:
        click.echo(text(options.speak(), "messages.copied", count=_copy_words(Path(copy_to)), folder=copy_to))
        return 0
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    if folder is not None:
        from bot.cli.message_pages import write_examples, write_own

        count = (
            write_examples(plan, Path(folder), language)
            if examples
            else write_own(settings, plan, Path(folder), language)
        )
        code = "messages.written" if examples else "messages.own_written"
        click.echo(text(language, code, count=count, index=str(Path(folder) / "index.html")))
        return 0
    if examples:
        raise InputError("examples_without_preview")
    with open_stores_to_read(settings) as stores:
        found, returned = message_accounts(plan, stores, now=clock_of(settings).now())
        about = {one.email for one in returned}
        note_action(
            options, settings, stores.actions, "messages", by=by, plan=plan.id, about=about, detail=form
        )
    click.echo(_as_json(found, returned) if form == "json" else _as_text(found, returned, language))
    return 0


def _as_json(found: Sequence[Account], returned: Sequence[Returned]) -> str:
    from bot.delivery.accounts import INVITATION, STATES, UNPLACED

    def came_back(kind: str) -> list[dict[str, str]]:
        return [
            {"email": one.email, "course": one.course, "session": one.session, "reason": one.reason}
            for one in returned
            if one.kind == kind
        ]

    rows = [
        {
            "kind": one.kind,
            "expected": one.expected,
            **{state: one.counts[state] for state in STATES},
            "reasons": [
                {"state": state, "reason": reason, "count": count}
                for (state, reason), count in sorted(one.reasons.items())
            ],
            "returned": came_back(one.kind),
        }
        for one in found
    ]
    invitations = came_back(INVITATION)
    if invitations:
        counts = {state: len(invitations) if state == "failed" else 0 for state in STATES}
        by_reason = sorted(Counter(one["reason"] for one in invitations).items())
        reasons = [{"state": "failed", "reason": reason, "count": count} for reason, count in by_reason]
        rows.insert(
            0,
            {
                "kind": INVITATION,
                "expected": len(invitations),
                **counts,
                "reasons": reasons,
                "returned": invitations,
            },
        )
    strays = came_back(UNPLACED)
    if strays:
        counts = dict.fromkeys(STATES, 0)
        rows.append({"kind": UNPLACED, "expected": 0, **counts, "reasons": [], "returned": strays})
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_text(found: Sequence[Account], returned: Sequence[Returned], language: Language) -> str:
    from bot.delivery.accounts import STATES
    from bot.i18n.spoken import reason_text
    from bot.messages.characters import one_line

    if not found and not returned:
        return text(language, "messages.none")
    lines = []
    for one in found:
        parts = [
            f"{text(language, f'messages.state.{state}')} {one.counts[state]}"
            for state in STATES
            if one.counts[state]
        ]
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


def _copy_words(folder: Path) -> int:
    """Write our templates.

    A file that is there is somebody's work and stops it before anything is written.
    """
    from bot.messages.own_words import our_words

    words = [(folder / name, content) for name, content in our_words()]
    taken = next((file for file, _ in words if file.exists()), None)
    if taken is not None:
        raise InputError("file_exists", file=str(taken))
    for file, content in words:
        make_folder(file.parent)
        replace_file(str(file), content)
    return len(words)
