"""The plan in force: course by course what was approved last, put together with what is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.approvals.versions import (
    Changed,
    changed_courses,
    fingerprint,
    known_members,
    plan_in_force,
    read_together,
    stem,
    version_of,
    what_was_approved,
)
from bot.domain.approvals import AcceptedPlan, Record
from bot.domain.people import Language
from bot.domain.plan import AudienceRule, Course, CourseSession, CourseStatus, Offering
from bot.domain.wording import Wording
from tests.builders.samples import START, make_plan

RULE = AudienceRule(id="ledere", name="Ledere", groups=("ledere@demo.example",))
OTHER_RULE = replace(RULE, groups=("andre@demo.example",))
SESSION = CourseSession(id="dag", start=START, end=START.replace(hour=START.hour + 1))


def course(identity="kursus", **changes):
    made = Course(
        id=identity,
        title="Kursus",
        status=CourseStatus.APPROVED,
        audience=("ledere",),
        offerings=(Offering(id="main", sessions=(SESSION,)),),
    )
    return replace(made, **changes)


def plan_of(*courses, rule=RULE, **changes):
    return make_plan(*courses, audiences=[rule], **changes)


def record_of(plan, *, accepted=True, **changes):
    versions = {one.id: version_of(plan, one) for one in plan.courses}
    known = AcceptedPlan(organiser=plan.organiser, timezone=plan.timezone) if accepted else None
    return Record(versions=versions, accepted=known, **changes)


NOTHING = Record(versions={})


def in_force(plan, record, *, events=(), may_go=()):
    return plan_in_force(plan, record, with_events=events, may_go=may_go)


def test_what_is_written_as_it_was_approved_is_in_force():
    plan = plan_of(course())
    assert changed_courses(plan, record_of(plan)) == ()
    assert in_force(plan, record_of(plan)) is plan


def test_what_is_written_otherwise_waits_in_its_old_version():
    before = plan_of(course())
    written = plan_of(course(title="Nyt navn"))
    standing = in_force(written, record_of(before))
    assert standing.courses == before.courses
    assert in_force(written, record_of(before), may_go=["kursus"]) is written


def test_what_mails_nobody_is_said_at_once():
    """Who looks after a course, and the rules of its reminders, wait for nothing."""
    before = plan_of(course())
    written = plan_of(course(title="Nyt navn", responsible=("hr@demo.example",), evaluation="https://svar.example"))
    (standing,) = in_force(written, record_of(before)).courses
    assert (standing.title, standing.responsible, standing.evaluation) == ("Kursus", ("hr@demo.example",), "https://svar.example")
    assert changed_courses(plan_of(course(responsible=("hr@demo.example",))), record_of(before)) == ()


def test_a_course_that_left_the_plan_stands_until_that_is_approved():
    before = plan_of(course(), course("andet"))
    written = plan_of(course("andet"))
    assert [one.id for one in in_force(written, record_of(before)).courses] == ["andet", "kursus"]
    assert in_force(written, record_of(before), may_go=["kursus"]) is written
    draft = plan_of(course(status=CourseStatus.DRAFT), course("andet"))
    assert [one.id for one in in_force(draft, record_of(before)).courses] == ["kursus", "andet"]


def test_a_new_course_is_a_proposal_until_it_is_approved():
    """It stands in lists and invites nobody."""
    plan = plan_of(course())
    assert [one.status for one in in_force(plan, NOTHING).courses] == [CourseStatus.PROPOSED]
    assert in_force(plan, NOTHING, may_go=["kursus"]) is plan


def test_where_nobody_knows_what_was_approved_the_written_counts():
    """The books of an older program: the events are there, and their versions are not."""
    plan = plan_of(course(), course("andet"))
    standing = in_force(plan, NOTHING, events=["kursus"])
    assert [one.status for one in standing.courses] == [CourseStatus.APPROVED, CourseStatus.PROPOSED]
    unreadable = Record(versions={}, unreadable=frozenset({"kursus", "gammelt"}))
    assert [(one.course, one.before) for one in changed_courses(plan, unreadable)] == [("kursus", None), ("andet", None), ("gammelt", None)]
    assert in_force(replace(plan, courses=()), unreadable).courses == ()


def test_an_audience_that_is_written_otherwise_stands_aside_for_the_course_that_waits():
    before = plan_of(course(optional_audience=("ledere",)), course("andet"))
    session = replace(SESSION, audience=("ledere",), optional_audience=())
    before = replace(before, courses=(replace(before.courses[0], offerings=(Offering(id="main", sessions=(session,)),)), before.courses[1]))
    written = replace(before, audiences=(OTHER_RULE,))
    standing = in_force(written, record_of(before), may_go=["andet"])
    aside = next(rule for rule in standing.audiences if rule.id != "ledere")
    assert stem(aside.id) == "ledere"
    assert (aside.groups, standing.audiences[0]) == (RULE.groups, OTHER_RULE)
    waiting, gone = standing.courses
    assert waiting.audience == waiting.optional_audience == (aside.id,)
    assert waiting.offerings[0].sessions[0].audience == (aside.id,)
    assert waiting.offerings[0].sessions[0].optional_audience == ()
    assert gone.audience == ("ledere",)
    assert {rule.id for rule in read_together([written, standing]).audiences} == {"ledere", aside.id}


def test_the_head_that_was_approved_stands_in_a_courses_invitations():
    before = plan_of(course(), course("andet"))
    written = replace(before, contact="ny@demo.example")
    standing = in_force(written, record_of(before), may_go=["andet"])
    assert standing.for_course("kursus").contact == before.contact
    assert standing.for_course("andet").contact == "ny@demo.example"
    assert standing.for_course("kursus").head == before.head


def invites(opening, language=Language.DA, message="invitation"):
    return Wording(message=message, language=language, opening=opening)


def test_words_that_stand_in_events_wait_with_the_course_and_all_others_are_said_at_once():
    """One edit of the plan's words is an edit of every course that has them, and of no other."""
    early = course("tidligt", status=CourseStatus.SAVE_THE_DATE)
    own = course("eget", texts=(invites("Kursets"),))
    before = plan_of(course(), course("andet"), early, own, texts=(invites("Før"),))
    record = record_of(before)
    reminding = replace(before, texts=(*before.texts, invites("Husk", message="practical"), invites("Come", Language.EN)))
    assert changed_courses(reminding, record) == ()
    assert in_force(reminding, record) is reminding
    written = replace(before, texts=(invites("Nu"), invites("Husk", message="practical")))
    assert [one.course for one in changed_courses(written, record)] == ["kursus", "andet", "tidligt"]
    standing = in_force(written, record, may_go=["andet"])
    said = {one.id: standing.for_course(one.id).wording(one, "invitation", Language.DA) for one in standing.courses}
    expected = {"kursus": "Før", "andet": "Nu", "tidligt": "Før", "eget": "Kursets"}
    assert {name: wording.opening for name, wording in said.items()} == expected
    for one in standing.courses:
        assert standing.for_course(one.id).wording(one, "practical", Language.DA).opening == "Husk"
    assert changed_courses(standing, record) == changed_courses(written, record)[1:2], "what is in force is the version"


def test_a_courses_own_words_wait_where_they_stand_in_its_events():
    before = plan_of(course(), texts=(invites("Planens"),))
    written = replace(before, courses=(course(texts=(invites("Egne"), invites("Ses", message="tomorrow"))),))
    (waiting,) = changed_courses(written, record_of(before))
    assert [version.texts[0].opening for version in (waiting.before, waiting.after)] == ["Planens", "Egne"]
    standing = in_force(written, record_of(before))
    (one,) = standing.courses
    assert standing.for_course("kursus").wording(one, "invitation", Language.DA).opening == "Planens"
    assert standing.wording(one, "tomorrow", Language.DA).opening == "Ses"


def test_a_plan_without_words_has_the_versions_that_it_had():
    """Nothing waits because the program can say more."""
    for status in CourseStatus:
        assert version_of(plan_of(course(status=status)), course(status=status)).texts == ()
    proposed = plan_of(course(status=CourseStatus.PROPOSED), texts=(invites("Før"),))
    assert version_of(proposed, proposed.courses[0]).texts == ()


@pytest.mark.parametrize("accepted", [True, False])
def test_mailbox_and_zone_stay_while_anything_waits(accepted):
    before = plan_of(course(), course("andet"))
    written = replace(before, organiser="ny@demo.example", timezone="UTC")
    standing = in_force(written, record_of(before, accepted=accepted), may_go=["andet"])
    expected = (before.organiser, before.timezone) if accepted else (written.organiser, written.timezone)
    assert (standing.organiser, standing.timezone) == expected
    assert what_was_approved(written, record_of(before, accepted=accepted)).timezone == expected[1]


def test_a_fingerprint_is_of_what_changes():
    before, after = plan_of(course()), plan_of(course(title="Nyt navn"))
    (changed,) = changed_courses(after, record_of(before))
    assert changed == Changed(course="kursus", before=version_of(before, course()), after=version_of(after, course(title="Nyt navn")))
    assert fingerprint(changed) == fingerprint(changed_courses(after, record_of(before))[0])
    assert fingerprint(changed) != fingerprint(replace(changed, after=None))


def test_who_belonged_to_an_audience_is_known_also_when_it_stands_aside():
    """Until it is read under its own name it is what it was; when it stands aside no more, its people have belonged to the audience."""
    plan = plan_of(course())
    aside = replace(plan, audiences=(RULE, replace(RULE, id="ledere@1"), replace(RULE, id="tr@1")))
    members = {"ledere": frozenset({"a"}), "ledere@2": frozenset({"b"})}
    assert known_members(members, aside) == {"ledere": frozenset({"a", "b"}), "ledere@1": frozenset({"a"})}
    read = {**members, "ledere@1": frozenset({"c"})}
    assert known_members(read, aside)["ledere@1"] == frozenset({"c"})
    assert known_members({"tr@3": frozenset({"d"})}, plan) == {"tr": frozenset({"d"})}
