"""The text of what the plan's rules ask for.

One message, or several in one mail, in the reader's language (pure).

What is given to the templates of a message, and of each one in a digest (`items`, then with `titles` and
`cancels`):

    template            the kind: please_answer, practical, tomorrow, follow_up or announcement
    what                the course, with the offering and the session where there are several
    dates               of the session: (when, where), in a digest; ("", ((when, where), …)) in a message of its own
    day                 today, tomorrow or "" (another day), seen from when it is written
    deadline            as people write it, "" without one
    by_link, signs_up   whether people choose on their own page, and whether it is a question of coming at all
    link                where that page is ("" without one, and for who speaks)
    moved               whether the reader has a seat and has not confirmed it since the date was moved
    anew                whether the reader gave one date up and may choose another, which no invitation in their calendar asks about
    others              then the dates that there are: (which, ((when, where), …))
    only_line           whether every seat is taken, and there is a line to wait in
    speaker             whether the reader speaks (`speaks` of a digest: at one of them)
    online, programme, materials, evaluation, waiting_list, alternatives     of the session and the course

`announcement` is `bot.messages.notice`'s: the same words, whoever asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.domain.events import SessionKey
from bot.domain.plan import EnrolmentMode
from bot.domain.reminder_rules import Channel
from bot.domain.templates import OF_COURSE, UNDATED, MessageKind
from bot.i18n.dates import moment_text, span_text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.invitation import web_address
from bot.messages.markdown import FONT, markdown_html
from bot.messages.notice import LONGEST_SUBJECT, LONGEST_TITLE_IN_SUBJECT, Rendered, named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering, PlannedSession
    from bot.domain.reminders import ReminderItem

LONGEST_TITLES = 120


def render_reminder(
    plan: CoursePlan,
    items: Sequence[ReminderItem],
    *,
    reader_name: str,
    language: Language,
    link_for: Callable[[str], str | None],
    today: date,
) -> Rendered:
    """The mail in words; arguments as `summarise`.

    Raises KeyError for an item that the plan no longer has: nothing is sent about that.
    """
    summary = summarise(
        plan, items, reader_name=reader_name, language=language, link_for=link_for, today=today
    )
    html = render(f"{language.value}/{summary.kind.value}/body.html.j2", summary.given, own=plan.own_words)
    return Rendered(subject=summary.subject, html=html)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a message is about.

    Its kind, its headline, what is told one by one, and all of it as its templates get it.
    """

    kind: MessageKind
    subject: str
    titles: str
    told: Sequence[dict[str, Any]]
    given: dict[str, Any]


def summarise(
    plan: CoursePlan,
    items: Sequence[ReminderItem],
    *,
    language: Language,
    link_for: Callable[[str], str | None],
    today: date,
    reader_name: str = "",
) -> Summary:
    """What is to be said, whichever way it goes.

    `link_for` a course is the reader's page, `today` the day in the plan's zone.

    Raises KeyError for an item that the plan no longer has.
    """
    contact = one_line(plan.contact)
    shared = {
        "language": language.value,
        "font": FONT,
        "greets": True,
        "name": one_line(reader_name),
        "contact": contact,
        "contact_link": f"mailto:{quote(contact, safe='@+')}",
        "organisation": one_line(plan.organisation),
    }
    told = [_told(plan, item, language, link_for(item.course), today) for item in _without_repetition(items)]
    titles = ", ".join(dict.fromkeys(one["title"] for one in told))
    if len(told) == 1:
        (one,) = told
        kind = MessageKind(one["template"])
        has_dates = one["dates"] and (one["moved"] or one["template"] not in UNDATED)
        given = shared | one | {"dates": one["others"] or ([("", one["dates"])] if has_dates else [])}
        short = {name: cut_at_word(one[name], LONGEST_TITLE_IN_SUBJECT) for name in ("what", "title")}
    else:
        kind = MessageKind.DIGEST
        cancels = any(one["template"] not in UNDATED for one in told)
        speaks = any(one["speaker"] for one in told)
        given = shared | {"items": told, "dates": [], "titles": titles, "cancels": cancels, "speaks": speaks}
        short = {"titles": cut_at_word(titles, LONGEST_TITLES)}
    # An announcement by mail is `bot.messages.notice`'s: HR's words for it may ask for what is not known
    # here.
    own = None if kind is MessageKind.ANNOUNCEMENT else plan.own_words
    subject = one_line(render(f"{language.value}/{kind.value}/subject.txt.j2", given | short, own=own))
    return Summary(
        kind=kind, subject=cut_at_word(subject, LONGEST_SUBJECT), titles=titles, told=told, given=given
    )


def _without_repetition(items: Sequence[ReminderItem]) -> list[ReminderItem]:
    """When and where a session is stands in a mail once, with the practical message where there is one."""
    kept: dict[tuple[str, ...], ReminderItem] = {}
    for item in items:
        key = (item.course, item.offering, item.session, item.template if item.template in UNDATED else "")
        if key not in kept or item.template == "practical":
            kept[key] = item
    return list(kept.values())


def _told(
    plan: CoursePlan, item: ReminderItem, language: Language, link: str | None, today: date
) -> dict[str, Any]:
    course, offering, session = _planned(plan, item)
    parts = [course.title]
    if len(course.offerings) > 1 and (item.moved or item.template not in OF_COURSE):
        parts.append(named(offering))
    if session.title and item.template not in UNDATED | OF_COURSE:
        parts.append(session.title)
    dates = []
    if session.start is not None and session.end is not None:
        place = one_line(course.place_of(offering, session))
        dates.append((span_text(language, session.start, session.end, all_day=session.all_day), place))
    away = (session.start.date() - today).days if session.start else None
    enrolment = course.enrolment
    return {
        "template": item.template,
        "title": one_line(course.title),
        "what": " – ".join(one_line(part) for part in parts),
        "dates": dates,
        "day": {0: "today", 1: "tomorrow"}.get(away, "") if away is not None else "",
        "deadline": moment_text(language, enrolment.deadline) if enrolment.deadline else "",
        "by_link": enrolment.by_link,
        "signs_up": enrolment.mode is EnrolmentMode.SIGNUP,
        "only_line": item.only_line,
        "speaker": item.speaker,
        "moved": item.moved,
        "anew": item.anew,
        "others": _other_dates(course, offering, session, language, today) if item.anew else [],
        "contact": one_line(plan.contact),
        "link": "" if item.speaker else link or "",
        "online": course.is_online(offering, session),
        "programme": markdown_html(session.description),
        "materials": [(one_line(one.title), web_address(one_line(one.url))) for one in course.materials],
        "again": plan.turn_of(course, item.rule, Channel(item.channel)) > 0,
        "evaluation": web_address(one_line(course.evaluation or "")),
        "waiting_list": enrolment.waiting_list,
        "alternatives": enrolment.mode is EnrolmentMode.CHOOSE and len(course.offerings) > 1,
    }


def _other_dates(
    course: Course, given_up: Offering, session: CourseSession, language: Language, today: date
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The dates that somebody who gave one up may choose.

    Those to come that the same people are invited to.
    """
    found = []
    for one in course.offerings:
        first = next((each for each in one.sessions if each.start is not None), None)
        if one == given_up or first is None or first.start is None or first.start.date() <= today:
            continue
        if course.audiences_of(first) == course.audiences_of(session):
            spans = [
                (
                    span_text(language, each.start, each.end, all_day=each.all_day),
                    one_line(course.place_of(one, each)),
                )
                for each in one.sessions
                if each.start is not None and each.end is not None
            ]
            found.append((named(one), spans))
    return found


def _planned(plan: CoursePlan, item: ReminderItem) -> PlannedSession:
    found = plan.session(
        SessionKey(plan=plan.id, course=item.course, offering=item.offering, session=item.session)
    )
    if found is None:
        raise KeyError(item)
    return found
