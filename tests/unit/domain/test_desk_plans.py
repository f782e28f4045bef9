"""How the document of a plan on the desk is kept."""

from __future__ import annotations

import json

from bot.domain.desk_plans import document_content


def test_a_document_is_kept_as_it_reads():
    said = {"id": "by", "courses": [{"title": "Æblegård 😀"}]}
    kept = document_content(said)
    assert json.loads(kept) == said
    assert "Æblegård 😀" in kept.decode()
