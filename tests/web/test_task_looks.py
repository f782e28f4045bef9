"""How the page with the tasks after a course looks on a phone: open, kept, wrong and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from bot.domain.people import Language
from bot.domain.programme import Material
from bot.domain.task_answers import OwnTask, OwnTasks, wrong_answer
from tests.builders.browsers import PHONE, assert_everybody_can_use
from tests.builders.fake_desk import FakeDesk, course, offering, person_page

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"


def task(name, *, is_open=True, names=False):
    return OwnTask(
        offering="main", task=name, text=f"Hold en samtale om {LONG}", material="https://aadal.example/guide", question="", names=names,
        closes=datetime(2025, 9, 10, 9), is_open=is_open, answer=None,
    )  # fmt: skip


@dataclass
class FakeTasks(FakeDesk):
    """Somebody with an open task, one whose answer HR sees with the name, and a closed one."""

    def tasks(self):
        return self

    def behind(self, _grant):
        return OwnTasks(
            name=f"Anna {LONG}", email="anna@aadal.example", language=Language.DA, organisation="Ådal Kommune", contact="hr@aadal.example",
            course="lederdag", title=f"Lederdag {LONG}", materials=(Material(title=LONG, url="https://aadal.example/a"),),
            tasks=(task("en"), task("to", names=True), task("tre", is_open=False)),
        )  # fmt: skip

    def say(self, _own, _place, state, said, *, language):
        assert language is Language.DA
        return wrong_answer(state, said)


@pytest.mark.parametrize("sends", [False, True], ids=["open", "wrong"])
def test_the_tasks_can_be_answered_by_everybody_on_a_phone(new_site, tmp_path, sends):
    site = new_site(FakeTasks(shown=person_page(course(offering()))), scripts=True, viewport=PHONE)
    site.open("/after")
    if sends:
        site.expected = {422}
        site.page.get_by_role("button").first.click()
    assert_everybody_can_use(site.page, tmp_path / "tasks.png")
