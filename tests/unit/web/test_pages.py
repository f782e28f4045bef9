"""What people see when they open a link, in both languages, and that looking changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.links import EndedLink, LinkEnd, Purpose
from bot.domain.pages import OtherCourse
from bot.domain.people import Language
from bot.domain.programme import Material
from bot.domain.registrations import RegistrationStatus as Status
from tests.builders.fake_desk import (
    CHOOSE,
    CLARA,
    FEED,
    FULL,
    GIVE_UP,
    TAKEN,
    TOO_OLD,
    FakeDesk,
    course,
    offering,
    person_page,
    session,
    token,
)
from tests.unit.web.visitor import FROM_OUR_PAGE, Seen, Visitor

NASTY = "<img src=x onerror=alert(1)>{{ 7*7 }}\"'&\u202e<script>alert(2)</script>"
EVERY_STATUS = {
    Status.INVITED: "Du er inviteret, men har ikke svaret endnu.",
    Status.REGISTERED: "Du er tilmeldt.",
    Status.TENTATIVE: "Du har svaret »måske«, og det giver ingen plads.",
    Status.DECLINED: "Du har sagt nej.",
    Status.WAITLISTED: "Du står på venteliste som nummer 2 af 5.",
    Status.WITHDRAWN: "Du er meldt fra.",
    Status.AWAITING: "Din tilmelding venter på din leders ja.",
}
EVERY_PAST_STATUS = {
    Status.INVITED: "Du svarede ikke.",
    Status.REGISTERED: "Du var tilmeldt.",
    Status.TENTATIVE: "Du svarede »måske«.",
    Status.DECLINED: "Du sagde nej.",
    Status.WAITLISTED: "Du stod på venteliste.",
    Status.WITHDRAWN: "Du meldte fra.",
    Status.AWAITING: "Din tilmelding ventede på din leders ja.",
}


def visitor_of(*offerings, **facts) -> Visitor:
    return Visitor(FakeDesk(shown=person_page(course(*offerings, **facts))))


def test_the_page_shows_the_course_and_where_the_person_stands():
    """What, when, where, how many seats, by when, and what can be done."""
    text = visitor_of(TAKEN, FULL).read().text
    for told in (
        "Aadal Kommune",
        "Denne side tilhører Anna Eksempel",
        "Psykologisk tryghed",
        "Tema: Sundt arbejdsmiljø",
        "Et temakursus om det, du selv kan gøre.",
        "Tid og sted Hold 1 Du er tilmeldt. onsdag den 18. juni 2025 kl. 09.00–15.30, Kulturhuset, Torvet 1 12 ledige pladser",
        "Alle pladser er optaget. På venteliste: 3.",
        "Meld fra",
        "Giv pladsen til en kollega",
        "Skriv mig på venteliste",
        "Førstehjælp – mandag den 1. september 2025 kl. 09.00 (tilmeldt)",
        "Er du ikke Anna Eksempel? Så luk siden.",
        "hr@aadal.example",
    ):
        assert told in text


@pytest.mark.parametrize(("status", "told"), EVERY_STATUS.items())
def test_every_status_has_its_words(status, told):
    """A person reads sentences, not codes."""
    assert told in visitor_of(offering(status=status, position=2, waiting=5)).read().text


def test_every_status_is_one_of_those():
    """A new status needs words."""
    assert EVERY_STATUS.keys() == EVERY_PAST_STATUS.keys() == set(Status)


def test_a_date_shows_what_is_known_of_it():
    """A period without a date, whole days, a session of its own name, a meeting in Teams, the last seat."""
    seen = visitor_of(
        offering(free=1, sessions=(session(start=None, end=None, period="uge 23"), session(title="Opfølgning", place="", online=True))),
        offering(2, free=None, sessions=(session(start=datetime(2025, 6, 2), end=datetime(2025, 6, 4), all_day=True),)),
    ).read()
    for told in ("uge 23, Kulturhuset", "Opfølgning: onsdag den 18. juni 2025 kl. 09.00–15.30, Teams", "1 ledig plads", "3. juni 2025"):
        assert told in seen.text
    assert "None" not in seen.text


def test_the_language_is_the_persons_and_can_be_switched():
    """The switch leads to the same page, and every link on it stays in that language."""
    visitor = Visitor(FakeDesk(shown=person_page(language=Language.EN)))
    english = visitor.read()
    assert english.all("html", "lang") == ["en"]
    assert "This page belongs to Anna Eksempel" in english.text
    (switch,) = [href for href in english.all("a", "href") if href.endswith("lang=da")]
    danish = Seen(visitor.send("GET", switch).text)
    assert danish.all("html", "lang") == ["da"]
    assert "Denne side tilhører Anna Eksempel" in danish.text
    assert all("lang=da" in href for href in danish.all("a", "href") if "/confirm" in href)


def test_the_switch_on_the_question_asks_the_same_question():
    """Nobody has to begin again."""
    visitor = Visitor()
    (switch,) = [href for href in visitor.read("/confirm?action=choose&offering=hold-1").all("a", "href") if href.endswith("lang=en")]
    assert "Sign up for Hold 1?" in Seen(visitor.send("GET", switch).text).text


@pytest.mark.parametrize("address", ["", "?lang=xx", "?lang=en", "?done=seat&offering=hold-1", "/confirm?action=choose&offering=hold-1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_an_address_decides_nothing(method, address):
    """Mail scanners open every link, some twice."""
    visitor = Visitor()
    assert visitor.send(method, visitor.link + address).status_code == 200
    assert visitor.desk.untouched
    assert visitor.told == []


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("choose", "Vil du tilmeldes Hold 1?"),
        ("give_up", "Vil du melde fra til Hold 1?"),
        ("hand_over", "Vil du give din plads på Hold 1 videre?"),
    ],
)
def test_the_question_says_whose_it_is_and_what_it_is_about(action, words):
    """A forwarded link must not change anything by accident."""
    seen = visitor_of(offering(actions=frozenset({CHOOSE, GIVE_UP, *TAKEN.actions}))).read(f"/confirm?action={action}&offering=hold-1")
    assert words in seen.text
    assert "Det gælder for Anna Eksempel. Er du ikke Anna Eksempel? Så luk siden." in seen.text
    assert "onsdag den 18. juni 2025" in seen.text
    assert "Fortryd" in seen.text


def test_the_question_says_what_a_switch_gives_up():
    """A seat elsewhere is lost with it."""
    seen = visitor_of(TAKEN, offering(2, switches=True)).read("/confirm?action=choose&offering=hold-2")
    assert "Får du plads her, giver du slip på det hold, du har nu." in seen.text


@pytest.mark.parametrize("address", ["?action=hand_over&offering=hold-1", "?action=choose&offering=x", "?action=enrol&offering=hold-1", ""])
def test_a_question_that_makes_no_sense_leads_to_the_page(address):
    """The page has what can be done now."""
    answer = Visitor().get(f"/confirm{address}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{answer.request.url.path.removesuffix('/confirm')}?")


@pytest.mark.parametrize(
    ("done", "status", "told"),
    [
        ("seat", Status.REGISTERED, "Du er tilmeldt Hold 1."),
        ("seat", Status.WITHDRAWN, ""),
        ("line", Status.WAITLISTED, "til Hold 1 som nummer 2"),
        ("line", Status.REGISTERED, ""),
        ("given_up", Status.WITHDRAWN, "Du har meldt fra til Hold 1."),
        ("given_up", Status.REGISTERED, ""),
        ("handed_over", Status.WITHDRAWN, "Din kollega har overtaget"),
        ("nonsense", Status.REGISTERED, ""),
    ],
)
def test_a_notice_in_an_address_is_shown_as_long_as_it_is_true(done, status, told):
    """Addresses are kept, reloaded and made up."""
    seen = visitor_of(offering(status=status, position=2)).read(f"?done={done}&offering=hold-1")
    assert told in seen.text
    assert ("alert alert-success" in seen.all("div", "class")) is bool(told)


def test_a_notice_about_a_date_that_is_gone_is_not_shown():
    """The plan may have changed since."""
    assert "alert alert-success" not in Visitor().read("?done=seat&offering=hold-9").all("div", "class")


@pytest.mark.parametrize(("fact", "told"), [("cancelled", "Kurset er aflyst."), ("over", "Kurset er holdt.")])
def test_a_course_that_is_no_more_says_so_and_offers_nothing(fact, told):
    """Nobody signs up for it, and nobody is told to come."""
    seen = visitor_of(TAKEN, FULL, **{fact: True}).read()
    assert told in seen.text
    assert seen.forms == []
    assert [href for href in seen.all("a", "href") if "/confirm" in href] == []
    assert "Du er tilmeldt" not in seen.text
    assert "Svar senest" not in seen.text


def test_who_has_a_place_is_not_asked_to_choose_and_the_switch_is_not_the_main_button():
    """The heading, the deadline and the dark button are for those whose answer is still wanted."""
    unasked = offering(2, status=None, switches=True, actions=frozenset({CHOOSE}))
    chosen = visitor_of(TAKEN, unasked).read()
    assert "Vælg et hold" not in chosen.text
    assert "Svar senest" not in chosen.text
    assert "button button-primary" not in chosen.all("a", "class")
    open_still = visitor_of(offering(), offering(2)).read()
    assert "Svar senest torsdag den 1. maj 2025 kl. 12.00. " in open_still.text
    assert "Vælg et hold" in open_still.text
    assert open_still.all("a", "class").count("button button-primary") == 2
    # Of dates that do not exclude each other, one may be taken and the next still be asked about.
    assert "Svar senest" in visitor_of(TAKEN, offering(2)).read().text


def test_a_no_to_one_session_of_several_shows_as_that():
    """What is left of the seat, and what is not; in line, or not answered, the no stands beside it."""
    sessions = (session(title="Den nye retningslinje", said_no=True), session(19, title="I praksis"), session(20, title=""))
    seated = visitor_of(offering(status=Status.REGISTERED, sessions=sessions)).read().text
    assert "Du er tilmeldt: I praksis; fredag den 20. juni 2025 kl. 09.00–15.30. Du har sagt nej til: Den nye retningslinje." in seated
    assert "Kulturhuset, Torvet 1 (du har sagt nej) I praksis" in seated
    waiting = visitor_of(offering(status=Status.WAITLISTED, sessions=sessions[:2], position=2, waiting=5)).read().text
    assert "Du står på venteliste som nummer 2 af 5. Du har sagt nej til: Den nye retningslinje." in waiting
    nothing_left = visitor_of(offering(status=Status.REGISTERED, sessions=sessions[:1])).read().text
    assert "Du har sagt nej til: Den nye retningslinje." in nothing_left
    assert "Du er tilmeldt" not in nothing_left


@pytest.mark.parametrize("whole", [True, False])
def test_afterwards_the_page_says_what_the_persons_part_was(whole):
    """With what there is to read, and where to say what one thinks; also while another date is still to come."""
    held = offering(status=Status.REGISTERED, actions=frozenset(), over=True, unconfirmed=True)
    material = Material(title="Slides", url="https://aadal.example/slides.pdf?a=1&b=2")
    visitor = visitor_of(
        held,
        *([] if whole else [offering(2, status=None)]),
        over=whole,
        materials=(material,),
        evaluation="https://aadal.example/evaluering",
    )
    seen = visitor.read()
    assert "Du var tilmeldt." in seen.text
    assert "Kan du stadig?" not in seen.text
    assert ("Kurset er holdt." in seen.text) is whole
    assert {"https://aadal.example/evaluering", "https://aadal.example/slides.pdf?a=1&b=2"} <= set(seen.all("a", "href"))
    assert "Slides Evaluér kurset" in seen.text
    assert "Evaluér" not in visitor_of(held, over=whole).read().text


@pytest.mark.parametrize(("status", "told"), EVERY_PAST_STATUS.items())
def test_every_status_has_its_words_in_the_past_too(status, told):
    """A course that is over is told of as over."""
    assert told in visitor_of(offering(status=status), over=True).read().text


def test_a_seat_that_was_not_confirmed_since_the_date_was_moved_is_asked_about():
    """The answer goes where the invitation is."""
    asked = "Datoen er flyttet, siden du svarede. Kan du stadig? Svar på invitationen i din Outlook-kalender."
    moved = replace(TAKEN, unconfirmed=True)
    assert asked in visitor_of(moved).read().text
    assert asked not in visitor_of(TAKEN).read().text
    assert asked not in visitor_of(moved, cancelled=True).read().text


def test_a_cancelled_course_says_why():
    """As far as HR says."""
    assert (
        "Kurset er aflyst. Begrundelse: Underviseren er syg"
        in visitor_of(TAKEN, cancelled=True, cancel_reason="Underviseren er syg").read().text
    )
    assert "Begrundelse" not in visitor_of(TAKEN, cancelled=True).read().text


def test_another_course_that_is_cancelled_is_not_said_to_be_on():
    other = OtherCourse(title="Førstehjælp", when=None, status=Status.REGISTERED, cancelled=True)
    assert "Førstehjælp (aflyst)" in Visitor(FakeDesk(shown=person_page(others=(other,)))).read().text


def test_a_closed_course_says_so_and_what_still_works():
    """Past the deadline, or before sign-up opens."""
    closed = visitor_of(offering(actions=frozenset({GIVE_UP})), open=False).read().text
    assert "Der er ikke åbent for tilmelding. Du kan stadig melde fra." in closed
    assert "Du kan stadig" not in visitor_of(offering(actions=frozenset()), open=False).read().text
    assert "ikke åbent" not in visitor_of(offering(), open=False).read().text


def test_a_plain_course_takes_less_room():
    """No theme, description, deadline or other courses, one date without a name."""
    shown = person_page(course(offering(title="", free=None), theme="", description="", deadline=None), others=())
    text = Visitor(FakeDesk(shown=shown)).read().text
    assert "Tid og sted Psykologisk tryghed" in text
    for absent in ("Tema", "Svar senest", "andre kurser"):
        assert absent not in text


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.TENTATIVE, Status.WAITLISTED])
def test_other_courses_are_listed_with_where_the_person_stands(status):
    """One without a date too."""
    shown = person_page(others=(OtherCourse(title="Førstehjælp", when=None, status=status),))
    assert "Førstehjælp (" in Visitor(FakeDesk(shown=shown)).read().text


def test_whatever_stands_in_plan_and_directory_is_text_on_the_page():
    """Titles, names, places, notes and addresses may mean harm."""
    evil = offering(
        offering='"><b>x', title=NASTY, sessions=(session(title=NASTY, place=NASTY), session(start=None, end=None, period=NASTY))
    )
    view = course(evil, title=NASTY, theme=NASTY, description=f"{NASTY}\n\n[x](javascript:alert(3))", note=f"</textarea>{NASTY}")
    shown = person_page(
        view, name=NASTY, organisation=NASTY, contact=f'"{NASTY}', others=(OtherCourse(title=NASTY, when=None, status=Status.REGISTERED),)
    )
    visitor = Visitor(FakeDesk(shown=shown))
    for address in ("", "/confirm?action=choose&offering=%22%3E%3Cb%3Ex", "/confirm?action=give_up&offering=%22%3E%3Cb%3Ex"):
        seen = visitor.read(address)
        assert {"script", "img", "b"} & {tag for tag, _ in seen.elements} == set()
        assert not any(name.startswith("on") or name == "style" for _, facts in seen.elements for name in facts)
        assert [href for href in seen.all("a", "href") if "javascript" in href] == []
        assert "\u202e" not in seen.text
        assert "{{ 7*7 }}" in seen.text
        assert "<script>alert(2)</script>" in seen.text
    assert visitor.read().forms[0].fields["text"] == f"</textarea>{NASTY}"


def test_a_title_has_the_name_of_course_and_person():
    """Two tabs are told apart."""
    assert "<title>Psykologisk tryghed – Anna Eksempel</title>" in Visitor().get().text


@pytest.mark.parametrize(
    ("lang", "told", "ask"), [("da", "Linket gælder ikke længere", "Er du i tvivl"), ("en", "no longer valid", "If you have")]
)
def test_an_ended_link_says_so_and_whom_to_write_to(lang, told, ask):
    """In the person's language; the name is not told any more."""
    desk = FakeDesk(shown=person_page(language=Language(lang)))
    answer = Visitor(desk).send("GET", f"/p/{token(made_at=TOO_OLD)}")
    assert answer.status_code == 410
    text = Seen(answer.text).text
    assert told in text
    assert ask in text
    assert "hr@aadal.example" in text
    assert "Anna" not in text


@pytest.mark.parametrize(("why", "status"), [(LinkEnd.EXPIRED, 410), (LinkEnd.RENEWED, 410), (LinkEnd.LEFT, 410), (LinkEnd.GONE, 404)])
def test_whyever_a_link_opens_nothing_it_is_told_in_words_and_whom_to_write_to(why, status):
    """And nothing is decided with it."""
    desk = FakeDesk(shown=EndedLink(why=why, language=Language.EN, contact="hr@aadal.example"))
    answer = Visitor(desk).get()
    text = Seen(answer.text).text
    assert (answer.status_code, "hr@aadal.example" in text, "Write to HR" in text or "write to HR" in text) == (status, True, True)
    assert Visitor(desk).send("POST", f"/p/{token()}/confirm", headers=FROM_OUR_PAGE).status_code == status
    assert desk.untouched


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        (f"/p/{token()[:-2]}", 404, "Siden findes ikke"),
        ("/p/x", 404, "Siden findes ikke"),
        ("/p/%C3%A5/confirm?action=choose", 404, "Siden findes ikke"),
        (f"/p/{token(purpose=Purpose.FEED)}", 404, "Siden findes ikke"),
        (f"/p/{token(person=CLARA)}", 410, "Du står ikke længere blandt dem"),
        (f"/p/{token(person='nobody-s-id')}", 404, "Her er ikke noget mere"),
        (f"/p/{token(course='andet')}", 404, "Her er ikke noget mere"),
        (f"/p/{token(plan='andet')}", 404, "Her er ikke noget mere"),
        ("/", 404, "Siden findes ikke"),
        ("/static/css/nothing.css", 404, "Siden findes ikke"),
        ("/static/../app.py", 404, "Siden findes ikke"),
    ],
)
def test_every_other_address_leads_to_a_kind_page(address, status, told):
    """With the status that a machine expects."""
    answer = Visitor().send("GET", address)
    assert answer.status_code == status
    assert told in Seen(answer.text).text


@pytest.mark.parametrize(("asked", "lang"), [("en-GB,en;q=0.9", "en"), ("da", "da"), ("de;q=1", "da"), ("", "da")])
def test_a_stranger_is_spoken_to_as_the_browser_asks(asked, lang):
    """There is no person to know the language of."""
    assert Seen(Visitor().send("GET", "/p/x", headers={"Accept-Language": asked}).text).all("html", "lang") == [lang]


def test_the_feed_is_a_calendar_behind_its_own_link():
    """The personal token does not open it, and nobody learns why not."""
    visitor = Visitor()
    answer = visitor.send("GET", f"/feed/{token(purpose=Purpose.FEED, person='', course='')}.ics")
    assert (answer.status_code, answer.content) == (200, FEED)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    for wrong in (token(), token(purpose=Purpose.FEED, made_at=TOO_OLD), token(purpose=Purpose.FEED, plan="andet"), "x"):
        assert visitor.send("GET", f"/feed/{wrong}.ics").status_code == 404


def test_it_says_that_it_is_alive():
    """For whoever watches it."""
    assert Visitor().send("GET", "/healthz").text == "ok"


def test_the_page_is_of_this_moment():
    """What was decided elsewhere shows when the page is opened again."""
    visitor = visitor_of(offering())
    assert "har ikke svaret" in visitor.read().text
    visitor.desk.shown = replace(visitor.desk.shown, course=course(TAKEN))
    assert "Du er tilmeldt." in visitor.read().text
