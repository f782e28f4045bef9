"""Sending what is in the outbox, each message exactly once (async shell).

    the outbox says                     then
    due, and it has expired             expired, with nothing sent
    due, and the mailbox has no room    left as it is, and so are the others: the round says when there is room
    due                                 sending → draft → the draft's id → send → sent
    sending, it was sent after all      sent
    sending, not sent, and has expired  expired; a draft stays in the mailbox, unsent
    not sent, and HR stopped it         skipped (`bot.rounds.steps.broadcast_mail`, `skipped_by_hand`)
    sending, the draft is there         send → sent
    sending, no id and no draft         as due
    sending, an id and no such draft    left as it is, and looked for again the next time
    sending, without a draft to look for (`sendMail`, a card in Teams), and nobody knows whether it went: left as it is, for good

`sending` is written before the first request, so that whatever a crash leaves is looked up before anything is
repeated. A draft that was there and is gone has most likely been sent, and its copy takes a while to show:
another one is never made. Where the mailbox may not keep drafts (Mail.Send alone), a message is sent at most
once, and HR sees which ones are uncertain.

    Graph says                          this message               the others
    400, 413: a bad address or content  failed; one mail for       go on
                                        many is sent one by one
    404: no such draft                  as a draft that is gone    go on
    anything else                       pending, with the error    go on, or wait for the next round: `bot.delivery.patience`

A message whose words cannot be made, because a text of HR's own breaks on it, is left as it is, and the
others go on. Facts: graph-facts sections 6 and 13, 2026-11-22. The words are `bot.delivery.words`', the
requests `bot.graph.mail`'s.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.delivery.parcels import Parcel, comes_first, draft_key, parcels, together_key
from bot.delivery.patience import Patience
from bot.delivery.words import language_of, letter
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, InputError
from bot.domain.messages import NO_RECEIPT, NOBODY_WILL_KNOW, DeliveryState
from bot.domain.reminders import items_of
from bot.domain.templates import MessageKind
from bot.log_lines import get_logger
from bot.rounds.steps.broadcast_mail import broadcast_words, why_not
from bot.rounds.steps.carried import Carried
from bot.rounds.steps.skipped_by_hand import why_skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.messages import Letter, Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.postage import Wait
    from bot.messages.notice import Rendered
    from bot.ports.books import Outbox
    from bot.ports.broadcasts import BroadcastBook
    from bot.ports.outlook import Mailbox
    from bot.ports.reminder_words import ReminderWordBook
    from bot.rounds.steps.allowance import Allowance


log = get_logger("bot.delivery")

# The same request gets the same answer, whoever else is written to: no reason to keep the others waiting.
ABOUT_THIS_MESSAGE = frozenset({400, 413})
CERTAIN = frozenset({DeliveryState.SENT, DeliveryState.FAILED})


GONE = "graph_gone"
"""The error of a draft that has left the mailbox: it has most likely been sent, and is only looked for."""


def _no_words(_message: Message, _link_for: Callable[[str, str], str | None]) -> Rendered | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """What delivering needs: plan, people, mailbox, outbox, what may be sent, and `now` (UTC).

    `link_for(address, course)` is the person's own page, None where there is none, and
    `link_for_leader(address, leader, course)` the page on which somebody answers for a leader. `still_mine`
    raises RunLocked when the run lock is lost. `one_for_all`: what is equal for all goes as one mail.
    `written`: messages that are in words already, by key. `own_links`: by kind, links to another page than
    that one. `why_untrue` says why a message does not go any more, "" where it may. `asking`
    words the mail to a manager of what waits for them by now, None for any other.
    """

    plan: CoursePlan
    people: PeopleIndex
    mailbox: Mailbox
    outbox: Outbox
    broadcasts: BroadcastBook
    words: ReminderWordBook
    allowance: Allowance
    now: datetime
    link_for: Callable[[str, str], str | None]
    still_mine: Callable[[], None]
    link_for_leader: Callable[[str, str, str], str | None]
    own_links: Mapping[MessageKind, Callable[[str, str], str | None]] = field(default_factory=dict)
    why_untrue: Callable[[Message], str] = lambda _message: ""
    asking: Callable[[Message, Callable[[str, str], str | None]], Rendered | None] = _no_words
    one_for_all: bool = False
    written: Mapping[str, Rendered] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Errand:
    """One mail on its way: `parcel` is what the outbox says of its messages."""

    parcel: Parcel
    outbox: Outbox

    @property
    def first(self) -> Message:
        return self.parcel.messages[0]

    def note(self, **changes: Any) -> None:
        changed = tuple(replace(message, **changes) for message in self.parcel.messages)
        if changed != self.parcel.messages:
            self.outbox.save_message(*changed)
            self.parcel = Parcel(messages=changed)

    def leave(self, error: GraphError) -> None:
        """Pending, with the error; what was handed over without a draft stays that."""
        if self.first.error not in NOBODY_WILL_KNOW:
            self.note(error=error.code)


async def deliver_messages(pending: Sequence[Message], postman: Postman) -> Carried:
    """Send the messages in their order, each in its reader's language.

    One about a course that has left the plan expires.

    Raises RunLocked when the run lock is lost, DatabaseFailed.
    """
    speaks = partial(language_of, plan=postman.plan, people=postman.people)
    queue = deque(parcels(pending, postman.plan, language_of=speaks, one_for_all=postman.one_for_all))
    done: list[Message] = []
    patience = Patience()
    broken: dict[str, InputError] = {}
    while queue:
        postman.still_mine()
        errand = _Errand(parcel=queue.popleft(), outbox=postman.outbox)
        kind = errand.first.kind.value
        try:
            wait = await _deliver(errand, postman)
        except InputError as error:
            broken.setdefault(str(error), error)
            errand.note(error=error.code)
            log.warning("delivery.words_failed", kind=kind, error=str(error))
        except GraphError as error:
            if not (isinstance(error, GraphRefused) and error.status in ABOUT_THIS_MESSAGE):
                errand.leave(error)
                if patience.ends_with(error):
                    log.warning("delivery.stopped", kind=kind, error=str(error))
                    break
                log.warning("delivery.left_out", kind=kind, error=str(error))
                continue
            log.warning("delivery.refused", kind=kind, error=str(error))
            if len(errand.parcel.messages) > 1:
                errand.note(state=DeliveryState.DUE, together="", draft_id=None, error="")
                queue.extendleft(Parcel(messages=(message,)) for message in reversed(errand.parcel.messages))
                continue
            errand.note(state=DeliveryState.FAILED, error=error.code, ended_at=postman.now)
        else:
            if wait is not None:
                left = sum(len(parcel.messages) for parcel in (errand.parcel, *queue))
                log.info("delivery.waits", full=wait.full.value, until=wait.until.isoformat(), waiting=left)
                return Carried(
                    messages=tuple(done),
                    stopped=patience.last,
                    wait=wait,
                    waiting=left,
                    broken=tuple(broken.values()),
                )
        done += errand.parcel.messages
        if errand.first.state in CERTAIN:
            patience.went_well()
        log.info(
            "delivery.done",
            kind=kind,
            course=errand.first.course,
            people=len(errand.parcel.messages),
            state=errand.first.state.value,
            error=errand.first.error or None,
        )
    return Carried(messages=tuple(done), stopped=patience.last, broken=tuple(broken.values()))


async def look_up_begun(
    begun: Iterable[Message], *, mailbox: Mailbox, outbox: Outbox, now: datetime
) -> tuple[Message, ...]:
    """What became of messages that an earlier run began, written down.

    Sent, not begun after all (due), or still as they are.

    Still as it is means that there is a draft which can be sent, or that nobody can say. Raises
    DatabaseFailed, and GraphError where that concerns all of them (`bot.delivery.patience`).
    """
    found: list[Message] = []
    patience = Patience()
    seen: dict[tuple[str, str | None], tuple[str | None, bool]] = {}
    for message in begun:
        errand = _Errand(parcel=Parcel(messages=(message,)), outbox=outbox)
        mail = (errand.parcel.key, message.draft_id)
        if mail not in seen:
            try:
                seen[mail] = await _look_up(errand, mailbox)
            except GraphError as error:
                if patience.ends_with(error):
                    raise
                found.append(message)
                continue
            patience.went_well()
        draft_id, sent = seen[mail]
        if sent:
            errand.note(state=DeliveryState.SENT, draft_id=draft_id, sent_at=now, error="")
        elif draft_id is not None:
            errand.note(draft_id=draft_id)
        elif message.draft_id is None and message.error not in NOBODY_WILL_KNOW:
            errand.note(state=DeliveryState.DUE, together="")
        found.append(errand.first)
    return tuple(found)


async def _deliver(errand: _Errand, postman: Postman) -> Wait | None:
    """The mail's way by the table above; when there is no room for it, until when."""
    draft_id, is_over = await _pick_up(errand, postman)
    if is_over:
        return None
    messages, now = errand.parcel.messages, postman.now
    # Before anything is counted or begun: a text of HR's own may break on it.
    mail = _letter(errand, postman) if draft_id is None else None
    wait = postman.allowance.take(len(messages), comes_first=comes_first(errand.first, now))
    if wait is not None:
        return wait
    if mail is not None:
        draft_id = await _begin(errand, postman, mail)
    if draft_id is None:
        return None
    errand.note(state=DeliveryState.SENDING, draft_id=draft_id)
    try:
        await postman.mailbox.send_draft(draft_id)
    except GraphGone as error:
        errand.note(error=error.code)
    except GraphUnclear:
        raise
    except GraphError:
        postman.allowance.give_back(len(messages))
        raise
    else:
        errand.note(state=DeliveryState.SENT, sent_at=now, error="")
    return None


async def _begin(errand: _Errand, postman: Postman, mail: Letter) -> str | None:
    """Make the draft and return its id; None where there are no drafts and the mail was handed over."""
    messages = errand.parcel.messages
    known_by = {
        "together": together_key(messages) if len(messages) > 1 else "",
        "sent_as": draft_key(messages),
    }
    if not postman.mailbox.keeps_drafts:
        errand.note(state=DeliveryState.SENDING, error=NO_RECEIPT, ended_at=postman.now, **known_by)
        await _hand_over(errand, postman, mail)
        return None
    errand.note(state=DeliveryState.SENDING, **known_by)
    return await _draft(errand, postman, mail)


def _letter(errand: _Errand, postman: Postman) -> Letter:
    plan, people = postman.plan, postman.people
    link_for = postman.own_links.get(errand.first.kind, postman.link_for)
    written = (
        postman.written.get(errand.first.key)
        or broadcast_words(errand.first, postman.broadcasts, plan, people, link_for)
        or postman.asking(errand.first, link_for)
    )
    return letter(
        errand.parcel,
        plan,
        people,
        link_for=link_for,
        link_for_leader=postman.link_for_leader,
        now=postman.now,
        written=written,
    )


async def _pick_up(errand: _Errand, postman: Postman) -> tuple[str | None, bool]:
    """The draft of a mail that was begun, None without one, and whether there is nothing to send."""
    message, now = errand.first, postman.now
    begun = message.state is DeliveryState.SENDING
    draft_id, sent = await _look_up(errand, postman.mailbox) if begun else (None, False)
    # What is off may have left the plan, and is told all the same.
    of_the_plan = not message.is_paper and message.kind is not MessageKind.CANCELLED
    about = _courses_of(message) if of_the_plan else set[str]()
    is_late = message.expires_at is not None and message.expires_at <= now
    if sent:
        errand.note(state=DeliveryState.SENT, draft_id=draft_id, sent_at=now, error="")
    elif begun and message.error in NOBODY_WILL_KNOW:
        pass
    elif is_late or not about <= postman.plan.titles.keys():
        errand.note(state=DeliveryState.EXPIRED, ended_at=now)
    elif reason := _why_stopped(errand, postman):
        errand.note(state=DeliveryState.SKIPPED, error=reason, ended_at=now)
    elif draft_id is None and message.draft_id is not None:
        errand.note(error=GONE)
    else:
        return draft_id, False
    return draft_id, True


def _courses_of(message: Message) -> set[str]:
    """The courses that a message is about; none of one about whatever waits for its reader by now."""
    return {one.course for one in items_of(message)} or {message.course} - {""}


def _why_stopped(errand: _Errand, postman: Postman) -> str:
    """Why HR does not want it sent any more, "" where nobody said so."""
    messages = errand.parcel.messages
    said = why_not(messages[0], postman.broadcasts) or postman.why_untrue(messages[0])
    return said or why_skipped(messages, postman.words, postman.people)


async def _draft(errand: _Errand, postman: Postman, mail: Letter) -> str:
    """Make the draft.

    Without it nothing has gone, so what fails takes no room, and what is refused was not begun.
    """
    try:
        return await postman.mailbox.create_draft(errand.parcel.key, mail)
    except GraphError as error:
        postman.allowance.give_back(len(errand.parcel.messages))
        if not isinstance(error, GraphUnclear):
            errand.note(state=DeliveryState.DUE, together="")
        raise


async def _hand_over(errand: _Errand, postman: Postman, mail: Letter) -> None:
    """Send without a draft; what Graph has refused was not sent, whatever else went wrong may have been."""
    try:
        await postman.mailbox.send_mail(mail)
    except GraphUnclear:
        raise
    except GraphError:
        postman.allowance.give_back(len(errand.parcel.messages))
        errand.note(state=DeliveryState.DUE, error="", together="", ended_at=None)
        raise
    errand.note(state=DeliveryState.SENT, sent_at=postman.now, error="", ended_at=None)


async def _look_up(errand: _Errand, mailbox: Mailbox) -> tuple[str | None, bool]:
    """The draft that an earlier run made, None without one, and whether it was sent.

    No request where no drafts are kept.

    A key without the plan may stand on another plan's draft: what the outbox knows as another message's is
    none of this one.
    """
    parcel, draft_id = errand.parcel, errand.first.draft_id
    if errand.first.error in NOBODY_WILL_KNOW or not mailbox.keeps_drafts:
        return None, False
    sent = await mailbox.is_sent(draft_id) if draft_id is not None else None
    if sent is not None:
        return draft_id, sent
    others = frozenset[str]() if parcel.names_plan else errand.outbox.load_drafts_of_others(errand.first.plan)
    return await mailbox.find_draft(parcel.key, but_not=others) or (None, False)
