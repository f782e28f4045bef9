"""What Teams shows: a line in a person's activity feed, and a card in a course's channel (pure).

    the line      headline (the mail's subject), and under it when and where, or what to do, in at most 150 characters
    the card      Adaptive Card 1.5: headline, when and where, what to do, and links as buttons; around them HR's own words as text

The readers of a channel are many, so a card says "you" to nobody in particular and has nobody's own link. It
says everything in words (`bot.messages.card_parts`). Facts: graph-facts section 7; the card schema 1.5.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bot.domain.teams import LONGEST_PREVIEW, Notification
from bot.domain.templates import ACTIVITIES, AFTERWARDS, ASKING, UNDATED, WITH_MATERIALS, MessageKind
from bot.i18n.catalogue import text
from bot.messages.card_parts import LONGEST_BUTTON, adaptive_card, card_line, link_buttons, paragraphs
from bot.messages.characters import cut_at_word, one_line
from bot.messages.reminder import summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.reminders import ReminderItem
    from bot.messages.card_parts import JsonObject

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
ENTITY = "https://teams.microsoft.com/l/entity/{app_id}/about"
"""Every personal app has the tab `about` (reserved name).

The place that a click can lead to without pages of our own in Teams.
"""
LONGEST_PARAMETER = 120


def render_notification(
    plan: CoursePlan,
    items: Sequence[ReminderItem],
    *,
    language: Language,
    link_for: Callable[[str], str | None],
    today: date,
    app_id: str,
    number: int | None = None,
) -> Notification:
    """The line for one person.

    `app_id` is the Teams app's; `link_for` a course is the reader's page, `today` the day in the plan's zone.

    `number` is what a line that was begun is known by, None for a new one.

    The person's own link is in it only where there is something to choose: all others can then get the same
    line by one request. Raises KeyError for an item that the plan no longer has.
    """
    summary = summarise(plan, items, language=language, link_for=link_for, today=today)
    previews = [_preview(told, language, alone=len(summary.told) == 1) for told in summary.told]
    preview = previews[0] if len(previews) == 1 else "; ".join(words.rstrip(".") for words in previews)
    link = _own_link(summary.told)
    query = {"label": cut_at_word(summary.titles, LONGEST_BUTTON)} | ({"webUrl": link} if link else {})
    return Notification(
        activity_type=ACTIVITIES[summary.kind.value],
        topic=cut_at_word(summary.titles, LONGEST_PARAMETER),
        web_url=f"{ENTITY.format(app_id=app_id)}?{urlencode(query)}",
        subject=cut_at_word(summary.subject, LONGEST_PARAMETER),
        preview=cut_at_word(preview, LONGEST_PREVIEW),
        chain_id=number if number is not None else chain_id(items, plan=plan.id),
    )


def _own_link(told: Sequence[Mapping[str, Any]]) -> str:
    """The reader's page where there is something to choose, else an evaluation or a task; "" without any."""
    pages = [
        item["link"] for item in told if item["template"] in ASKING and (item["by_link"] or item["anew"])
    ]
    evaluations = [item["evaluation"] for item in told if item["template"] == "follow_up"]
    tasks = [item["task"]["link"] for item in told if item["task"]]
    return next(filter(None, [*pages, *evaluations, *tasks]), "")


def chain_id(items: Sequence[ReminderItem], *, plan: str) -> int:
    """The number under which a line is replaced when it is repeated.

    Of plan and what is said, in 52 bits (whole in any JSON reader).

    It names no person, for everybody has a feed of their own, and one request to many has one number. With
    `plan` "" it is the number that older programs used, by which a line of another plan's course of the same
    id could be replaced.
    """
    said = sorted(item.stem for item in items)
    return int(sha256("\n".join([plan, *said] if plan else said).encode()).hexdigest()[:13], 16) or 1


def render_card(plan: CoursePlan, item: ReminderItem, *, language: Language, today: date) -> JsonObject:
    """The card of one post, as Adaptive Card JSON; arguments and KeyError as `render_notification`."""
    summary = summarise(plan, [item], language=language, link_for=lambda _: None, today=today)
    (told,) = summary.told
    opening, closing = (paragraphs(words) for words in told["plain_words"])
    lines = [card_line(summary.subject, size="Medium", weight="Bolder"), *map(card_line, opening)]
    facts = [] if item.template in UNDATED else when_and_where(told, language)
    if told["deadline"] and summary.kind in {MessageKind.PLEASE_ANSWER, MessageKind.ANNOUNCEMENT}:
        facts.append((text(language, "teams.deadline"), told["deadline"]))
    lines += [card_line(value, lead=f"{name}: ") for name, value in facts]
    to_do = advice(told, language)
    lines += [card_line(to_do), *map(card_line, closing)]
    sender = text(
        language, "teams.sender", organisation=one_line(plan.organisation), contact=one_line(plan.contact)
    )
    lines.append(card_line(sender, size="Small"))
    said = (f"{name}: {value}" for name, value in facts)
    spoken = [summary.subject, *opening, *said, to_do, *closing]
    return adaptive_card(language, lines, spoken=spoken, actions=message_links(told, language))


def card_message(card: Mapping[str, Any]) -> bytes:
    """A card as the body that a Workflows webhook takes."""
    message = {"type": "message", "attachments": [{"contentType": CARD_TYPE, "content": card}]}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _preview(told: Mapping[str, Any], language: Language, *, alone: bool) -> str:
    lead = "" if alone else f"{told['what']}: "
    if told["template"] not in UNDATED and told["template"] != "announcement":
        places = [
            ", ".join(part for part in (when, place or _teams(told, language)) if part)
            for when, place in told["dates"]
        ]
        return lead + ("; ".join(places) or advice(told, language, personal=True))
    return lead + advice(told, language, personal=True)


def advice(told: Mapping[str, Any], language: Language, *, personal: bool = False) -> str:
    """What the reader can do now; `personal` where it is one reader, of whom something is known."""
    name = _advice_name(told, personal=personal)
    task = told["task"].get("text", "")
    return text(language, f"teams.{name}", contact=told["contact"], deadline=told["deadline"], task=task)


def _advice_name(told: Mapping[str, Any], *, personal: bool) -> str:
    """The text by its name in the catalogue; the first line that fits.

    it is about                     to                  name
    what is over                    who did not come, who said no   after_no_show, after_declined
    a task after the course         its reader          task; task_answer with a link
    that somebody was missed        who did not come    after_no_show
    what is over                    who spoke           thanks_speaker (the first time), thanks; _evaluate with a link
    what lies ahead                 who speaks, others  cancel, cancel_online; _speaker
    an answer, once more            whose date moved    answer_moved
    an answer                       who speaks          answer_speaker
    an answer, after a date given up                    choose_anew; _link
    an answer                       many                signup, choose, answer; _if_asked
    an answer                       one                 the same; _by with a deadline
    """
    if told["template"] in AFTERWARDS:
        return _afterwards_name(told)
    if told["template"] not in ASKING:
        return ("cancel_online" if told["online"] else "cancel") + ("_speaker" if told["speaker"] else "")
    if told["moved"] or told["speaker"]:
        return "answer_moved" if told["moved"] else "answer_speaker"
    if told["anew"]:
        return "choose_anew" + ("_link" if told["link"] else "")
    return _how_to_answer(told) + _until_when(told, personal=personal)


def _afterwards_name(told: Mapping[str, Any]) -> str:
    if told["task"]:
        return "task_answer" if told["task"]["link"] else "task"
    if told["came"] in {"no_show", "declined"} and not told["again"]:
        return f"after_{told['came']}"
    thanks = "thanks_speaker" if told["speaker"] and not told["again"] else "thanks"
    return thanks + ("_evaluate" if told["evaluation"] else "")


def _how_to_answer(told: Mapping[str, Any]) -> str:
    if told["signs_up"]:
        return "signup"
    return "choose" if told["by_link"] else "answer"


def _until_when(told: Mapping[str, Any], *, personal: bool) -> str:
    if not personal:
        return "_if_asked"
    return "_by" if told["deadline"] else ""


def when_and_where(told: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """What is told of, as names and values."""
    facts: list[tuple[str, str]] = []
    for when, place in told["dates"]:
        facts.append((text(language, "teams.when"), when))
        where = place or _teams(told, language)
        if where:
            facts.append((text(language, "teams.where"), where))
    return facts


def _teams(told: Mapping[str, Any], language: Language) -> str:
    return text(language, "teams.online") if told["online"] else ""


def message_links(told: Mapping[str, Any], language: Language) -> list[JsonObject]:
    """Buttons to the evaluation, a task and its material, and the materials, where it is about them."""
    links = (
        [(text(language, "teams.evaluate"), told["evaluation"])] if told["template"] == "follow_up" else []
    )
    if task := told["task"]:
        links += [
            (text(language, "teams.answer_task"), task["link"]),
            (text(language, "teams.task_material"), task["material"]),
        ]
    links += told["materials"] if told["template"] in WITH_MATERIALS else []
    return link_buttons(links)
