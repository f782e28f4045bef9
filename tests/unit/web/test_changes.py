"""What people change on their pages: one form each, told afterwards, refused kindly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.pages import WishAnswer
from bot.domain.people import Language
from bot.domain.registrations import AnswerSource
from bot.domain.registrations import RegistrationStatus as Status
from bot.domain.seats import RefusalReason, RequestKind
from bot.i18n.catalogue import load_area
from tests.builders.fake_desk import ANNA, BO, COURSE, FULL, NOW, PLAN, TAKEN, FakeDesk, course, offering, person_page
from tests.unit.web.visitor import Form, Seen, Visitor


def seated() -> Visitor:
    return Visitor(FakeDesk(shown=person_page(course(TAKEN, FULL))))


@pytest.mark.parametrize(
    ("lang", "told"),
    [("da", "Du er tilmeldt Hold 1. Invitationen kommer"), ("en", "You are registered for Hold 1. The invitation arrives")],
)
def test_somebody_signs_up(lang, told):
    """The desk is asked once, with everything that it needs to know; whoever carries it out is told."""
    visitor = Visitor()
    seen = visitor.after(visitor.submit(visitor.question("choose", lang=lang)))
    assert told in seen.text
    assert seen.all("html", "lang") == [lang]
    (wish,) = visitor.desk.wishes
    assert (wish.kind, wish.course, wish.offering, wish.email, wish.by) == (RequestKind.CHOOSE, COURSE, "hold-1", ANNA, ANNA)
    assert (wish.at, wish.source, wish.reason, wish.to, wish.queue) == (NOW, AnswerSource.WEB, "", "", False)
    assert visitor.told == [PLAN]


def test_somebody_gets_in_line_and_learns_which_number():
    """The number is the one after the decision."""
    visitor = Visitor()
    assert (
        "Der er fyldt, så du står på venteliste til Hold 2 som nummer 4."
        in visitor.after(visitor.submit(visitor.question("choose", "hold-2"))).text
    )


def test_somebody_switches_to_another_date():
    """The date chosen is told, and the old one shows nothing any more."""
    visitor = Visitor(FakeDesk(shown=person_page(course(TAKEN, offering(2, status=None, switches=True)))))
    seen = visitor.after(visitor.submit(visitor.question("choose", "hold-2")))
    assert "Du er tilmeldt Hold 2." in seen.text
    assert seen.text.count("Du er tilmeldt.") == 1


def test_somebody_withdraws_with_a_reason_or_without():
    """The reason is kept as it was typed."""
    visitor = seated()
    form = visitor.question("give_up")
    assert "Du har meldt fra til Hold 1." in visitor.after(visitor.submit(form, reason="  Vi er\r\nfor få på arbejde\x00 ")).text
    assert visitor.desk.wishes[0].reason == "Vi er\nfor få på arbejde"
    visitor = seated()
    visitor.submit(visitor.question("give_up"))
    assert visitor.desk.wishes[0].reason == ""


def test_somebody_hands_the_seat_to_a_colleague():
    """The desk gets the canonical address, whatever spelling was typed."""
    visitor = seated()
    seen = visitor.after(visitor.submit(visitor.question("hand_over"), colleague=" Bo.Proeve@Aadal.example "))
    assert "Din kollega har overtaget din plads på Hold 1." in seen.text
    assert [(wish.kind, wish.to) for wish in visitor.desk.wishes] == [(RequestKind.HAND_OVER, BO)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Skriv din kollegas mailadresse."),
        ("clara@aadal.example", "Vi kender ikke adressen"),
        ('"><script>x', "Vi kender ikke adressen"),
        ("a" * 400, "Vi kender ikke adressen"),
    ],
)
def test_a_colleague_who_cannot_take_over_is_told_beside_the_field(typed, told):
    """What was typed stays there; the summary leads to the field; nothing was decided."""
    visitor = seated()
    answer = visitor.submit(visitor.question("hand_over"), colleague=typed)
    assert answer.status_code == 422
    seen = Seen(answer.text)
    assert seen.text.count(told) == 2
    assert "#colleague" in seen.all("a", "href")
    assert "colleague-hint colleague-error" in seen.all("input", "aria-describedby")
    assert seen.forms[0].fields["colleague"] == typed
    assert "<title>Ret: " in answer.text
    assert visitor.desk.untouched
    assert visitor.told == []


def test_a_reason_that_is_too_long_is_told_and_not_lost():
    """Nobody writes it twice."""
    visitor = seated()
    answer = visitor.submit(visitor.question("give_up"), reason="x" * 501)
    assert answer.status_code == 422
    seen = Seen(answer.text)
    assert seen.text.count("Begrundelsen må højst være på 500 tegn.") == 2
    assert seen.forms[0].fields["reason"] == "x" * 501
    assert visitor.desk.untouched


def test_a_new_line_counts_as_one_character_as_in_the_browser():
    """Browsers send two."""
    visitor = seated()
    visitor.after(visitor.submit(visitor.question("give_up"), reason="x\r\n" * 249 + "xx"))
    assert visitor.desk.wishes[0].reason == "x\n" * 249 + "xx"
    visitor.after(visitor.submit(visitor.read().forms[-1], text="y\r\n" * 499 + "yy"))
    assert visitor.desk.notes == ["y\n" * 499 + "yy"]


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize("reason", RefusalReason)
def test_every_refusal_is_told_in_words_and_nothing_follows(reason, lang):
    """The page shows the course as it is now."""
    visitor = Visitor(FakeDesk(refuses=reason))
    answer = visitor.submit(visitor.question("choose", lang=lang.value))
    assert answer.status_code == 409
    seen = Seen(answer.text)
    assert load_area(lang, "web")[f"refused.{reason.value}"] in seen.text
    assert "Psykologisk tryghed" in seen.text
    assert visitor.told == []


@pytest.mark.parametrize(("action", "after"), [("choose", {"actions": frozenset(), "free": 0}), ("hand_over", {"actions": frozenset()})])
def test_what_is_gone_when_the_form_arrives_is_refused_by_its_own_reason(action, after):
    """Somebody took the last seat while the question was on the screen."""
    visitor = seated() if action == "hand_over" else Visitor()
    form = visitor.question(action)
    visitor.desk.refuses = RefusalReason.FULL
    visitor.desk.shown = replace(visitor.desk.shown, course=course(offering(**after)))
    answer = visitor.submit(form)
    assert answer.status_code == 409
    assert "Der er desværre fyldt" in Seen(answer.text).text


def test_a_form_sent_twice_changes_nothing_twice():
    """The second is the desk's to refuse."""
    visitor = Visitor()
    form = visitor.question("choose")
    visitor.after(visitor.submit(form))
    visitor.desk.refuses = RefusalReason.NOTHING_TO_DO
    assert "Måske har du allerede gjort det." in Seen(visitor.submit(form).text).text
    assert visitor.told == [PLAN]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"offering": "hold-9"}, "Holdet findes ikke længere."),
        ({"action": "enrol"}, "Der er intet at ændre."),
        ({"action": ""}, "Der er intet at ændre."),
        ({"action": "give_up", "offering": "hold-2"}, "Der er intet at ændre."),
    ],
)
def test_what_no_page_offers_is_not_even_asked_for(fields, told):
    """HR's kinds of wish are not the person's; a date that one has nothing to do with is not declined."""
    visitor = Visitor()
    answer = visitor.submit(visitor.question("choose"), **fields)
    assert answer.status_code == 409
    assert told in Seen(answer.text).text
    assert visitor.desk.untouched


def test_somebody_who_is_gone_after_the_decision_still_gets_an_answer():
    """Handing over may take the person out of the audience."""
    visitor = seated()
    form = visitor.question("give_up")
    shown = visitor.desk.shown

    def decide(_page, _wish):
        visitor.desk.shown = None
        return WishAnswer()

    visitor.desk.decide = decide
    answer = visitor.submit(form)
    assert answer.status_code == 303
    visitor.desk.shown = shown
    assert visitor.send("GET", answer.headers["location"]).status_code == 200


def test_a_note_to_hr_is_kept_shown_again_and_can_be_deleted():
    """It says that it is deleted after the course."""
    visitor = Visitor()
    page = visitor.read()
    assert "Kun HR ser det, og det slettes, når kurset er holdt." in page.text
    kept = visitor.after(visitor.submit(page.forms[0], text="\r\nNøddeallergi\r\nog kørestol"))
    assert "Din besked til HR er gemt." in kept.text
    assert kept.forms[0].fields["text"] == "Nøddeallergi\nog kørestol"
    assert "Der er ingen besked fra dig til HR." in visitor.after(visitor.submit(kept.forms[0], text="")).text
    assert visitor.desk.notes == ["Nøddeallergi\nog kørestol", ""]
    assert visitor.told == []


def test_a_note_that_is_too_long_is_told_and_not_lost():
    """The summary leads to the field."""
    visitor = Visitor()
    answer = visitor.submit(visitor.read().forms[0], text="æ" * 1001)
    assert answer.status_code == 422
    seen = Seen(answer.text)
    assert seen.text.count("Beskeden må højst være på 1000 tegn.") == 2
    assert "#note" in seen.all("a", "href")
    assert "note-hint note-error" in seen.all("textarea", "aria-describedby")
    assert seen.forms[0].fields["text"] == "æ" * 1001
    assert visitor.desk.untouched


def test_a_form_of_a_link_that_ended_meanwhile_changes_nothing():
    """However old the page on the screen is."""
    visitor = Visitor()
    form = visitor.question("choose")
    gone = Form(action="/p/x/confirm", fields=form.fields)
    assert visitor.submit(gone).status_code == 404
    visitor.desk.shown = None
    assert visitor.submit(form).status_code == 404
    assert visitor.submit(Form(action=form.action.replace("confirm", "note"), fields=form.fields)).status_code == 404
    assert visitor.desk.untouched


def test_a_waiting_place_is_left_by_its_own_word():
    """Nobody withdraws from a seat that they do not have."""
    waiting = offering(status=Status.WAITLISTED, position=1, waiting=1)
    seen = Visitor(FakeDesk(shown=person_page(course(waiting)))).read()
    assert "Træk mig fra ventelisten" in seen.text
    assert "Meld fra" not in seen.text
