"""What becomes of lines and posts, by every answer that Teams can give; nothing here is a network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.errors import GraphConflict, GraphError, GraphRefused, GraphUnclear, SignInFailed
from bot.domain.messages import DeliveryState, Message
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.reminders import ReminderItem, items_text
from bot.domain.teams import PostOutcome
from bot.domain.templates import MessageKind
from bot.rounds.steps.deliver_teams import TeamsDelivery, known_to_have_app
from tests.builders.occasions import at, course, plan

NOW = at(17, "12:00")
NAMES = tuple(f"person-{number}@by.example" for number in range(230))
PEOPLE = PeopleIndex([Person(email=email, directory_id=f"id-{email}") for email in NAMES])
PLAN = plan(courses=(course(teams_channel="ledere"),))
S = DeliveryState


@dataclass
class Books:
    """The outbox and Teams: `answers` are what it says to one after another, the last for ever; an exception is raised."""

    answers: list[object] = field(default_factory=lambda: [True])
    many: object = True
    rows: dict[str, Message] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    when_asked: list[DeliveryState] = field(default_factory=list)

    def save_message(self, *messages):
        self.rows |= {message.key: message for message in messages}

    async def notify(self, user_id, _line):
        self.asked.append(user_id)
        return self._answer(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    async def notify_all(self, user_ids, line):
        self.asked.append((len(user_ids), line.chain_id))
        return self._answer(self.many)

    async def post(self, channel, card):
        assert card["type"] == "AdaptiveCard"
        self.asked.append(channel)
        return self._answer(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    def _answer(self, answer):
        self.when_asked = [row.state for row in self.rows.values()]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def deliver(self, *messages, with_app=frozenset(), people=PEOPLE, made=PLAN):
        delivery = TeamsDelivery(
            plan=made, people=people, feed=self, channels=self, outbox=self, app_id="app", now=NOW, link_for=lambda *_: None,
            still_mine=lambda: None,
        )  # fmt: skip
        return asyncio.run(delivery.deliver(messages, with_app=frozenset(with_app)))

    def stands(self):
        return [(row.state.value, row.error) for row in self.rows.values()]


def message(email=NAMES[0], *, channel="teams", **facts):
    item = ReminderItem("r", "k", "main", "dag", "2025-06-18", channel, "tomorrow")
    given = {
        "plan": "by", "key": f"{item.stem}{email}", "kind": MessageKind.TOMORROW, "course": "k", "offering": "main", "email": email,
        "created_at": NOW, "expires_at": at(18, "09:00"), "params": {"items": items_text([item])},
    }  # fmt: skip
    return Message(**given | facts)


def post(**facts):
    return message("", channel="channel", **facts)


def refused(status):
    return GraphRefused("graph_refused", status=status)


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        (True, S.SENT, ""),
        (False, S.SKIPPED, "not_in_teams"),
        (refused(400), S.SKIPPED, "teams_refused"),
        (refused(413), S.SKIPPED, "teams_refused"),
    ],
)
def test_a_line_is_what_its_certain_answer_says(answer, state, error):
    books = Books(answers=[answer, True])
    done = books.deliver(message(NAMES[0]), message(NAMES[1]))
    assert [(one.state, one.error) for one in done.messages] == [(state, error), (S.SENT, "")]
    assert done.messages[1].sent_at == NOW
    assert (books.when_asked[-1], done.stopped) == (S.SENDING, None)


@pytest.mark.parametrize(
    ("trouble", "was", "state"),
    [
        (GraphUnclear("graph_unclear", status=500), S.DUE, S.SENDING),
        (GraphUnclear("graph_unanswered"), S.DUE, S.SENDING),
        (GraphConflict("graph_conflict", status=409), S.DUE, S.DUE),
        (refused(424), S.DUE, S.DUE),
        (refused(424), S.SENDING, S.SENDING),
    ],
)
def test_one_line_in_trouble_is_left_and_uncertain_only_where_it_may_have_happened_and_the_others_go_on(trouble, was, state):
    books = Books(answers=[True, trouble, True])
    done = books.deliver(*(message(email, state=was) for email in NAMES[:3]))
    assert ([one.email for one in done.messages], done.stopped) == ([NAMES[0], NAMES[2]], trouble)
    assert [(row.state, row.error) for row in books.rows.values()] == [(S.SENT, ""), (state, trouble.code), (S.SENT, "")]
    assert len(books.asked) == 3


@pytest.mark.parametrize(
    "trouble", [refused(429), SignInFailed("graph_token_rejected", status=401), GraphError("graph_unreachable")], ids=repr
)
def test_trouble_that_is_everybodys_leaves_the_others_for_the_next_round(trouble):
    books = Books(answers=[True, trouble])
    done = books.deliver(*(message(email) for email in NAMES[:3]))
    assert ([one.state for one in done.messages], done.stopped) == ([S.SENT], trouble)
    assert (books.stands(), len(books.asked)) == ([("sent", ""), ("due", trouble.code)], 2)


def test_a_service_that_is_away_is_asked_three_times_and_not_for_everybody():
    books = Books(answers=[True, GraphUnclear("graph_unclear", status=503)])
    done = books.deliver(*(message(email) for email in NAMES))
    assert (len(books.asked), len(done.messages), done.stopped.code) == (4, 1, "graph_unclear")


def test_those_known_to_have_the_app_go_together_a_hundred_at_a_time():
    books = Books()
    done = books.deliver(*(message(email) for email in NAMES), with_app=NAMES[:-1])
    (first, chain), (second, _), (third, _), single = books.asked
    assert (first, second, third, single) == (100, 100, 29, f"id-{NAMES[-1]}")
    assert chain > 0
    assert [(one.state, one.error) for one in done.messages] == [(S.SENT, "submitted")] * 229 + [(S.SENT, "")]


def test_many_that_are_refused_are_told_one_by_one_and_one_alone_is_no_many():
    books = Books(many=False)
    done = books.deliver(message(NAMES[0]), message(NAMES[1]), with_app=NAMES)
    assert [one.error for one in done.messages] == ["", ""]
    assert len(books.asked) == 3
    alone = Books()
    alone.deliver(message(NAMES[0]), message(NAMES[1]), with_app=NAMES[:1])
    assert alone.asked == [f"id-{NAMES[0]}", f"id-{NAMES[1]}"]


def test_many_in_trouble_are_uncertain_together_and_not_told_again_in_the_same_round():
    books = Books(many=GraphUnclear("graph_unclear", status=500))
    done = books.deliver(*(message(email) for email in NAMES[:3]), with_app=NAMES[:2])
    assert [row.state for row in books.rows.values()] == [S.SENDING, S.SENDING, S.SENT]
    assert (len(books.asked), done.stopped.code) == (2, "graph_unclear")


def test_many_that_are_refused_and_then_not_come_to_are_due_as_before():
    books = Books(many=False, answers=[GraphUnclear("graph_unanswered"), refused(429)])
    books.deliver(*(message(email) for email in NAMES[:3]), with_app=NAMES)
    assert books.stands() == [("sending", "graph_unanswered"), ("due", "graph_refused"), ("due", "")]


def test_different_words_are_different_lines():
    english = PeopleIndex([Person(email=NAMES[0], directory_id="a"), Person(email=NAMES[1], directory_id="b", language=Language.EN)])
    books = Books()
    books.deliver(message(NAMES[0]), message(NAMES[1]), with_app=NAMES, people=english)
    assert books.asked == ["a", "b"]


def test_who_is_in_no_directory_is_not_asked_for():
    books = Books()
    done = books.deliver(message("fremmed@by.example"), message(NAMES[0], state=S.SENDING))
    assert {one.email: one.error for one in done.messages} == {"fremmed@by.example": "not_in_teams", NAMES[0]: ""}
    assert books.asked == [f"id-{NAMES[0]}"]


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        (PostOutcome.TAKEN, S.SENT, "submitted"),
        (PostOutcome.LATER, S.DUE, "post_later"),
        (PostOutcome.REFUSED, S.FAILED, "post_refused"),
        (PostOutcome.UNCLEAR, S.SENDING, "post_unclear"),
        (KeyError("ledere"), S.SKIPPED, "channel_not_set_up"),
    ],
)
def test_a_post_is_what_the_webhook_says_and_the_others_go_on(answer, state, error):
    books = Books(answers=[answer, PostOutcome.TAKEN])
    done = books.deliver(post(), post(key="reminder/andet/"))
    assert [(one.state, one.error) for one in done.messages] == [(state, error), (S.SENT, "submitted")]
    assert (done.messages[0].sent_at is not None) is (state is S.SENT)


def test_a_kill_while_a_post_is_made_leaves_it_uncertain():
    books = Books(answers=[PostOutcome.TAKEN])
    books.deliver(post())
    assert books.when_asked == [S.SENDING]


def test_what_has_expired_or_left_the_plan_is_not_brought():
    books = Books()
    gone = plan(courses=(course(id="andet"),))
    assert [one.state for one in books.deliver(message(expires_at=NOW), post(expires_at=NOW)).messages] == [S.EXPIRED] * 2
    assert [one.state for one in books.deliver(message(), post(), made=gone).messages] == [S.EXPIRED] * 2
    assert books.asked == []


def test_who_lately_got_a_line_by_a_certain_answer_has_the_app():
    sent = message(state=S.SENT, sent_at=NOW - timedelta(days=29))
    assert known_to_have_app([sent], PEOPLE, now=NOW) == {NAMES[0]}
    for other in (
        replace(sent, sent_at=NOW - timedelta(days=30)),
        replace(sent, error="submitted"),
        replace(sent, sent_at=None),
        replace(sent, state=S.SKIPPED),
        message(channel="mail", state=S.SENT, sent_at=NOW),
    ):
        assert known_to_have_app([other], PEOPLE, now=NOW) == frozenset()
