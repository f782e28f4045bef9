"""How a course's questions look, on the own page and at the desk: WCAG 2.2 AA, a phone, hostile and very long words, no script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desks.plan import BookPlanDesk
from bot.domain.questions import READY_MADE, GivenAnswer, Question, QuestionAnswer, QuestionKind, SeenBy, Worth
from bot.domain.registrations import RegistrationStatus
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.builders.browsers import DESK_TOP, PHONE, SMALL_TARGETS, assert_everybody_can_use_on_every_screen
from tests.builders.course_books import HOSTILE, LEADERSHIP, LONG, NOW, PEOPLE, PLAN, fill
from tests.builders.fake_desk import CHOOSE, GIVE_UP, FakeDesk, course, offering, person_page

BUS = Question(id="bus", text=f"Tager du bussen? {HOSTILE}", kind=QuestionKind.YES_NO, required=True, seen_by=SeenBy.RESPONSIBLE)
FOOD = Question(
    id="mad", text="Hvad vil du spise?", kind=QuestionKind.CHOICE, options=("Kød", f"Fisk {LONG}"), seen_by=SeenBy.PARTICIPANTS, keep_days=1
)
WHY = Question(id="hvorfor", text="Hvad håber du at få med hjem?", required=True)
QUESTIONS = (READY_MADE["allergies"], BUS, FOOD, WHY)
GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}
COURSE = f"/courses/{LEADERSHIP.id}"


def answer(question, email, said, **changes):
    made = QuestionAnswer(
        plan="by", course=LEADERSHIP.id, question=question.id, email=email, answer=said, kind=question.kind, asked=question.text, at=NOW
    )
    return replace(made, **changes)


ANSWERS = (
    answer(READY_MADE["allergies"], PEOPLE[0].email, f"<b>Nødder</b> {LONG}"),
    answer(BUS, PEOPLE[0].email, "yes"),
    answer(FOOD, PEOPLE[0].email, "Kød"),
    answer(FOOD, PEOPLE[1].email, "Pizza"),
    answer(BUS, PEOPLE[2].email, "no", asked="Kører du selv?"),
)


@pytest.fixture
def desk(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/q.db", now=NOW, plan="plan.yaml", graph=GRAPH)
    plan = replace(PLAN, courses=(replace(LEADERSHIP, questions=QUESTIONS), *PLAN.courses[1:]))
    with open_stores(settings) as stores:
        fill(stores, settings, plan)
        stores.question_answers.save_answers(ANSWERS)
        yield BookPlanDesk(settings, plan, stores)


def test_signing_up_with_questions_can_be_done_put_right_and_changed_by_everybody(new_site, tmp_path):
    """Without script, in which axe cannot look."""
    given = (
        GivenAnswer(question=QUESTIONS[0]),
        GivenAnswer(question=BUS),
        GivenAnswer(question=FOOD, given=answer(FOOD, "x", "Pizza", asked=LONG), worth=Worth.EARLIER),
        GivenAnswer(question=WHY),
    )
    view = course(offering(actions=frozenset({CHOOSE})), questions=given)
    site = new_site(FakeDesk(shown=person_page(view)), scripts=False, viewport=PHONE)
    site.expected = {422}
    site.open("/confirm?action=choose&offering=hold-1")
    _fits(site.page)
    site.page.get_by_label("Har du allergier").fill("Nødder")
    site.page.locator("#q-hvorfor").evaluate("field => field.removeAttribute('required')")
    site.press("Ja, tilmeld mig")
    site.page.get_by_role("link", name="Svar på »Tager du bussen?").wait_for()
    assert site.page.get_by_label("Har du allergier").input_value() == "Nødder"
    _fits(site.page)
    site.page.get_by_role("group", name="Tager du bussen?").get_by_label("Ja").check()
    site.page.get_by_label("Hvad håber du").fill("Ro")
    site.press("Ja, tilmeld mig")
    site.page.get_by_text("Du er tilmeldt").first.wait_for()


def test_the_answers_on_ones_own_page_can_be_used_by_everybody(new_site, tmp_path):
    given = tuple(GivenAnswer(question=one, given=answer(one, "x", "yes"), worth=Worth.REWORDED) for one in (QUESTIONS[0], BUS, WHY))
    mine = offering(actions=frozenset({GIVE_UP}), status=RegistrationStatus.REGISTERED)
    fake = FakeDesk(shown=person_page(course(mine, questions=given)))
    site = new_site(fake, scripts=True, viewport=PHONE)
    site.open()
    assert_everybody_can_use_on_every_screen(site.page, tmp_path / "page.png")
    site.press("Gem svarene")
    site.page.get_by_text("Dine svar er gemt.").wait_for()
    assert fake.answers == [{"allergies": "yes", "bus": "yes", "hvorfor": "yes"}]


def test_hr_reads_the_answers_and_writes_one_down(open_page, desk, tmp_path):
    page = open_page(f"{COURSE}?view=people", desk, viewport=PHONE)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "people.png")
    page = open_page(f"{COURSE}?view=questions", desk, viewport=PHONE)
    assert "&lt;script" not in page.inner_text("main")
    assert_everybody_can_use_on_every_screen(page, tmp_path / "questions.png")
    page.get_by_role("link", name="Skriv svar").first.click()
    page.get_by_label("Har du allergier").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "form.png")
    page.get_by_label("Har du allergier").fill("Ingen")
    page.get_by_role("button", name="Gem svarene").click()
    page.get_by_text("Svarene er gemt.").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "kept.png")


def _fits(page):
    """On every screen."""
    for screen in (DESK_TOP, PHONE):
        page.set_viewport_size(screen)
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
        assert page.evaluate(SMALL_TARGETS) == []
