"""`probe`: the first hour in a real tenant.

What kursusbot takes for granted of Microsoft Graph, tried in a test mailbox.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from bot.cli.main import Options
from bot.cli.who import by_option
from bot.domain.addresses import plain_address
from bot.domain.errors import DONE, PARTLY_DONE, InputError, SafetyRefused
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.people import Language
    from bot.domain.probing import Finding, Probe
    from bot.rounds.probe import Played, ProbeOrder
    from config.settings import Settings

LONGEST_PATIENCE = 3600.0


@click.command(
    epilog=(
        "Example: kursusbot probe --mailbox proeve@kommune.example --to mig@kommune.example --to "
        "min-anden@kommune.example"
    )
)
@click.option(
    "--mailbox",
    required=True,
    metavar="ADDRESS",
    help="A test mailbox: never the one that a plan invites from.",
)
@click.option(
    "--to",
    "people",
    required=True,
    multiple=True,
    metavar="ADDRESS",
    help="Two addresses of your own; give it twice.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--out", metavar="FILE", help="Also write what was found to FILE, without addresses, to pass on."
)
@click.option(
    "--yes", is_flag=True, help="Both addresses are mine, and the mailbox is for trying things: do not ask."
)
@click.option(
    "--timezone",
    default="Europe/Copenhagen",
    show_default=True,
    metavar="ZONE",
    help="The zone of the plans (IANA).",
)
@click.option(
    "--patience",
    type=click.FloatRange(0, LONGEST_PATIENCE),
    default=60.0,
    show_default=True,
    help="How long mails may take (seconds).",
)
@click.option(
    "--answer-within", type=click.FloatRange(0, LONGEST_PATIENCE), default=300.0, show_default=True,
    help="How long you have to accept an invitation (seconds).",
)  # fmt: skip
@by_option
@click.pass_obj
def probe(
    options: Options,
    mailbox: str,
    people: tuple[str, ...],
    form: str,
    out: str | None,
    *,
    yes: bool,
    timezone: str,
    patience: float,
    answer_within: float,
    by: str | None,
) -> int:
    """Try what kursusbot assumes of Graph in a test mailbox with two addresses of your own.

    What was made is removed again.
    """
    from bot.rounds.probe import ProbeOrder

    settings = options.settings(many=True)
    language = options.speak()
    first, second = _two(people, mailbox)
    order = ProbeOrder(
        mailbox=plain_address(mailbox), people=(first, second), zone=_zone(timezone), patience=patience,
        answer_patience=answer_within,
        web_address=settings.web.base_url,
        manifest_id=settings.teams.app_id,
        catalogue_id=settings.bot.catalogue_id,
    )  # fmt: skip
    if not yes:
        _ask_in_words(order, language)
    played = asyncio.run(_play(options, settings, order, by))
    return _tell(played, form, out, language)


def _two(people: tuple[str, ...], mailbox: str) -> tuple[str, str]:
    """The two addresses in lower case.

    Raises InputError for another number of them, and where one is the mailbox.
    """
    addresses = tuple(dict.fromkeys(plain_address(one) for one in people))
    if len(addresses) != 2:  # noqa: PLR2004 - one who is there, and one who joins
        raise InputError("probe_two_addresses", given=len(addresses))
    for one in (*addresses, mailbox):
        if not all(plain_address(one).partition("@")) or " " in plain_address(one):
            raise InputError("probe_no_address", address=one)
    if plain_address(mailbox) in addresses:
        raise InputError("probe_own_mailbox", mailbox=mailbox)
    return addresses[0], addresses[1]


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise InputError("probe_zone", zone=name) from None


def _ask_in_words(order: ProbeOrder, language: Language) -> None:
    """Raises SafetyRefused where nobody sits at a terminal, or says another word."""
    params = {"mailbox": order.mailbox, "first": order.people[0], "second": order.people[1]}
    click.echo(text(language, "probe.confirm", **params), err=True)
    if not sys.stdin.isatty():
        raise SafetyRefused("probe_not_confirmed")
    said = click.prompt(text(language, "probe.own"), default="", show_default=False, err=True)
    if said.strip().lower() != text(language, "probe.word"):
        raise SafetyRefused("probe_not_confirmed")


async def _play(options: Options, settings: Settings, order: ProbeOrder, by: str | None) -> Played:
    from bot.cli.actions import note_action
    from bot.clock import SystemClock
    from bot.domain.app_installs import AppInstall, InstallState
    from bot.graph.client import GraphClient
    from bot.opening.clock import clock_of
    from bot.opening.stores import open_stores
    from bot.rounds.probe import play

    language = options.speak()

    async def question(address: str, subject: str) -> int | None:
        return await asyncio.to_thread(_how_many, address, subject, language) if sys.stdin.isatty() else None

    def say(code: str, params: Mapping[str, object]) -> None:
        click.echo(text(language, f"probe.{code}", **params), err=True)

    with open_stores(settings) as stores:

        def trying(ids: Mapping[str, str]) -> None:
            """A bot that is served meanwhile is not to take what is done here for people's own."""
            known = stores.app_installs.load(ids.values())
            # The real time, as the bot goes by.
            at = SystemClock().now()
            for email, subject in ids.items():
                one = known.get(subject)
                if one is None or one.state is not InstallState.THERE:
                    stores.app_installs.note(
                        AppInstall(subject=subject, email=email, state=InstallState.TRIED, at=at)
                    )

        note_action(
            options, settings, stores.actions, "probe", by=by, about=order.people, detail=order.mailbox
        )
        async with GraphClient(settings.graph) as client:
            played = await play(
                client, settings.graph, order,
                now=clock_of(settings).now(), question=question, say=say, trying=trying,
            )  # fmt: skip
        stores.probes.save(played.probe)
        return replace(played, known=stores.probes.load_readings())


def _how_many(address: str, subject: str, language: Language) -> int | None:
    words = text(language, "probe.how_many", address=address, subject=subject)
    while True:
        said = click.prompt(words, default="", show_default=False, err=True).strip()
        if not said:
            return None
        if said.isdecimal():
            return int(said)
        click.echo(text(language, "probe.not_a_number"), err=True)


def _tell(played: Played, form: str, out: str | None, language: Language) -> int:
    """0 where all that could be told holds or is known, 6 where something could not be removed."""
    from bot.cli.files import replace_file

    shown = as_json(played, language) if form == "json" else as_text(played, language)
    click.echo(shown)
    if out is not None:
        shared = (
            as_json(played, language, named=False)
            if form == "json"
            else as_text(played, language, named=False)
        )
        replace_file(out, f"{shared}\n".encode())
        click.echo(text(language, "probe.shared", file=out), err=True)
    return PARTLY_DONE if played.left else DONE


def as_text(played: Played, language: Language, *, named: bool = True) -> str:
    """What differs, with what follows; what could not be told, and why; what holds.

    Without `named` no address.
    """
    probe = played.probe
    groups = (
        ("differs", [one for one in probe.findings if one.holds is False]),
        ("unknown", [one for one in probe.findings if one.holds is None]),
        ("holds", [one for one in probe.findings if one.holds]),
    )
    lines = [
        text(
            language, "probe.title", mailbox=_mailbox(probe, named=named), at=f"{probe.at:%Y-%m-%dT%H:%M:%SZ}"
        )
    ]
    for heading, findings in groups:
        if findings:
            lines += ["", text(language, f"probe.{heading}", count=len(findings))]
            lines += [line for one in findings for line in _lines(one, played, language)]
    if not groups[0][1]:
        lines += ["", text(language, "probe.all_holds")]
    if played.left:
        lines += ["", text(language, "probe.left", count=played.left)]
    return "\n".join([*lines, "", text(language, "probe.saved")])


def _lines(one: Finding, played: Played, language: Language) -> list[str]:
    said = (
        f"{one.assumption}: {text(language, f'probe.why.{one.why}')}"
        if one.holds is None
        else sentence(one, language)
    )
    lines = [f"  - {said}"]
    if one.holds is False:
        lines.append(f"    {text(language, f'probe.follows.{one.assumption}.{one.reading}')}")
    if before := _before(one, played):
        lines.append(f"    {text(language, 'probe.before', found=sentence(before, language))}")
    evidence = ", ".join(f"{name} {value}" for name, value in one.evidence.items() if value != "")
    if evidence and not one.holds:
        lines.append(f"    ({text(language, 'probe.evidence', evidence=evidence)})")
    return lines


def _before(one: Finding, played: Played) -> Finding | None:
    """What an earlier probe found, where this one could not tell."""
    return played.known.get(one.assumption) if one.holds is None else None


def sentence(one: Finding, language: Language) -> str:
    """What was found, as a sentence."""
    return text(language, f"probe.reading.{one.assumption}.{one.reading}")


def as_json(played: Played, language: Language, *, named: bool = True) -> str:
    """The probe as JSON.

    `{"mailbox", "at", "left", "findings": [...]}`; a finding has `assumption`, `taken`, `reading`, `before`,
    `holds`, `why`, `message`, `follows` and what else it knows.

    `before` is the reading of an earlier probe, where this one could not tell.
    """
    probe = played.probe
    rows = [
        {
            "assumption": one.assumption,
            "taken": one.taken,
            "reading": one.reading,
            "before": before.reading if (before := _before(one, played)) is not None else None,
            "holds": one.holds,
            "why": one.why or None,
            "message": text(language, f"probe.why.{one.why}")
            if one.holds is None
            else sentence(one, language),
            "follows": text(language, f"probe.follows.{one.assumption}.{one.reading}")
            if one.holds is False
            else None,
            "evidence": dict(one.evidence),
        }
        for one in probe.findings
    ]
    head = {
        "mailbox": _mailbox(probe, named=named),
        "at": f"{probe.at:%Y-%m-%dT%H:%M:%SZ}",
        "left": played.left,
    }
    return json.dumps({**head, "findings": rows}, ensure_ascii=False, indent=2)


def _mailbox(probe: Probe, *, named: bool) -> str:
    return probe.mailbox if named else "…@…"
