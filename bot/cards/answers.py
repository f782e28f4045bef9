"""Every answer of the bot to one person as a card (pure): which view is drawn where.

What somebody sees of a course is what the page behind their link shows (`bot.domain.pages`), said in the same
sentences. For whom somebody answers stands on every card on which they answer for another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.cards.asking import render_ask, render_questions
from bot.cards.course import render_course
from bot.cards.helping import render_help, render_stranger
from bot.cards.lists import render_list
from bot.domain.chat_views import AskCard, CourseCard, CourseList, HelpCard, QuestionsCard, StrangerCard

if TYPE_CHECKING:
    from bot.domain.chat_views import ChatAnswer
    from bot.messages.card_parts import JsonObject


def render_answer(answer: ChatAnswer) -> JsonObject:
    """The answer as an Adaptive Card 1.5, in the reader's language, below Teams' 28 KB."""
    match answer:
        case CourseList():
            return render_list(answer)
        case CourseCard():
            return render_course(answer)
        case AskCard():
            return render_ask(answer)
        case QuestionsCard():
            return render_questions(answer)
        case HelpCard():
            return render_help(answer)
        case StrangerCard():
            return render_stranger(answer)
        case _ as unreachable:
            assert_never(unreachable)
