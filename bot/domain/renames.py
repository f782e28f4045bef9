"""The same under a new name.

Which ids a plan says that its things had before (`was`), and what is called how by now (pure).

Old and new ids, from the outside in:

    was on      maps                                                          in
    plan        the plan's old id                                             everything
    course      the course's old id                                           its plan
    offering    the offering's old id                                         its course, whatever that was called
    session     the session's old id                                          its offering, whatever that was called
    task        the id that a task afterwards had                             its course, whatever that was called

An id that nobody calls otherwise stays. Chains need no mention: what was called `a`, then `b`, stands in the
books as `b` by the time that it says so, or is a changed id that waits for a person. Does not know the books
nor Outlook.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.domain.events import SessionKey
from bot.domain.local_tasks import RULE, rule_of
from bot.domain.messages import AWAITS
from bot.domain.plan import MAIN_OFFERING
from bot.domain.reminders import items_of, items_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.messages import Message
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.reminders import ReminderItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A session under its new name; `subject` as its event is titled, "" where that is not known."""

    old: SessionKey
    new: SessionKey
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """`plan` is today's id, `was` the one before (None: the same).

    The keys of the mappings are old ids, below today's parents.
    """

    plan: str
    was: str | None
    courses: Mapping[str, str]
    offerings: Mapping[tuple[str, str], str]
    sessions: Mapping[tuple[str, str, str], str]
    tasks: Mapping[tuple[str, str], str]

    def __bool__(self) -> bool:
        """Whether anything says that it was called otherwise."""
        return bool(self.was or self.courses or self.offerings or self.sessions or self.tasks)

    @property
    def plans(self) -> tuple[str, ...]:
        """The ids under which the plan's events may stand: today's, and the one before."""
        return (self.plan,) if self.was is None else (self.plan, self.was)

    def course(self, course: str) -> str:
        """What a course is called by now."""
        return self.courses.get(course, course)

    def offering(self, course: str, offering: str) -> tuple[str, str]:
        """What a course and its offering are called by now; "" (the whole course) stays."""
        new = self.course(course)
        return new, self.offerings.get((new, offering), offering)

    def session(self, course: str, offering: str, session: str) -> tuple[str, str, str]:
        """What a course, its offering and its session are called by now."""
        new, part = self.offering(course, offering)
        return new, part, self.sessions.get((new, part, session), session)

    def task(self, course: str, task: str) -> str:
        """What a task of a course is called by now."""
        return self.tasks.get((self.course(course), task), task)

    def rule(self, course: str, rule: str) -> str:
        """What the rule of a course's task is called by now; any other stays."""
        told = rule.removeprefix(RULE)
        return rule if told == rule else rule_of(self.task(course, told))

    def key(self, key: SessionKey) -> SessionKey:
        """What a session is called by now; a key of another plan stays."""
        if key.plan not in self.plans:
            return key
        course, offering, session = self.session(key.course, key.offering, key.session)
        return replace(key, plan=self.plan, course=course, offering=offering, session=session)

    def message(self, message: Message) -> Message:
        """A message under the names of today, so that it is not made a second time."""
        course, offering = self.offering(message.course, message.offering)
        params, key = dict(message.params), message.key
        items = items_of(message)
        if items:
            said = tuple(map(self._item, items))
            params["items"] = items_text(said)
            # Several in one are found by what they say.
            key = said[0].stem + key.removeprefix(items[0].stem) if key.startswith(items[0].stem) else key
        else:
            before, after = (
                "/".join(filter(None, pair))
                for pair in ((message.course, message.offering), (course, offering))
            )
            kind, _, rest = key.partition("/")
            key = (
                f"{kind}/{after}/{rest.removeprefix(f'{before}/')}"
                if before and rest.startswith(f"{before}/")
                else key
            )
        if AWAITS in params:
            params[AWAITS] = json.dumps(
                [[str(self.key(SessionKey.parse(name))), start] for name, start in json.loads(params[AWAITS])]
            )
        return replace(
            message,
            plan=self.plan,
            key=key,
            course=course,
            offering=offering,
            params=MappingProxyType(params),
        )

    def _item(self, item: ReminderItem) -> ReminderItem:
        course, offering, session = self.session(item.course, item.offering, item.session)
        rule = self.rule(item.course, item.rule)
        return replace(item, rule=rule, course=course, offering=offering, session=session)

    def version(self, plan: CoursePlan) -> CoursePlan:
        """A plan of before, with the ids of today and everything else as it was."""
        return replace(plan, id=self.plan, courses=tuple(map(self._course, plan.courses)))

    def _course(self, course: Course) -> Course:
        offerings = []
        for offering in course.offerings:
            sessions = (
                replace(session, id=self.session(course.id, offering.id, session.id)[2])
                for session in offering.sessions
            )
            offerings.append(
                replace(offering, id=self.offering(course.id, offering.id)[1], sessions=tuple(sessions))
            )
        after = tuple(replace(task, id=self.task(course.id, task.id)) for task in course.after)
        return replace(course, id=self.course(course.id), offerings=tuple(offerings), after=after)


def renames_of(plan: CoursePlan) -> Renames:
    """What the plan says its things were called."""
    return Renames(
        plan=plan.id,
        was=plan.was if plan.was != plan.id else None,
        courses={course.was: course.id for course in plan.courses if course.was and course.was != course.id},
        offerings={
            (course.id, offering.was): offering.id
            for course, offering in plan.offerings()
            if offering.was and offering.was != offering.id
        },
        sessions={
            (course.id, offering.id, session.was): session.id
            for course, offering, session in plan.sessions()
            if session.was and session.was != session.id
        },
        tasks={
            (course.id, task.was): task.id
            for course in plan.courses
            for task in course.after
            if task.was and task.was != task.id
        },
    )


def names_text(renames: Renames) -> str:
    """What is called otherwise by now, for the log.

    `old → new`, with its parents of today, in the order of the levels.
    """
    plans = [f"{renames.was} → {renames.plan}"] if renames.was else []
    courses = [f"{old} → {new}" for old, new in renames.courses.items()]
    below = [
        (*parents, old, new)
        for levels in (renames.offerings, renames.sessions, renames.tasks)
        for (*parents, old), new in levels.items()
    ]
    return ", ".join(
        [*plans, *courses, *("/".join(parents) + f"/{old} → {new}" for *parents, old, new in below)]
    )


def renamed_document(renames: Renames, document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of the plan's format with the ids of today.

    `sessions` straight under a course are those of the offering `main`.
    """
    return {
        **document,
        "id": renames.plan,
        "courses": [_renamed_course(renames, course) for course in document.get("courses", ())],
    }


def _renamed_course(renames: Renames, course: Mapping[str, Any]) -> dict[str, Any]:
    name = course["id"]

    def sessions(offering: str, listed: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{**one, "id": renames.session(name, offering, one["id"])[2]} for one in listed]

    made = {**course, "id": renames.course(name)}
    if "after" in course:
        made["after"] = [{**one, "id": renames.task(name, one["id"])} for one in course["after"]]
    if "sessions" in course:
        listed = sessions(MAIN_OFFERING, course["sessions"])
        main = renames.offering(name, MAIN_OFFERING)[1]
        if main == MAIN_OFFERING:
            return {**made, "sessions": listed}
        del made["sessions"]
        return {**made, "offerings": [{"id": main, "sessions": listed}]}
    if "offerings" in course:
        made["offerings"] = [
            {**one, "id": renames.offering(name, one["id"])[1]}
            | ({"sessions": sessions(one["id"], one["sessions"])} if "sessions" in one else {})
            for one in course["offerings"]
        ]
    return made
