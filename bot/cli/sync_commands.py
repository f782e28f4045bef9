"""`preview`, `sync` and `run`: the difference shown, applied, or applied without anybody watching."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.approvals.telling import rejected_items, waiting_items
from bot.cli.main import Options
from bot.cli.opening import opened
from bot.cli.who import by_option, person_at_the_terminal
from bot.domain.errors import SafetyRefused
from bot.domain.placeholders import lapsed_dates
from bot.i18n.catalogue import error_text, text
from bot.i18n.dates import moment_text
from bot.invitations.preview import limit_lines, outline
from bot.invitations.preview_json import as_json
from bot.invitations.preview_left_out import left_out_lines
from bot.invitations.preview_page import as_markdown, as_text
from bot.invitations.preview_reader import Reader, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from bot.domain.changes import Applied
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.rounds.results import Collected, Synced
    from bot.rounds.steps.approve import Approval
    from bot.rounds.steps.proposal import Proposal
    from config.settings import Settings


@click.command(epilog="Example: kursusbot --plan plan.yaml preview --format markdown")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
@click.option(
    "--if-cancelled",
    metavar="COURSE",
    help="Show what would happen if this course were cancelled in the plan.",
)
@click.pass_obj
def preview(options: Options, form: str, if_cancelled: str | None) -> int:
    """Show what a sync would change, whom it would mail and why. Writes nothing; only reads Graph."""
    from bot.desks.plans.previewed import previewed
    from bot.rounds.steps.propose import with_cancelled

    async def act() -> str:
        async with opened(options, to_read=True) as work:
            plan = work.written
            asked = plan if if_cancelled is None else with_cancelled(plan, if_cancelled)
            shown = await previewed(replace(work, written=asked))
        proposal, left_out = shown.proposal, shown.left_out
        reading = proposal.whole
        if form == "json":
            return shown.as_json(options.speak(plan.language))
        page = outline(
            reading.change_set,
            _reader(plan, proposal, options),
            passed=proposal.passed,
            waiting=_waiting(plan, proposal, options),
            rejected=_rejected(plan, proposal, options),
            rejected_mails=sum(one.mails for one in proposal.verdicts if one.is_rejected),
            clashes=proposal.clashes,
            overspending=proposal.overspending,
        )
        language = options.speak(plan.language)
        missing = left_out_lines(left_out, language, lambda names: shortened(names, language))
        page = replace(page, opening=(*page.opening, *missing, *_lapsed(asked, reading.seen.now, options)))
        if if_cancelled is not None:
            # The checksums are good as soon as the plan says so.
            told = text(options.speak(plan.language), "preview.if_cancelled", course=if_cancelled)
            page = replace(page, opening=(told, *page.opening))
        return as_markdown(page) if form == "markdown" else as_text(page)

    click.echo(asyncio.run(act()), nl=False)
    return 0


@click.command(epilog="Example: kursusbot --plan plan.yaml sync --approve 9f2c4be1a07d3356")
@click.option(
    "--yes",
    is_flag=True,
    help="Apply without asking what waits only because the plan was edited, within the safety limits.",
)
@click.option(
    "--approve",
    metavar="CHECKSUM",
    help="Apply exactly the difference that the preview with this checksum showed.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@by_option
@click.pass_obj
def sync(options: Options, yes: bool, approve: str | None, form: str, by: str | None) -> int:
    """Make Outlook agree with the plan. Asks on a terminal unless --yes or --approve is given."""
    from bot.cli.waiting import to_the_end
    from bot.rounds.answers import responses_round
    from bot.rounds.steps.approve import Approval
    from bot.rounds.sync import sync_round

    async def act() -> int:
        nobody_asked = Approval(within_limits=yes, checksum=approve)
        async with opened(options) as work:
            settings, plan, stores = work.settings, work.written, work.stores
            # Whoever is asked for a yes is asked for the name after it.
            approval = replace(nobody_asked, by=person_at_the_terminal(options, settings, by, asking=False))
            synced = await sync_round(work, approval=approval, told=_progress())
            if synced.applied is None and nobody_asked == Approval() and _said_yes(plan, synced, options):
                # What was shown is what is applied, also when the world moved while the person read.
                options.by = ""
                who = person_at_the_terminal(options, settings, by)
                approval = shown = replace(approval, checksum=synced.reading.change_set.checksum, by=who)
                synced = await sync_round(work, approval=shown, told=_progress())
            if synced.applied is not None:
                _note(options, settings, plan, stores, synced, approval)

                async def again() -> Collected:
                    """By what is in force since; most syncs send at once all that they have."""
                    return await responses_round(work.afresh(), collect=False)

                synced = await to_the_end(work, options, again, first=synced)
        _print(plan, synced, options, form)
        return synced.outcome.exit_code

    return asyncio.run(act())


@click.command(epilog="Example: kursusbot --plan plan.yaml run")
@click.pass_obj
def run(options: Options) -> int:
    """One round of everything.

    Sync as far as a person has approved it, the answers, the reminders that are due; old personal data goes.
    """
    from bot.cli.registration_commands import tell_cancelled_speakers, tell_collected
    from bot.cli.reminder_commands import tell_reminded
    from bot.cli.waiting import to_the_end
    from bot.rounds.answers import responses_round
    from bot.rounds.expiry import erase_expired
    from bot.rounds.reminders import reminders_round
    from bot.rounds.steps.approve import UNATTENDED
    from bot.rounds.steps.look_at_outlook import plan_as_it_stands
    from bot.rounds.sync import sync_round

    async def act() -> int:
        async with opened(options) as opened_work:
            settings, written, stores = opened_work.settings, opened_work.written, opened_work.stores
            synced = await sync_round(opened_work, approval=UNATTENDED, told=_progress())
            _print(written, synced, options, "text")
            work = opened_work.afresh()
            plan = work.plan
            collected = await responses_round(work)
            tell_collected(plan, collected, options)
            tell_cancelled_speakers(collected, settings, stores)
            again = partial(reminders_round, work)
            reminded = await to_the_end(work, options, again)
            tell_reminded(plan_as_it_stands(plan, stores), reminded, options)
            try:
                expired = await erase_expired(work, apart=work.tenant.clock_apart())
            except SafetyRefused as error:
                click.echo(error_text(options.speak(plan.language), error), err=True)
                return error.exit_code
            if expired.found:
                numbers = {
                    name: getattr(expired, name)
                    for name in ("places", "messages", "bounces", "notes", "people", "revisions")
                }
                click.echo(text(options.speak(plan.language), "cli.expired", **numbers))
        codes = (done.outcome.exit_code for done in (synced, collected, reminded))
        return next((code for code in codes if code), 0)

    return asyncio.run(act())


def _note(
    options: Options, settings: Settings, plan: CoursePlan, stores: Stores, synced: Synced, approval: Approval
) -> None:
    """Who had the calendar changed, by which word; a sync that found nothing to do is none."""
    changed = synced.applied or ()
    if not changed:
        return
    from bot.cli.actions import note_action

    word = (
        f"--approve {approval.checksum}" if approval.checksum else "--yes" if approval.within_limits else ""
    )
    courses = {one.change.course for one in changed}
    note_action(
        options,
        settings,
        stores.actions,
        "sync",
        by=approval.by,
        plan=plan.id,
        course=courses.pop() if len(courses) == 1 else "",
        detail=f"{word} ({sum(one.change.mails for one in changed)} mails)".strip(),
    )


def _print(plan: CoursePlan, synced: Synced, options: Options, form: str) -> None:
    from bot.domain.messages import DeliveryState

    reading, language = synced.reading, options.speak(plan.language)
    if form == "json":
        held = () if synced.applied is None else synced.proposal.held
        told = as_json(
            reading.change_set,
            applied=synced.applied,
            language=language,
            verdicts=synced.proposal.verdicts,
            held=held,
            clashes=synced.proposal.clashes,
            overspending=synced.proposal.overspending,
        )
        click.echo(told, nl=False)
    else:
        sent = sum(one.state is DeliveryState.SENT for one in synced.carried.messages)
        page = outline(
            reading.change_set,
            _reader(plan, synced.proposal, options),
            passed=synced.passed,
            applied=synced.applied,
            sent=sent,
            waiting=_waiting(plan, synced.proposal, options),
            rejected=_rejected(plan, synced.proposal, options),
            rejected_mails=sum(one.mails for one in synced.proposal.verdicts if one.is_rejected),
            clashes=synced.proposal.clashes,
            overspending=synced.proposal.overspending,
        )
        click.echo(as_text(page), nl=False)
    for error in (*synced.carried.broken, synced.carried.stopped):
        if error is not None:
            click.echo(error_text(language, error), err=True)
    if synced.refused is not None:
        if form == "json":
            for line in limit_lines(reading.change_set, synced.passed, language):
                click.echo(line, err=True)
        click.echo(error_text(language, synced.refused), err=True)


def _lapsed(plan: CoursePlan, now: datetime, options: Options) -> Iterator[str]:
    """The days that were only reserved and are over: nobody was invited to them."""
    wall = now.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None)
    language = options.speak(plan.language)
    for one in lapsed_dates(plan.courses, now=wall):
        yield text(language, "preview.lapsed", title=one.title, when=moment_text(language, one.start))


def _said_yes(plan: CoursePlan, synced: Synced, options: Options) -> bool:
    change_set = synced.reading.change_set
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or not isinstance(synced.refused, SafetyRefused):
        return False
    if synced.passed or not change_set.needs_approval:
        return False
    proposal = synced.proposal
    page = outline(
        change_set,
        _reader(plan, proposal, options),
        clashes=proposal.clashes,
        overspending=proposal.overspending,
    )
    click.echo(as_text(page))
    return click.confirm(
        text(options.speak(plan.language), "cli.apply_now", mails=change_set.mails), default=False, err=True
    )


def _reader(plan: CoursePlan, proposal: Proposal, options: Options) -> Reader:
    before = tuple(course for version in proposal.record.versions.values() for course in version.courses)
    people = proposal.whole.world.people
    return Reader(
        plan=plan,
        people=people,
        language=options.speak(plan.language),
        program=options.program,
        before=before,
    )


def _waiting(plan: CoursePlan, proposal: Proposal, options: Options) -> tuple[tuple[str, ...], ...]:
    language = options.speak(plan.language)
    return waiting_items(
        proposal.verdicts, proposal.titles(plan), proposal.found.lines, language, program=options.program
    )


def _rejected(plan: CoursePlan, proposal: Proposal, options: Options) -> tuple[tuple[str, ...], ...]:
    return rejected_items(
        proposal.verdicts, proposal.titles(plan), options.speak(plan.language), program=options.program
    )


def _progress() -> Callable[[Sequence[Applied], int], None]:
    """A line that counts on a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        return lambda _done, _of: None

    def show(done: Sequence[Applied], of: int) -> None:
        click.echo(f"\r{len(done)}/{of}", err=True, nl=len(done) == of)

    return show
