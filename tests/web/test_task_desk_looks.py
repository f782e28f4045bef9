"""What became of the tasks after a course, as HR reads it: on a phone and a desk, few and many answers, and as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from pydantic import SecretStr

from bot.desks.plan import BookPlanDesk
from bot.domain.local_tasks import LocalTask
from bot.domain.task_answers import TaskAnswer, TaskState
from bot.opening.stores import open_stores
from tests.builders.browsers import LONG, PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.certificates import AFTER, HELD, work_of
from tests.builders.course_books import LEADERSHIP, NOW, PEOPLE, fill

TASKS = (
    LocalTask(id="uden", text=f"Hold en samtale <b>{LONG}</b>", due=timedelta(days=1)),
    LocalTask(id="med", text="Fortæl dit team om det", due=timedelta(days=1), question=f"Hvordan gik det? {LONG}", names=True),
    LocalTask(id="senere", text="Se tilbage", due=timedelta(weeks=20)),
)
GIVEN = replace(HELD, courses=(replace(HELD.courses[0], after=TASKS), *HELD.courses[1:]))
ADDRESS = f"/courses/{LEADERSHIP.id}/after"
STATES = (*TaskState, None)


@pytest.fixture
def opened(tmp_path):
    settings = work_of(None).settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{tmp_path}/tasks.db")})
    with open_stores(settings) as stores:
        fill(stores, work_of(stores, now=NOW).settings, GIVEN)
        yield stores


def say(stores, task, many):
    for number in range(many):
        stores.task_answers.save_answer(
            TaskAnswer(
                plan=GIVEN.id, course=LEADERSHIP.id, offering="hold-1", task=task.id, email=PEOPLE[number].email, state=STATES[number % 4],
                said=f"Ord {number} <i>{LONG * 2}</i> 👍" if number % 2 else "", asked="?", names=task.names, at=AFTER,
            )
        )  # fmt: skip


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
def test_hr_reads_what_became_of_the_tasks_and_takes_it_along(open_page, opened, tmp_path, locale):
    page = open_page(f"{ADDRESS}?plan=by", BookPlanDesk(work_of(opened, GIVEN).settings, GIVEN, opened), viewport=PHONE, locale=locale)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "nothing.png", colours=locale == "da-DK")
    say(opened, TASKS[0], 4)
    say(opened, TASKS[1], 2)
    page.reload()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "few.png", colours=locale == "da-DK")
    assert page.locator("table").count() == 1, "of four without a name there are no counts, and no zeros that look like some"
    assert page.locator("li strong").all_inner_texts() == sorted(PEOPLE[number].name for number in range(2))
    say(opened, TASKS[0], 6)
    page.reload()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "many.png", colours=locale == "da-DK")
    assert page.locator("table").count() == 2
    with page.expect_download() as got:
        page.get_by_role("link", name="Hent som regneark" if locale == "da-DK" else "Take along as a spreadsheet").click()
    rows = [*openpyxl.load_workbook(BytesIO(got.value.path().read_bytes())).active.iter_rows(values_only=True)][1:]
    assert {row[1] for row in rows} == {TASKS[0].text, TASKS[1].text}
    assert {row[5] for row in rows if row[1] == TASKS[0].text} == {None}
    assert {row[5] for row in rows if row[1] == TASKS[1].text} - {None} == {PEOPLE[number].name for number in range(2)}
    assert {one.detail for one in opened.actions.load_actions(plan="by") if one.command == "tasks"} == {"", "xlsx"}
