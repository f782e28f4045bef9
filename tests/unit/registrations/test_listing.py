"""How a list says by which door a status came."""

from __future__ import annotations

from bot.domain.people import Language
from bot.registrations.listing import source_text
from tests.builders.occasions import row


def test_a_list_says_who_answered_for_somebody():
    plain, by = source_text(row(), Language.DA), source_text(row(answered_by="sanne@by.example"), Language.DA)
    assert "sanne@by.example" in by
    assert by not in {plain, "sanne@by.example"}
