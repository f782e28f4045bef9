"""What HR writes by chance, and what of it is approved: the plan of a history of approvals."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from bot.sandbox.municipality import ORGANISER
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

JsonObject = dict[str, Any]
LEADERS, REPRESENTATIVES = mail_of("ledere"), mail_of("tr-gruppe")
NAMES = [mail_of(name) for name in ("anna", "bo", "carl", "dorte", "eva", "finn")]
MAILBOXES = [ORGANISER, mail_of("hr")]
CONTACTS = [mail_of("hr"), mail_of("kurser")]
STATUSES = ["approved"] * 5 + ["save_the_date", "cancelled", "proposed", "draft"]
PRACTICAL = {"id": "p", "before": "start", "days": 7, "at": "09:00", "to": "registered", "channels": ["mail"], "template": "practical"}


class Planning:
    """What HR has written and what of it is approved, by course; every id is used once."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.count = chance, 0
        self.excluded: dict[str, list[str]] = {"ledere": [], "tr": []}
        self.courses: dict[str, JsonObject] = {}
        self.removed: list[JsonObject] = []
        self.approved: dict[str, tuple[JsonObject, dict[str, list[str]]]] = {}
        self.head = {"organiser": MAILBOXES[0], "contact": CONTACTS[0]}
        self.approved_head = {**self.head}
        for _ in range(3):
            course = self.any_course()
            self.courses[course["id"]] = course

    def new_id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-{self.count}"

    # -- what it says

    def written(self) -> JsonObject:
        audiences = {name: self.rule(name, out) for name, out in self.excluded.items()}
        return make_plan(*self.courses.values(), audiences=audiences, reminders=[PRACTICAL], **self.head)

    def in_force(self) -> JsonObject:
        """The same plan as if nothing had ever been written but what was approved: each course with audiences of its own."""
        courses, audiences = [], {}
        for number, (course, excluded) in enumerate(self.approved.values()):
            own = copy.deepcopy(course)
            own["audience"] = [f"{name}-{number}" for name in own["audience"]]
            audiences |= {f"{name}-{number}": self.rule(name, out) for name, out in excluded.items()}
            courses.append(own)
        # A plan has to have an audience.
        audiences = audiences or {"ledere": self.rule("ledere", [])}
        return make_plan(*courses, audiences=audiences, reminders=[PRACTICAL], **self.approved_head)

    @staticmethod
    def rule(name: str, excluded: list[str]) -> JsonObject:
        return {"groups": [LEADERS if name == "ledere" else REPRESENTATIVES], "exclude": excluded}

    def approve(self, courses: Iterable[str]) -> None:
        """These courses as they are written, and what the plan says of all."""
        self.approved_head = {**self.head}
        for identity in courses:
            if identity in self.courses and self.courses[identity]["status"] != "draft":
                self.approved[identity] = copy.deepcopy(self.courses[identity]), copy.deepcopy(self.excluded)
            else:
                self.approved.pop(identity, None)

    # -- what HR does to it

    def any_course(self) -> JsonObject:
        identity = self.new_id("kursus")
        has_choice = self.chance.random() < 0.3
        holds = [self.any_offering() for _ in range(2 if has_choice else 1)]
        rules = [None, {"capacity": self.chance.randint(1, 4)}]
        enrolment = {"mode": "choose", "capacity": 2} if has_choice else self.chance.choice(rules)
        return make_course(
            identity,
            title=f"Kursus om {identity}",
            status=self.chance.choice(STATUSES),
            audience=self.chance.choice([["ledere"], ["ledere"], ["ledere", "tr"], ["tr"]]),
            offerings=holds,
            enrolment=enrolment,
        )

    def any_offering(self) -> JsonObject:
        return {"id": self.new_id("hold"), "sessions": [self.any_session() for _ in range(self.chance.choice([1, 1, 2]))]}

    def any_session(self) -> JsonObject:
        hour = self.chance.randint(8, 14)
        return make_session(
            self.new_id("dag"), f"2025-{self.chance.randint(5, 9):02}-{self.chance.randint(4, 28):02}", f"{hour:02}:00", f"{hour + 2:02}:30"
        )

    def some_course(self) -> JsonObject | None:
        return self.chance.choice([*self.courses.values()]) if self.courses else None

    def edit(self) -> str:
        acts = [
            self.retitle, self.move_a_date, self.change_status, self.change_status, self.change_audience, self.change_a_rule,
            self.change_seats, self.remove_an_offering, self.add_an_offering, self.change_a_course_id, self.rename_a_course,
            self.change_a_part_id, self.remove_a_course, self.put_a_course_back, self.add_a_course, self.describe,
            self.change_the_contact, self.change_the_organiser,
        ]  # fmt: skip
        act = self.chance.choice(acts)
        course = self.some_course()
        if course is None:
            self.add_a_course({})
            return "add_a_course"
        act(course)
        return f"{act.__name__}({course['id']})"

    def retitle(self, course: JsonObject) -> None:
        course["title"] = f"Nyt om {self.new_id('titel')}"

    def describe(self, course: JsonObject) -> None:
        course["description"] = f"Program {self.new_id('tekst')}"

    def change_the_contact(self, _course: JsonObject) -> None:
        self.head["contact"] = self.chance.choice(CONTACTS)

    def change_the_organiser(self, _course: JsonObject) -> None:
        self.head["organiser"] = self.chance.choice(MAILBOXES)

    def move_a_date(self, course: JsonObject) -> None:
        session = self.chance.choice(self.chance.choice(course["offerings"])["sessions"])
        session |= {**self.any_session(), "id": session["id"]}

    def change_status(self, course: JsonObject) -> None:
        course["status"] = self.chance.choice(STATUSES)

    def change_audience(self, course: JsonObject) -> None:
        course["audience"] = self.chance.choice([["ledere"], ["ledere", "tr"], ["tr"]])

    def change_a_rule(self, _course: JsonObject) -> None:
        self.excluded[self.chance.choice(["ledere", "tr"])] = self.chance.sample(NAMES, self.chance.randint(0, 2))

    def change_seats(self, course: JsonObject) -> None:
        if "enrolment" in course:
            course["enrolment"] = course["enrolment"] | {"capacity": self.chance.randint(1, 5)}

    def remove_an_offering(self, course: JsonObject) -> None:
        if len(course["offerings"]) > 1:
            course["offerings"] = course["offerings"][1:]

    def add_an_offering(self, course: JsonObject) -> None:
        course["offerings"] = [*course["offerings"], self.any_offering()]
        course["enrolment"] = {"mode": "choose", "capacity": self.chance.randint(1, 3)}

    def change_a_course_id(self, course: JsonObject) -> None:
        """A mistake: to the program it is one course gone and another one new."""
        del self.courses[course["id"]]
        course = {key: value for key, value in course.items() if key != "was"} | {"id": self.new_id("kursus")}
        self.courses[course["id"]] = course

    def rename_a_course(self, course: JsonObject) -> None:
        """The same mistake mended: it is the course of before, approved or not."""
        old, new = course["id"], self.new_id("kursus")
        del self.courses[old]
        self.courses[new] = course | {"id": new, "was": old}
        if old in self.approved:
            before, excluded = self.approved.pop(old)
            self.approved[new] = before | {"id": new, "was": old}, excluded

    def change_a_part_id(self, course: JsonObject) -> None:
        part = self.chance.choice([*course["offerings"], *(one for offering in course["offerings"] for one in offering["sessions"])])
        part["id"] = self.new_id("del")

    def remove_a_course(self, course: JsonObject) -> None:
        self.removed.append(self.courses.pop(course["id"]))

    def put_a_course_back(self, _course: JsonObject) -> None:
        if self.removed:
            back = self.removed.pop()
            self.courses[back["id"]] = back

    def add_a_course(self, _course: JsonObject) -> None:
        new = self.any_course()
        self.courses[new["id"]] = new
