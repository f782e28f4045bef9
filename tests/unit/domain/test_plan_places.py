"""Where a plan lies, as settings name it."""

from __future__ import annotations

import pytest

from bot.domain.plan_files import SavedFile
from bot.domain.plan_places import FilePlace, desk_plan_named, named, place_named


@pytest.mark.parametrize("place", [FilePlace(drive="b!aB-_1", item="01ABC"), FilePlace(drive="d", item="i")])
def test_a_place_is_read_as_it_is_named(place):
    assert place_named(named(place)) == place


@pytest.mark.parametrize("where", ["drives/hr/items/plan.xlsx", "plan.xlsx", "", "https://by.sharepoint.example/drives/a/items/b"])
def test_nothing_else_names_a_place(where):
    assert place_named(where) is None


@pytest.mark.parametrize(
    ("where", "plan"),
    [("desk:by", "by"), ("desk:", ""), ("plan.yaml", None), ("https://desk:x", None), ("desk/plan.yaml", None)],
)
def test_a_plan_on_the_desk_is_named_by_its_id(where, plan):
    assert desk_plan_named(where) == plan


def test_a_saved_file_lies_where_its_ids_say():
    file = SavedFile(
        drive="d", item="i", name="plan.xlsx", web_address="", c_tag="1", saved_by="", saved_by_email="", saved_at=None
    )  # fmt: skip
    assert named(file.place) == "drives/d/items/i"
