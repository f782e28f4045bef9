"""A plan on the desk is edited in a draft: what was typed stands in it, and nothing else changes or is lost."""

from __future__ import annotations

import json
import re

import pytest

from bot.domain.sign_in import Role
from bot.plan.desk_rows import rows_of
from tests.builders.at_a_desk import browser_at
from tests.builders.plan_on_desk import DOCUMENT, keep_plan, plan_on_desk
from tests.builders.sent_forms import form_on, typed

COURSE = "/plan/edit/course/lederdag"


@pytest.fixture
def hr(tmp_path):
    with plan_on_desk(tmp_path) as (stores, desks), browser_at(desks, stores.database, Role.HR) as browser:
        browser.stores, browser.desks = stores, desks
        yield browser


def send(hr, address, *, do, page=None, **cells):
    """The form there as it is shown, with what somebody typed, sent by a button."""
    page = page or hr.get(address).text
    action = re.search(r'<form method="post" action="([^"]*)" class="plan-form"', page)[1].replace("&amp;", "&")
    fields, buttons = form_on(page, action)
    assert do in buttons, buttons
    return hr.post(action, data=typed(fields, **cells) | {"do": do})


def kept(hr, address, **cells):
    answer = send(hr, address, do="save", **cells)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def drafts(hr):
    return hr.stores.drafts.load("by")


def cells_of(hr, sheet, row):
    """As the newest draft would have them."""
    from bot.domain.drafts import merged

    desk = hr.desks["by"]
    return merged(rows_of(desk.as_read.whole or desk.as_read), drafts(hr)[0].changes).rows.get((sheet, row), ())


FORMS = ("course/lederdag", "course/intro", "audiences", "money", "decisions", "messages", "plan")


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(hr, form, language):
    hr.headers["Accept-Language"] = language
    page = hr.get(f"/plan/edit/{form}").text
    kept(hr, f"/plan/edit/{form}", page=page)
    assert drafts(hr) == ()


def test_the_first_change_begins_a_draft_and_what_is_typed_stands_in_it_alone(hr):
    where = kept(hr, COURSE, c0__title="Lederdagen")
    (draft,) = drafts(hr)
    assert (draft.owner, len(draft.changes)) == ("hanne@by.example", 1)
    assert f"draft={draft.id}" in where
    assert 'value="Lederdagen"' in hr.get(where).text
    assert hr.desks["by"].as_read.courses[0].title == "Fælles lederdag"
    kept(hr, where, c0__theme="Ledelse")
    assert [one.id for one in drafts(hr)] == [draft.id]
    assert cells_of(hr, "courses", "lederdag")[0] == {
        "id": "lederdag", "title": "Lederdagen", "theme": "Ledelse", "status": "approved", "audience": "chefer",
        "responsible": "hr@by.example",
    }  # fmt: skip


def test_a_renamed_course_keeps_its_id(hr):
    kept(hr, COURSE, c0__title="Noget helt andet")
    assert [change.row for change in drafts(hr)[0].changes] == ["lederdag"]


def test_rows_are_added_and_removed_without_a_script(hr):
    page = send(hr, COURSE, do="add.speakers.0").text
    assert page.count('name="r') == hr.get(COURSE).text.count('name="r') + 1
    (new,) = [name for name, value in form_on(page, COURSE)[0] if re.fullmatch(r"w\d+", name) and not value]
    filled = {f"c{new[1:]}__name": "Dorte Oplæg"}
    where = kept(hr, COURSE, page=page, **filled)
    assert [one["name"] for one in cells_of(hr, "speakers", "lederdag/*")] == ["Bo Oplæg", "Clara Oplæg", "Dorte Oplæg"]
    bo = next(name[1:].split(".")[0] for name, value in form_on(hr.get(where).text, COURSE)[0] if value == "Bo Oplæg")
    page = send(hr, where, do=f"remove.{bo}").text
    assert "»Bo Oplæg« fjernes" in page
    again = send(hr, where, page=page, do=f"keep.{bo}").text
    assert 'value="Bo Oplæg"' in again
    kept(hr, where, page=page)
    assert [one["name"] for one in cells_of(hr, "speakers", "lederdag/*")] == ["Clara Oplæg", "Dorte Oplæg"]


def test_what_is_added_and_left_empty_is_nothing(hr):
    page = send(hr, COURSE, do="add.sessions.0").text
    kept(hr, COURSE, page=page)
    assert drafts(hr) == ()


def test_a_course_that_gets_a_second_date_mails_nobody_for_the_first(hr):
    page = send(hr, COURSE, do="add.offerings.0").text
    fields = form_on(page, COURSE)[0]
    places = [value for name, value in fields if re.fullmatch(r"r\d+", name)]
    assert "offerings!lederdag/!main" in places
    assert "sessions!lederdag/main/!dag" in places
    looked = send(hr, COURSE, page=page, do="look").text
    assert "Ingen får mail." in looked


def test_a_new_course_gets_an_id_of_its_title_and_none_that_there_is(hr):
    for title, ident in (("Fælles lederdag", "faelles-lederdag"), ("Lederdag", "lederdag-2")):
        where = kept(hr, "/plan/edit/course/new", c0__title=title, c0__status="proposed")
        assert f"/plan/edit/course/{ident}?" in where
    assert len(drafts(hr)) == 1


def test_what_is_wrong_stands_beside_its_field_and_may_be_kept_in_the_draft(hr):
    looked = send(hr, COURSE, do="look", **{"c0.enrolment.deadline": "i morgen"}).text
    assert re.search(r'id="c0.enrolment.deadline-told-1">', looked)
    assert 'aria-invalid="true"' in looked
    where = kept(hr, COURSE, **{"c0.enrolment.deadline": "i morgen"})
    assert 'value="i morgen"' in hr.get(where).text
    overview = hr.get("/plan/edit").text
    assert re.search(r'value="save" disabled', overview)
    fields = dict(form_on(overview, "/plan/edit")[0])
    answer = hr.post(f"/plan/edit?draft={drafts(hr)[0].id}", data={"proof": fields["proof"], "do": "save"})
    assert answer.status_code == 409
    assert hr.stores.desk_plans.look("by").number == 1


def test_who_gets_mail_stands_beside_the_form(hr):
    number = next(name for name, value in form_on(hr.get(COURSE).text, COURSE)[0] if value == "18-06-2027 15:00").split(".")[0]
    page = send(hr, COURSE, do="look", **{f"{number}__end": "18-06-2027 16:00"}).text
    assert "13 mails til 13 personer." in page
    page = send(hr, COURSE, do="look", c0__note="Husk kaffe").text
    assert "Ingen får mail." in page


def save(hr):
    (draft, *_) = drafts(hr)
    fields = dict(form_on(hr.get("/plan/edit").text, "/plan/edit")[0])
    return hr.post(f"/plan/edit?draft={draft.id}", data={"proof": fields["proof"], "do": "save"})


def test_a_saved_draft_is_the_plan_and_a_version_with_who_saved_it(hr):
    kept(hr, COURSE, c0__title="Lederdagen")
    answer = save(hr)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/plan?")
    assert hr.desks["by"].as_read.courses[0].title == "Lederdagen"
    assert drafts(hr) == ()
    assert (hr.stores.desk_plans.look("by").number, hr.stores.desk_plans.look("by").saved_by) == (2, "hanne@by.example")
    assert [one.by for one in hr.stores.revisions.load("by")] == ["hanne@by.example"] * 2
    assert {"plan draft", "plan save", "plan edit"} <= {one.command for one in hr.stores.actions.load_actions("by")}


def changed(**cells):
    document = json.loads(json.dumps(DOCUMENT))
    document["courses"][0] |= cells
    return document


def test_what_two_windows_write_in_one_draft_is_shown_and_chosen(hr):
    first = hr.get(COURSE).text
    where = kept(hr, COURSE, c0__title="Lederdagen")
    late = first.replace("/plan/edit/course/lederdag?plan=by", f"/plan/edit/course/lederdag?plan=by&amp;draft={drafts(hr)[0].id}")
    both = send(hr, COURSE, page=late, do="save", c0__title="Dagen", c0__theme="Ledelse")
    assert both.status_code == 409
    assert "Lederdagen" in both.text
    assert 'value="Dagen"' in both.text
    assert cells_of(hr, "courses", "lederdag")[0]["title"] == "Lederdagen"
    kept(hr, COURSE, page=both.text, t0__title="theirs")
    assert {cells_of(hr, "courses", "lederdag")[0][key] for key in ("title", "theme")} == {"Lederdagen", "Ledelse"}
    kept(hr, COURSE, page=both.text)
    assert cells_of(hr, "courses", "lederdag")[0]["title"] == "Dagen"
    assert hr.get(where).status_code == 200


def test_what_somebody_saved_meanwhile_stays_and_what_both_changed_is_chosen(hr):
    kept(hr, COURSE, c0__title="Lederdagen", c0__note="min")
    keep_plan(hr.stores, changed(title="Dagen for ledere", theme="Ledelse"))
    page = hr.get("/plan/edit").text
    assert "Kladden: Lederdagen" in page
    assert "Planen nu: Dagen for ledere" in page
    assert save(hr).status_code == 409
    draft = drafts(hr)[0].id
    proof = dict(form_on(page, "/plan/edit")[0])["proof"]
    answer = hr.post(f"/plan/edit?draft={draft}", data={"proof": proof, "do": "settle", "side!courses!lederdag!title": "mine"})
    assert answer.status_code == 303
    assert save(hr).status_code == 303
    course = hr.desks["by"].as_read.courses[0]
    assert (course.title, course.theme, course.note) == ("Lederdagen", "Ledelse", "min")


def test_a_form_that_was_cut_off_changes_nothing(hr):
    page = hr.get(COURSE).text
    fields, _ = form_on(page, COURSE)
    cut = [(name, value) for name, value in fields if name != "all"]
    answer = hr.post(f"{COURSE}?plan=by", data=typed(cut, c0__title="x") | {"do": "save"})
    assert answer.status_code == 422
    assert drafts(hr) == ()


def test_rows_of_another_course_are_not_taken_from_its_form(hr):
    page = hr.get(COURSE).text.replace("speakers!lederdag/!", "speakers!intro/!")
    kept(hr, COURSE, page=page)
    assert drafts(hr) == ()


def test_a_draft_is_handed_over_named_and_dropped(hr):
    kept(hr, COURSE, c0__title="Lederdagen")
    draft = drafts(hr)[0].id
    proof = dict(form_on(hr.get("/plan/edit").text, "/plan/edit")[0])["proof"]
    address = f"/plan/edit?draft={draft}"
    assert hr.post(address, data={"proof": proof, "do": "title", "title": "Nyt <b>år</b>"}).status_code == 303
    assert "Nyt &lt;b&gt;år&lt;/b&gt;" in hr.get(address).text
    assert hr.post(address, data={"proof": proof, "do": "hand", "to": "ingen"}).status_code == 422
    assert hr.post(address, data={"proof": proof, "do": "hand", "to": "Bente@by.example"}).status_code == 303
    assert [(one.owner, one.handed_by, one.title) for one in drafts(hr)] == [("bente@by.example", "hanne@by.example", "Nyt <b>år</b>")]
    assert "Vil du kassere kladden?" in hr.post(address, data={"proof": proof, "do": "drop"}).text
    assert len(drafts(hr)) == 1
    assert hr.post(address, data={"proof": proof, "do": "drop", "sure": "yes"}).status_code == 303
    assert drafts(hr) == ()
    assert hr.get(address).status_code == 404


def test_an_audience_says_who_is_in_it_today(hr):
    page = hr.get("/plan/edit/audiences").text
    assert "Alle chefer: 12 personer i dag" in page
    assert "Chef nummer 3" in page


def proof_on(hr, address="/plan"):
    return re.search(r'name="proof" value="([^"]*)"', hr.get(address).text)[1]


def test_what_was_saved_is_taken_back_while_nobody_has_approved_it(hr):
    kept(hr, COURSE, c0__title="Lederdagen")
    save(hr)
    page = hr.get("/plan").text
    assert "Fortryd" in page
    answer = hr.post("/plan/undo", data={"proof": proof_on(hr), "base": "2"})
    assert "done=undone" in answer.headers["location"]
    assert hr.desks["by"].as_read.courses[0].title == "Fælles lederdag"


def test_an_older_version_comes_back_in_a_draft(hr):
    keep_plan(hr.stores, changed(title="Dagen"))
    assert "Lav en kladde med denne udgave" in hr.get("/plan/versions/1").text
    answer = hr.post("/plan/back", data={"proof": proof_on(hr, "/plan/versions/1"), "number": "1"})
    assert answer.status_code == 303
    assert hr.desks["by"].as_read.courses[0].title == "Dagen"
    assert cells_of(hr, "courses", "lederdag")[0]["title"] == "Fælles lederdag"


def test_a_course_and_a_year_are_copied_into_a_draft(hr):
    proof = proof_on(hr, COURSE)
    answer = hr.post("/plan/copy", data={"proof": proof, "course": "lederdag", "title": "Ny lederdag"})
    assert "/plan/edit/course/ny-lederdag?" in answer.headers["location"]
    assert cells_of(hr, "courses", "ny-lederdag")[0]["status"] == "proposed"
    assert "2027 → 2028" in hr.get("/plan/edit/courses").text
    answer = hr.post("/plan/copy", data={"proof": proof, "year": "2027"})
    assert answer.status_code == 303
    (year,) = [one for one in drafts(hr) if one.id in answer.headers["location"]]
    days = {change.after[0]["start"] for change in year.changes if change.sheet == "sessions"}
    assert {day[:4] for day in days} == {"2028"}
    assert len(days) == 3
    page = hr.get(answer.headers["location"]).text
    assert "2 kurser står nu i en ny kladde" in page
    assert hr.post("/plan/copy", data={"proof": proof, "year": "9"}).status_code == 422
    assert hr.post("/plan/copy", data={"proof": proof, "course": "x", "title": "x"}).status_code == 404


def test_an_audience_of_many_listed_people_is_one_form(hr):
    """Each of them has fields of their own, and a form of a thousand fields is refused by itself."""
    document = json.loads(json.dumps(DOCUMENT))
    document["audiences"]["nye"]["people"] = [{"email": f"p{n}@by.example", "name": f"Prøve {n}"} for n in range(300)]
    keep_plan(hr.stores, document)
    page = hr.get("/plan/edit/audiences").text
    assert page.count(' name="') > 1000
    kept(hr, "/plan/edit/audiences", page=page)
    assert drafts(hr) == ()


def test_what_waits_for_a_choice_is_not_lost_when_something_is_copied(hr):
    where = kept(hr, COURSE, c0__title="Mine ord")
    keep_plan(hr.stores, changed(title="Deres ord"))
    page = hr.get(where.partition("&done")[0]).text
    action = re.search(r'action="(/plan/copy[^"]*)"', page)[1].replace("&amp;", "&")
    assert hr.post(action, data={"proof": proof_on(hr, COURSE), "course": "intro", "title": "Intro igen"}).status_code == 303
    shown = hr.get("/plan/edit").text
    assert "Mine ord" in shown
    assert "Deres ord" in shown
    assert {change.row for change in drafts(hr)[0].changes} >= {"lederdag", "intro-igen"}


def test_an_offering_is_copied_and_what_stood_straight_under_the_course_is_the_first(hr):
    assert 'id="copy-offering"' in hr.get(COURSE).text
    sent = {"proof": proof_on(hr, COURSE), "course": "lederdag", "offering": "main", "title": "Hold 2", "days": "7"}
    answer = hr.post("/plan/copy", data=sent)
    assert "/plan/edit/course/lederdag?" in answer.headers["location"]
    assert cells_of(hr, "offerings", "lederdag/main")[0]["title"] == "Hold 1"
    assert cells_of(hr, "sessions", "lederdag/main/dag")[0]["start"] == "2027-06-18T09:00"
    assert cells_of(hr, "sessions", "lederdag/hold-2/dag")[0]["start"] == "2027-06-25T09:00"
    for wrong, status in (({"offering": "hold-9"}, 404), ({"days": "-1"}, 422), ({"days": "9999"}, 422)):
        assert hr.post("/plan/copy", data=sent | wrong).status_code == status


def test_money_that_does_not_come_along_to_the_new_year_is_told(hr):
    document = json.loads(json.dumps(DOCUMENT))
    document["funding"]["pulje"]["name"] = "Puljen 2027"
    document["courses"][0]["funding"] = [{"pool": "pulje", "amount": 1000}]
    keep_plan(hr.stores, document)
    answer = hr.post("/plan/copy", data={"proof": proof_on(hr, COURSE), "year": "2027"})
    assert "1 kursus har mistet penge" in hr.get(answer.headers["location"]).text


def test_a_file_is_taken_in_as_a_draft_and_nothing_else(hr):
    from bot.domain.people import Language
    from bot.plan import parse_plan
    from bot.plan.workbook_writer import render_workbook
    from tests.builders.plan_on_desk import NOW

    document = changed(title="Fra Excel") | {"id": "andet"}
    plan = parse_plan(json.dumps(document).encode(), name="x.yaml", now=NOW).plan
    proof = proof_on(hr, "/plan/import")
    answer = hr.post("/plan/import", data={"proof": proof}, files={"file": ("plan.xlsx", render_workbook(plan, Language.DA))})
    assert answer.status_code == 303
    assert [(one.sheet, one.row) for one in drafts(hr)[0].changes] == [("courses", "lederdag")]
    bad = hr.post("/plan/import", data={"proof": proof}, files={"file": ("plan.yaml", b"version: 1\ncourses: <script>")})
    assert bad.status_code == 422
    assert "<script>" not in bad.text.split("<main")[1]
    assert hr.post("/plan/import", data={"proof": proof}).status_code == 422
    assert len(drafts(hr)) == 1


def test_an_empty_plan_is_begun_where_the_service_has_no_other(tmp_path):
    from bot.desks.plans.store import plan_store
    from bot.opening.stores import open_stores
    from tests.builders.plan_on_desk import DesksOfBooks, settings_in

    settings = settings_in(tmp_path, "by")
    said = {"organisation": "Prøveby", "organiser": "kurser@by.example", "contact": "hr@by.example", "timezone": "Europe/Copenhagen"}
    with open_stores(settings) as stores:
        empty = {"by": plan_store(settings, stores)}
        with browser_at({}, stores.database, Role.HR, empty=empty) as browser:
            assert browser.get("/plan").headers["location"] == "/plan/begin"
            page = browser.get("/plan/begin").text
            proof = re.search(r'name="proof" value="([^"]*)"', page)[1]
            wrong = browser.post("/plan/begin", data={"proof": proof, **said, "timezone": "Månen", "language": "da"})
            assert wrong.status_code == 422
            assert 'value="Prøveby"' in wrong.text
            assert "Planen er begyndt" in browser.post("/plan/begin", data={"proof": proof, **said, "language": "da"}).text
        assert DesksOfBooks(settings, stores)["by"].as_read.organisation == "Prøveby"
        with browser_at({}, stores.database, Role.READER, empty=empty) as browser:
            assert browser.get("/plan/begin").status_code == 403


def test_an_audience_that_is_called_otherwise_mails_nobody(hr):
    assert "Ingen får mail." in send(hr, "/plan/edit/audiences", do="look", c0__name="Chefer").text
    kept(hr, "/plan/edit/audiences", c0__name="Chefer")
    assert [one.row for one in drafts(hr)[0].changes] == ["chefer"]
