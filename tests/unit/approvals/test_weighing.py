"""What of a difference waits for a person, and why: each reason, what people said, and what counts as the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.approvals.mailed import people_of
from bot.approvals.reasons import WeighedFindings
from bot.approvals.verdicts import ApprovalRules, approving, is_approved, is_decided, with_decisions
from bot.approvals.versions import Changed, version_of
from bot.approvals.weighing import all_or_none, weigh, with_limits
from bot.domain.approvals import Consent, Decision, Door, WaitReason
from bot.domain.changes import Cancel, ChangeSet, Conflict, Create, Forget, Reason, SafetyFacts, Update
from bot.domain.events import EventField
from bot.domain.messages import Message
from bot.domain.templates import MessageKind
from tests.builders.samples import KEY, NOW, ROOM, address, make_course, make_desired, make_observed, make_plan

PLAN = make_plan()
BEFORE = version_of(PLAN, PLAN.courses[0])
AFTER = version_of(make_plan(make_course(title="Nyt navn")), make_course(title="Nyt navn"))
CHANGED = Changed(course="kursus", before=BEFORE, after=AFTER)
NEW = Changed(course="kursus", before=None, after=AFTER)
GONE = Changed(course="kursus", before=BEFORE, after=None)
DESIRED = make_desired("anna", "bo", room=ROOM)
OBSERVED = make_observed(DESIRED)
FACTS = SafetyFacts(managed_future_events=1, cancelled_gone=0, places=2, places_removed=0, mails=2, all_courses_gone=False)
KNOWN = frozenset({"kursus"})


def create(mails=2, reason=Reason.NEW, **changes):
    return Create(key=KEY, course="kursus", subject="Kursus", reason=reason, mails=mails, desired=DESIRED, **changes)


def update(*fields, mails=2, reason=Reason.PLAN, **changes):
    values = {"desired": DESIRED, "observed": OBSERVED, "fields": fields} | changes
    return Update(key=KEY, course="kursus", subject="Kursus", reason=reason, mails=mails, **values)


def cancel(mails=2, reason=Reason.GONE_FROM_PLAN, **changes):
    return Cancel(key=KEY, course="kursus", subject="Kursus", reason=reason, mails=mails, observed=OBSERVED, **changes)


def message(course="kursus"):
    return Message(plan="demo", key="k", kind=MessageKind.ANNOUNCEMENT, course=course, offering="", email=address("eva"), created_at=NOW)


def change_set(*changes, messages=()):
    return ChangeSet(plan="demo", revision="r", checksum="w", changes=changes, facts=FACTS, messages=tuple(messages))


def verdict(*changes, changed=(CHANGED,), findings=None, said=(), rules=None, known=KNOWN, messages=()):
    found = weigh(
        change_set(*changes, messages=messages), changed, findings or WeighedFindings(), said, rules or ApprovalRules(), known=known
    )
    return next(one for one in found if one.course == "kursus")


def decided(one, by="Birthe", **changes):
    made = Decision(
        plan="demo", course=one.course, checksum=one.checksum, revision="r", approved=True, mails=one.mails, people=one.people,
        reasons=one.reasons, since=NOW, by=by, at=NOW, door=Door.CLI,
    )  # fmt: skip
    return replace(made, **changes)


TITLE = update(EventField.SUBJECT)
JOINER = update(mails=1, reason=Reason.AUDIENCE, add=(address("eva"),), action="invite")


@pytest.mark.parametrize(
    ("change", "changed", "known", "reasons"),
    [
        (TITLE, (CHANGED,), KNOWN, {WaitReason.PLAN}),
        (JOINER, (CHANGED,), KNOWN, {WaitReason.PLAN}),
        (JOINER, (), KNOWN, set()),
        (TITLE, (), KNOWN, {WaitReason.PLAN}),
        (replace(TITLE, reason=Reason.UNFINISHED), (), KNOWN, set()),
        (replace(TITLE, reason=Reason.RESTORED), (), KNOWN, set()),
        (create(), (NEW,), frozenset(), {WaitReason.PLAN}),
        (create(mails=0, held=True), (NEW,), frozenset(), {WaitReason.PLAN}),
        (create(mails=0), (NEW,), frozenset(), set()),
        (create(reason=Reason.UNFINISHED), (), KNOWN, set()),
        (replace(create(), key=replace(KEY, part=2)), (), KNOWN, set()),
        (JOINER, (NEW,), frozenset(), set()),
        (TITLE, (NEW,), frozenset(), {WaitReason.PLAN}),
        (cancel(), (GONE,), KNOWN, {WaitReason.PLAN}),
        (cancel(), (replace(GONE, before=None),), frozenset(), {WaitReason.PLAN}),
        (cancel(reason=Reason.AUDIENCE), (), KNOWN, set()),
        (cancel(mails=0), (GONE,), KNOWN, set()),
        (Conflict(key=KEY, course="kursus", subject="", reason=Reason.DRIFT), (CHANGED,), KNOWN, set()),
        (Forget(key=KEY, course="kursus", subject="", reason=Reason.HISTORY), (), KNOWN, set()),
    ],
)
def test_what_follows_from_the_plan_waits_and_what_the_world_does_goes(change, changed, known, reasons):
    """Where no version is known, who comes and goes is the world's doing, and everything else the plan's."""
    found = verdict(change, changed=changed, known=known)
    assert {*found.reasons} == reasons
    assert found.may_go is not bool(reasons)
    assert found.waits is bool(reasons)
    assert {*verdict(change, changed=changed, known=known, rules=ApprovalRules(every_change=False)).reasons} == set()


def test_a_message_is_a_mail_like_any_other():
    found = verdict(messages=[message()])
    assert (found.reasons, found.mails, found.people) == ((WaitReason.PLAN,), 1, 1)


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        (WeighedFindings(ids={"kursus": ("course a → kursus",)}), WaitReason.ID),
        (WeighedFindings(plan_id="gammel"), WaitReason.ID),
        (WeighedFindings(organiser="gammel@demo.example"), WaitReason.ORGANISER),
        (WeighedFindings(columns=("courses.capacity",)), WaitReason.COLUMN),
        (WeighedFindings(empty_groups={"kursus": ("tom@demo.example",)}), WaitReason.EMPTY_GROUP),
    ],
)
def test_what_always_waits_is_part_of_what_is_approved(findings, reason):
    """A finding that came after the approval was not seen by who approved."""
    rules = ApprovalRules(every_change=False)
    found = verdict(TITLE, findings=findings, rules=rules)
    assert found.reasons == (reason,)
    assert verdict(TITLE, findings=findings, said=[decided(verdict(TITLE))], rules=rules).waits
    assert verdict(TITLE, findings=findings, said=[decided(found)], rules=rules).consent is Consent.GIVEN


def test_an_empty_group_waits_without_any_change():
    found = verdict(changed=(), findings=WeighedFindings(empty_groups={"kursus": ("tom@demo.example",)}))
    assert found.reasons == (WaitReason.EMPTY_GROUP,)


def test_many_people_whose_events_are_gone_wait_together():
    """One big day is as protected as five small ones; what was approved to go does not count."""
    rules = ApprovalRules(every_change=False, max_cancelled_people=20)
    other = replace(cancel(mails=12), course="andet", key=replace(KEY, course="andet"))
    gone = (GONE, replace(GONE, course="andet"))
    known = frozenset({"kursus", "andet"})

    def found(*changes, said=()):
        return {one.course: one for one in weigh(change_set(*changes), gone, WeighedFindings(), said, rules, known=known)}

    assert [one.reasons for one in found(cancel(mails=8), other).values()] == [(), ()]
    both = found(cancel(mails=9), other)
    assert [one.reasons for one in both.values()] == [(WaitReason.GONE,), (WaitReason.GONE,)]
    after = found(cancel(mails=9), other, said=[decided(both["andet"])])
    assert {course: one.consent for course, one in after.items()} == {"andet": Consent.NOT_NEEDED, "kursus": Consent.NOT_NEEDED}
    assert found(replace(cancel(mails=30), gone=False))["kursus"].reasons == ()
    assert found(cancel(mails=30, reason=Reason.STATUS_CANCELLED))["kursus"].reasons == ()


def test_joiners_go_along_with_what_was_approved():
    """Who belongs to a group is no part of what a person approves; what the plan says is."""
    found = verdict(TITLE)
    assert verdict(replace(TITLE, mails=3, add=(address("eva"),))).checksum == found.checksum
    other = replace(CHANGED, after=BEFORE)
    assert verdict(TITLE, changed=(other,)).checksum != found.checksum
    words = verdict(TITLE, changed=())
    assert verdict(replace(TITLE, mails=3), changed=()).checksum == words.checksum
    assert verdict(update(EventField.LOCATION), changed=()).checksum != words.checksum


def test_what_is_left_of_an_approved_change_needs_no_approval():
    """A part of it failed, or had no room that day."""
    done = decided(verdict(TITLE))
    assert verdict(TITLE, changed=(), said=[done]).consent is Consent.GIVEN
    assert verdict(TITLE, changed=(), said=[replace(done, done_at=NOW)]).waits
    assert verdict(TITLE, changed=(), said=[done], rules=ApprovalRules(approvers=2)).waits
    assert verdict(JOINER, changed=(), said=[done]).consent is Consent.GIVEN
    assert verdict(JOINER, changed=(), said=[replace(done, done_at=NOW)]).consent is Consent.NOT_NEEDED
    assert verdict(JOINER, changed=(), said=[replace(done, approved=False)]).consent is Consent.NOT_NEEDED


@pytest.mark.parametrize(
    "findings", [WeighedFindings(organiser="gammel@demo.example"), WeighedFindings(plan_id="gammel"), WeighedFindings()]
)
def test_the_rest_of_an_approved_change_waits_for_none_of_what_was_asked_then(findings):
    """Its events may be many, in the old mailbox, or look like another plan's still."""
    rules = ApprovalRules(max_cancelled_people=1)
    found = verdict(cancel(), changed=(GONE,), findings=findings, rules=rules)
    assert WaitReason.GONE in found.reasons
    rest = verdict(cancel(), changed=(), findings=findings, said=[decided(found)], rules=rules)
    assert (rest.consent, rest.reasons) == (Consent.GIVEN, ())
    assert verdict(cancel(), changed=(), findings=findings, said=[decided(found, done_at=NOW)], rules=rules).waits


def test_the_rest_of_what_was_approved_to_go_does_not_hold_what_goes_by_itself():
    """Its people are counted no more."""
    rules = ApprovalRules(every_change=False, max_cancelled_people=20)
    other = replace(cancel(mails=12), course="andet", key=replace(KEY, course="andet"))
    said = [decided(verdict(cancel(mails=19), changed=(GONE,)))]
    found = weigh(
        change_set(cancel(mails=19), other), [replace(GONE, course="andet")], WeighedFindings(), said, rules, known=KNOWN | {"andet"}
    )
    assert {one.course: one.consent for one in found} == {"andet": Consent.NOT_NEEDED, "kursus": Consent.GIVEN}


def test_an_approval_that_was_carried_out_is_used_up():
    """A plan that says again what it said before has to be approved again."""
    found = verdict(TITLE)
    assert verdict(TITLE, said=[decided(found, done_at=NOW)]).waits
    assert verdict(TITLE, said=[decided(found, done_at=NOW), decided(found)]).consent is Consent.GIVEN
    assert verdict(TITLE, said=[decided(found, done_at=NOW), decided(found, "Ole")], rules=ApprovalRules(approvers=2)).waits
    assert verdict(TITLE, said=[decided(found, approved=False), decided(found, done_at=NOW)]).waits


@pytest.mark.parametrize(
    ("said", "approvers", "is_over"),
    [
        ("", 1, False),
        ("yes", 1, True),
        ("no", 1, True),
        ("done", 1, False),
        ("no done", 1, False),
        ("done yes", 1, True),
        ("yes", 2, False),
        ("yes yes", 2, False),
        ("yes other", 2, True),
        ("yes no other", 2, False),
        ("yes other no", 2, True),
    ],
)
def test_who_has_been_answered_is_asked_no_more_until_it_is_carried_out(said, approvers, is_over):
    found = verdict(TITLE)
    words = {
        "yes": decided(found),
        "other": decided(found, "Ole"),
        "no": decided(found, approved=False),
        "done": decided(found, done_at=NOW),
    }
    decisions = [words[word] for word in said.split()]
    assert is_decided([decided(found, course="andet"), *decisions], "kursus", found.checksum, approvers) is is_over
    assert verdict(TITLE, said=decisions, rules=ApprovalRules(approvers=approvers)).waits is not is_over


def test_of_two_words_of_one_instant_the_one_that_was_written_down_last_is_the_latest():
    """A clock can say the same time twice; the books cannot."""
    found = verdict(TITLE)
    before = decided(found, checksum="of something else", done_at=NOW)
    assert verdict(TITLE, changed=(), said=[before, decided(found)]).consent is Consent.GIVEN
    assert verdict(TITLE, changed=(), said=[decided(found), before]).waits
    assert verdict(TITLE, said=[decided(found), decided(found, approved=False)]).is_rejected
    assert verdict(TITLE, said=[decided(found, approved=False), decided(found)]).consent is Consent.GIVEN


def test_the_latest_word_counts_where_it_is_a_no():
    found = verdict(TITLE)
    no = decided(found, approved=False, at=NOW + timedelta(minutes=1))
    rejected = verdict(TITLE, said=[decided(found), no])
    assert (rejected.consent, rejected.is_rejected, rejected.waits, rejected.may_go) == (Consent.NEEDED, True, False, False)
    yes = decided(found, at=NOW + timedelta(minutes=2))
    assert verdict(TITLE, said=[no, yes]).consent is Consent.GIVEN


def test_with_two_approvers_two_different_people_are_needed():
    found, rules = verdict(TITLE), ApprovalRules(approvers=2)
    one = decided(found)
    assert verdict(TITLE, said=[one, decided(found, "birthe")], rules=rules).waits
    assert verdict(TITLE, said=[one, decided(found, "Ole")], rules=rules).consent is Consent.GIVEN
    assert not is_approved([one, decided(found, "Ole", approved=False)], found.checksum, 2)
    assert with_decisions([found], [one], ApprovalRules())[0].consent is Consent.GIVEN


def test_who_has_approved_just_this_change_is_known_until_somebody_says_no():
    found = verdict(TITLE)
    said = [decided(found), decided(found, "Ole", course="andet"), decided(found, "Ib", checksum="of something else")]
    assert approving(said, "kursus", found.checksum) == {"birthe"}
    assert approving([*said, decided(found, approved=False)], "kursus", found.checksum) == frozenset()


def test_past_a_limit_everything_waits_that_nobody_has_approved():
    """To the letter: who would be mailed is part of what was shown."""
    going = change_set(JOINER, messages=[message("andet")])
    free = weigh(going, (), WeighedFindings(), (), ApprovalRules(), known=KNOWN)
    found = {one.course: one for one in with_limits(free, going, (), ApprovalRules())}
    assert [one.reasons for one in found.values()] == [(WaitReason.LIMITS,), (WaitReason.LIMITS,)]
    other = change_set(replace(JOINER, add=(address("ib"),)))
    (changed,) = with_limits(weigh(other, (), WeighedFindings(), (), ApprovalRules(), known=KNOWN), other, (), ApprovalRules())
    assert changed.checksum != found["kursus"].checksum
    said = [decided(found["kursus"])]
    assert {one.course: one.consent for one in with_limits(free, going, said, ApprovalRules())} == {
        "andet": Consent.NEEDED,
        "kursus": Consent.GIVEN,
    }
    off = change_set(cancel(reason=Reason.AUDIENCE))
    assert with_limits(weigh(off, (), WeighedFindings(), (), ApprovalRules(), known=KNOWN), off, (), ApprovalRules())[0].people == 2
    given = [replace(one, consent=Consent.GIVEN) for one in free]
    assert with_limits(given, going, (), ApprovalRules()) == tuple(given)
    quiet = change_set(Conflict(key=KEY, course="kursus", subject="", reason=Reason.DRIFT), create(mails=0, held=True))
    assert [
        one.reasons
        for one in with_limits(weigh(quiet, (), WeighedFindings(), (), ApprovalRules(), known=KNOWN), quiet, (), ApprovalRules())
    ] == [(WaitReason.PLAN,) if any(one.reasons for one in weigh(quiet, (), WeighedFindings(), (), ApprovalRules(), known=KNOWN)) else ()]


def test_mailbox_and_zone_change_with_everything_or_not_at_all():
    moved = replace(CHANGED, after=replace(AFTER, organiser="ny@demo.example"))
    other = Changed(course="andet", before=BEFORE, after=replace(BEFORE, organiser="ny@demo.example"))
    waits = verdict(TITLE, changed=(moved,))
    free = replace(waits, course="andet", consent=Consent.NOT_NEEDED, reasons=())
    with_reason = replace(free, consent=Consent.GIVEN, reasons=(WaitReason.ORGANISER,))
    assert all_or_none([waits, free], [moved, other])[1].consent is Consent.NEEDED
    assert all_or_none([waits, free], [moved, other])[1].reasons == (WaitReason.PLAN,)
    assert all_or_none([waits, with_reason], [moved, other])[1].reasons == (WaitReason.ORGANISER,)
    assert all_or_none([waits, free], [moved]) == (waits, free)
    assert all_or_none([free], [other, GONE]) == (free,)


def test_people_are_those_who_would_get_a_mail():
    """Rooms read none; who stays hears of new words, and not of others who come and go."""
    moved = update(EventField.START, add=(address("eva"),), remove=(address("bo"),))
    assert people_of([create()]) == people_of([cancel()]) == {address("anna"), address("bo")}
    assert people_of([moved]) == {address("anna"), address("bo"), address("eva")}
    assert people_of([JOINER, Forget(key=KEY, course="kursus", subject="", reason=Reason.HISTORY)]) == {address("eva")}
    assert people_of([], [message()]) == {address("eva")}


@pytest.mark.parametrize(
    ("said", "enough"),
    [
        ((("Birthe", Door.CLI), ("Ole", Door.CLI)), True),
        ((("birthe@by.example", Door.DESK), ("ole@by.example", Door.DESK)), True),
        ((("birthe@by.example", Door.DESK), ("ole@by.example", Door.API)), True),
        ((("Birthe", Door.CLI), ("birthe@by.example", Door.DESK)), False),
        ((("Birthe", Door.CLI), ("Birthe", Door.CLI), ("birthe@by.example", Door.DESK)), False),
    ],
)
def test_two_people_are_two_where_both_are_known_by_the_same(said, enough):
    """Whoever gives a name at the command line and signs in as well is one."""
    found = verdict(TITLE)
    decisions = [replace(decided(found, by), door=door) for by, door in said]
    assert is_approved(decisions, found.checksum, 2) is enough
