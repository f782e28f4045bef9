"""The form about a course that is over, on a phone and a desk: everybody can read and send it, with and without script."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.evaluation import STANDARD, EvaluationForm, EvaluationKind, EvaluationQuestion, EvaluationState, OwnEvaluation
from bot.domain.people import Language
from tests.builders.browsers import PHONE, assert_everybody_can_use, assert_everybody_can_use_on_every_screen
from tests.builders.fake_desk import FakeDesk, course, offering, person_page

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"
CHOICE = EvaluationQuestion(id="igen", text=f"Vil du af sted igen? {LONG}", kind=EvaluationKind.CHOICE, options=("Ja", "Nej", LONG))
FORM = EvaluationForm(questions=(*STANDARD[:5], CHOICE))


def desk_with(state: EvaluationState, language: Language = Language.DA) -> FakeDesk:
    own = OwnEvaluation(form=FORM, offering="hold-1", state=state, closes=datetime(2025, 7, 2, 15, 30))
    return FakeDesk(shown=person_page(course(offering(over=True), over=True, own_evaluation=own), language=language))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("state", EvaluationState)
def test_the_form_and_where_it_stands_can_be_used_by_everybody(new_site, tmp_path, state, language):
    site = new_site(desk_with(state, language), scripts=True, viewport=PHONE)
    site.open("/evaluation")
    assert_everybody_can_use_on_every_screen(site.page, tmp_path / "form.png", colours=language is Language.DA)


def test_a_form_with_nothing_on_it_says_what_to_do_to_everybody(new_site, tmp_path):
    site = new_site(desk_with(EvaluationState.OPEN), scripts=True, viewport=PHONE)
    site.expected = {422}
    site.open("/evaluation")
    site.page.get_by_role("button", name="Send mit svar").click()
    assert "Svar på mindst ét spørgsmål" in site.page.inner_text("[role=alert]")
    assert_everybody_can_use(site.page, tmp_path / "nothing.png")


def test_a_thumb_fills_the_form_in_without_script_and_is_thanked(new_site):
    """What is chosen and written arrives."""
    desk = desk_with(EvaluationState.OPEN)
    site = new_site(desk, scripts=False, viewport=PHONE)
    site.open("")
    site.page.get_by_role("link", name="Evaluér kurset").click()
    site.page.get_by_role("group", name="Hvad synes du samlet set om kurset?").get_by_label("4").check()
    site.page.get_by_label("Hvad fik du mest ud af?").fill("Snakken i pausen")
    site.page.get_by_role("button", name="Send mit svar").click()
    assert "Tak for dit svar." in site.page.inner_text("main")
    assert desk.evaluations == [{"overall": "4", "best": "Snakken i pausen"}]
