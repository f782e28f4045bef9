"""A person's own page in a browser without scripts: everything that can be done there, by clicking and typing."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from bot.domain.people import Language
from bot.domain.registrations import RegistrationStatus as Status
from bot.domain.seats import RefusalReason, RequestKind
from tests.builders.browsers import PHONE
from tests.builders.fake_desk import ANNA, BO, FULL, TAKEN, TOO_OLD, FakeDesk, course, offering, person_page, token


def heading(page):
    return page.get_by_role("heading", level=1)


def seated() -> FakeDesk:
    return FakeDesk(shown=person_page(course(TAKEN, FULL)))


def test_somebody_signs_up(site):
    """Two clicks, the second on a page that repeats the name."""
    page = site.open()
    site.press("Tilmeld mig")
    expect(heading(page)).to_have_text("Vil du tilmeldes Hold 1?")
    expect(page.get_by_text("Det gælder for Anna Eksempel.")).to_be_visible()
    assert site.desk.untouched
    site.press("Ja, tilmeld mig")
    expect(page.get_by_role("status")).to_contain_text("Du er tilmeldt Hold 1.")
    assert [(wish.kind, wish.offering) for wish in site.desk.wishes] == [(RequestKind.CHOOSE, "hold-1")]
    page.reload()
    assert len(site.desk.wishes) == 1


def test_somebody_who_thinks_again_changes_nothing(site):
    """The way back is beside the button."""
    page = site.open()
    site.press("Sig nej")
    site.press("Fortryd")
    expect(heading(page)).to_have_text("Psykologisk tryghed")
    assert site.desk.untouched


def test_somebody_gets_in_line(site):
    """The number is told."""
    page = site.open()
    site.press("Skriv mig på venteliste")
    site.press("Ja, skriv mig på venteliste")
    expect(page.get_by_role("status")).to_contain_text("som nummer 4")


def test_somebody_switches_to_another_date(new_site):
    """It says what is given up."""
    site = new_site(FakeDesk(shown=person_page(course(TAKEN, offering(2, status=None, switches=True)))))
    page = site.open()
    site.press("Skift til dette hold")
    expect(page.get_by_text("giver du slip på det hold, du har nu")).to_be_visible()
    site.press("Ja, tilmeld mig")
    expect(page.get_by_role("status")).to_contain_text("Du er tilmeldt Hold 2.")


def test_somebody_withdraws_and_says_why(new_site):
    """What was typed arrives as it was typed."""
    site = new_site(seated())
    page = site.open()
    site.press("Meld fra")
    page.get_by_label("Hvorfor melder du fra?").fill("Vi er for få\npå arbejde den dag")
    site.press("Ja, meld mig fra")
    expect(page.get_by_role("status")).to_contain_text("Du har meldt fra til Hold 1.")
    assert site.desk.wishes[0].reason == "Vi er for få\npå arbejde den dag"


def test_somebody_hands_the_seat_to_a_colleague_at_the_second_attempt(new_site):
    """An address that nobody has is told beside the field, and the summary leads there."""
    site = new_site(seated())
    site.expected = {422}
    page = site.open()
    site.press("Giv pladsen til en kollega")
    page.get_by_label("Din kollegas mailadresse").fill("clara@aadal.example")
    site.press("Ja, giv min plads videre")
    expect(page.get_by_role("alert")).to_contain_text("Vi kender ikke adressen")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Din kollegas mailadresse")).to_be_focused()
    expect(page.get_by_label("Din kollegas mailadresse")).to_have_value("clara@aadal.example")
    assert site.desk.untouched
    page.get_by_label("Din kollegas mailadresse").fill(BO)
    site.press("Ja, giv min plads videre")
    expect(page.get_by_role("status")).to_contain_text("Din kollega har overtaget din plads på Hold 1.")
    assert site.desk.wishes[0].to == BO


def test_somebody_writes_to_hr(site):
    """It is there when the page is opened again."""
    page = site.open()
    page.get_by_label("Er der noget, vi skal tage hensyn til?").fill("Nøddeallergi\n<b>og kørestol</b>")
    site.press("Gem beskeden")
    expect(page.get_by_role("status")).to_have_text("Din besked til HR er gemt.")
    expect(page.get_by_label("Er der noget, vi skal tage hensyn til?")).to_have_value("Nøddeallergi\n<b>og kørestol</b>")
    assert site.desk.notes == ["Nøddeallergi\n<b>og kørestol</b>"]


def test_somebody_else_took_the_last_seat(site):
    """It is told, and the page shows how things are now."""
    site.expected = {409}
    page = site.open()
    site.press("Tilmeld mig")
    site.desk.refuses = RefusalReason.FULL
    site.press("Ja, tilmeld mig")
    expect(page.get_by_role("alert")).to_contain_text("Der er desværre fyldt")
    expect(heading(page)).to_have_text("Psykologisk tryghed")


def test_two_links_in_two_tabs_do_not_disturb_each_other(site):
    """The form in the first tab still works after the second was opened."""
    page = site.open("/confirm?action=choose&offering=hold-1")
    second = page.context.new_page()
    second.goto(f"{site.base_url}/p/{token()}")
    site.press("Ja, tilmeld mig")
    expect(page.get_by_role("status")).to_contain_text("Du er tilmeldt Hold 1.")


def test_a_form_on_somebody_elses_site_changes_nothing(site):
    """Our cookie and our page's origin are missing."""
    site.expected = {403}
    site.open()
    address = f"{site.base_url.replace('127.0.0.1', 'localhost')}/p/{token()}/confirm"
    fields = '<input name="action" value="choose"><input name="offering" value="hold-1"><button>x</button>'
    elsewhere = site.page.context.new_page()
    elsewhere.set_content(f'<form method="post" action="{address}">{fields}</form>')
    elsewhere.get_by_role("button").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Der blev ikke ændret noget")
    assert site.desk.untouched


def test_a_forwarded_link_shows_whose_it_is(site):
    """At the top, before anything else can be read."""
    page = site.open()
    expect(page.get_by_role("banner")).to_contain_text("Denne side tilhører Anna Eksempel")
    expect(page.get_by_role("contentinfo")).to_contain_text("Er du ikke Anna Eksempel? Så luk siden.")


def test_an_english_speaker_finds_an_english_page(new_site):
    """And the Danish one is a click away."""
    site = new_site(FakeDesk(shown=person_page(language=Language.EN)))
    page = site.open()
    site.press("Sign me up")
    expect(heading(page)).to_have_text("Sign up for Hold 1?")
    site.press("Yes, sign me up")
    expect(page.get_by_role("status")).to_contain_text("You are registered for Hold 1.")
    site.press("Dansk")
    expect(page.get_by_role("banner")).to_contain_text("Denne side tilhører")


def test_an_ended_link_says_whom_to_write_to(site):
    """And nothing about the course."""
    site.expected = {410}
    page = site.open(of=token(made_at=TOO_OLD))
    expect(heading(page)).to_have_text("Linket gælder ikke længere")
    expect(page.get_by_role("link", name="hr@aadal.example")).to_be_visible()


def test_the_keyboard_is_enough(site):
    """First to the content, then from one thing to the next, with the focus to be seen."""
    page = site.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Spring til indholdet")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tilmeld mig")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ja, tilmeld mig").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Du er tilmeldt Hold 1.")


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.WAITLISTED])
def test_a_phone_is_enough(new_site, status):
    """The same clicks on 320 pixels."""
    site = new_site(FakeDesk(shown=person_page(course(offering(status=status, position=1, waiting=1)))), viewport=PHONE)
    page = site.open()
    site.press("Meld fra" if status is Status.REGISTERED else "Træk mig fra ventelisten")
    site.press("Ja, meld mig fra")
    expect(page.get_by_role("status")).to_contain_text("Du har meldt fra til Hold 1.")


def test_the_server_writes_no_link_and_no_address(site, caplog, capfd):
    """Not at the most talkative level either: whoever reads the log could act for people."""
    caplog.set_level(logging.DEBUG)
    link = token()
    page = site.open(of=link)
    site.press("Tilmeld mig")
    site.press("Ja, tilmeld mig")
    expect(page.get_by_role("status")).to_be_visible()
    written = caplog.text + "".join(capfd.readouterr())
    assert "web.decided" in written
    assert [secret for secret in (link, ANNA, "Anna") if secret in written] == []


def test_a_delegate_sees_for_whom_it_is_and_the_log_gets_their_name(new_site):
    """At the top of every page, and in the question before something happens."""
    acting = {"by": "sekr@aadal.example", "by_name": "Sia Sekretær"}
    shown = replace(person_page(course(replace(offering(1, status=Status.INVITED), answered_by="Sia Sekretær"), FULL)), **acting)
    site = new_site(FakeDesk(shown=shown))
    page = site.open()
    expect(page.get_by_text("Du, Sia Sekretær, svarer for Anna Eksempel")).to_be_visible()
    expect(page.get_by_text("Svaret af Sia Sekretær på vegne af Anna Eksempel.")).to_be_visible()
    site.press("Tilmeld mig")
    expect(page.get_by_text("Du, Sia Sekretær, svarer for Anna Eksempel")).to_be_visible()
    expect(page.get_by_text("Det gælder for Anna Eksempel.")).to_be_visible()
    site.press("Ja, tilmeld mig")
    assert site.desk.noted == [("sekr@aadal.example", "choose")]
    assert [one.by for one in site.desk.wishes] == ["sekr@aadal.example"]
