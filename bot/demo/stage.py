"""Where the story is played: carries out each act against the sandbox tenant and holds kursusbot to it.

kursusbot's part is the real thing: the plan's file, the SQLite database, the rounds of `bot.rounds` and
the Graph client over HTTP, at the story's time (what `--now` sets). Prints nothing: `Performed` says what
happened, `bot.demo.telling` puts it in words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, assert_never

from bot.demo.acts import (
    CollectAnswers,
    EditInOutlook,
    EditPlan,
    Happening,
    LeavingColleague,
    LosePlanFrom,
    Members,
    NewColleague,
    OneEventEach,
    OutlookForgot,
    RestorePlan,
    SendReminders,
    SendReport,
    Sync,
    Trouble,
    Writing,
)
from bot.demo.mails import MailCount, Mailed, counted, foretold_mails, sent_mails
from bot.domain.plan import Channel
from bot.domain.registrations import RegistrationStatus
from bot.domain.reminders import ReminderState
from bot.i18n.catalogue import text
from bot.invitations.desired import instant
from bot.outcomes import UNATTENDED, Approval
from bot.reminding import coming_reminders, reminders_round
from bot.reporting import current_reports, report_round
from bot.rounds import current_registrations, preview_round, responses_round, sync_round
from bot.runtime import load_plan, open_stores, open_tenant
from bot.sandbox.municipality import ROOMS
from config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

    from bot.demo.acts import Act, Expectation, Step
    from bot.demo.control import ControlPlane
    from bot.domain.changes import Applied
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.domain.reminders import Reminder
    from bot.domain.reports import Report
    from bot.invitations.run import Reading
    from bot.outcomes import Synced

PLAN_ZONE = "Europe/Copenhagen"
NO_MAILS = MailCount()


class StorySettings(Settings):
    """Settings that know only what the story gives them: the machine's own stay outside."""

    model_config = {"toml_file": None}  # noqa: RUF012 - pydantic's way of saying it

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *others: Any, **more: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but the arguments."""
        del settings_cls, others, more
        return (init_settings,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What kursusbot said before a sync, and what became of it. `show`: how many changes are worth showing."""

    plan: CoursePlan
    reading: Reading
    synced: Synced
    show: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The registrations of `courses` after a round of collecting."""

    plan: CoursePlan
    courses: tuple[str, ...]
    registrations: tuple[Registration, ...]
    new_answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What a round of reminders was about, with what became of each."""

    plan: CoursePlan
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The reports that were worth sending."""

    plan: CoursePlan
    reports: tuple[Report, ...]


@dataclass(slots=True, kw_only=True)
class Performed:
    """One step as it went, filled in act by act; `disappointments` say what did not come true.

    `lines` counts what came into activity feeds, by address, and `posts` what came into channels.
    """

    step: Step
    said: list[Previewed | Collected | Reminded | Reported] = field(default_factory=list)
    foretold: MailCount = NO_MAILS
    sent: MailCount = NO_MAILS
    sent_by_people: MailCount = NO_MAILS
    lines: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    delayed: int = 0
    disappointments: list[str] = field(default_factory=list)


class Stage:
    """The tenant, the plan's file and the database of one demonstration, in `folder`."""

    def __init__(
        self,
        *,
        control: ControlPlane,
        graph: dict[str, str],
        teams: dict[str, Any] | None = None,
        folder: Path,
        plan_text: str,
        language: Language,
        told: Callable[[Sequence[Applied], int], None],
    ) -> None:
        self.plan_file = folder / "plan.yaml"
        self._control = control
        self._always: dict[str, Any] = {
            "graph": graph,
            "teams": teams or {},
            "database_url": f"sqlite:///{folder / 'kursusbot.db'}",
            "plan": str(self.plan_file),
        }
        self._whole_plan = plan_text
        self._language = language
        self._told = told
        self.plan_file.write_text(plan_text, encoding="utf-8")

    async def perform(self, step: Step) -> Performed:
        """Let time pass until the step, and carry out its acts."""
        performed = Performed(step=step)
        self._control.move_clock(instant(step.at, PLAN_ZONE))
        before, sent_before = self._requests(), self._limits()
        for act in step.acts:
            await self._perform(act, performed)
        performed.requests = self._requests() - before
        passed = self._limits() - sent_before
        performed.delayed = passed["delayed"]
        if passed["refused"]:
            self._disappoint(performed, "refused", count=passed["refused"])
        return performed

    async def load_registrations(self, at: datetime) -> tuple[CoursePlan, tuple[Registration, ...], tuple[Answer, ...]]:
        """The plan, who is coming, and the answers of strangers, as they stand at wall time `at`."""
        settings = self._settings(at)
        plan = await load_plan(settings)
        with open_stores(settings) as stores:
            registrations, strangers = current_registrations(plan, stores)
        return plan, registrations, strangers

    async def _perform(self, act: Act, performed: Performed) -> None:
        if isinstance(act, Writing):
            self._write_plan(act)
        elif isinstance(act, Happening):
            self._let_happen(act, performed)
        elif isinstance(act, Sync):
            await self._sync(act, performed)
        elif isinstance(act, CollectAnswers):
            await self._collect(act.courses, performed)
        elif isinstance(act, SendReminders):
            await self._send_reminders(performed)
        elif isinstance(act, SendReport):
            await self._send_report(performed)
        else:
            await self._expect(act, performed)

    def _write_plan(self, act: Writing) -> None:
        match act:
            case EditPlan():
                self._edit(act.before, act.after)
            case LosePlanFrom():
                self._whole_plan = self.plan_file.read_text(encoding="utf-8")
                self._edit(self._whole_plan[self._whole_plan.index(act.passage) :], "")
            case RestorePlan():
                self.plan_file.write_text(self._whole_plan, encoding="utf-8")
            case _:
                assert_never(act)

    def _let_happen(self, act: Happening, performed: Performed) -> None:
        match act:
            case Members():
                self._control.change_members(act.group, add=act.add, remove=act.remove)
            case NewColleague():
                self._control.add_person(act.name, act.mail, act.group)
            case LeavingColleague():
                self._control.close_account(min(self._answers_to(act.session)))
            case EditInOutlook():
                self._control.take_mails()
                self._control.edit_event(act.session, act.changes)
                performed.sent_by_people = performed.sent_by_people.plus(counted(sent_mails(self._control.take_mails())))
            case Trouble():
                performed.faults += self._control.count_faults()
                self._control.set_faults(act.rules)
            case _:
                assert_never(act)

    async def _sync(self, act: Sync, performed: Performed) -> None:
        settings = self._settings(performed.step.at)
        plan = await load_plan(settings)
        self._control.take_mails()
        with open_stores(settings) as stores:
            async with open_tenant(settings, plan, stores) as tenant:
                reading = (await preview_round(settings, plan, stores, tenant)).whole
                approval = UNATTENDED if act.unwatched else Approval(checksum=reading.change_set.checksum, by="HR")
                synced = await sync_round(settings, plan, stores, tenant, approval=approval, told=self._told)
        performed.said.append(Previewed(plan=plan, reading=reading, synced=synced, show=act.show))
        done = synced.reading.change_set
        foretold = foretold_mails(done.changes, done.messages) if synced.applied is not None else Mailed()
        sent = sent_mails(self._control.take_mails())
        performed.foretold = performed.foretold.plus(counted(foretold))
        performed.sent = performed.sent.plus(counted(sent))
        self._compare(performed, foretold, sent, promised=done.mails if synced.applied is not None else 0)
        if synced.exit_code != act.exit_code:
            self._disappoint(performed, "exit_code", expected=act.exit_code, found=synced.exit_code)
        if act.silent and sent:
            self._disappoint(performed, "not_silent", count=sent.total())

    def _compare(self, performed: Performed, foretold: Mailed, sent: Mailed, *, promised: int) -> None:
        missed, spam = foretold - sent, sent - foretold
        if missed or spam:
            self._disappoint(performed, "mails", foretold=foretold.total(), missed=missed.total(), spam=spam.total())
        if promised != foretold.total():
            self._disappoint(performed, "count", promised=promised, foretold=foretold.total())

    async def _collect(self, courses: tuple[str, ...], performed: Performed) -> None:
        settings = self._settings(performed.step.at)
        plan = await load_plan(settings)
        self._control.take_mails()
        with open_stores(settings) as stores:
            async with open_tenant(settings, plan, stores) as tenant:
                collected = await responses_round(settings, plan, stores, tenant)
        self._note_mails(performed, foretold_mails((one.change for one in collected.carried.applied), collected.carried.messages))
        chosen = tuple(one for one in collected.registrations if one.course in courses)
        performed.said.append(Collected(plan=plan, courses=courses, registrations=chosen, new_answers=collected.new_answers))

    async def _send_reminders(self, performed: Performed) -> None:
        settings = self._settings(performed.step.at)
        plan = await load_plan(settings)
        self._control.take_mails()
        with open_stores(settings) as stores:
            coming, _ = coming_reminders(settings, plan, stores)
            async with open_tenant(settings, plan, stores) as tenant:
                reminded = await reminders_round(settings, plan, stores, tenant)
        due = {(one.email, one.item.channel) for one in coming if one.state is ReminderState.DUE and not one.reason}
        self._compare_teams(performed, due)
        self._note_mails(performed, Counter(("message", email) for email, channel in due if channel == Channel.MAIL))
        performed.said.append(Reminded(plan=plan, reminders=reminded.reminders))

    async def _send_report(self, performed: Performed) -> None:
        settings = self._settings(performed.step.at)
        plan = await load_plan(settings)
        self._control.take_mails()
        with open_stores(settings) as stores:
            async with open_tenant(settings, plan, stores) as tenant:
                reports = tuple(one for one in await current_reports(settings, plan, stores, tenant) if one.is_worth_sending)
                await report_round(settings, plan, stores, tenant)
                await report_round(settings, plan, stores, tenant)
        self._note_mails(performed, Counter(("message", one.address) for one in reports))
        performed.said.append(Reported(plan=plan, reports=reports))

    def _note_mails(self, performed: Performed, foretold: Mailed) -> None:
        """What was foretold, held against what has been sent since the mails were last taken."""
        sent = sent_mails(self._control.take_mails())
        performed.foretold = performed.foretold.plus(counted(foretold))
        performed.sent = performed.sent.plus(counted(sent))
        self._compare(performed, foretold, sent, promised=foretold.total())

    def _compare_teams(self, performed: Performed, due: Collection[tuple[str, str]]) -> None:
        shown, posts = self._control.take_teams()
        lines = Counter(str(line["to"]) for line in shown)
        performed.lines += lines
        performed.posts += len(posts)
        foretold = Counter(email for email, channel in due if channel == Channel.TEAMS)
        expected_posts = sum(channel == Channel.CHANNEL for _, channel in due)
        if lines != foretold or len(posts) != expected_posts:
            found = {"lines": lines.total(), "posts": len(posts)}
            self._disappoint(performed, "teams", foretold_lines=foretold.total(), foretold_posts=expected_posts, **found)

    async def _expect(self, act: Expectation, performed: Performed) -> None:
        match act:
            case OutlookForgot():
                await self._expect_forgotten(act.session, act.registered, performed)
            case OneEventEach():
                self._expect_one_each(performed)
            case _:
                assert_never(act)

    async def _expect_forgotten(self, session: str, registered: int, performed: Performed) -> None:
        _, course, offering, _ = session.split("/")
        _, rows, _ = await self.load_registrations(performed.step.at)
        seats = [row for row in rows if (row.course, row.offering, row.status) == (course, offering, RegistrationStatus.REGISTERED)]
        shown = [answer for answer in self._answers_to(session).values() if answer != "none"]
        if shown or len(seats) < registered:
            self._disappoint(performed, "forgotten", shown=len(shown), kept=len(seats), expected=registered)

    def _expect_one_each(self, performed: Performed) -> None:
        stamps = Counter(stamp for event in self._control.fetch_events() for stamp in event["stamps"].values())
        twins = [stamp for stamp, count in stamps.items() if count > 1]
        if twins or not stamps:
            self._disappoint(performed, "twins", sessions=", ".join(twins) or "–")

    def _answers_to(self, session: str) -> dict[str, str]:
        """The answers of people on the organiser's copy, by address."""
        event = next(event for event in self._control.fetch_events() if session in event["stamps"].values())
        return {address: answer for address, answer in event["attendees"].items() if address not in ROOMS}

    def _requests(self) -> Counter[str]:
        numbers = self._control.fetch_state()["requests"]
        return Counter({method: count for method, count in numbers.items() if method.isupper()})

    def _limits(self) -> Counter[str]:
        """How many mails Exchange has delayed and refused, of every mailbox."""
        numbers = self._control.fetch_state()["limits"].values()
        return Counter({name: sum(one[name] for one in numbers) for name in ("delayed", "refused")})

    def _settings(self, at: datetime) -> Settings:
        return StorySettings(**self._always, now=instant(at, PLAN_ZONE))

    def _edit(self, before: str, after: str) -> None:
        written = self.plan_file.read_text(encoding="utf-8")
        assert written.count(before) == 1, before  # noqa: S101 - the story and the plan belong together
        self.plan_file.write_text(written.replace(before, after), encoding="utf-8")

    def _disappoint(self, performed: Performed, code: str, **params: object) -> None:
        performed.disappointments.append(text(self._language, f"demo.wrong.{code}", **params))
