"""What a message about dates that went says: the course as it was, with what HR says of it where the plan has it still."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.delivery.words import message_words
from bot.domain.people import Language
from bot.domain.templates import MessageKind
from bot.domain.wording import Wording
from tests.builders.invitations import PLAN
from tests.builders.notices import GONE, PLAIN, message

OWN, OF_ALL = (Wording(message="cancelled", language=Language.DA, closing=words) for words in ("Kun dette kursus.", "Alle kurser."))


@pytest.mark.parametrize(
    ("courses", "said", "unsaid"),
    [((replace(PLAIN, texts=(OWN,)),), "Kun dette kursus.", "Alle kurser."), ((), "Alle kurser.", "Kun dette kursus.")],
)
def test_what_is_told_of_a_date_that_went_has_the_words_of_the_course_or_else_the_plans(courses, said, unsaid):
    plan = replace(PLAN, courses=courses, texts=(OF_ALL,))
    gone = message(MessageKind.CANCELLED, params=GONE | {"when": "cancelled"})
    now = datetime(2025, 6, 1, tzinfo=UTC)
    html = message_words(gone, plan, name="Anna Prøve", language=Language.DA, link_for=lambda _: None, now=now).html
    assert (said in html, unsaid in html) == (True, False)
