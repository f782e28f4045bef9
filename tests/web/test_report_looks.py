"""How HR's report looks in a browser: WCAG 2.2 AA by axe-core, and 320 pixels without a scroll bar, with long words in every place."""

from __future__ import annotations

import pytest

from bot.domain.people import Language
from bot.messages.report import browser_page
from tests.builders.browsers import PHONE, assert_everybody_can_use_on_every_screen, borrowed_page
from tests.builders.houses import lent_house
from tests.builders.invitations import PLAN
from tests.builders.notices import report

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"


@pytest.mark.parametrize("language", Language)
def test_a_report_can_be_read_by_everybody(browser, tmp_path, language):
    with lent_house() as house, borrowed_page(browser, viewport=PHONE, rest=house.rest) as page:
        page.goto(house.rest)
        page.set_content(browser_page([report(), report(f"{LONG} {LONG}", LONG * 2, f"{LONG.lower()}@aadal.example")], PLAN, language))
        assert_everybody_can_use_on_every_screen(page, tmp_path / "report.png", colours=language is Language.DA)


def test_the_columns_with_numbers_keep_their_headings_whole_on_a_phone(browser):
    """Cells of names give way, not those of numbers."""
    with lent_house() as house, borrowed_page(browser, viewport=PHONE, rest=house.rest) as page:
        page.goto(house.rest)
        page.set_content(browser_page([report(f"{LONG} {LONG}")], PLAN, Language.DA))
        heights = page.evaluate("[...document.querySelectorAll('th')].map(one => one.getBoundingClientRect().height)")
    assert heights
    assert max(heights) < 45, "a heading has been broken"
