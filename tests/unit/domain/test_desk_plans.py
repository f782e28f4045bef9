"""Which settings name a plan on the desk, and how its document is kept."""

from __future__ import annotations

import json

import pytest

from bot.domain.desk_plans import desk_plan_named, document_content


@pytest.mark.parametrize(
    ("where", "plan"),
    [("desk:by", "by"), ("desk:", ""), ("plan.yaml", None), ("https://desk:x", None), ("desk/plan.yaml", None)],
)
def test_a_plan_on_the_desk_is_named_by_its_id(where, plan):
    assert desk_plan_named(where) == plan


def test_a_document_is_kept_as_it_reads():
    said = {"id": "by", "courses": [{"title": "Æblegård 😀"}]}
    kept = document_content(said)
    assert json.loads(kept) == said
    assert "Æblegård 😀" in kept.decode()
