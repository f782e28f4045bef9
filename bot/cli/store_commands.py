"""`erase`, `person` and `db`: the database looked after, without Graph."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.main import Options
from bot.cli.who import by_option
from bot.domain.addresses import plain_address
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sized

    from bot.domain.people import Language
    from config.settings import Settings


@click.command(epilog="Example: kursusbot erase anna.eksempel@kommune.example --dry-run")
@click.argument("address")
@click.option("--dry-run", is_flag=True, help="Only tell who it is and what would go; nothing is changed.")
@by_option
@click.pass_obj
def erase(options: Options, address: str, dry_run: bool, by: str | None) -> int:
    """Remove the person behind ADDRESS from the database; anonymous counts stay. It cannot be undone."""
    from bot.cli.actions import note_action
    from bot.opening.clock import clock_of
    from bot.store.actions import SqlActionBook
    from bot.store.erasure import erase_person
    from bot.store.opening import open_database
    from bot.store.person import load_person

    settings = options.settings()
    if dry_run:
        return _foresee_erasure(settings, options.speak(), address)
    with open_database(settings.database_url.get_secret_value()) as database:
        _, held = load_person(database, address)
        # Before it, so that nobody is erased by nobody; the erasure itself takes the name out of the line.
        note_action(
            options, settings, SqlActionBook(database), "erase", by=by, about=[plain_address(address)]
        )
        erased = erase_person(database, address, now=clock_of(settings).now())
    language = options.speak()
    if not (erased.found or held):
        click.echo(text(language, "cli.nobody_erased"))
        return 0
    if erased.found:
        click.echo(
            text(language, "cli.erased", people=erased.people, answers=erased.answers, events=erased.events)
        )
    click.echo(text(language, "cli.erased_from"))
    _tell_where(held, language)
    if erased.future_events:
        click.echo(text(language, "cli.still_invited", events=erased.future_events))
    return 0


def _foresee_erasure(settings: Settings, language: Language, address: str) -> int:
    """Who the person is, where the database has them, and what Outlook would still have."""
    from bot.opening.clock import clock_of
    from bot.opening.stores import open_stores_to_read
    from bot.store.erasure import foreseen_erasure
    from bot.store.person import load_person

    with open_stores_to_read(settings) as stores:
        addresses, held = load_person(stores.database, address)
        erased = foreseen_erasure(stores.database, address, now=clock_of(settings).now())
    if not (erased.found or held):
        click.echo(text(language, "cli.nobody_erased"))
        return 0
    click.echo(text(language, "cli.erase_dry_run"))
    click.echo(text(language, "cli.person_known_by", addresses=", ".join(sorted(addresses))))
    if erased.found:
        click.echo(
            text(
                language,
                "cli.would_erase",
                people=erased.people,
                answers=erased.answers,
                events=erased.events,
            )
        )
    click.echo(text(language, "cli.would_erase_from"))
    _tell_where(held, language)
    if erased.future_events:
        click.echo(text(language, "cli.still_invited", events=erased.future_events))
    return 0


def _tell_where(held: Mapping[str, Sized], language: Language) -> None:
    """In which tables the person stands, and how often in each."""
    for table, rows in held.items():
        click.echo(f"- {text(language, f'cli.held_{table}')}: {len(rows)}")


@click.command(epilog="Example: kursusbot person anna.eksempel@kommune.example --format json")
@click.argument("address")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--reasons",
    is_flag=True,
    help="With all reasons: read older ones first, they may speak of somebody else.",
)
@by_option
@click.pass_obj
def person(options: Options, address: str, form: str, reasons: bool, by: str | None) -> int:
    """Show all that the database holds about the person behind ADDRESS (GDPR access request)."""
    from bot.cli.actions import note_action
    from bot.desks.views.personal_data import personal_data, told
    from bot.opening.stores import open_stores
    from bot.registrations.person_lines import line_text

    settings, language = options.settings(), options.speak()
    with open_stores(settings) as stores:
        found = personal_data(stores, address, language, with_reasons=reasons)
        lines = told(found, stores, language) if form == "text" else {}
        note_action(
            options,
            settings,
            stores.actions,
            "person",
            by=by,
            about=[plain_address(address)],
            detail="--reasons" if reasons else "",
        )
    if found.has_left_out:
        click.echo(text(language, "cli.reasons_left_out"), err=True)
    if form == "json":
        click.echo(json.dumps(found.document, ensure_ascii=False, indent=2))
        return 0
    if not found.tables:
        click.echo(text(language, "cli.nobody_known"))
        return 0
    click.echo(text(language, "cli.person_known_by", addresses=", ".join(sorted(found.addresses))))
    for table, rows in lines.items():
        click.echo(f"\n{text(language, f'cli.held_{table}')} ({len(rows)})")
        for row in rows:
            click.echo(f"- {line_text(row, language)}")
    return 0


@click.group()
def db() -> None:
    """Look after the database."""


@db.command(epilog="Example: kursusbot db upgrade")
@click.pass_obj
def upgrade(options: Options) -> int:
    """Migrate the database to this program's schema (on SQLite also done at every start)."""
    from bot.store.upgrade import upgrade_database

    settings = options.settings()
    _, revision = upgrade_database(settings.database_url.get_secret_value())
    click.echo(text(options.speak(), "cli.upgraded", revision=revision))
    return 0


@db.command(epilog="Example: kursusbot db backup kursusbot-2025-06-18.db")
@click.argument("file", type=click.Path(path_type=Path))
@by_option
@click.pass_obj
def backup(options: Options, file: Path, by: str | None) -> int:
    """Copy the SQLite database to FILE, which must not exist, also while the service works.

    On PostgreSQL use pg_dump.
    """
    from bot.cli.actions import note_action
    from bot.store.actions import SqlActionBook
    from bot.store.backup import backup_database
    from bot.store.opening import open_database

    settings = options.settings()
    url = settings.database_url.get_secret_value()
    size = backup_database(url, file)
    with open_database(url) as database:
        note_action(options, settings, SqlActionBook(database), "db backup", by=by, detail=file.name)
    click.echo(text(options.speak(), "cli.backed_up", file=file, kilobytes=-(-size // 1024)))
    return 0


@db.command(epilog="Example: kursusbot db move postgresql://kursusbot@db.kommune.example/kursusbot")
@click.argument("address")
@by_option
@click.pass_obj
def move(options: Options, address: str, by: str | None) -> int:
    """Copy everything from the database of the settings into the empty one at ADDRESS, and compare.

    Between SQLite and PostgreSQL, either way. Stop the service first. The old database stays as it is;
    afterwards KURSUSBOT_DATABASE_URL has to name the new one. "-" reads ADDRESS from the standard input: what
    stands in a command is seen by everybody on the machine, so give a password that way, or by PGPASSWORD or
    ~/.pgpass.
    """
    from bot.cli.actions import note_action
    from bot.store.actions import SqlActionBook
    from bot.store.move import move_database
    from bot.store.opening import open_database

    if address == "-":
        address = sys.stdin.readline().strip()
    settings = options.settings()
    moved = move_database(settings.database_url.get_secret_value(), address)
    with open_database(address) as database:
        note_action(options, settings, SqlActionBook(database), "db move", by=by, detail=moved.target)
    language = options.speak()
    click.echo(text(language, "cli.moved", rows=moved.total, source=moved.source, target=moved.target))
    click.echo(text(language, "cli.moved_next", source=moved.source))
    return 0
