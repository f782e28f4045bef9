"""`demo` and `sandbox`: kursusbot shown, or tried out, on a simulated tenant; no real mailbox is near."""

from __future__ import annotations

import asyncio
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from bot.cli.files import replace_file
from bot.cli.main import Options
from bot.domain.errors import InputError
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.people import Language
    from bot.sandbox.issuer import Account


class _Terminal:
    """Pages on stdout; the progress line on stderr, on a terminal only."""

    def __init__(self) -> None:
        self._shows_progress = sys.stderr.isatty()

    def print(self, page: str) -> None:
        click.echo(page)

    def progress(self, line: str) -> None:
        if self._shows_progress:
            click.echo(f"\r\x1b[K{line}", err=True, nl=False)


@click.command(epilog="Example: kursusbot demo --out my-folder")
@click.option("--out", metavar="FOLDER", help="Keep the registrations (a workbook) and the plan in FOLDER.")
@click.option(
    "--serve", "serving", is_flag=True, help="Go on living, with HR's desk in the browser, until Ctrl-C."
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Where the desk answers, with --serve. Default: 8000, or a free one.",
)
@click.option(
    "--leaders",
    type=click.IntRange(60, 2000),
    default=400,
    show_default=True,
    help="How many fictional leaders there are.",
)
@click.option("--verbose", is_flag=True, help="Log every change and refusal to stderr.")
@click.pass_obj
def demo(
    options: Options, out: str | None, serving: bool, port: int | None, leaders: int, verbose: bool
) -> int:
    """Play a spring of courses against the sandbox tenant, from the first date to the last answer.

    With --serve the desk is opened in its middle, and you go on yourself: as HR, director, reader or leader.
    """
    from bot.demo.play import play
    from bot.logbook import configure_logging
    from config.settings import LogLevel, LogSettings

    language = options.speak()
    # Refusals belong to the story, which tells them itself.
    configure_logging(LogSettings(level=LogLevel.INFO if verbose else LogLevel.ERROR))
    if serving:
        return _serve(language, port, leaders)
    folder = Path(out) if out is not None else None
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError("file_not_written", file=out, detail=error.strerror or str(error)) from None

    def keep(name: str, content: bytes) -> None:
        assert folder is not None  # noqa: S101 - handed on only where there is one
        replace_file(str(folder / name), content)
        click.echo(text(language, "demo.kept", file=folder / name))

    well = asyncio.run(play(_Terminal(), language=language, leaders=leaders, write=keep if folder else None))
    return 0 if well else 1


def _serve(language: Language, port: int | None, leaders: int) -> int:
    """The demonstration in the browser; Ctrl-C is how it ends, at any time."""
    from jobs.demonstration import serve_demonstration

    terminal = _Terminal()

    def prepared(done: int, of: int) -> None:
        terminal.progress(text(language, "demo.living.preparing", done=done, of=of))

    def started(address: str, people: Sequence[Account]) -> None:
        terminal.progress("")
        width = max(len(one.name) for one in people)
        who = "\n".join(f"  {one.name:<{width}}   {one.what}" for one in people)
        terminal.print(text(language, "demo.living.serving", address=address, people=who))

    click.echo(text(language, "demo.living.beginning", leaders=leaders), err=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(
            serve_demonstration(language, port=port, leaders=leaders, prepared=prepared, started=started)
        )
        terminal.print(text(language, "demo.living.over"))
    return 0


def _instant(_context: click.Context, _option: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter("a time with its offset, such as 2025-01-06T09:00:00+01:00")
    return moment.astimezone(UTC)


@click.command(epilog="Example: kursusbot sandbox --port 8123 --now 2025-01-06T09:00:00+01:00")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: any free port.")
@click.option(
    "--now",
    metavar="TIME",
    callback=_instant,
    help="Where the tenant's time stands still (RFC 3339); default: real time.",
)
@click.option(
    "--leaders",
    type=click.IntRange(1, 5000),
    default=400,
    show_default=True,
    help="How many fictional leaders there are.",
)
@click.option(
    "--latency-ms",
    type=click.FloatRange(0, 60_000),
    default=0.0,
    show_default=True,
    help="How long each request takes.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Behave the other, harder way wherever sources about Microsoft 365 disagree.",
)
@click.pass_obj
def sandbox(
    options: Options, port: int, now: datetime | None, leaders: int, latency_ms: float, strict: bool
) -> int:
    """Serve the sandbox tenant on loopback until Ctrl-C, for trying the other commands against it."""
    from bot.sandbox.municipality import municipality
    from bot.sandbox.serve import TOKEN, running_sandbox
    from bot.sandbox.settings import STRICT

    language = options.speak()
    tenant = municipality(leaders=leaders, now=now)
    tenant.settings.latency_ms = latency_ms
    if strict:
        tenant.settings.change(STRICT)
    try:
        with suppress(KeyboardInterrupt), running_sandbox(tenant, port) as url:
            parts = urlsplit(url)
            click.echo(text(language, "cli.sandbox_serving", url=url, token=TOKEN))
            click.echo(
                text(
                    language,
                    "demo.sandbox_usage",
                    url=url,
                    token=TOKEN,
                    control=f"{parts.scheme}://{parts.netloc}/_sandbox",
                )
            )
            threading.Event().wait()
    except OSError as error:
        raise click.ClickException(
            text(language, "demo.port_taken", port=port, detail=error.strerror or str(error))
        ) from None
    return 0
