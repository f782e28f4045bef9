"""Every message as HR can look at it before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.changes import NewsKind
from bot.domain.people import Language
from bot.domain.templates import MessageKind
from bot.messages.examples import BY_THE_DAY, COURSE, EVALUATE, THE_DAY_BEFORE, examples
from bot.messages.visible_text import visible_text
from tests.builders.invitations import PLAN


def test_there_is_one_of_each_kind_in_each_language_from_this_organisation():
    found = list(examples(PLAN))
    first = [(one.kind, one.language) for one in found if not (one.again or one.asked)]
    assert first == [(kind, language) for kind in MessageKind for language in Language]
    assert [(one.kind, one.language) for one in found if one.again] == [(MessageKind.FOLLOW_UP, language) for language in Language]
    told_of_changes = [(kind, language) for kind in (MessageKind.CHANGED, MessageKind.CANCELLED) for language in Language]
    assert [(one.kind, one.language) for one in found if one.asked] == told_of_changes
    assert len({one.notice.html for one in found}) == len(found)
    for one in found:
        assert "Ådal Kommune" in visible_text(one.notice.html)
        assert "Et kursus som eksempel" in (
            one.notice.html if one.kind in {MessageKind.OVERVIEW, MessageKind.BROADCAST, MessageKind.MANAGER_COPY} else one.notice.subject
        )


def test_the_first_follow_up_thanks_and_the_second_asks_again_whatever_the_plan_has_rules_for():
    """And what Teams says of a course to sign up for is what the mail says."""
    thanks = replace(EVALUATE[0], id="plans-egen")
    told = {(one.kind, one.again, one.language): one for one in examples(replace(PLAN, reminders=(thanks, thanks)))}
    first, second = (told[MessageKind.FOLLOW_UP, again, Language.DA] for again in (False, True))
    assert "Tak, fordi du var med" in visible_text(first.notice.html)
    assert "Har du endnu ikke evalueret" in visible_text(second.notice.html)
    offer = told[MessageKind.ANNOUNCEMENT, False, Language.DA]
    assert offer.notice.subject == offer.line.subject == "Tilmeldingen er åben: Et kursus som eksempel"
    assert "Tilmeld dig" in visible_text(offer.notice.html)
    assert offer.line.preview.startswith("Tilmeld dig med dit personlige link")
    assert "tilmeld dig med dit personlige link" in offer.card["fallbackText"]


def test_only_those_named_read_otherwise_on_another_day_and_one_alone_for_another_reason():
    """HR's own templates are tried on every day and for every reason, and on nothing twice."""

    def told(**more):
        return [(one.kind, repr(one)) for again in (False, True) for one in examples(PLAN, COURSE, again=again, **more)]

    first = told()
    for days in (-30, 1):
        assert {one[0] for one in set(told(today=THE_DAY_BEFORE + timedelta(days=days))) - set(first)} <= set(BY_THE_DAY)
    for news in NewsKind:
        assert {one[0] for one in set(told(news=news)) - set(first)} <= {MessageKind.CANCELLED}
