"""The mail to a manager, and the lines of the page: of one sign-up and of several, asked and reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.manager_approval import ApprovalAsk, AskedOf
from bot.domain.people import Language, PeopleIndex
from bot.messages.approval import waiting_sign_ups
from bot.messages.visible_text import visible_text
from tests.builders.invitations import PLAN
from tests.builders.notices import PLAIN, approval_request

AT = datetime(2025, 5, 1, 8, tzinfo=UTC)


def mail(language=Language.DA, **more):
    return approval_request(
        PLAIN, plan=PLAN, language=language, link="https://kurser.aadal.example/m/x", name="Lea Leder", who="Bo Prøve", **more
    )


def test_one_is_named_in_the_subject_and_several_are_counted():
    assert mail().subject == "Bo Prøve venter på dit svar: Fælles lederdag – Hold 1"
    assert mail(several=True).subject == "2 tilmeldinger venter på dit svar"
    assert mail(Language.EN, several=True, reminds=True).subject == "Remember: 2 sign-ups wait for your answer"
    text = " ".join(visible_text(mail(several=True).html).split())
    assert "Bo Prøve: Fælles lederdag – Hold 1, onsdag den 18. juni 2025" in text
    assert "carla@aadal.example: Fælles lederdag" in text
    assert "Svar senest torsdag den 1. maj 2025" in text


def test_what_has_left_the_plan_is_not_told_and_one_date_has_no_name():
    ask = ApprovalAsk(
        course=PLAIN.id,
        offering="hold-1",
        email="x@aadal.example",
        wished_at=AT,
        who=AskedOf.MANAGER,
        due_at=AT,
        looked_at=AT,
        overdue=True,
    )
    only = replace(PLAN, courses=(replace(PLAIN, offerings=PLAIN.offerings[:1]),))
    asks = [ask, replace(ask, course="væk"), replace(ask, offering="væk")]
    (one,) = waiting_sign_ups(only, asks, PeopleIndex([]), Language.DA)
    assert (one.what, one.who, one.department, one.late, one.due) == (PLAIN.title, "x@aadal.example", "", True, datetime(2025, 5, 1, 10))
