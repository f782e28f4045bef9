"""The list at the door on a phone: for everybody, with and without a net, and behind a helper's link."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.desks.day.door import DoorDesk
from bot.desks.person.page import BookDesk
from bot.desks.plan import BookPlanDesk
from bot.domain.door_links import DoorGrant
from bot.links import door_link
from bot.opening.stores import open_stores
from bot.web.app import create_app
from bot.web.server import served
from config.settings import Settings
from tests.builders.browsers import DESK_TOP, PHONE, assert_everybody_can_use, assert_everybody_can_use_on_every_screen, new_window
from tests.builders.course_books import LEADERSHIP, PLAN, fill
from tests.builders.signing_in import SECRET, free_port

START = datetime(2025, 6, 18, 7, tzinfo=UTC)
GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}
DOOR = f"/courses/{LEADERSHIP.id}/door?plan=by&offering=hold-1&session=dag-1"


@pytest.fixture
def opened(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/door.db", now=START, plan="plan.yaml", graph=GRAPH)
    with open_stores(settings) as stores:
        fill(stores, settings)
        yield settings, stores


class Net:
    """The way from the phone to the pages; gone, nobody listens."""

    def __init__(self, app, port):
        self.app, self.port = app, port
        self.come()

    def go(self):
        self.server.__exit__(None, None, None)

    def come(self):
        self.server = served(self.app, port=self.port)
        self.server.__enter__()


@pytest.fixture
def net(opened):
    settings, stores = opened
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    app = create_app({"by": BookDesk(settings, PLAN, stores)}, secret=SECRET, base_url=home, now=lambda: START)
    way = Net(app, port)
    yield way
    way.go()


@pytest.fixture
def helper(browser, net):
    """A phone that has opened a helper's link."""
    grant = DoorGrant(plan="by", course=LEADERSHIP.id, offering="hold-1", session="dag-1", made_at=START, by="hanne@by.example")
    context = new_window(browser, viewport=PHONE, locale="da-DK")
    page = context.new_page()
    assert page.goto(door_link(SECRET, f"http://127.0.0.1:{net.port}", grant)).status == 200
    yield page
    context.close()


def line(page, name):
    return page.locator("li[data-who]").filter(has_text=name)


def test_hr_says_who_came_and_gives_the_list_away(open_page, opened, tmp_path):
    settings, stores = opened
    page = open_page(DOOR, BookPlanDesk(settings, PLAN, stores), viewport=PHONE)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "list.png")
    line(page, "Åse Ågård").get_by_role("button", name="Kommet", exact=False).first.click()
    page.locator("#door-came", has_text="1").wait_for()
    page.get_by_label("Er der kommet en").fill("Gæst <b>Gæstesen</b>")
    page.get_by_role("button", name="Skriv på").click()
    line(page, "Gæst <b>Gæstesen</b>").get_by_text("Uden plads").wait_for()
    page.get_by_role("button", name="Afslut listen").click()
    page.get_by_role("button", name="Åbn listen igen").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "closed.png")
    assert line(page, "Bo O'Prøve").get_by_text("Ikke kommet").first.is_visible()
    page.get_by_role("link", name="/d/").wait_for()
    page.get_by_role("link", name="Tilbage til kurset").click()
    page.get_by_text("Kom ikke").first.wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "course.png")


def test_a_helper_sees_names_and_no_more(helper, tmp_path):
    assert_everybody_can_use(helper, tmp_path / "helper.png")
    words = helper.content()
    assert "Åse Ågård" in words
    assert "@by.example" not in words
    assert "Børn og Unge" not in words


def test_what_is_pressed_without_a_net_is_kept_and_sent_when_there_is_one(helper, net, opened):
    """The phone shows it at once; after a reload without a net it is still there, and it is sent once."""
    _, stores = opened
    helper.evaluate("navigator.serviceWorker.ready.then(() => null)")
    helper.reload()
    net.go()
    line(helper, "Åse Ågård").get_by_role("button", name="Kommet").first.click()
    line(helper, "Bo O'Prøve").get_by_role("button", name="Ikke kommet").click()
    helper.get_by_label("Er der kommet en").fill("Gæst Gæstesen")
    helper.get_by_role("button", name="Skriv på").click()
    helper.get_by_text("3 tryk er gemt på telefonen").wait_for()
    helper.reload()
    helper.get_by_text("3 tryk er gemt på telefonen").wait_for()
    assert line(helper, "Åse Ågård").get_attribute("data-came") == "yes"
    assert not stores.attendance.load_words("by")
    net.come()
    helper.evaluate("dispatchEvent(new Event('online'))")
    helper.locator("#door-net").wait_for(state="hidden")
    assert sorted((word.said.value, word.name) for word in stores.attendance.load_words("by")) == [
        ("absent", ""), ("came", ""), ("came", "Gæst Gæstesen"),
    ]  # fmt: skip


def test_a_press_works_without_script(browser, helper, opened):
    _, stores = opened
    plain = new_window(browser, java_script_enabled=False, viewport=PHONE, locale="da-DK").new_page()
    plain.goto(helper.url)
    line(plain, "Åse Ågård").get_by_role("button", name="Kommet").first.click()
    line(plain, "Åse Ågård").get_by_text("Kommet").first.wait_for()
    assert [word.said.value for word in stores.attendance.load_words("by")] == ["came"]
    plain.context.close()


def test_a_name_is_found_by_typing(helper):
    helper.get_by_label("Find et navn").fill("ågå")
    assert line(helper, "Åse Ågård").is_visible()
    assert not line(helper, "Bo O'Prøve").is_visible()


def test_a_phone_that_is_open_forgets_the_names_when_hr_ends_the_link(helper, opened):
    settings, stores = opened
    DoorDesk(settings, PLAN, stores, secret=SECRET).end_links(LEADERSHIP.id, "hold-1", "dag-1")
    line(helper, "Åse Ågård").get_by_role("button", name="Kommet").first.click()
    helper.get_by_role("heading", name="Linket er lukket").wait_for()
    assert "Åse" not in helper.content()
    assert not stores.attendance.load_words("by")


def test_hr_ends_the_links_and_gives_a_new_one(open_page, opened):
    settings, stores = opened
    page = open_page(DOOR, BookPlanDesk(settings, PLAN, stores), viewport=DESK_TOP)
    before = page.get_by_role("link", name="/d/").get_attribute("href")
    page.get_by_role("button", name="Luk de links").click()
    page.wait_for_url("**#helper")
    assert page.get_by_role("link", name="/d/").get_attribute("href") != before
    assert DoorDesk(settings, PLAN, stores, secret=SECRET).generation(LEADERSHIP.id, "hold-1", "dag-1") == 1


def test_the_door_is_found_on_the_courses_page(open_page, opened):
    settings, stores = opened
    page = open_page(f"/courses/{LEADERSHIP.id}", BookPlanDesk(settings, PLAN, stores), viewport=DESK_TOP)
    page.get_by_role("link", name="Fremmøde").first.click()
    page.get_by_role("heading", level=1).wait_for()
    assert "/door?" in page.url
