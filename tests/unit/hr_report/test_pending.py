"""What of the reader's courses waits for them, in HR's report."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals import Waiting, WaitReason
from bot.domain.changes import Cancel, Create, Reason
from bot.domain.people import UnknownGroup, UnknownReason
from bot.domain.reports import HeldLimit, Pending
from bot.invitations.safety import Limit, Passed
from tests.builders.report_facts import LINE, NOW, change_set, key, report
from tests.builders.samples import make_desired, make_observed


def create(which="k", *, held=False, mails=3):
    desired = make_desired("ane", key=key(which))
    return Create(key=key(which), course=which, subject="Kursus", reason=Reason.NEW, desired=desired, held=held, mails=mails)


def cancel(which="k"):
    observed = make_observed(make_desired("ane", key=key(which)))
    return Cancel(key=key(which), course=which, subject="Kursus", reason=Reason.GONE_FROM_PLAN, observed=observed, mails=1)


def waits(which="k", *, days=1, reasons=(WaitReason.PLAN,)):
    return Waiting(
        plan="p", course=which, checksum=f"sum-{which}", whole="9f2c", revision="", mails=3, people=2, reasons=reasons,
        since=NOW - timedelta(days=days),
    )  # fmt: skip


def found(course, reason, _language):
    return (f"{course} er et nyt id",) if reason is WaitReason.ID else ()


def test_what_waits_for_a_person_is_told_of_the_readers_courses_the_oldest_first():
    """What needs no approval is not told, however much a sync would do."""
    waiting = (waits(), waits("væk", days=3, reasons=(WaitReason.PLAN, WaitReason.ID, WaitReason.LIMITS)), waits("andet"))
    passed = (Passed(limit=Limit.MAILS, number=9, of=0, allowed=2),)
    told = report(change_set=change_set(create(), create("andet"), cancel("væk")), waiting=waiting, passed=passed, found=found).pending
    assert told is not None
    assert [(one.course, one.checksum, one.mails, one.people, one.reasons) for one in told.courses] == [
        ("væk", "sum-væk", 3, 2, (("id", "væk er et nyt id"), ("limits",))),
        ("k", "sum-k", 3, 2, (("plan",),)),
    ]
    assert told.courses[1].since == (NOW - timedelta(days=1)).astimezone(ZoneInfo("Europe/Copenhagen")).replace(tzinfo=None)
    assert told.limits == (HeldLimit(limit="mails", number=9, of=0, allowed=2),)
    theirs = report(waiting=waiting, passed=passed, reader=LINE).pending
    assert theirs is not None
    assert ([one.course for one in theirs.courses], theirs.limits) == (["andet"], ())
    assert report(change_set=change_set(create(), create("andet"), cancel("væk"))).pending is None


def test_a_group_that_cannot_be_read_is_told_to_those_whose_courses_name_it():
    """There is nothing to approve: the invitation waits for the group."""
    unknown = (
        UnknownGroup(group="alle@by.example", reason=UnknownReason.UNREADABLE),
        UnknownGroup(group="andre@by.example", reason=UnknownReason.EMPTIED),
    )
    changes = change_set(create(held=True), unknown_groups=unknown)
    passed = (Passed(limit=Limit.MAILS, number=9, of=0, allowed=2),)
    told = report(change_set=changes, passed=passed).pending
    assert told == Pending(waiting=1, unknown_groups=(("alle@by.example", "unreadable"),))
    theirs = report(change_set=changes, reader=LINE).pending
    assert theirs is not None
    assert theirs.waiting == 0
    assert report(change_set=change_set(unknown_groups=unknown[1:])).pending is None
