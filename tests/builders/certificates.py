"""A course that has been held, whose list is ticked and which gives certificates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.certificates import CertificatePaper, CertificateRule
from bot.domain.people import Language
from bot.domain.wording import Wording
from bot.opening.work import BookWork
from config.settings import Settings
from tests.builders.course_books import LEADERSHIP, PEOPLE, PLAN
from tests.builders.fake_desk import BASE_URL, SECRET

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores

AFTER = datetime(2025, 6, 30, 7, tzinfo=UTC)
PAPER = CertificatePaper(
    language="da", organisation="Byens Kommune", heading="Kursusbevis", opening=("Byrådet takker",), name="Åse Ågård", has="har deltaget i",
    title="Psykologisk tryghed", sessions=("onsdag den 18. juni 2025 kl. 09.00–15.00",), closing=("Hilsen HR",), made="Udstedt 30. juni",
    date=(2025, 6, 30),
)  # fmt: skip
WORDS = Wording(message="certificate", language=Language.DA, opening="Tillykke, {navn}", closing="På vegne af *{organisation}*")
GIVES = replace(LEADERSHIP, certificate=CertificateRule.ALL, texts=(WORDS,))
HELD = replace(PLAN, courses=(GIVES, *PLAN.courses[1:]))
CAME, ABSENT = AttendanceSaid.CAME, AttendanceSaid.ABSENT


def came(number: int, session: str, said: AttendanceSaid = CAME, *, email: str | None = None, at: datetime = AFTER) -> AttendanceWord:
    """HR's word about one of the people of the books, or about an address."""
    who = PEOPLE[number].email if email is None else email
    return AttendanceWord(
        plan=PLAN.id, key=f"{who}/{session}/{said.value}/{at.isoformat()}", course=LEADERSHIP.id, offering="hold-1", session=session,
        email=who, said=said, source=AttendanceSource.HR, at=at, noted_at=at, by="hanne@by.example",
    )  # fmt: skip


EVERYTHING = [came(number, session) for number in (0, 1) for session in ("dag-1", "dag-2")]
"""The first two came to both days."""


def work_of(stores: Stores, plan: CoursePlan = HELD, now: datetime = AFTER) -> BookWork:
    web = {"base_url": BASE_URL, "secret_key": SECRET}
    graph = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}
    settings = Settings(database_url="sqlite://", now=now, plan="plan.yaml", graph=graph, web=web)
    return BookWork(settings=settings, written=plan, plan=plan, stores=stores)
