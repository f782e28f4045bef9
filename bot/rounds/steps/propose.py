"""What a sync would do, and what of it may go.

The whole difference, the verdicts on it, and the difference that goes now.

    whole     the plan as it is written, against the world: what a preview shows, and what a checksum names
    verdicts  course by course, whether it may go (`bot.approvals.weighing`)
    going     the plan in force, against the same world: with what may go, and of the rest only what the world did

Nothing is written here. Where everything may go, the two differences are one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.approvals.verdicts import ApprovalRules, with_decisions
from bot.approvals.versions import plan_in_force
from bot.approvals.weighing import all_or_none, weigh, with_limits
from bot.domain.approvals import Consent, Decision, Waiting
from bot.domain.changes import Update
from bot.domain.events import AttendeeType
from bot.domain.plan import CourseStatus
from bot.invitations.changeset import facts_of
from bot.invitations.mailed import as_mailed
from bot.invitations.preview_clashes import waiting_clashes
from bot.invitations.preview_reader import Reader
from bot.invitations.safety import SafetyLimits, passed_limits
from bot.rounds.steps.compare import decide_by
from bot.rounds.steps.decide_seats import rows_of
from bot.rounds.steps.proposal import Proposal, Word
from bot.rounds.steps.waiting_words import words_of
from config.settings import ApprovalMode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from bot.approvals.verdicts import Verdict
    from bot.domain.changes import Change
    from bot.domain.graph_findings import GraphFindings
    from bot.domain.plan import CoursePlan
    from bot.invitations.safety import Passed
    from bot.opening.work import Work
    from bot.rounds.steps.compare import Compared
    from bot.rounds.steps.decide_seats import Decided
    from bot.rounds.steps.read_world import Reading
    from config.settings import Settings


def limits_of(settings: Settings) -> SafetyLimits:
    """The settings' limits as the core knows them."""
    safety = settings.safety
    return SafetyLimits(
        max_cancel_share=safety.max_cancel_share,
        max_remove_share=safety.max_remove_share,
        max_mails=safety.max_mails,
    )


def approval_rules(settings: Settings) -> ApprovalRules:
    """The settings' rules of approval as the core knows them."""
    return ApprovalRules(
        every_change=settings.approval is ApprovalMode.PLAN,
        approvers=settings.approvers,
        max_cancelled_people=settings.safety.max_cancelled_people,
    )


def propose(work: Work, compared: Compared, *, word: Word | None = None) -> Proposal:
    """What would be done and what of it may go; computed without touching anything."""
    settings, plan, record = work.settings, work.written, compared.record
    whole, found, rules, said = compared.whole, compared.found, approval_rules(settings), record.decisions
    verdicts = weigh(
        whole.change_set, compared.changed, found.findings, said, rules, known=frozenset(record.versions)
    )
    verdicts, words = _with_word(verdicts, said, word, rules)
    verdicts = all_or_none(verdicts, compared.changed)
    in_force, decided, going = plan, compared.decided, whole
    if not all(verdict.may_go for verdict in verdicts):
        in_force, decided, going = _what_goes(work, compared, verdicts)
    proposal = Proposal(
        record=record,
        written=plan,
        whole=whole,
        verdicts=verdicts,
        going=going,
        decided=decided,
        plan=in_force,
        found=found,
        courses_a_week=settings.courses_a_week,
        words=words,
    )
    return proposal if word is not None and word.to_all else _within_limits(settings, proposal, word)


def _what_goes(
    work: Work, compared: Compared, verdicts: Sequence[Verdict]
) -> tuple[CoursePlan, Decided, Reading]:
    """The plan as it will be in force, with its seats and the difference to it, where not all may go.

    a course that may not go, and    is
    changed, was never approved      left as it stands, whatever the world did
    changed, was approved before     as it was approved
    unchanged                        as it stands, but for who comes and goes
    """
    seen, record = compared.seen, compared.record
    may_go = {verdict.course for verdict in verdicts if verdict.may_go}
    stays = [verdict for verdict in verdicts if not verdict.may_go]
    with_events = frozenset(key.course for key in seen.ledger)
    plan = plan_in_force(
        work.written, record, with_events=with_events, may_go=may_go, changed=compared.changed
    )
    decided, going = decide_by(work, plan, seen, compared.rows, compared.answers)
    changed = {verdict.course for verdict in stays if verdict.is_changed}
    frozen = changed - record.versions.keys()
    decided, going = _only(decided, going, lambda course: course not in frozen)
    standing = {verdict.course for verdict in stays} - changed
    return plan, decided, _as_they_stand(going, standing, work.findings)


def with_cancelled(plan: CoursePlan, course_id: str) -> CoursePlan:
    """The plan as it would be with this course cancelled.

    Its difference has the checksum that HR can approve then.

    Raises InputError for a course that the plan does not have.
    """
    cancelled = replace(plan.known_course(course_id), status=CourseStatus.CANCELLED)
    whole = None if plan.whole is None else with_cancelled(plan.whole, course_id)
    return replace(
        plan,
        courses=tuple(cancelled if course.id == course_id else course for course in plan.courses),
        whole=whole,
    )


def waiting_of(proposal: Proposal, plan: CoursePlan) -> tuple[Waiting, ...]:
    """What waits, as the books keep it; what has waited before has waited since then."""
    if not proposal.waiting:
        return ()
    before = {(held.course, held.checksum): held.since for held in proposal.record.waiting}
    change_set = proposal.whole.change_set
    clashes, overspending = proposal.clashes, proposal.overspending
    approved = tuple(course for version in proposal.record.versions.values() for course in version.courses)
    people = proposal.whole.world.people
    reader = Reader(plan=plan, people=people, language=plan.language, before=approved)
    return tuple(
        Waiting(
            plan=plan.id,
            course=verdict.course,
            checksum=verdict.checksum,
            whole=change_set.checksum,
            revision=plan.revision,
            mails=verdict.mails,
            people=verdict.people,
            reasons=verdict.reasons,
            since=before.get((verdict.course, verdict.checksum), proposal.whole.seen.now),
            clashes=waiting_clashes(clashes, verdict.course),
            told=words_of(verdict.course, change_set, reader, clashes, overspending),
            found={
                reason.value: proposal.found.lines(verdict.course, reason, plan.language)
                for reason in verdict.reasons
            },
            ids=proposal.found.ids_of(verdict.course),
        )
        for verdict in proposal.waiting
    )


def _with_word(
    verdicts: tuple[Verdict, ...], said: Iterable[Decision], word: Word | None, rules: ApprovalRules
) -> tuple[tuple[Verdict, ...], tuple[Decision, ...]]:
    if word is None:
        return verdicts, ()
    words = tuple(
        word.decision(verdict)
        for verdict in verdicts
        if verdict.consent is Consent.NEEDED and word.consents(verdict)
    )
    return with_decisions(verdicts, [*said, *words], rules), words


def _within_limits(settings: Settings, proposal: Proposal, word: Word | None) -> Proposal:
    """Past a limit nothing goes but what was approved."""
    rules, limits = approval_rules(settings), limits_of(settings)
    said = [*proposal.record.decisions, *proposal.words]

    def passed(verdicts: Iterable[Verdict]) -> tuple[Passed, ...]:
        given = {verdict.course for verdict in verdicts if verdict.consent is Consent.GIVEN}
        change_set = proposal.going.change_set
        changes = [change for change in change_set.changes if change.course not in given]
        messages = sum(message.course not in given for message in change_set.messages)
        return passed_limits(facts_of(proposal.going.world, changes, messages), limits)

    if not passed(proposal.verdicts):
        return proposal
    verdicts = with_limits(proposal.verdicts, proposal.going.change_set, said, rules)
    verdicts, words = _with_word(verdicts, said, word, rules)
    words = (*proposal.words, *words)
    past = passed(verdicts)
    if not past:
        return replace(proposal, verdicts=verdicts, words=words)
    given = {verdict.course for verdict in verdicts if verdict.consent is Consent.GIVEN}
    decided, going = _only(proposal.decided, proposal.going, lambda course: course in given)
    return replace(proposal, verdicts=verdicts, words=words, going=going, decided=decided, passed=past)


def _only(decided: Decided, reading: Reading, keeps: Callable[[str], bool]) -> tuple[Decided, Reading]:
    """The courses named alone; every other stays as it stands, seats too."""
    change_set = reading.change_set
    changes = tuple(change for change in change_set.changes if keeps(change.course))
    messages = tuple(message for message in change_set.messages if keeps(message.course))
    transitions = tuple(
        transition for transition in decided.settlement.transitions if keeps(transition.after.course)
    )
    after = {
        (standing.course, standing.offering, standing.email): standing for standing in decided.state.standings
    }
    after |= {
        (transition.after.course, transition.after.offering, transition.after.email): transition.after
        for transition in transitions
    }
    standings = tuple(after.values())
    kept = replace(
        decided,
        settlement=replace(decided.settlement, transitions=transitions),
        standings=standings,
        registrations=rows_of(replace(decided.state, standings=standings)),
        messages=tuple(message for message in decided.messages if keeps(message.course)),
    )
    moves = tuple(move for move in change_set.moves if keeps(move.after.course))
    facts = facts_of(reading.world, changes, len(messages))
    return kept, replace(
        reading, change_set=replace(change_set, changes=changes, messages=messages, moves=moves, facts=facts)
    )


def _as_they_stand(reading: Reading, courses: Collection[str], findings: GraphFindings) -> Reading:
    """Of these courses only who comes and goes, on the events as they stand: their words wait."""
    if not courses:
        return reading
    changes = as_mailed(
        _changes_as_they_stand(reading.change_set.changes, courses), findings, reading.seen.people
    )
    facts = facts_of(reading.world, changes, len(reading.change_set.messages))
    return replace(reading, change_set=replace(reading.change_set, changes=changes, facts=facts))


def _changes_as_they_stand(changes: Iterable[Change], courses: Collection[str]) -> Iterator[Change]:
    for change in changes:
        if change.course not in courses or (isinstance(change, Update) and not change.fields):
            yield change
        elif isinstance(change, Update) and (change.add or change.remove):
            rooms = {
                attendee.email
                for attendee in change.desired.attendees
                if attendee.type is AttendeeType.RESOURCE
            }
            mails = len({*change.add, *change.remove} - rooms)
            yield replace(change, fields=(), mails=mails, again=0, lists_only=True, action="invite")
