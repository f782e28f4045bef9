"""The mail to somebody who answers for leaders: what these have been reminded of (pure).

Its templates get what `bot.messages.reminder` gives of each thing, under the leader it was said to:
`leaders` is (name, things), `names` all of them, `titles` what it is about. A link leads to the page on
which the reader answers for the leader: one for each course that is not over, after the last that is said
of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.templates import MessageKind
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.notice import LONGEST_SUBJECT, LONGEST_TITLE_IN_SUBJECT, Rendered
from bot.messages.reminder import LONGEST_TITLES, shared_by_all, told_of, without_repetition
from bot.messages.wording import NO_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.reminders import ReminderItem


def render_copy(
    plan: CoursePlan,
    items: Sequence[ReminderItem],
    *,
    reader_name: str,
    name_of: Callable[[str], str],
    language: Language,
    link_for: Callable[[str, str], str | None],
    today: date,
) -> Rendered:
    """The mail in words.

    `name_of` a leader's address is what they are called, `link_for(leader, course)` the page on which the
    reader answers for them. Raises KeyError for an item that the plan no longer has.
    """
    leaders = []
    for leader in dict.fromkeys(item.leader for item in items):
        name = one_line(name_of(leader))
        theirs = without_repetition([item for item in items if item.leader == leader])
        last = {each.course: each for each in theirs if each.template != MessageKind.FOLLOW_UP}
        things = [
            told_of(plan, each, language, link_for(leader, each.course), today, name)
            | ({} if last.get(each.course) is each else {"link": ""})
            for each in theirs
        ]
        leaders.append((name, things))
    names = [name for name, _ in leaders]
    titles = ", ".join(dict.fromkeys(thing["title"] for _, things in leaders for thing in things))
    given = shared_by_all(plan, reader_name, language) | NO_WORDS.given
    given |= {"leaders": leaders, "names": names, "titles": titles, "dates": []}
    short = {
        "names": [cut_at_word(", ".join(names), LONGEST_TITLE_IN_SUBJECT)],
        "titles": cut_at_word(titles, LONGEST_TITLES),
    }
    folder = f"{language.value}/{MessageKind.COPY.value}"
    subject = one_line(render(f"{folder}/subject.txt.j2", given | short, own=plan.own_words))
    html = render(f"{folder}/body.html.j2", given, own=plan.own_words)
    return Rendered(subject=cut_at_word(subject, LONGEST_SUBJECT), html=html)
