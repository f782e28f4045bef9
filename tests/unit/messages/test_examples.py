"""Every message as HR can look at it before anything is sent."""

from __future__ import annotations

from bot.domain.messages import MessageKind
from bot.domain.people import Language
from bot.messages.examples import examples
from bot.messages.visible_text import visible_text
from tests.unit.messages.invited import PLAN


def test_there_is_one_of_each_kind_in_each_language_from_this_organisation():
    found = list(examples(PLAN))
    first = [(one.kind, one.language) for one in found if not one.again]
    assert first == [(kind, language) for kind in MessageKind for language in Language]
    assert [(one.kind, one.language) for one in found if one.again] == [(MessageKind.FOLLOW_UP, language) for language in Language]
    assert len({one.notice.html for one in found}) == len(found)
    for one in found:
        assert "Ådal Kommune" in visible_text(one.notice.html)
        assert "Et kursus som eksempel" in one.notice.subject
