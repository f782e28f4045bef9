"""HR opens no shell: what stands on the desk's pages and in HR's mails names no command."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from bot.cli.main import cli
from bot.domain.people import Language
from bot.i18n.catalogue import FOLDER, load_area

NAMES = "|".join(sorted(cli.list_commands(click.Context(cli)), key=len, reverse=True))
COMMAND = re.compile(rf"\bkursusbot (?:--\w+ |\{{)*(?:{NAMES})\b(?! sig)")

WITHOUT_DESK = re.compile(r"{% else %}.*?{% endif %}", re.DOTALL)

AT_THE_COMMAND_LINE = {
    "actions": "what `actions` prints",
    "approvals": "what `approvals` prints, and the report of an installation without a desk",
    "cli": "what commands print",
    "closing": "what `plan close` prints",
    "demo": "what `demo` tells of itself",
    "dates": "what `dates` prints",
    "doctor": "what `doctor` finds, which is for whoever runs the service; its page says so",
    "graph": "as doctor",
    "import": "what `import` prints",
    "probe": "what `probe` prints",
    "teams": "what `teams-app` prints",
}  # fmt: skip
"""Areas that nobody of HR is shown."""
ONLY_IN_A_SHELL = {
    "errors": {
        "backup_elsewhere", "checksum_differs", "close_needs_yes", "database_behind", "erase_needs_yes", "erase_unfinished",
        "erasure_waits", "link_whose", "nothing_waits", "plan_has_events", "plan_maybe_served", "reminders_held", "seats_held",
        "waits_for_approval", "worker_needs_postgresql",
    },
    "reminders": {"not_synced"},
}  # fmt: skip
"""Errors that no page of the desk shows: of commands and of the service's start."""


@pytest.mark.parametrize("language", Language)
def test_no_text_that_hr_is_shown_names_a_command(language):
    """Of an error that pages show there is a text for the desk."""
    areas = {file.stem for file in Path(str(FOLDER / language.value)).glob("*.toml")}
    assert areas >= AT_THE_COMMAND_LINE.keys()
    named = {}
    for area in areas - AT_THE_COMMAND_LINE.keys():
        texts = load_area(language, area)
        codes = {code for code, said in texts.items() if COMMAND.search(said) and f"at_desk.{code}" not in texts}
        if codes - ONLY_IN_A_SHELL.get(area, set()):
            named[area] = codes - ONLY_IN_A_SHELL.get(area, set())
    assert named == {}


def test_the_templates_of_pages_and_mails_name_none():
    """What stands in no catalogue; HR's report only where there is no desk to go to."""
    folders = (Path("bot/web"), Path("bot/messages/templates"))
    found = [
        file
        for folder in folders
        for file in folder.rglob("*.j2")
        if COMMAND.search(WITHOUT_DESK.sub("", file.read_text(encoding="utf-8")))
    ]
    assert found == []
