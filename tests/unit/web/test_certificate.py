"""Certificates as pages: one's own behind a link, yes or no for everybody, and HR's approval at the desk."""

from __future__ import annotations

import re

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.desks.person.page import BookDesk
from bot.desks.plan import BookPlanDesk
from bot.domain.attendance import AttendanceSaid
from bot.domain.certificates import written_code
from bot.domain.links import Grant, Purpose
from bot.domain.sign_in import Role
from bot.links import person_link
from bot.opening.stores import open_stores
from bot.web.app import create_app
from tests.builders.at_a_desk import browser_at
from tests.builders.certificates import AFTER, EVERYTHING, HELD, came, work_of
from tests.builders.course_books import LEADERSHIP, NOW, PEOPLE, fill
from tests.builders.fake_desk import BASE_URL, SECRET

DESK = f"/courses/{LEADERSHIP.id}/certificates"


@pytest.fixture
def opened(tmp_path):
    settings = work_of(None).settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{tmp_path}/c.db")})
    with open_stores(settings) as stores:
        fill(stores, work_of(stores, now=NOW).settings, HELD)
        stores.attendance.add(EVERYTHING)
        yield settings, stores


def approve(settings, stores):
    with browser_at({"by": BookPlanDesk(settings, HELD, stores)}, stores.database, Role.HR) as hr:
        page = hr.get(DESK)
        assert page.status_code == 200
        assert hr.get(f"{DESK}/pdf").headers["content-type"] == "application/pdf"
        fields = dict(re.findall(r'name="(proof|digest)" value="([^"]+)"', page.text))
        assert hr.post(DESK, data=fields | {"digest": "andet"}).status_code == 409
        assert hr.post(DESK, data=fields).status_code == 303
        assert "Ja" in hr.get(DESK).text
        return hr.get(f"/courses/{LEADERSHIP.id}").text


def test_a_code_says_yes_or_no_and_nothing_else(opened):
    settings, stores = opened
    assert DESK in approve(settings, stores)
    app = create_app({"by": BookDesk(settings, HELD, stores)}, secret=SECRET, base_url=BASE_URL, now=lambda: AFTER)
    with TestClient(app, base_url=BASE_URL, headers={"Accept-Language": "da"}) as browser:
        one = stores.certificates.load_certificates("by")[0]
        assert browser.get("/certificate").status_code == 200
        yes = browser.post("/certificate", data={"code": one.code})
        assert "Ja, beviset gælder" in yes.text
        assert one.paper.name not in yes.text
        unknown = browser.post("/certificate", data={"code": "7" * 20}).text
        said = came(0 if one.email == EVERYTHING[0].email else 1, "dag-1", AttendanceSaid.UNDO, at=AFTER.replace(hour=9))
        stores.attendance.add([said])
        revoked = browser.post("/certificate", data={"code": one.code})
        assert revoked.text == unknown == browser.post("/certificate", data={"code": "noget andet"}).text
        assert "Nej" in unknown
        answers = [browser.post("/certificate", data={"code": "x"}).status_code for _ in range(20)]
        assert answers[-1] == 429


def test_behind_a_link_is_ones_own_as_long_as_it_holds(opened):
    settings, stores = opened
    approve(settings, stores)
    (one, _) = stores.certificates.load_certificates("by")
    grant = Grant(purpose=Purpose.CERTIFICATE, plan="by", person=one.email, course=LEADERSHIP.id, made_at=AFTER)
    link = person_link(SECRET, "", grant)
    app = create_app({"by": BookDesk(settings, HELD, stores)}, secret=SECRET, base_url=BASE_URL, now=lambda: AFTER)
    with TestClient(app, base_url=BASE_URL, headers={"Accept-Language": "da"}) as browser:
        page = browser.get(link)
        assert (page.status_code, written_code(one.code) in page.text) == (200, True)
        pdf = browser.get(f"{link}/pdf?offering=hold-1")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
        assert browser.get(f"{link}/pdf?offering=andet").status_code == 404
        assert browser.get("/certificate/noget").status_code == 404
        number = next(number for number in (0, 1) if PEOPLE[number].email == one.email)
        stores.attendance.add([came(number, "dag-1", AttendanceSaid.UNDO, at=AFTER.replace(hour=9))])
        assert "gælder ikke længere" in browser.get(link).text
        assert browser.get(f"{link}/pdf?offering=hold-1").status_code == 404
