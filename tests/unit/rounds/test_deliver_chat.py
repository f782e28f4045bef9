"""What becomes of messages that go to people's chats, by every answer that there can be: once, and never twice by two ways."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.conversations import Conversation, ConversationKind
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, RunLocked, SignInFailed
from bot.domain.messages import DeliveryState, Message
from bot.domain.people import PeopleIndex, Person
from bot.domain.reminders import ReminderItem, items_text
from bot.domain.templates import MessageKind
from bot.rounds.steps.deliver_chat import NO_CARDS, ChatDelivery, never_mailed
from config.bot_settings import SeatNews
from tests.builders.occasions import at, course, plan

NOW = at(17, "12:00")
NAMES = tuple(f"person-{number}@by.example" for number in range(6))
PEOPLE = PeopleIndex([Person(email=email, directory_id=f"id-{email}") for email in NAMES])
PLAN = plan(courses=(course(),))
S = DeliveryState
LATER = GraphError("chat_later", status=412)
LOST = GraphUnclear("chat_unclear")


@dataclass
class Books:
    """Outbox, conversations and Teams: `answers` one after another, the last for ever; an exception is raised."""

    answers: list[object] = field(default_factory=lambda: ["1700"])
    with_chat: tuple[str, ...] = NAMES
    rows: dict[str, Message] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    cards: list[dict[str, object]] = field(default_factory=list)
    when_asked: list[tuple[str, str]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def save_message(self, *messages):
        self.rows |= {message.key: message for message in messages}

    def add_messages(self, messages):
        new = [one for one in messages if one.key not in self.rows]
        self.save_message(*new)
        return len(new)

    def load_personal(self, subjects=None):
        chats = {f"id-{name}": name for name in self.with_chat}
        return {subject: _chat(name) for subject, name in chats.items() if subjects is None or subject in subjects}

    def forget(self, conversation):
        self.forgotten.append(conversation)

    def load_words(self, *_args, **_more):
        return ()

    async def send(self, conversation, card, *, summary):
        self.asked.append(conversation.email)
        self.cards.append(card)
        assert summary
        self.when_asked = self.stands()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def deliver(self, *messages, seat_news=SeatNews.TEAMS, chat=True, still_mine=lambda: None, people=PEOPLE, ready=NO_CARDS):
        self.save_message(*(one for one in messages if one.key not in self.rows))
        delivery = ChatDelivery(
            plan=PLAN, people=people, ready=ready, chat=self if chat else None, conversations=self, outbox=self, words=self,
            seat_news=seat_news, now=NOW, link_for=lambda *_: "https://kurser.example/p/hemmelig", still_mine=still_mine,
        )  # fmt: skip
        return asyncio.run(delivery.deliver(messages))

    def stands(self):
        return [(row.state.value, row.error) for row in self.rows.values()]


def _chat(name):
    return Conversation(
        id=f"a:{name}", kind=ConversationKind.PERSONAL, service_url="https://smba.trafficmanager.net/emea", added_at=NOW, seen_at=NOW,
        subject=f"id-{name}", email=name,
    )  # fmt: skip


def reminder(email=NAMES[0], *, channel="teams", **facts):
    item = ReminderItem("r", "k", "main", "dag", "2025-06-18", channel, "tomorrow")
    given = {
        "plan": "by", "key": f"{item.stem}{email}", "kind": MessageKind.TOMORROW, "course": "k", "offering": "main", "email": email,
        "created_at": NOW, "expires_at": at(18, "09:00"), "params": {"items": items_text([item])},
    }  # fmt: skip
    return Message(**given | facts)


def news(email=NAMES[0], **facts):
    given = {
        "plan": "by", "key": f"seat_offered/k/main/{email}", "kind": MessageKind.SEAT_OFFERED, "course": "k", "offering": "main",
        "email": email, "created_at": NOW,
    }  # fmt: skip
    return Message(**given | facts)


def test_a_card_is_written_down_before_it_goes_and_known_by_its_activity_afterwards():
    books = Books()
    done = books.deliver(reminder())
    assert books.when_asked == [("sending", "chat_unclear")]
    (sent,) = done.carried.messages
    assert (sent.state, sent.error, sent.sent_as, sent.is_in_chat) == (S.SENT, "", "chat/1700", True)
    assert (sent.sent_at, sent.ended_at) == (NOW, None)
    assert (done.next_way, done.carried.stopped) == ((), None)


def test_the_card_has_the_words_of_the_mail():
    books = Books()
    books.deliver(news())
    said = str(books.cards[0]["body"])
    assert "Der er blevet en plads til dig" in said
    assert "https://kurser.example" not in said


@pytest.mark.parametrize("made", [reminder, news])
@pytest.mark.parametrize(
    "answer", [GraphGone("chat_gone", status=403), GraphRefused("chat_refused", status=400), SignInFailed("chat_sign_in_failed")], ids=repr
)
def test_what_certainly_did_not_arrive_goes_the_next_way_as_it_was(made, answer):
    books = Books(answers=[answer, "1700"])
    first = made(NAMES[0])
    done = books.deliver(first, made(NAMES[1]))
    assert done.next_way[0] == first == books.rows[first.key]
    assert books.forgotten == (["a:person-0@by.example"] if isinstance(answer, GraphGone) else [])
    if isinstance(answer, SignInFailed):
        assert (len(books.asked), len(done.next_way)) == (1, 2)
    else:
        assert [one.state for one in done.carried.messages] == [S.SENT]


@pytest.mark.parametrize("made", [reminder, news])
def test_what_may_be_there_is_never_repeated_and_goes_no_other_way(made):
    books = Books(answers=[LOST, "1700"])
    one, other = made(NAMES[0]), made(NAMES[1])
    done = books.deliver(one, other)
    assert (done.next_way, books.stands()) == ((), [("sending", "chat_unclear"), ("sent", "")])
    lost = books.rows[one.key]
    again = books.deliver(lost)
    assert (books.asked, again.next_way) == (list(NAMES[:2]), (lost,))
    assert never_mailed(again.next_way) == ()


@pytest.mark.parametrize("made", [reminder, news])
def test_what_has_to_wait_is_due_in_the_next_round_and_the_others_go_on(made):
    books = Books(answers=[LATER, "1700"])
    done = books.deliver(made(NAMES[0]), made(NAMES[1]))
    assert (books.stands(), done.next_way, done.carried.stopped) == ([("due", "chat_later"), ("sent", "")], (), LATER)


def test_one_conversation_that_has_had_enough_keeps_nobody_else_waiting():
    books = Books(answers=[GraphError("chat_later", status=429), "1700"])
    books.deliver(*(reminder(name) for name in NAMES[:3]))
    assert [state for state, _ in books.stands()] == ["due", "sent", "sent"]


def test_a_teams_that_is_away_is_asked_three_times_and_keeps_only_those_with_a_chat_waiting():
    books = Books(answers=[LATER], with_chat=NAMES[:5])
    done = books.deliver(*(news(name) for name in NAMES))
    assert (len(books.asked), [one.email for one in done.next_way]) == (3, [NAMES[5]])
    away = Books(answers=[GraphError("chat_unreachable")])
    away.deliver(*(news(name) for name in NAMES))
    assert len(away.asked) == 1


@pytest.mark.parametrize(
    "message",
    [
        reminder(channel="mail"), reminder(state=S.SENDING, sent_as="17"), reminder("nobody@by.example"),
        reminder(expires_at=NOW), news(draft_id="d"), news(kind=MessageKind.PARTICIPANTS, key="participants/1"),
        news(key="again-1", kind=MessageKind.CHANGED), news(kind=MessageKind.BROADCAST), news(kind=MessageKind.MINIMUM),
        news(course="gone"),
    ],
)  # fmt: skip
def test_everything_else_goes_as_it_always_did(message):
    books = Books()
    assert books.deliver(message).next_way == (message,)
    assert (books.asked, books.rows[message.key]) == ([], message)


def test_who_has_no_chat_goes_the_next_way_and_so_does_everybody_without_a_bot():
    books = Books(with_chat=())
    assert books.deliver(reminder()).next_way == (reminder(),)
    assert Books().deliver(reminder(), news(), chat=False).next_way == (reminder(), news())


def test_news_of_a_seat_go_as_a_mail_where_hr_says_so():
    assert Books().deliver(news(), seat_news=SeatNews.MAIL).next_way == (news(),)


@pytest.mark.parametrize(
    ("answer", "state"), [("1700", S.SENT), (LOST, S.SENDING), (LATER, S.SKIPPED), (GraphGone("chat_gone"), S.SKIPPED)]
)
def test_a_card_besides_a_mail_is_tried_once_and_never_keeps_the_mail(answer, state):
    books = Books(answers=[answer])
    first = books.deliver(news(), seat_news=SeatNews.BOTH)
    again = books.deliver(news(), seat_news=SeatNews.BOTH)
    assert (first.next_way, again.next_way, len(books.asked)) == ((news(),), (news(),), 1)
    besides = books.rows[f"chat/{news().key}"]
    assert (besides.state, never_mailed([besides])) == (state, ())


def test_a_round_that_is_killed_at_a_request_looks_like_a_lost_answer():
    books = Books(answers=[asyncio.CancelledError()])
    with pytest.raises(asyncio.CancelledError):
        books.deliver(news())
    assert books.stands() == [("sending", "chat_unclear")]
    assert never_mailed(books.rows.values()) == ()


def test_without_the_lock_nothing_goes():
    books = Books()

    def lost():
        raise RunLocked("run_locked")

    with pytest.raises(RunLocked):
        books.deliver(replace(news()), still_mine=lost)
    assert books.asked == []


def test_whom_the_plan_lists_by_address_is_known_by_the_address_of_the_chat():
    """The books have no id of them, and a former address is theirs as well."""
    former = "gammel@by.example"
    people = PeopleIndex([Person(email=former, aliases=frozenset({NAMES[0]})), Person(email=NAMES[1])])
    books = Books(with_chat=(NAMES[0],))
    done = books.deliver(reminder(former), reminder(NAMES[1]), people=people)
    assert [one.email for one in done.carried.messages] == [former]
    assert [one.email for one in done.next_way] == [NAMES[1]]
    assert books.asked == [NAMES[0]]


def test_what_is_ready_as_a_card_goes_as_it_was_drawn_to_whoever_has_a_chat():
    report = replace(news("hr@by.example"), key="report/at-once/1/hr@by.example", kind=MessageKind.HR_REPORT, course="", offering="")
    card = {"type": "AdaptiveCard", "body": []}
    for with_chat, brought in ((("hr@by.example",), True), ((), False)):
        books = Books(with_chat=with_chat)
        done = books.deliver(report, ready={report.key: ("Der venter noget", card)})
        assert (bool(done.carried.messages), bool(done.next_way)) == (brought, not brought)
        assert books.cards == ([card] if brought else [])
    assert Books(with_chat=("hr@by.example",)).deliver(report).next_way == (report,)
