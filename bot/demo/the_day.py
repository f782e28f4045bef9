"""The day itself and what is around it, as people do it: at the door, on their pages, at the desk.

Each act goes through the same desks as the pages do, with the books of the story; what is told of it comes
back as data, and nobody is mailed but for certificates.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.demo.performed import CameToDoor, Certified, Evaluated, FilledIn, Overviewed
from bot.desks.afterwards.certificates import CertificateHand, CertificatesRefused
from bot.desks.afterwards.evaluations import evaluation_of
from bot.desks.afterwards.own_certificates import OwnCertificateDesk
from bot.desks.afterwards.own_evaluation import evaluating, keep_evaluation
from bot.desks.day.attendance_view import counts_of_attendance
from bot.desks.day.check_in import CheckInDesk
from bot.desks.day.door import DoorDesk
from bot.desks.views.director import overview_by_the_books
from bot.domain.approvals import Door
from bot.domain.attendance import AttendanceSaid, AttendanceSource
from bot.domain.certificates import written_code
from bot.domain.check_in import CheckInAnswer, SessionPlace
from bot.domain.door import DoorKeeper, Tick
from bot.domain.evaluation import SCALE, EvaluationKind, EvaluationState
from bot.domain.participation import Part, part_of
from bot.domain.person_ids import PersonIds
from bot.i18n.catalogue import text
from bot.links import check_in_word
from bot.rounds.answers import responses_round
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.demo.acts import AtTheDoor, FillInForms, GiveCertificates, LookAtEvaluations
    from bot.domain.evaluation import EvaluationForm
    from bot.domain.people import Language
    from bot.opening.work import BookWork, Work

PAGE = "page"
PHONE_AWAY = timedelta(minutes=5)
TEXTS = 3
"""How many different texts people write about a course."""


def look_at_decisions(work: BookWork) -> Overviewed:
    """The overview's decisions, as the directors get them."""
    overview = overview_by_the_books(work.settings, work.whole, work.plan, work.stores, ())
    return Overviewed(decisions=overview.decisions, titles=overview.titles)


def stand_at_the_door(work: BookWork, act: AtTheDoor, *, secret: str, hr: str) -> CameToDoor:
    """People come by the code on the screen, by the helper's list, and without a seat; then HR closes it.

    What the helper's phone kept while it had no net is sent twice, as it does where the answer was lost.
    """
    _, course, offering, session = act.session.split("/")
    where, now = (course, offering, session), work.now()
    place = SessionPlace(plan=work.plan.id, course=course, offering=offering, session=session)
    check_in = CheckInDesk(settings=work.settings, plan=work.plan, stores=work.stores, keys=(secret,))
    shown = check_in.find(check_in_word(secret, place))
    door = DoorDesk(work.settings, work.plan, work.stores, secret=secret)
    helper = DoorKeeper(source=AttendanceSource.DOOR, name=hr, door="door")
    desk = DoorKeeper(source=AttendanceSource.HR, name=hr, door=Door.DESK.value)
    seated = _seated(work, course, offering)
    came = [] if shown is None else [check_in.say(shown, who, door=PAGE) for who in seated[: act.by_code]]
    refused = CheckInAnswer.OFF if shown is None else check_in.say(shown, f"nobody@{course}", door=PAGE)
    listed = door.look(*where, helper)
    waiting = (
        [line.id for line in listed.lines if line.part is Part.SEATED and not line.came] if listed else []
    )
    present = waiting[: len(waiting) - act.absent]
    away = now - PHONE_AWAY
    ticks = [Tick(key=f"t{at}", said=AttendanceSaid.CAME, at=away, who=who) for at, who in enumerate(present)]
    ticks += [
        Tick(key=f"w{at}", said=AttendanceSaid.CAME, at=away, name=name)
        for at, name in enumerate(act.walk_ins)
    ]
    for _ in range(2):
        door.note(*where, ticks, helper)
    door.note(*where, [Tick(key="closed", said=AttendanceSaid.CLOSED, at=now)], desk)
    counts = counts_of_attendance(work.plan, work.stores)
    return CameToDoor(
        by_code=came.count(CheckInAnswer.DONE),
        ticked=len(present),
        sent_again=len(ticks),
        refused=refused,
        numbers=next(one for one in counts.courses if one.course == course),
        departments=counts.departments,
    )


def fill_in_forms(work: BookWork, act: FillInForms, language: Language) -> FilledIn:
    """Some of those who are asked send their form."""
    state = load_state(work.plan, work.stores, course=act.course)
    course = state.plan.known_course(act.course)
    asked = evaluating(state.plan, course, work.stores, rows_of(state), state.people)
    kept = might = 0
    for email in sorted({who for one in course.offerings for who in asked.asked(one.id)}) if asked else ():
        own = asked.own(email, now=work.now()) if asked else None
        if asked and own and own.state is EvaluationState.OPEN:
            might += 1
            if kept < act.forms:
                typed = _typed(own.form, kept, language)
                kept += keep_evaluation(work.stores, asked, own, email, typed, language=language) == {}
    return FilledIn(title=course.title, forms=kept, asked=might)


def look_at_evaluations(work: BookWork, act: LookAtEvaluations) -> Evaluated:
    """What HR sees of each course that has a form of our own."""
    found = (evaluation_of(work.plan, work.stores, course, now=work.now()) for course in act.courses)
    return Evaluated(courses=tuple(one for one in found if one is not None))


def earners(work: BookWork, act: GiveCertificates) -> tuple[str, ...]:
    """The addresses of those whom HR is shown."""
    return tuple(one.earner.email for one in CertificateHand(work, act.course).look().waiting)


async def give_certificates(work: Work, act: GiveCertificates, *, secret: str, hr: str) -> Certified:
    """HR approves those who have earned one; a second press finds nobody. Raises InputError for none."""
    hand = CertificateHand(work, act.course)
    look = hand.look()
    earned = {(one.earner.offering, one.earner.email): one.earner.came for one in look.waiting}
    people = hand.issue(look.digest, by=hr, noted=())
    await responses_round(work, collect=False)
    try:
        people += hand.issue(look.digest, by=hr, noted=())
    except CertificatesRefused:
        await responses_round(work, collect=False)
    given = [one.certificate for one in hand.look().given]
    last = given[-1]
    session = next(iter(earned[last.offering, last.email]))
    _take_back(work, (act.course, last.offering, session), last.email, secret=secret, hr=hr)
    own = OwnCertificateDesk(work.settings, work.plan, work.stores)
    held = {one.code: own.holds(written_code(one.code)) for one in (given[0], last)}
    return Certified(
        title=hand.course.title,
        people=people,
        kilobytes=round(len(hand.example(look) or b"") / 1000),
        holds=written_code(given[0].code) if held[given[0].code] else "",
        holds_no_more=written_code(last.code) if not held[last.code] else "",
    )


def _take_back(work: BookWork, place: tuple[str, str, str], email: str, *, secret: str, hr: str) -> None:
    """HR's word that somebody did not come to a session, which counts before everybody else's."""
    door = DoorDesk(work.settings, work.plan, work.stores, secret=secret)
    people = load_state(work.plan, work.stores, course=place[0]).people
    who = PersonIds(people=people, secret=secret).of(email)
    tick = Tick(key="taken back", said=AttendanceSaid.ABSENT, at=work.now(), who=who)
    door.note(*place, [tick], DoorKeeper(source=AttendanceSource.HR, name=hr, door=Door.DESK.value))


def _seated(work: BookWork, course: str, offering: str) -> list[str]:
    """The addresses of who has a seat."""
    rows = rows_of(load_state(work.plan, work.stores, course=course))
    return sorted(row.email for row in rows if row.offering == offering and part_of(row) is Part.SEATED)


def _typed(form: EvaluationForm, number: int, language: Language) -> Mapping[str, str]:
    """What the person with this number answers: mostly content, and every third writes something."""

    def each() -> Iterator[tuple[str, str]]:
        for at, one in enumerate(form.questions):
            if one.kind is EvaluationKind.SCALE:
                yield one.id, SCALE[-1 - (number * (at + 3) % 7) // 3]
            elif one.values:
                yield one.id, one.values[number % len(one.values)]
            elif number % TEXTS == 0:
                yield one.id, text(language, f"demo.said.{one.id}_{number // TEXTS % TEXTS + 1}")

    return dict(each())
