"""Where the story is played: carries out each act against the sandbox tenant and holds kursusbot to it.

kursusbot's part is the real thing: the plan's file, the SQLite database, the rounds of `bot.rounds` and
the Graph client over HTTP, at the story's time (what `--now` sets). Prints nothing: `Performed` says what
happened, `bot.demo.telling` puts it in words.
"""

from __future__ import annotations

from collections import Counter
from contextlib import asynccontextmanager
from textwrap import dedent
from typing import TYPE_CHECKING, Any, assert_never

from bot.demo import the_day
from bot.demo.acts import (
    AtTheDoor,
    CollectAnswers,
    Decide,
    EditInOutlook,
    EditPlan,
    FillInForms,
    GiveCertificates,
    Happening,
    LeavingColleague,
    Lived,
    LookAtDecisions,
    LookAtEvaluations,
    LosePlanFrom,
    Members,
    NewColleague,
    OneEventEach,
    OutlookForgot,
    RestorePlan,
    Round,
    SameRegistrations,
    SendReminders,
    SendReport,
    Sync,
    Trouble,
    Writing,
)
from bot.demo.judge import Judge
from bot.demo.mails import Mailed, counted, foretold_mails, sent_mails
from bot.demo.performed import Collected, Decided, Performed, Previewed, Reminded, Reported, Wrote
from bot.desks.plans.approvals import give_word
from bot.domain.approvals import Door
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import ReminderState
from bot.domain.times import instant
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.opening.versions import load_record
from bot.opening.work import open_work
from bot.rounds.answers import responses_round
from bot.rounds.hr_report import current_reports, report_round
from bot.rounds.preview import preview_round
from bot.rounds.reminders import coming_reminders, reminders_round
from bot.rounds.steps.approve import UNATTENDED, Approval
from bot.rounds.steps.current_lists import current_registrations
from bot.rounds.sync import sync_round
from config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

    from bot.demo.acts import Act, Expectation, Step
    from bot.demo.control import ControlPlane
    from bot.domain.changes import Applied
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.opening.work import Work

PLAN_ZONE = "Europe/Copenhagen"
PERSON_OF_HR = "Birthe"


class StorySettings(Settings):
    """Settings that know only what the story gives them: the machine's own stay outside."""

    model_config = {"toml_file": None}  # noqa: RUF012 - pydantic's way of saying it

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *others: Any,
        **more: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but the arguments."""
        del settings_cls, others, more
        return (init_settings,)


class Stage:
    """The tenant, the plan's file and the database of one demonstration, in `folder`."""

    def __init__(
        self,
        *,
        control: ControlPlane,
        graph: dict[str, str],
        web: dict[str, Any],
        teams: dict[str, Any] | None = None,
        folder: Path,
        plan_text: str,
        language: Language,
        leaders: int,
        told: Callable[[Sequence[Applied], int], None],
    ) -> None:
        self.plan_file = folder / "plan.yaml"
        self._control = control
        self.always: dict[str, Any] = {
            "graph": graph,
            "teams": teams or {},
            "web": web,
            "database_url": f"sqlite:///{folder / 'kursusbot.db'}",
            "plan": str(self.plan_file),
        }
        self._whole_plan = plan_text
        self._judge = Judge(control, language, leaders=leaders)
        self._language, self._secret = language, str(web["secret_key"])
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
            self._judge.disappoint(performed, "refused", count=passed["refused"])
        return performed

    def write(self, act: EditPlan) -> None:
        """HR edits the plan between two steps."""
        self._edit(act.before, act.after)

    def let_happen(self, act: EditInOutlook) -> None:
        """Somebody edits an event between two steps."""
        self._control.edit_event(act.session, act.changes)

    async def load_registrations(
        self, at: datetime
    ) -> tuple[CoursePlan, tuple[Registration, ...], tuple[Answer, ...]]:
        """The plan, who is coming, and the answers of strangers, as they stand at wall time `at`."""
        settings = self._settings(at)
        plan = await load_plan(settings)
        with open_stores(settings) as stores:
            registrations, strangers = current_registrations(plan, stores)
        return plan, registrations, strangers

    async def _perform(self, act: Act, performed: Performed) -> None:
        if isinstance(act, Writing):
            self._write_plan(act, performed)
        elif isinstance(act, Happening):
            self._let_happen(act, performed)
        elif isinstance(act, Sync | Round):
            await self._sync(act, performed)
        elif isinstance(act, Decide):
            await self._decide(act, performed)
        elif isinstance(act, CollectAnswers):
            await self._collect(act.courses, performed)
        elif isinstance(act, SendReminders):
            await self._send_reminders(performed)
        elif isinstance(act, SendReport):
            await self._send_report(performed)
        elif isinstance(act, Lived):
            await self._live(act, performed)
        else:
            await self._expect(act, performed)

    def _write_plan(self, act: Writing, performed: Performed) -> None:
        wrote: tuple[str, ...] | None = None
        match act:
            case EditPlan():
                self._edit(act.before, act.after)
                wrote = tuple(dedent(act.after).splitlines())
            case LosePlanFrom():
                self._whole_plan = self.plan_file.read_text(encoding="utf-8")
                self._edit(self._whole_plan[self._whole_plan.index(act.passage) :], "")
            case RestorePlan():
                self.plan_file.write_text(self._whole_plan, encoding="utf-8")
            case _:
                assert_never(act)
        if performed.said:
            performed.said.append(Wrote(lines=wrote))

    def _let_happen(self, act: Happening, performed: Performed) -> None:
        match act:
            case Members():
                self._control.change_members(act.group, add=act.add, remove=act.remove)
            case NewColleague():
                self._control.add_person(act.name, act.mail, act.group)
            case LeavingColleague():
                self._control.close_account(min(self._control.fetch_answers(act.session)))
            case EditInOutlook():
                self._control.take_mails()
                self._control.edit_event(act.session, act.changes)
                performed.sent_by_people = performed.sent_by_people.plus(
                    counted(sent_mails(self._control.take_mails()))
                )
            case Trouble():
                performed.faults += self._control.count_faults()
                self._control.set_faults(act.rules)
            case _:
                assert_never(act)

    async def _sync(self, act: Sync | Round, performed: Performed) -> None:
        unwatched = isinstance(act, Round)
        async with self._opened(performed) as work:
            if unwatched:
                synced = await sync_round(work, approval=UNATTENDED, told=self._told)
                proposal, shown = synced.proposal, synced.proposal.going
            else:
                proposal = await preview_round(work)
                shown = proposal.whole
                approval = Approval(checksum=shown.change_set.checksum, by=PERSON_OF_HR)
                synced = await sync_round(work, approval=approval, told=self._told)
        # What was shown, or weighed, before anything was done is what is held against the mails.
        is_done = synced.applied is not None
        foretold = (
            foretold_mails(shown.change_set.changes, shown.change_set.messages) if is_done else Mailed()
        )
        sent = sent_mails(self._control.take_mails())
        performed.said.append(
            Previewed(
                plan=work.written,
                proposal=proposal,
                synced=synced,
                sent=sent.total(),
                unwatched=unwatched,
                show=act.show,
            )
        )
        self._judge.compare_mails(
            performed, foretold, sent, promised=shown.change_set.mails if is_done else 0
        )
        code = synced.outcome.exit_code
        if code != act.exit_code:
            self._judge.disappoint(performed, "exit_code", expected=act.exit_code, found=code)
        if act.silent and sent:
            self._judge.disappoint(performed, "not_silent", count=sent.total())
        self._judge.compare_waiting(performed, synced, {*act.waits} if isinstance(act, Round) else set())

    async def _decide(self, act: Decide, performed: Performed) -> None:
        async with self._opened(performed) as work:
            waiting = load_record(work.written, work.stores).waiting
            typed = next(
                one.whole if act.course is None else one.checksum
                for one in waiting
                if act.course in {None, one.course}
            )
            word = await give_word(
                work,
                checksum=typed,
                approved=act.approved,
                by=PERSON_OF_HR,
                door=Door.CLI,
            )
        performed.said.append(
            Decided(plan=work.written, made=word.decisions, typed=typed, enough=word.is_enough)
        )
        self._judge.compare_mails_since(performed, Mailed())

    async def _collect(self, courses: tuple[str, ...], performed: Performed) -> None:
        async with self._opened(performed) as work:
            collected = await responses_round(work)
            rows = work.stores.answers.load_registrations(work.plan.id)
        self._judge.compare_mails_since(
            performed,
            foretold_mails((one.change for one in collected.carried.applied), collected.carried.messages),
        )
        chosen = tuple(one for one in rows if one.course in courses)
        performed.said.append(
            Collected(
                plan=work.plan, courses=courses, registrations=chosen, new_answers=collected.new_answers
            )
        )

    async def _send_reminders(self, performed: Performed) -> None:
        async with self._opened(performed) as work:
            coming, _ = coming_reminders(work)
            reminded = await reminders_round(work)
        due = {
            (one.email, one.item.channel)
            for one in coming
            if one.state is ReminderState.DUE and not one.reason
        }
        self._judge.compare_teams(performed, due)
        self._judge.compare_mails_since(
            performed, Counter(("message", email) for email, channel in due if channel == Channel.MAIL)
        )
        performed.said.append(Reminded(plan=work.plan, reminders=reminded.reminders))

    async def _send_report(self, performed: Performed) -> None:
        async with self._opened(performed) as work:
            reports = tuple(one for one in await current_reports(work) if one.is_worth_sending)
            await report_round(work)
            await report_round(work)
        self._judge.compare_mails_since(performed, Counter(("message", one.address) for one in reports))
        performed.said.append(Reported(plan=work.written, reports=reports))

    async def _live(self, act: Lived, performed: Performed) -> None:
        async with self._opened(performed) as work:
            match act:
                case LookAtDecisions():
                    performed.said.append(the_day.look_at_decisions(work))
                case AtTheDoor():
                    said = the_day.stand_at_the_door(work, act, secret=self._secret, hr=PERSON_OF_HR)
                    performed.said.append(said)
                    self._judge.expect_at_the_door(performed, act, said)
                case FillInForms():
                    filled = the_day.fill_in_forms(work, act, self._language)
                    performed.said.append(filled)
                    self._judge.expect_filled_in(performed, act, filled)
                case LookAtEvaluations():
                    seen = the_day.look_at_evaluations(work, act)
                    performed.said.append(seen)
                    self._judge.expect_hidden(performed, act, seen)
                case GiveCertificates():
                    await self._give_certificates(work, act, performed)
                    return
                case _:
                    assert_never(act)
        self._judge.compare_mails_since(performed, Mailed())

    async def _give_certificates(self, work: Work, act: GiveCertificates, performed: Performed) -> None:
        earned = the_day.earners(work, act)
        given = await the_day.give_certificates(work, act, secret=self._secret, hr=PERSON_OF_HR)
        self._judge.compare_mails_since(performed, Counter(("message", email) for email in earned))
        performed.said.append(given)
        self._judge.expect_certified(performed, given, len(earned))

    @asynccontextmanager
    async def _opened(self, performed: Performed) -> AsyncIterator[Work]:
        """What the rounds need, as the service opens it. Mails are counted from now on."""
        settings = self._settings(performed.step.at)
        written = await load_plan(settings)
        self._control.take_mails()
        with open_stores(settings) as stores:
            async with open_work(settings, written, stores) as work:
                yield work

    async def _expect(self, act: Expectation, performed: Performed) -> None:
        match act:
            case OutlookForgot():
                _, rows, _ = await self.load_registrations(performed.step.at)
                self._judge.expect_forgotten(performed, act, rows)
            case OneEventEach():
                self._judge.expect_one_each(performed)
            case SameRegistrations():
                _, rows, _ = await self.load_registrations(performed.step.at)
                self._judge.expect_same(performed, act, rows)
            case _:
                assert_never(act)

    def _requests(self) -> Counter[str]:
        numbers = self._control.fetch_state()["requests"]
        return Counter({method: count for method, count in numbers.items() if method.isupper()})

    def _limits(self) -> Counter[str]:
        """How many mails Exchange has delayed and refused, of every mailbox."""
        numbers = self._control.fetch_state()["limits"].values()
        return Counter({name: sum(one[name] for one in numbers) for name in ("delayed", "refused")})

    def _settings(self, at: datetime) -> Settings:
        return StorySettings(**self.always, now=instant(at, PLAN_ZONE))

    def _edit(self, before: str, after: str) -> None:
        written = self.plan_file.read_text(encoding="utf-8")
        assert written.count(before) == 1, before  # noqa: S101 - the story and the plan belong together
        self.plan_file.write_text(written.replace(before, after), encoding="utf-8")
