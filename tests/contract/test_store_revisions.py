"""What a plan was before is kept once for each content, by whoever reads it; a person goes out of it, and in time it goes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.people import Person
from bot.domain.revisions import PlanRevision, RevisionSource
from bot.plan import parse_plan
from bot.store.erasure import erase_person
from bot.store.people import SqlPeopleBook
from bot.store.revision_people import NOBODY
from bot.store.revisions import SqlRevisionBook, forget_revisions

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
REVISION = PlanRevision(plan="by", number=0, at=AT, source=RevisionSource.LINK, name="Kurser.xlsx", by="Bente Eksempel", stamp="sha256:1 a")
GONE, STAYS = "anna.prøve@by.example", "bo@by.example"


def said(title: str) -> dict[str, object]:
    return {"id": "by", "courses": [{"id": "a", "title": title}]}


def test_each_content_is_kept_once_with_who_when_and_from_where(database) -> None:
    book = SqlRevisionBook(database)
    assert (book.newest("by"), book.load("by"), book.load_document("by", 1)) == (None, (), None)
    hostile = said("\0 \ud800 '; DROP TABLE plan_revisions; -- <script>")
    assert book.keep(REVISION, hostile) == 1
    assert book.keep(replace(REVISION, at=AT + timedelta(days=1), by="En anden"), hostile) is None
    assert book.load("by") == (replace(REVISION, number=1),)
    assert book.load_document("by", 1) == hostile
    assert book.keep(replace(REVISION, plan="andenby"), said("a")) == 1, "each plan counts for itself"


def test_what_was_said_further_back_is_a_version_again(database) -> None:
    book = SqlRevisionBook(database)
    assert [book.keep(REVISION, said(title)) for title in ("a", "b", "a", "a")] == [1, 2, 3, None]
    assert book.load_document("by", 1) == book.load_document("by", 3)


def test_a_file_that_was_only_saved_anew_is_known_the_next_time(database) -> None:
    book = SqlRevisionBook(database)
    book.keep(REVISION, said("a"))
    assert book.keep(replace(REVISION, stamp="sha256:2 a"), said("a")) is None
    newest = book.newest("by")
    assert newest is not None
    assert (newest.number, newest.stamp, newest.file, newest.at) == (1, "sha256:2 a", "sha256:2", AT)


def test_those_who_read_the_same_at_once_keep_it_once(database) -> None:
    def keep(number: int) -> int | None:
        return SqlRevisionBook(database).keep(replace(REVISION, by=str(number)), said("a"))

    with ThreadPoolExecutor(4) as several:
        kept = list(several.map(keep, range(4)))
    assert sorted(one for one in kept if one is not None) == [1]
    assert len(SqlRevisionBook(database).load("by")) == 1


def test_what_something_else_took_the_place_of_goes_in_time_and_the_newest_stays(database) -> None:
    book = SqlRevisionBook(database)
    for days, title in enumerate("abcd"):
        book.keep(replace(REVISION, at=AT + timedelta(days=days)), said(title))
    before = AT + timedelta(days=2, hours=12)
    assert forget_revisions(database, "by", before=before, is_served=True, only_foresee=True) == 2
    assert forget_revisions(database, "by", before=before, is_served=True, only_foresee=False) == 2
    assert [one.number for one in book.load("by")] == [3, 4]
    late = AT + timedelta(days=999)
    assert forget_revisions(database, "by", before=late, is_served=True, only_foresee=False) == 1
    assert book.keep(REVISION, said("e")) == 5, "no number is given twice"
    assert forget_revisions(database, "by", before=late, is_served=False, only_foresee=False) == 2
    assert book.load("by") == ()


def test_a_person_goes_out_of_every_version_and_each_can_still_be_read(database) -> None:
    """Where a plan has to have somebody, nobody stands there: an address that no mail reaches."""
    book = SqlRevisionBook(database)
    session = {"id": "dag", "start": "2026-05-01T09:00", "end": "2026-05-01T12:00"}
    course = {
        "id": "a", "title": "Kaffe med Anna Prøve", "status": "approved", "audience": ["ene", "flere"], "responsible": GONE,
        "speakers": [{"name": "Anna Prøve", "email": GONE}, {"name": "Bo"}], "sessions": [session],
        "note": f"spørg {GONE.upper()} eller Annabel",
    }  # fmt: skip
    plan = {
        "version": 1, "id": "by", "organisation": "By", "timezone": "Europe/Copenhagen", "language": "da", "organiser": GONE,
        "contact": "hr@by.example", "courses": [course],
        "audiences": {"ene": {"people": [{"email": GONE, "name": "Anna Prøve"}]}, "flere": {"people": [{"email": GONE}, {"email": STAYS}]}},
    }  # fmt: skip
    book.keep(replace(REVISION, by="Anna Prøve"), plan)
    SqlPeopleBook(database).save_people("by", [Person(email=GONE, name="Anna Prøve")], now=AT)
    erase_person(database, GONE, now=AT)
    document = book.load_document("by", 1)
    left = json.dumps(document, ensure_ascii=False).lower()
    assert (GONE in left, "anna prøve" in left, "annabel" in left) == (False, False, True)
    read = parse_plan(json.dumps(document).encode(), name="x.yaml", now=AT).usable()
    assert (read.organiser, [[one.email for one in rule.people] for rule in read.audiences]) == (NOBODY, [[NOBODY], [STAYS]])
    assert (read.courses[0].title, [one.name for one in read.courses[0].speakers]) == ("Kaffe med …", ["Bo"])
    assert [one.by for one in book.load("by")] == [""]
