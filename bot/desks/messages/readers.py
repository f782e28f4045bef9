"""To whom a course's messages are shown when they are read through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.messages.shown import MessageReader
from bot.domain.people import PeopleIndex
from bot.i18n.catalogue import text
from bot.opening.stores import open_stores_to_read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.domain.plan import Course, CoursePlan
    from config.settings import Settings


def message_readers(settings: Settings, plan: CoursePlan) -> Callable[[Course], MessageReader]:
    """Whose messages are shown, by the books; as `reader_for`."""
    with open_stores_to_read(settings) as stores:
        people = PeopleIndex(stores.books.people.load_people(plan.id))
        members = stores.books.audiences.load_members(plan.id)
    return reader_for(settings, plan, people, members)


def reader_for(
    settings: Settings, plan: CoursePlan, people: PeopleIndex, members: Mapping[str, frozenset[str]]
) -> Callable[[Course], MessageReader]:
    """Whose messages are shown.

    The first of the course's audience in the books, else in the plan, else somebody made up.
    """
    listed = {one.id: one.people for one in plan.audiences}
    link = (
        f"{str(settings.web.base_url).rstrip('/')}/p/eksempel" if settings.web.base_url is not None else None
    )

    def reader_of(course: Course) -> MessageReader:
        audiences = course.audience
        addresses = sorted(email for name in audiences for email in members.get(name, ()))
        known = (
            person.name for email in addresses if (person := people.find(email)) is not None and person.name
        )
        named = (person.name for name in audiences for person in listed.get(name, ()) if person.name)
        return MessageReader(
            name=next(known, None) or next(named, text(plan.language, "messages.made_up_name")), link=link
        )

    return reader_of
