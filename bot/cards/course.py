"""The card of one course for one person: what has just happened, where they stand, what they can do (pure).

    first        for whom, where somebody answers for another; what became of what was pressed
    the course   title, whether it is on, until when to answer, theme, what HR wrote of it
    each date    where the person stands, when and where, free seats or the line; its buttons
    at the end   evaluation and materials of what is over; questions, programme, a note to HR, the page, my courses

A button of a date is there where it would work now (`OfferingView.actions`):

    choosing                                        acts at once: it can be undone
    choosing that gives another date up, or where
    the course asks what is not answered            asks first
    giving up, handing over                         asks first

The card asks how the course is whenever it is seen (`refresh`), so that it shows everybody their own state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.parts import (
    block,
    button_title,
    finished,
    headline,
    list_button,
    page_button,
    press_button,
    rich_lines,
    show_button,
    strong,
    whose,
)
from bot.domain.conversations import Press, PressVerb
from bot.domain.notes import LONGEST_NOTE
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import RequestKind
from bot.i18n.catalogue import text
from bot.i18n.dates import moment_text
from bot.messages.card_parts import card_line, card_text, link_buttons
from bot.messages.characters import one_line
from bot.messages.invitation import web_address
from bot.messages.own_place import seats_text, session_when, state_text

if TYPE_CHECKING:
    from bot.domain.chat_views import CourseCard
    from bot.domain.pages import CourseView, OfferingView, SessionView
    from bot.domain.people import Language
    from bot.messages.card_parts import JsonObject

MOST_OFFERINGS, MOST_SESSIONS, MOST_PROGRAMMES = 8, 5, 6
"""On one card; the page has all of them."""
GIVING_UP = {
    RegistrationStatus.REGISTERED: "give_up_seat",
    RegistrationStatus.WAITLISTED: "give_up_place",
    RegistrationStatus.AWAITING: "give_up_wish",
    None: "decline_offer",
}


def render_course(card: CourseCard) -> JsonObject:
    """The card by the tables above."""
    page, view, language = card.page, card.page.course, card.page.language
    body = [*whose(language, card.acts_for), *_what_became(card), headline(view.title), *_of_course(card)]
    shown = view.offerings[:MOST_OFFERINGS]
    body += [
        block(_of_offering(view, one, language, card.acts_for), _offering_buttons(card, one)) for one in shown
    ]
    if len(view.offerings) > len(shown):
        left = len(view.offerings) - len(shown)
        body.append(card_line(text(language, "cards.more_offerings", count=left)))
    body += _afterwards(view, language)
    body.append(card_line(text(language, "cards.contact", contact=one_line(page.contact)), size="Small"))
    return finished(language, body, _course_buttons(card), refresh=_about(card, is_refresh=True))


def session_line(language: Language, session: SessionView, *, own: bool = True) -> str:
    """One date: its title, when, where, and on the person's `own` card whether they have said no to it."""
    where = one_line(session.place) or (text(language, "teams.online") if session.online else "")
    title = f"{one_line(session.title)}: " if session.title else ""
    no = f" ({text(language, 'web.said_no')})" if own and session.said_no else ""
    return title + ", ".join(filter(None, (session_when(language, session), where))) + no


def session_lines(language: Language, offering: OfferingView, *, own: bool = True) -> list[JsonObject]:
    """The dates of an offering, as many as there is room for."""
    lines = [card_line(session_line(language, one, own=own)) for one in offering.sessions[:MOST_SESSIONS]]
    left = len(offering.sessions) - len(lines)
    return [*lines, card_line(text(language, "cards.more_sessions", count=left))] if left else lines


def _what_became(card: CourseCard) -> list[JsonObject]:
    """What was done, or why nothing was, as the page says it; and whether it had been done before."""
    language, view = card.page.language, card.page.course
    lines: list[JsonObject] = []
    if card.done:
        lines.append(strong(_done(card)))
    if card.refused is not None:
        lines.append(strong(text(language, f"web.refused.{card.refused.value}")))
    if (card.refused is not None or card.happened_before) and not (view.cancelled or view.over):
        lines.append(card_line(text(language, "cards.before" if card.happened_before else "cards.meanwhile")))
    return lines


def _done(card: CourseCard) -> str:
    language, view = card.page.language, card.page.course
    about = view.offering(card.offering)
    done = "note_deleted" if card.done == "note" and not view.note else card.done
    title = one_line((about.title if about else "") or view.title)
    position = (about.position if about else None) or ""
    return text(language, f"web.done.{done}", title=title, position=position)


def _of_course(card: CourseCard) -> list[JsonObject]:
    """What is to be said of the course as a whole."""
    view, language = card.page.course, card.page.language
    lines: list[JsonObject] = []
    if view.cancelled:
        lines.append(strong(text(language, "web.cancelled")))
        if view.cancel_reason:
            lines.append(card_line(text(language, "web.cancel_reason", reason=one_line(view.cancel_reason))))
    elif view.over:
        lines.append(strong(text(language, "web.over")))
    else:
        lines += _deadline(view, language)
    if view.theme:
        lines.append(card_line(text(language, "web.theme", theme=one_line(view.theme))))
    return lines + rich_lines(view.description)


def _deadline(view: CourseView, language: Language) -> list[JsonObject]:
    """Until when to answer, or that it is too late."""
    actions = frozenset[RequestKind]().union(*(one.actions for one in view.offerings))
    if view.deadline is not None and not view.is_settled:
        yet = [card_line(text(language, "web.deadline", moment=moment_text(language, view.deadline)))]
    else:
        yet = []
    if view.open or RequestKind.CHOOSE in actions:
        return yet
    closed = text(language, "web.closed")
    still = f" {text(language, 'web.still_give_up')}" if RequestKind.GIVE_UP in actions else ""
    return [*yet, card_line(closed + still)]


def _of_offering(
    view: CourseView, offering: OfferingView, language: Language, acts_for: str
) -> list[JsonObject]:
    """One date for the person: their own state first; `acts_for` as in `CourseCard`."""
    is_on = not (view.cancelled or view.over or offering.over)
    lines = [strong(offering.title or view.title)] if len(view.offerings) > 1 else []
    state = "" if view.cancelled else state_text(language, offering, over=view.over or offering.over)
    if state:
        lines.append(strong(state))
    if offering.reason:
        lines.append(card_line(text(language, "web.hr_reason", reason=one_line(offering.reason))))
    if offering.answered_by:
        said = "web.answered_by_for" if acts_for else "web.answered_by"
        by, name = one_line(offering.answered_by), one_line(acts_for)
        lines.append(card_line(text(language, said, by=by, name=name)))
    if offering.unconfirmed and is_on:
        lines.append(card_line(text(language, "web.unconfirmed")))
    lines += session_lines(language, offering)
    seats = seats_text(language, offering) if is_on else ""
    return [*lines, card_line(seats)] if seats else lines


def _offering_buttons(card: CourseCard, offering: OfferingView) -> list[JsonObject]:
    view, language = card.page.course, card.page.language
    if view.cancelled or view.over:
        return []
    which = f": {one_line(offering.title)}" if len(view.offerings) > 1 and offering.title else ""
    buttons: list[JsonObject] = []
    for kind in (RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER):
        if kind in offering.actions:
            asks = kind is not RequestKind.CHOOSE or offering.switches or _asks_first(view)
            verb = PressVerb.ASK if asks else PressVerb.DECIDE
            press = _about(card, verb, offering=offering.offering, kind=kind.value)
            name = text(language, f"web.action.{_action(kind, offering)}") + which
            buttons.append(press_button(name, press, takes_fields=False))
    return buttons


def _action(kind: RequestKind, offering: OfferingView) -> str:
    """What the button is called, as on the page."""
    match kind:
        case RequestKind.CHOOSE:
            return "queue" if offering.queues else "switch" if offering.switches else "choose"
        case RequestKind.GIVE_UP:
            return GIVING_UP.get(offering.status, "decline")
        case _:
            return "hand_over"


def _asks_first(view: CourseView) -> bool:
    """Whether whoever takes a place has to be asked something."""
    return any(not one.answer for one in view.questions)


def _afterwards(view: CourseView, language: Language) -> list[JsonObject]:
    """The evaluation and the materials, where the person has them."""
    evaluation = [(text(language, "web.evaluate"), web_address(one_line(view.evaluation)))]
    materials = [(one_line(one.title), web_address(one_line(one.url))) for one in view.materials]
    links = link_buttons([*evaluation, *materials])
    return [block([strong(text(language, "web.materials"))], links)] if links else []


def _course_buttons(card: CourseCard) -> list[JsonObject]:
    view, language = card.page.course, card.page.language
    buttons: list[JsonObject] = []
    if view.may_answer:
        name = "cards.answer_questions" if _asks_first(view) else "cards.change_answers"
        press = _about(card, PressVerb.ANSWERS)
        buttons.append(press_button(text(language, name), press, takes_fields=False))
    programme = _programme(view)
    if programme:
        buttons.append(show_button(text(language, "cards.programme"), programme))
    if not (view.cancelled or view.over):
        buttons.append(_note_button(card))
    return [*buttons, *page_button(language, card.link), list_button(language, PressVerb.MINE)]


def _programme(view: CourseView) -> list[JsonObject]:
    """What happens on each date, once where it is the same."""
    by_text: dict[str, str] = {}
    for offering in view.offerings:
        for session in offering.sessions:
            if session.programme:
                whose_is_it = session.title or (offering.title if len(view.offerings) > 1 else "")
                by_text.setdefault(session.programme, whose_is_it)
    lines: list[JsonObject] = []
    for programme, title in [*by_text.items()][:MOST_PROGRAMMES]:
        lines += [strong(title)] if title and len(by_text) > 1 else []
        lines += rich_lines(programme)
    return lines


def _note_button(card: CourseCard) -> JsonObject:
    view, language = card.page.course, card.page.language
    field = {
        "type": "Input.Text",
        "id": "note",
        "label": card_text(text(language, "web.note.label")),
        "isMultiline": True,
        "maxLength": LONGEST_NOTE,
    } | ({"value": view.note[:LONGEST_NOTE]} if view.note else {})
    hint = card_line(text(language, "web.note.hint", longest=LONGEST_NOTE), size="Small")
    save = press_button(text(language, "web.note.save"), _about(card, PressVerb.NOTE))
    return show_button(button_title(text(language, "web.note.heading")), [field, hint], [save])


def _about(
    card: CourseCard,
    verb: PressVerb = PressVerb.COURSE,
    *,
    offering: str = "",
    kind: str = "",
    is_refresh: bool = False,
) -> Press:
    return Press(
        verb=verb,
        plan=card.plan,
        course=card.page.course.course,
        offering=offering,
        kind=kind,
        acts_for=card.acts_for_id,
        is_refresh=is_refresh,
    )
