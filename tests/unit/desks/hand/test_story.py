"""What an act of HR's hand comes to, in words, before it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desks.hand.hr import ForeseenDecision
from bot.desks.hand.seat_words import moved_objects, newcomer_text, refusal_key
from bot.desks.hand.story import WAYS, digest_of, done_lines, hand_story, seats_text
from bot.domain.errors import GraphError
from bot.domain.events import LedgerEntry, LedgerState, SessionKey
from bot.domain.messages import Message
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.registrations import AnswerSource
from bot.domain.seats import Refusal, RefusalReason, Settlement, Transition
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import load_area
from bot.invitations.seat_changes import ListChange
from bot.seats.newcomers import NewcomerProblem, RefusedNewcomer
from tests.builders.settling import ANE, BO, CAI, NOW, C, K, S, decide, make, standing, wish

PEOPLE = PeopleIndex([Person(email=ANE, name="Ane Eksempel"), Person(email=BO, name="Bo Prøve", language=Language.EN)])
PLAN = make("main", "two", capacity=1)
LINK = "https://kurser.by.example/p/eksempel"
NOTE = Message(plan="by", key="w", kind=MessageKind.WITHDRAWN, course="k", offering="main", email=ANE, created_at=NOW)


def entry(offering="main"):
    at = datetime(2025, 6, 3, 7, tzinfo=UTC)
    return LedgerEntry(
        key=SessionKey(plan="by", course="k", offering=offering, session="dag"), state=LedgerState.APPLIED, transaction_id="", event_id="1",
        subject="K", start=at, end=at, desired_fields={}, observed_fields={}, desired_attendees={}, invited_since={},
    )  # fmt: skip


def shown(*requests, standings=(), **more):
    return ForeseenDecision(settlement=decide(PLAN, standings=standings, requests=requests), people=PEOPLE, **more)


def story(foreseen, language=Language.DA):
    return hand_story(foreseen, PLAN, language, link=LINK, now=NOW)


def test_it_says_who_moves_offering_by_offering_and_how_the_seats_are_then():
    told = story(shown(wish(K.MOVE), standings=[standing(offering="two"), standing(BO, S.WAITLISTED, "two")]))
    assert told.moves == (
        ("K – two", ("Ane Eksempel tages af, fordi et andet hold er valgt.", "Bo Prøve får den ledige plads.")),
        ("K – main", ("Ane Eksempel bliver flyttet hertil.",)),
    )
    assert told.seats == ("K – main: 1 af 1 har plads.", "K – two: 1 af 1 har plads.")


def test_what_happened_by_then_is_told_with_it_as_something_that_has_happened():
    """An answer that nobody had read yet."""
    answered = Transition(before=None, after=standing(cause=C.ANSWERED))
    told = story(ForeseenDecision(settlement=Settlement(transitions=(answered,)), people=PEOPLE))
    assert told.moves == (("K – main", ("Ane Eksempel – svarede i Outlook.",)),)


def test_a_mail_is_shown_as_its_reader_gets_it_and_no_real_link_of_theirs():
    (letter,) = story(shown(messages=(replace(NOTE, email=BO),))).letters
    assert letter.says.startswith("Mail til Bo Prøve: »")
    assert letter.body.startswith("Dear Bo Prøve") or "Bo Prøve" in letter.body
    (without,) = hand_story(shown(messages=(NOTE,)), PLAN, Language.DA, link=None, now=NOW).letters
    assert LINK not in without.body


def test_whom_outlook_writes_to_is_told_event_by_event_with_the_invitation_but_a_cancellation_says_itself():
    """An event whose session has left the plan says nothing."""
    lists = (ListChange(entry=entry(), add=(ANE, BO), remove=(CAI,)), ListChange(entry=entry("gone"), add=(ANE,)))
    invited, cancelled = story(shown(lists=lists)).letters
    assert (invited.says, "hr@by.example" in invited.body) == ("Outlook inviterer Ane Eksempel, Bo Prøve: »K«", True)
    assert (cancelled.says, cancelled.body) == ("Outlook sender en aflysning til cai@by.example: »K«", "")
    (alone,) = story(shown(lists=(ListChange(entry=entry(), remove=(CAI,)),))).letters
    assert alone == cancelled


def test_what_cannot_be_done_says_why_once_and_what_can_be():
    told = story(shown(wish(K.ENROL), standings=[standing(BO)]))
    assert [(one.says, one.ways) for one in told.refused] == [("Holdet er fyldt.", ("line", "above"))]
    begun = Settlement(refusals=(Refusal(request=wish(K.MOVE), reason=RefusalReason.BEGUN),) * 2)
    (one,) = story(ForeseenDecision(settlement=begun, people=PEOPLE)).refused
    assert one.ways == ()


@pytest.mark.parametrize("language", Language)
def test_every_refusal_has_words_and_every_way_a_button(language):
    texts = load_area(language, "hand")
    keys = {refusal_key(Refusal(request=wish(kind, email), reason=reason)) for kind in K for email in (ANE, "") for reason in RefusalReason}
    assert {f"refused.{key}" for key in keys} <= texts.keys()
    assert {f"way.{way}" for ways in WAYS.values() for way in ways} <= texts.keys()
    assert WAYS.keys() <= keys


def test_the_digest_is_of_all_that_would_happen():
    withdrawn = shown(wish(K.WITHDRAW), standings=[standing()])
    others = [
        shown(wish(K.WITHDRAW, BO), standings=[standing(BO)]),
        shown(wish(K.WITHDRAW), standings=[standing(), standing(BO, S.WAITLISTED)]),
        replace(withdrawn, messages=(NOTE,)),
        replace(withdrawn, messages=(replace(NOTE, params={"position": "2"}),)),
        shown(wish(K.ENROL), standings=[standing(BO)]),
        shown(),
    ]
    assert len({digest_of(one) for one in (withdrawn, *others)}) == len(others) + 1
    assert digest_of(withdrawn) == digest_of(shown(wish(K.WITHDRAW), standings=[standing()]))


def test_what_was_done_is_told_by_the_log_without_what_nobody_sees():
    line = Transition(before=S.REGISTERED, after=standing(cause=C.WITHDRAWN, status=S.WITHDRAWN, source=AnswerSource.HR))
    unseen = Transition(before=None, after=standing(cause=C.FREED, status=None))
    assert done_lines([line, unseen], PEOPLE, {"main": "Hold 1"}, Language.DA) == ("Hold 1: Ane Eksempel blev frameldt af HR.",)


def test_seats_are_counted_in_words_with_a_line_and_without():
    assert seats_text(27, 40, 3, Language.DA) == "27 af 40 har plads, 3 på venteliste."
    assert seats_text(27, None, 0, Language.EN, lead="K: ") == "K: 27 have a seat."


def test_somebody_who_is_not_enrolled_is_told_with_the_error_and_whom_it_may_have_been():
    silence = GraphError("graph_unreachable", call="", detail="x")
    refused = RefusedNewcomer(email="ana@by.example", problem=NewcomerProblem.UNASKED, suggestions=((ANE, "Ane"),), error=silence)
    words = newcomer_text(refused, Language.DA)
    assert "ana@by.example" in words
    assert "Mente du Ane (ane@by.example)?" in words
    plain = newcomer_text(RefusedNewcomer(email=CAI, problem=NewcomerProblem.OUTSIDE), Language.DA)
    assert "Mente du" not in plain


def test_programs_get_each_line_that_moves_somebody_with_where_from_and_where_to():
    """Without a row before or after there is none to name; an answer that changed nothing is left out."""
    came = Transition(before=None, after=standing(cause=C.ENROLLED))
    left = Transition(before=S.WAITLISTED, after=standing(BO, cause=C.FREED, status=None, offering="two"))
    considered = Transition(before=S.REGISTERED, after=standing(CAI), noted=True)
    assert moved_objects([came, left, considered]) == (
        {"course": "k", "offering": "main", "email": ANE, "from": None, "to": "registered", "cause": "enrolled"},
        {"course": "k", "offering": "two", "email": BO, "from": "waitlisted", "to": None, "cause": "freed"},
    )
