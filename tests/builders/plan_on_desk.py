"""A plan that is kept on the desk, in real books, as the service opens it at every look."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.desks.plan import BookPlanDesk
from bot.domain.desk_plans import DeskPlan, DeskSave, document_content
from bot.domain.people import Person
from bot.domain.revisions import PlanRevision, RevisionSource
from bot.opening.plan_source import plan_of_content
from bot.opening.stores import open_stores
from config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.opening.stores import Stores

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
DOCUMENT = {
    "version": 1, "id": "by", "organisation": "Prøveby Kommune", "timezone": "Europe/Copenhagen", "language": "da",
    "organiser": "kurser@by.example", "contact": "hr@by.example",
    "audiences": {
        "chefer": {"name": "Alle chefer", "groups": ["chefer@by.example"]},
        "nye": {"name": "Nye ledere", "people": [{"email": "ane@by.example", "name": "Ane Prøve"}]},
    },
    "funding": {"pulje": {"name": "Lederpuljen", "year": 2027, "amount": 300000, "reserved": {"kurser": 100000}}},
    "assumptions": {"velfaerd": {"question": "Får vi midlerne?", "value": "undecided"}},
    "courses": [
        {
            "id": "lederdag", "title": "Fælles lederdag", "status": "approved", "audience": "chefer",
            "responsible": ["hr@by.example"],
            "sessions": [{"id": "dag", "start": "2027-06-18T09:00", "end": "2027-06-18T15:00"}],
            "speakers": [{"name": "Bo Oplæg", "email": "bo@ude.example"}, {"name": "Clara Oplæg"}],
        },
        {
            "id": "intro", "title": "Ny som leder", "status": "proposed", "audience": "nye",
            "offerings": [
                {"id": "hold-1", "title": "Hold 1", "sessions": [{"id": "dag", "start": "2027-03-02T09:00", "end": "2027-03-02T12:00"}]},
                {"id": "hold-2", "title": "Hold 2", "sessions": [{"id": "dag", "start": "2027-03-09T09:00", "end": "2027-03-09T12:00"}]},
            ],
        },
    ],
}  # fmt: skip


def settings_in(path: object, plan: str) -> Settings:
    """Books in a folder, the plan on the desk, and a clock that stands still."""
    books = f"sqlite:///{path}/books.db"
    return Settings(database_url=books, plan=f"desk:{plan}", now=NOW, graph={"base_url": "http://127.0.0.1:9/v1.0"})


class DesksOfBooks(Mapping[str, BookPlanDesk]):
    """The one plan, read from its books at each look."""

    def __init__(self, settings: Settings, stores: Stores, plan: str = "by") -> None:
        self._settings, self._stores, self._plan = settings, stores, plan

    def __getitem__(self, plan: str) -> BookPlanDesk:
        kept = self._stores.desk_plans.load(plan)
        if plan != self._plan or kept is None:
            raise KeyError(plan)
        return BookPlanDesk(self._settings, plan_of_content(self._settings, kept.content), self._stores, origin=kept.save)

    def __iter__(self) -> Iterator[str]:
        return iter([self._plan])

    def __len__(self) -> int:
        return 1


def keep_plan(stores: Stores, document: dict[str, object], *, by: str = "hanne@by.example") -> None:
    """One more save of it, as another window of the desk does."""
    plan = str(document["id"])
    last = stores.desk_plans.look(plan)
    save = DeskSave(plan=plan, number=(last.number if last else 0) + 1, saved_at=NOW, saved_by=by)
    revision = PlanRevision(plan=plan, number=0, at=NOW, source=RevisionSource.DESK, by=by)
    assert stores.desk_plans.save(DeskPlan(save=save, content=document_content(document)), revision=revision, document=document)


@contextlib.contextmanager
def plan_on_desk(path: object, document: dict[str, object] = DOCUMENT) -> Iterator[tuple[Stores, DesksOfBooks]]:
    """Books with the plan saved once, and who is in its audiences."""
    settings = settings_in(path, str(document["id"]))
    with open_stores(settings) as stores:
        keep_plan(stores, json.loads(json.dumps(document)))
        people = [Person(email=f"chef-{number}@by.example", name=f"Chef nummer {number}") for number in range(12)]
        stores.books.people.save_people("by", people, now=NOW)
        stores.books.audiences.save_members("by", {"chefer": frozenset(one.email for one in people)}, now=NOW)
        yield stores, DesksOfBooks(settings, stores)
