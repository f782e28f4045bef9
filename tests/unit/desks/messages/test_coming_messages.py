"""What HR reads through before anybody gets it: the plan's own invitations and messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.desks.messages.coming_messages import shown_courses
from bot.desks.messages.shown import MessageReader
from bot.domain.delegates import Delegate
from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.local_tasks import LocalTask
from bot.domain.people import Language
from bot.domain.plan import AudienceRule, CourseSession, CourseStatus
from bot.domain.programme import Speaker, Venue
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderRule, ReminderTarget, ReminderUnit
from bot.messages.visible_text import visible_text
from tests.builders.invitations import PLAN, course, offering

LINK = "https://kurser.aadal.example/p/eksempel"
T = ReminderTarget
DAY = CourseSession(id="dag", start=datetime(2027, 3, 10, 9), end=datetime(2027, 3, 10, 15), description="Kl. 9: kaffe")
LATER = replace(DAY, start=datetime(2027, 3, 17, 9), end=datetime(2027, 3, 17, 15))
HOLDS = (offering(DAY, id="hold-1", title="Hold 1"), offering(LATER, id="hold-2", title="Hold 2"))
PLEASE = {"template": "please_answer"}
DEADLINE = datetime(2027, 2, 19, 12)
KNOWN = {"proposed", "save_the_date", "approved", "cancelled"}
AUDIENCES = (AudienceRule(id="ledere", name="Alle ledere"), AudienceRule(id="tr", name="TR og AMR"))


def rule(identity, *to, **facts):
    given = {
        "before": True, "anchor": ReminderAnchor.START, "amount": 7, "unit": ReminderUnit.DAYS, "at": time(9), "to": to or (T.REGISTERED,),
        "channels": (Channel.MAIL,), "template": "practical",
    }  # fmt: skip
    return ReminderRule(id=identity, **given | facts)


def of(*courses, rules=(), language=Language.DA, link=LINK):
    plan = replace(PLAN, courses=courses, reminders=tuple(rules), audiences=AUDIENCES, language=language)
    return list(shown_courses(plan, lambda _course: MessageReader(name="Anna Prøve", link=link)))


def shown(made, *rules, **more):
    ((_, found),) = of(made, rules=rules, **more)
    return found


def course_of(*offerings, **facts):
    return course(**{"id": "kursus", "offerings": offerings or HOLDS[:1], "audience": ("ledere",)} | facts)


def codes(made, *rules, **more):
    return [one.code for one in shown(made, *rules, **more)]


def test_each_course_that_people_hear_of_is_shown_and_a_draft_is_not():
    found = of(*(course_of(id=status.value, title=status.value, status=status) for status in CourseStatus))
    assert [(one.id, [each.code for each in told]) for one, told in found if one.status.value in KNOWN] == [
        ("proposed", ["invitation"]),
        ("save_the_date", ["placeholder", "invitation"]),
        ("approved", ["invitation"]),
        ("cancelled", ["cancellation"]),
    ]
    assert CourseStatus.DRAFT not in {one.status for one, _ in found}


def test_one_text_for_several_dates_stands_once_with_the_dates():
    enrolment = Enrolment(mode=EnrolmentMode.CHOOSE, deadline=DEADLINE)
    made = course_of(*HOLDS, enrolment=enrolment, optional_audience=("tr",), venue=Venue(name="Kulturhuset"))
    invitation = next(one for one in shown(made) if one.code == "invitation")
    assert [(subject.rpartition(" – ")[2], when, where) for subject, when, where in invitation.events] == [
        ("Hold 1", "onsdag den 10. marts 2027 kl. 09.00–15.00", "Kulturhuset"),
        ("Hold 2", "onsdag den 17. marts 2027 kl. 09.00–15.00", "Kulturhuset"),
    ]
    assert invitation.to == "Alle ledere; som valgfri: TR og AMR"
    other = replace(HOLDS[1], sessions=(replace(LATER, description="Noget andet"),))
    assert [len(one.events) for one in shown(replace(made, offerings=(HOLDS[0], other))) if one.code == "invitation"] == [1, 1]


def test_what_has_no_date_yet_says_so():
    undated = replace(DAY, start=None, end=None)
    for session, said in ((undated, "datoen er ikke fastsat"), (replace(undated, period="2027-H2"), "2027-H2")):
        made = course_of(offering(session), status=CourseStatus.PROPOSED, online=True)
        (invitation,) = shown(made, rule("praktisk"))
        assert invitation.events[0][1:] == (said, "Teams")


def test_the_rules_come_in_the_order_in_which_people_get_them_with_the_day():
    rules = (
        rule("tak", before=False, anchor=ReminderAnchor.END, amount=2, unit=ReminderUnit.HOURS, at=None, template="follow_up"),
        rule("i-morgen", T.REGISTERED, T.TENTATIVE, amount=1, template="tomorrow"),
        rule("svar", T.UNANSWERED, T.OPTIONAL, anchor=ReminderAnchor.DEADLINE, amount=3, unit=ReminderUnit.WORKING_DAYS, **PLEASE),
        rule("igen", before=False, anchor=ReminderAnchor.END, template="follow_up"),
        rule("tredje", before=False, anchor=ReminderAnchor.END, template="follow_up"),
        rule("straks", T.UNANSWERED, before=False, anchor=ReminderAnchor.INVITED, template="announcement"),
    )  # fmt: skip
    made = course_of(enrolment=Enrolment(deadline=DEADLINE), evaluation="https://aadal.example/e")
    found = shown(made, *rules)
    assert [(one.code, one.when, one.to) for one in found[1:]] == [
        ("announcement", "7 dage efter invitationen", "dem, der skal svare og ikke har gjort det"),
        ("please_answer", "3 arbejdsdage før svarfristen: tirsdag den 16. februar 2027 kl. 09.00",
         "dem, der skal svare og ikke har gjort det, dem, der må komme, men ikke skal, og ikke har svaret"),
        ("tomorrow", "1 dag før start: tirsdag den 9. marts 2027 kl. 09.00", "tilmeldte, dem, der har svaret måske"),
        ("follow_up", "2 timer efter slut: onsdag den 10. marts 2027 kl. 17.00", "tilmeldte"),
        ("follow_up", "7 dage efter slut: onsdag den 17. marts 2027 kl. 09.00", "tilmeldte"),
    ]  # fmt: skip
    assert [one.subject.partition(" ")[0] for one in found[-2:]] == ["Hvad", "Vi"]
    assert "Hej Anna Prøve" in visible_text(found[3].html)
    assert found[3].subject.startswith("I morgen: ")
    # Where nobody is asked by a deadline, nobody is reminded of one; where nothing is evaluated, nobody is asked again.
    assert codes(course_of(), *rules) == ["invitation", "announcement", "tomorrow", "follow_up"]


def test_a_task_of_the_course_is_shown_with_its_own_day():
    task = LocalTask(id="proev", text="Prøv det derhjemme", due=date(2027, 5, 3))
    (_, one) = shown(course_of(after=(task,)))
    assert (one.code, one.when) == ("local_task", "På en fast dag: mandag den 3. maj 2027 kl. 09.00")
    assert "Prøv det derhjemme" in visible_text(one.html)


def test_speakers_are_shown_what_is_theirs_under_their_own_name():
    made = course_of(speakers=(Speaker(name="Tia Taler", email="tia@partner.example"), Speaker(name="Ole Ord")))
    both = shown(made, rule("praktisk", T.REGISTERED, T.SPEAKERS))[1:]
    assert [(one.kind, one.to) for one in both] == [("Praktisk", "tilmeldte"), ("Praktisk – til oplægsholdere", "oplægsholdere")]
    assert "Hej Tia Taler Du holder oplæg på" in visible_text(both[1].html)
    only = shown(made, rule("oplaeg", T.SPEAKERS, anchor=ReminderAnchor.INVITED, before=False, template="announcement"))
    assert [one.subject.partition(":")[0] for one in only[1:]] == ["Du holder oplæg"]
    assert codes(course_of(), rule("oplaeg", T.SPEAKERS)) == ["invitation"]


@pytest.mark.parametrize("language", Language)
def test_whomever_a_rule_is_for_it_says_so_in_words(language):
    (_, one) = shown(course_of(), rule("alle", *(target for target in T if target is not T.SPEAKERS)), language=language)
    assert one.to.count(",") >= len(T) - 2


def test_it_says_that_who_answers_for_somebody_gets_a_copy():
    copied = replace(PLAN, courses=(course_of(),), reminders=(rule("praktisk"), rule("ansvarlig", T.RESPONSIBLE)), audiences=AUDIENCES)
    for delegates, expected in (((Delegate(leader="a@by.example", by="b@by.example", copies=True),), True), ((), False)):
        reader = MessageReader(name="Anna Prøve", link=LINK)
        ((_, found),) = shown_courses(replace(copied, delegates=delegates), lambda _course, reader=reader: reader)
        assert ["med kopi" in one.to for one in found[1:]] == [expected, False]


def test_what_goes_to_teams_is_shown_as_teams_shows_it():
    made = course_of(teams_channel="ledere")
    mail, feed, post = (rule(name, channels=(channel,)) for name, channel in zip("abc", Channel, strict=True))
    (_, one) = shown(made, replace(mail, channels=tuple(Channel)))
    assert (bool(one.html), one.line is not None, one.card is not None, one.plain) == (True, True, True, "")
    (_, one) = shown(made, feed)
    assert (one.line is not None, one.card, bool(one.html)) == (True, None, True)
    (_, one) = shown(made, post)
    assert (one.html, one.line, one.to) == ("", None, "kursets kanal i Teams")
    assert (one.kind, one.subject) == ("Praktisk – i kursets kanal", "Praktisk om Fælles lederdag")
    assert one.plain.startswith(one.subject)


@pytest.mark.parametrize(
    ("enrolment", "first"),
    [
        ({"mode": EnrolmentMode.SIGNUP}, "announcement"),
        ({"mode": EnrolmentMode.CHOOSE, "via": ChooseVia.LINK}, "choose"),
        ({"mode": EnrolmentMode.SIGNUP, "opens": datetime(2027, 1, 4, 9)}, "announcement"),
    ],
)
def test_who_signs_up_is_asked_first_and_invited_with_a_seat(enrolment, first):
    asked, invited = shown(course_of(*HOLDS, enrolment=Enrolment(**enrolment)))[:2]
    opens = "når tilmeldingen åbner, mandag den 4. januar 2027 kl. 09.00"
    assert (asked.code, asked.when, asked.to) == (first, opens if "opens" in enrolment else "når kurset er godkendt", "Alle ledere")
    assert LINK in asked.html
    assert (invited.code, invited.when, invited.to) == ("invitation", "når man har fået en plads", "den, der har fået en plads")


@pytest.mark.parametrize(
    ("facts", "follows"),
    [
        ({}, []),
        ({"capacity": 5, "waiting_list": True}, ["placed_in_line", "seat_offered"]),
        ({"capacity": 5}, ["full"]),
        ({"deadline": DEADLINE, "late": LateAnswer.REFUSE}, ["too_late"]),
        ({"mode": EnrolmentMode.CHOOSE, "deadline": DEADLINE, "unanswered": Unanswered.ASSIGN}, ["confirmed", "assigned"]),
        ({"handover": True, "minimum": 3, "deadline": DEADLINE}, ["handed_over", "taken_over", "minimum"]),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_what_answers_can_lead_to_is_shown_where_they_can(facts, follows, language):
    made = course_of(*HOLDS, enrolment=Enrolment(**facts))
    assert codes(made, language=language)[1:] == follows
    assert codes(replace(made, offerings=()), language=language) == []


def test_an_offering_with_seats_of_its_own_can_be_full():
    assert codes(course_of(replace(HOLDS[0], capacity=3), HOLDS[1])) == ["invitation", "invitation", "full"]


def test_a_cancellation_is_shown_as_its_comment_for_each_event():
    (one,) = shown(course_of(status=CourseStatus.CANCELLED))
    assert (one.html, one.subject.partition(":")[0]) == ("", "Aflyst")
    assert "aflyst" in one.plain
