"""The text of what the plan's rules ask for.

One message, or several in one mail, in the reader's language (pure).

What is given to the templates of a message, and of each one in a digest (`items`, then with `titles` and
`cancels`):

    template            the kind: please_answer, practical, tomorrow, follow_up, no_show, local_task or announcement
    about               the ids of course, offering and session
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
    asks_questions      whether the reader has left questions of the course open: the page is where they are answered
    checks_in           whether the reader can check in on that page when they are there
    speaker             whether the reader speaks (`speaks` of a digest: at one of them)
    came                attended, no_show, declined or "", after a course: what is known of the reader
    task                of a task after the course: its text, its own material, what is asked, and where that is answered
    online, programme, materials, evaluation, waiting_list, alternatives     of the session and the course
    hr_opening, hr_closing     HR's own words (`bot.messages.wording`), safe HTML; `plain_words` both as text

`announcement` is `bot.messages.notice`'s: the same words, whoever asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.domain.enrolment import EnrolmentMode
from bot.domain.events import SessionKey
from bot.domain.reminder_rules import Channel
from bot.domain.templates import OF_COURSE, UNDATED, MessageKind
from bot.i18n.dates import moment_text, span_text
from bot.i18n.tasks import task_question
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.invitation import web_address
from bot.messages.markdown import FONT, markdown_html
from bot.messages.notice import LONGEST_SUBJECT, LONGEST_TITLE_IN_SUBJECT, Rendered, named
from bot.messages.wording import NO_WORDS, own_words_of, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
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
    shared = shared_by_all(plan, reader_name, language)
    kept = without_repetition(items)
    first = {each.course: each for each in reversed(kept) if each.questions}
    told = [
        told_of(plan, each, language, link_for(each.course), today, one_line(reader_name))
        | ({"asks_questions": False} if first.get(each.course, each) is not each else {})
        for each in kept
    ]
    titles = ", ".join(dict.fromkeys(item["title"] for item in told))
    if len(told) == 1:
        (item,) = told
        kind = MessageKind(item["template"])
        has_dates = item["dates"] and (item["moved"] or item["template"] not in UNDATED)
        given = shared | item | {"dates": item["others"] or ([("", item["dates"])] if has_dates else [])}
        short = {name: cut_at_word(item[name], LONGEST_TITLE_IN_SUBJECT) for name in ("what", "title")}
    else:
        kind = MessageKind.DIGEST
        cancels = any(item["template"] not in UNDATED for item in told)
        speaks = any(item["speaker"] for item in told)
        given = shared | NO_WORDS.given
        given |= {"items": told, "dates": [], "titles": titles, "cancels": cancels, "speaks": speaks}
        short = {"titles": cut_at_word(titles, LONGEST_TITLES)}
    # An announcement by mail is `bot.messages.notice`'s: HR's words for it may ask for what is not known
    # here.
    own = None if kind is MessageKind.ANNOUNCEMENT else plan.own_words
    subject = one_line(render(f"{language.value}/{kind.value}/subject.txt.j2", given | short, own=own))
    return Summary(
        kind=kind, subject=cut_at_word(subject, LONGEST_SUBJECT), titles=titles, told=told, given=given
    )


def shared_by_all(plan: CoursePlan, reader_name: str, language: Language) -> dict[str, Any]:
    """What stands in every mail of this kind, as templates get it."""
    contact = one_line(plan.contact)
    return {
        "language": language.value,
        "font": FONT,
        "greets": True,
        "name": one_line(reader_name),
        "contact": contact,
        "contact_link": f"mailto:{quote(contact, safe='@+')}",
        "organisation": one_line(plan.organisation),
    }


def without_repetition(items: Sequence[ReminderItem]) -> list[ReminderItem]:
    """When and where a session is stands in a mail once, with the practical message where there is one."""
    kept: dict[tuple[str, ...], ReminderItem] = {}
    for item in items:
        key = (item.course, item.offering, item.session, item.template if item.template in UNDATED else "")
        if key not in kept or item.template == "practical":
            kept[key] = item
    return list(kept.values())


def told_of(
    plan: CoursePlan, item: ReminderItem, language: Language, link: str | None, today: date, name: str
) -> dict[str, Any]:
    """One thing that is told, as templates get it; KeyError for what the plan no longer has."""
    course, offering, session = _planned(plan, item)
    enrolment = course.enrolment
    dates = _spans(course, offering, [session], language)
    deadline = moment_text(language, enrolment.deadline) if enrolment.deadline else ""
    place = one_line(course.place_of(offering, session))
    values = values_of(
        plan,
        course,
        deadline=deadline,
        name=name,
        offering=named(offering) if len(course.offerings) > 1 else "",
        date="".join(when for when, _ in dates),
        place=place or ("Teams" if course.is_online(offering, session) else ""),
    )
    words = own_words_of(plan, course, item.template, language=language, values=values)
    return {
        "template": item.template,
        "about": (item.course, item.offering, item.session),
        "title": one_line(course.title),
        "what": _what(item, course, offering, session),
        "dates": dates,
        "day": _day(session, today),
        "deadline": deadline,
        "by_link": enrolment.by_link,
        "signs_up": enrolment.mode is EnrolmentMode.SIGNUP,
        "only_line": item.only_line,
        "speaker": item.speaker,
        "asks_questions": item.questions and bool(link),
        "checks_in": course.attendance.self_check_in and bool(link) and not item.speaker,
        "moved": item.moved,
        "anew": item.anew,
        "others": _other_dates(course, offering, session, language, today) if item.anew else [],
        "contact": one_line(plan.contact),
        "link": "" if item.speaker else link or "",
        "online": course.is_online(offering, session),
        "programme": markdown_html(session.description),
        "materials": [
            (one_line(material.title), web_address(one_line(material.url))) for material in course.materials
        ],
        "again": plan.turn_of(course, item.rule, Channel(item.channel)) > 0,
        "evaluation": _evaluation(course, item, link),
        "came": "no_show" if item.template == MessageKind.NO_SHOW else item.came,
        "task": _task(course, item, link, language),
        "waiting_list": enrolment.waiting_list,
        "alternatives": enrolment.mode is EnrolmentMode.CHOOSE and len(course.offerings) > 1,
        "plain_words": words.plain,
        **words.given,
    }


def _task(course: Course, item: ReminderItem, link: str | None, language: Language) -> dict[str, str]:
    """What is told of a task; {} of anything else. Raises KeyError where the plan has it no longer."""
    if item.template != MessageKind.LOCAL_TASK:
        return {}
    task = next((one for one in course.after if one.rule.id == item.rule), None)
    if task is None:
        raise KeyError(item)
    return {
        "text": one_line(task.text),
        "material": web_address(one_line(task.material)),
        "question": one_line(task_question(task, language)),
        "link": f"{link}/after" if link else "",
    }


def _evaluation(course: Course, item: ReminderItem, link: str | None) -> str:
    """Where the reader evaluates the course, "" where they are not asked, or have no page of their own."""
    if item.unasked:
        return ""
    if course.evaluation_form is not None:
        return f"{link}/evaluation" if link and not item.speaker else ""
    return web_address(one_line(course.evaluation or ""))


def _what(item: ReminderItem, course: Course, offering: Offering, session: CourseSession) -> str:
    """The course, with the offering and the session where there are several and they matter."""
    titles = [course.title]
    if len(course.offerings) > 1 and (item.moved or item.template not in OF_COURSE):
        titles.append(named(offering))
    if session.title and item.template not in UNDATED | OF_COURSE:
        titles.append(session.title)
    return " – ".join(map(one_line, titles))


def _day(session: CourseSession, today: date) -> str:
    away = (session.start.date() - today).days if session.start else None
    return {0: "today", 1: "tomorrow"}.get(away, "") if away is not None else ""


def _spans(
    course: Course, offering: Offering, sessions: Iterable[CourseSession], language: Language
) -> list[tuple[str, str]]:
    """When and where each of the dated sessions is."""
    return [
        (
            span_text(language, session.start, session.end, all_day=session.all_day),
            one_line(course.place_of(offering, session)),
        )
        for session in sessions
        if session.start is not None and session.end is not None
    ]


def _other_dates(
    course: Course, given_up: Offering, session: CourseSession, language: Language, today: date
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The dates that somebody who gave one up may choose.

    Those to come that the same people are invited to.
    """
    dates: list[tuple[str, list[tuple[str, str]]]] = []
    for offering in course.offerings:
        first = next((each for each in offering.sessions if each.start is not None), None)
        if offering == given_up or first is None or first.start is None or first.start.date() <= today:
            continue
        if course.audiences_of(first) == course.audiences_of(session):
            dates.append((named(offering), _spans(course, offering, offering.sessions, language)))
    return dates


def _planned(plan: CoursePlan, item: ReminderItem) -> PlannedSession:
    planned = plan.session(
        SessionKey(plan=plan.id, course=item.course, offering=item.offering, session=item.session)
    )
    if planned is None:
        raise KeyError(item)
    return planned
