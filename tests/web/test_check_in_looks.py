"""Checking in on a phone: what the QR code opens, one's own page, signed in, and the code that HR shows."""

from __future__ import annotations

import pytest

from bot.desks.person.page import BookDesk
from bot.desks.plan import BookPlanDesk
from bot.domain.links import Grant, Purpose
from bot.links import check_in_word, person_link, room_code
from bot.opening.stores import open_stores
from bot.web.app import create_app
from tests.builders.browsers import DESK_TOP, PHONE, assert_everybody_can_use, assert_everybody_can_use_on_every_screen, borrowed_page
from tests.builders.checking_in import CHECKED, PLACE, START, settings_at
from tests.builders.course_books import LEADERSHIP, PEOPLE, fill
from tests.builders.houses import lent_house
from tests.builders.signing_in import SECRET

DOOR = f"/courses/{LEADERSHIP.id}/door?plan=by&offering=hold-1&session=dag-1"
WORD = check_in_word(SECRET, PLACE)


@pytest.fixture
def opened(tmp_path):
    settings = settings_at(START, f"sqlite:///{tmp_path}/check-in.db")
    with open_stores(settings) as stores:
        fill(stores, settings, CHECKED)
        yield settings, stores


@pytest.fixture
def phone(browser, opened):
    """A phone before pages without a sign-in, and where they are."""
    settings, stores = opened
    with lent_house() as house, borrowed_page(browser, viewport=PHONE, rest=house.rest) as page:
        house.put(create_app({"by": BookDesk(settings, CHECKED, stores)}, secret=SECRET, base_url=house.home, now=lambda: START))
        yield page, house.home


def came(stores):
    return [(one.email, one.source.value) for one in stores.attendance.load_words("by")]


def test_the_code_opens_a_page_that_names_nobody(phone, tmp_path):
    page, home = phone
    assert page.goto(f"{home}/i/{WORD}").status == 200
    assert_everybody_can_use(page, tmp_path / "code.png")
    assert room_code(SECRET, PLACE) in page.content()
    assert not any(one.email in page.content() for one in PEOPLE)
    assert page.goto(f"{home}/i/{'a' * 16}").status == 404


def test_somebody_checks_in_on_their_own_page_with_the_code_of_the_room(phone, opened, tmp_path):
    page, home = phone
    _, stores = opened
    grant = Grant(purpose=Purpose.PERSON, plan="by", person=PEOPLE[0].email, course=LEADERSHIP.id, made_at=START)
    page.goto(person_link(SECRET, home, grant))
    page.get_by_label("Koden på skærmen").fill("0000" if room_code(SECRET, PLACE) != "0000" else "1111")
    page.get_by_role("button", name="Tjek ind").click()
    page.get_by_text("Den kode passer ikke").first.wait_for()
    assert_everybody_can_use(page, tmp_path / "wrong.png")
    assert came(stores) == []
    page.get_by_label("Koden på skærmen").fill(f" {room_code(SECRET, PLACE)} ")
    page.get_by_role("button", name="Tjek ind").click()
    page.get_by_text("Du er tjekket ind. Velkommen!").wait_for()
    assert_everybody_can_use(page, tmp_path / "done.png")
    assert came(stores) == [(PEOPLE[0].email, "self")]
    assert page.get_by_label("Koden på skærmen").count() == 0


def test_hr_shows_the_code_and_who_is_signed_in_checks_in(open_page, opened, tmp_path):
    settings, stores = opened
    page = open_page(DOOR, BookPlanDesk(settings, CHECKED, stores), viewport=PHONE)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "door.png")
    with page.expect_download() as got:
        page.get_by_role("link", name="Hent koden som billede").click()
    assert got.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("link", name="Vis koden på hele skærmen").click()
    page.locator("svg.qr").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "poster.png")
    address = page.locator("svg.qr").get_attribute("aria-label")
    page.goto(address.replace("/i/", "/me/here/"))
    assert_everybody_can_use_on_every_screen(page, tmp_path / "asked.png")
    page.get_by_role("button", name="Jeg er her").click()
    page.get_by_text("Sig dit navn til den, der står i døren").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "sent.png")
    assert came(stores) == []


def test_a_page_of_another_site_checks_nobody_in(open_page, opened):
    settings, stores = opened
    page = open_page("/me", BookPlanDesk(settings, CHECKED, stores), viewport=DESK_TOP)
    home = page.url.partition("/me")[0]
    assert page.request.post(f"{home}/me/here/{WORD}", form={"proof": "x"}).status == 403
    assert page.request.get(f"{home}/me/here/{'b' * 16}").status == 404
