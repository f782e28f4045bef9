"""What comes after a course in a browser: its evaluation and its certificates, at the desk and for who is given a link or a code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.desks.afterwards.certificates import CertificateHand
from bot.desks.person.page import BookDesk
from bot.desks.plan import BookPlanDesk
from bot.domain.attendance import AttendanceSaid
from bot.domain.certificates import written_code
from bot.domain.evaluation import EvaluationAnswer, EvaluationForm
from bot.domain.evaluation_links import ResultsGrant
from bot.links import results_link
from bot.opening.stores import open_stores
from bot.web.app import create_app
from tests.builders.browsers import LONG, PHONE, assert_everybody_can_use_on_every_screen, borrowed_page
from tests.builders.certificates import AFTER, EVERYTHING, HELD, came, work_of
from tests.builders.course_books import LEADERSHIP, NOW, PEOPLE, fill
from tests.builders.houses import lent_house
from tests.builders.signing_in import SECRET

ASKED = replace(HELD, courses=(replace(HELD.courses[0], evaluation_form=EvaluationForm(), theme="Trivsel"), *HELD.courses[1:]))
COURSE = f"/courses/{LEADERSHIP.id}"
LATER = AFTER.replace(month=8)


@pytest.fixture
def opened(tmp_path):
    settings = work_of(None).settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{tmp_path}/afterwards.db")})
    with open_stores(settings) as stores:
        fill(stores, work_of(stores, now=NOW).settings, ASKED)
        stores.attendance.add(EVERYTHING)
        yield stores


def desk_of(stores, now=AFTER):
    return BookPlanDesk(work_of(stores, ASKED, now).settings, ASKED, stores)


def issued(stores):
    hand = CertificateHand(work_of(stores, ASKED), LEADERSHIP.id)
    hand.issue(hand.look().digest, by="hanne@by.example", noted=[])
    return stores.certificates.load_certificates(ASKED.id)


def forms(stores, many):
    for number in range(many):
        said = EvaluationAnswer(
            course=LEADERSHIP.id, offering="hold-1", question="overall", kind="scale", asked="?", answer=str(1 + number % 5)
        )
        texts = [f"Ord {number} <b>{LONG * 2}</b>\nog en linje til", "Kaffen 👍"]
        wrote = [replace(said, question=of, kind="text", answer=text) for of, text in zip(("best", "better"), texts, strict=True)]
        assert stores.evaluations.add(ASKED.id, f"leder{number}@by.example", [said, *wrote])


def test_hr_approves_certificates_and_makes_one_out_anew(open_page, opened, tmp_path):
    page = open_page(f"{COURSE}/certificates?plan=by", desk_of(opened), viewport=PHONE)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "waiting.png")
    page.get_by_role("button", name="Godkend, og send mailen til 2 personer").click()
    page.get_by_text("Beviserne er godkendt").wait_for()
    opened.books.people.save_people(ASKED.id, [replace(PEOPLE[0], name=f"Åse {LONG}")], now=AFTER)
    opened.attendance.add([came(1, "dag-1", AttendanceSaid.ABSENT, at=AFTER.replace(hour=9))])
    page.reload()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "given.png")
    page.get_by_role("button", name="Udsted på ny").click()
    page.get_by_text("Beviset er udstedt på ny").wait_for()
    assert page.get_by_role("button", name="Udsted på ny").count() == 0
    assert_everybody_can_use_on_every_screen(page, tmp_path / "anew.png")


def test_hr_reads_evaluations_and_ends_the_link(open_page, opened, tmp_path):
    forms(opened, 7)
    page = open_page("/evaluations?plan=by", desk_of(opened, LATER), viewport=PHONE)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "all.png")
    page.get_by_role("link", name=LEADERSHIP.title).click()
    page.get_by_text("7 af 7 har svaret (100 %)").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "one.png")
    before = page.get_by_role("link", name="/e/").inner_text()
    page.get_by_role("button", name="Luk de links").click()
    page.get_by_role("heading", name="Til oplægsholderen").wait_for()
    assert page.get_by_role("link", name="/e/").inner_text() != before


def test_too_few_answers_are_told_and_not_shown(open_page, opened, tmp_path):
    forms(opened, 4)
    page = open_page(f"{COURSE}/evaluation?plan=by", desk_of(opened, LATER), viewport=PHONE)
    page.get_by_text("færre end 5 har svaret").wait_for()
    assert "Ord" not in page.inner_text("main")
    assert_everybody_can_use_on_every_screen(page, tmp_path / "few.png")


def test_whoever_has_a_code_or_a_link_reads_what_is_theirs_to_read(browser, opened, tmp_path):
    """The code says yes or no and nothing else; the speaker reads what HR reads, without a sign-in."""
    forms(opened, 7)
    certificate, *_ = issued(opened)
    desk = BookDesk(work_of(opened, ASKED, LATER).settings, ASKED, opened)
    with lent_house() as house, borrowed_page(browser, viewport=PHONE, rest=house.rest) as page:
        home = house.home
        house.put(create_app({"by": desk}, secret=SECRET, base_url=home, now=lambda: LATER))
        assert page.goto(f"{home}/certificate").status == 200
        assert_everybody_can_use_on_every_screen(page, tmp_path / "check.png")
        for code, word in ((written_code(certificate.code).lower(), "Ja, beviset gælder"), ("7K3M", "Nej, koden")):
            page.get_by_label("Koden på beviset").fill(code)
            page.get_by_role("button", name="Kontrollér").click()
            page.get_by_text(word).first.wait_for()
            assert_everybody_can_use_on_every_screen(page, tmp_path / "checked.png")
            assert certificate.paper.name not in page.content()
        grant = ResultsGrant(plan="by", course=LEADERSHIP.id, made_at=LATER)
        assert page.goto(results_link(SECRET, home, grant)).status == 200
        assert_everybody_can_use_on_every_screen(page, tmp_path / "shared.png")
        assert not any(one.email in page.content() for one in PEOPLE)
