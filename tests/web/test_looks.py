"""How the pages look: WCAG 2.2 AA by axe-core, 320 pixels without a scroll bar, targets that a finger meets, our own fonts."""

from __future__ import annotations

import pytest

from bot.domain.people import Language
from bot.domain.programme import Material
from bot.domain.registrations import RegistrationStatus
from tests.builders.browsers import PHONE, assert_everybody_can_use_on_every_screen, heard
from tests.builders.fake_desk import CHOOSE, FULL, GIVE_UP, HAND_OVER, TOO_OLD, FakeDesk, course, offering, person_page, session, token

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"
EVERYTHING = offering(
    actions=frozenset({CHOOSE, GIVE_UP, HAND_OVER}), sessions=(session(), session(25, title="Opfølgning", online=True, place=""))
)
DESCRIPTION = f"# Om kurset\n\n{LONG * 3}\n\n| a | b | c | d |\n|---|---|---|---|\n| {LONG} | {LONG} | {LONG} | x |\n\n> citat\n\n[her](https://aadal.example)"

PAGES = {
    "page": ("", 200),
    "done": ("?done=note", 200),
    "choose": ("/confirm?action=choose&offering=hold-1", 200),
    "give_up": ("/confirm?action=give_up&offering=hold-1", 200),
    "hand_over": ("/confirm?action=hand_over&offering=hold-1", 200),
}


def full_desk(language: Language) -> FakeDesk:
    view = course(EVERYTHING, FULL, description=DESCRIPTION, note=LONG * 4)
    return FakeDesk(shown=person_page(view, language=language, name=f"Anna {LONG}"))


def looked_at(site, name: str, looks, *, colours: bool = True) -> None:
    """Hold the page that is shown against the rules."""
    assert_everybody_can_use_on_every_screen(site.page, looks / f"{name}.png", colours=colours)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_used_by_everybody(new_site, tmp_path, name, language):
    """With the longest of words in every place."""
    site = new_site(full_desk(language), scripts=True, viewport=PHONE)
    site.open(PAGES[name][0])
    looked_at(site, name, tmp_path, colours=language is Language.DA)


@pytest.mark.parametrize("over", [False, True], ids=["moved", "held"])
def test_a_seat_in_part_can_be_read_by_everybody_before_and_after(new_site, tmp_path, over):
    """A no to one session, a date that was moved; then what there is to read, and the evaluation."""
    sessions = (session(title=LONG, said_no=True), session(25, title=LONG))
    mine = offering(status=RegistrationStatus.REGISTERED, unconfirmed=True, over=over, sessions=sessions)
    afterwards = {"materials": (Material(title=LONG * 2, url="https://aadal.example/a"),), "evaluation": "https://aadal.example/b"}
    view = course(mine, over=over, **(afterwards if over else {}))
    site = new_site(FakeDesk(shown=person_page(view)), scripts=True, viewport=PHONE)
    site.open()
    looked_at(site, "part", tmp_path)


def test_every_error_can_be_read_by_everybody(new_site, tmp_path):
    """An ended link, no link, and a form to put right."""
    site = new_site(full_desk(Language.DA), scripts=True, viewport=PHONE)
    site.expected = {404, 410, 422}
    site.open(of=token(made_at=TOO_OLD))
    looked_at(site, "expired", tmp_path)
    site.open(of="x")
    looked_at(site, "invalid", tmp_path)
    site.open("/confirm?action=hand_over&offering=hold-1")
    site.page.get_by_label("Din kollegas mailadresse").fill("clara@aadal.example")
    site.press("Ja, giv min plads videre")
    looked_at(site, "colleague", tmp_path)
    site.open()
    site.page.locator("#note").evaluate("field => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(1001) }")
    site.press("Gem beskeden")
    looked_at(site, "note", tmp_path)


def test_the_design_systems_fonts_are_ours(new_site):
    """Loaded from our own server; nothing else is asked for."""
    site = new_site(scripts=True)
    asked: list[str] = []
    with heard(site.page, "request", lambda request: asked.append(request.url)):
        site.open()
        assert site.page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"IBM Plex Sans\"'))")
    assert [url for url in asked if url.endswith(".woff2")]
    assert [url for url in asked if not url.startswith((site.base_url, "data:"))] == []
