"""Who sits at the terminal, for the books.

The person, not the user that a service, a container or sudo runs as.

The first of these that says something counts:

    --by                              that name
    KURSUSBOT_BY                      that name
    whoever called sudo               that name
    an account of one person          its user's
    one of several people's (root,    on a terminal it is asked who is there; else root stays root, and of the others
    kursusbot, a system's, no name)   it is written down that nobody knows who it was, which is said
"""

from __future__ import annotations

import os
import pwd
import sys
from typing import TYPE_CHECKING

import click

from bot.i18n.catalogue import text
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from bot.cli.main import Options
    from config.settings import Settings

ROOT, SERVICE = "root", "kursusbot"
FIRST_PERSON = 1000
"""Users below are the system's own (login.defs, UID_MIN)."""

by_option = click.option(
    "--by",
    default=None,
    metavar="NAME",
    help="Who you are, for the log of who did what (default: by KURSUSBOT_BY).",
)


def person_at_the_terminal(
    options: Options, settings: Settings, named: str | None = None, *, asking: bool = True
) -> str:
    """Who it is by the table above, in one line.

    Asked once in a process, and only where there is somebody to ask (and `asking`).
    """
    said = (
        one_line(named or "")
        or one_line(settings.by or "")
        or one_line(os.environ.get("SUDO_USER", ""))
        or options.by
    )
    if not said:
        said = options.by = _by_account(options, asking=asking)
    return said


def _by_account(options: Options, *, asking: bool) -> str:
    user = _user()
    if user and not _is_shared(user):
        return user
    language = options.speak()
    if asking and sys.stdin.isatty() and sys.stderr.isatty():
        while True:
            answer = one_line(
                str(click.prompt(text(language, "actions.who"), default="", show_default=False, err=True))
            )
            if answer:
                return answer
    if user == ROOT:
        return user
    click.echo(text(language, "actions.who_unknown", user=user or str(os.geteuid())), err=True)
    return text(language, "actions.unknown", user=user or str(os.geteuid()))


def _user() -> str:
    """The name of this process's user, "" where the machine knows none."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container's user without a name
        return ""


def _is_shared(user: str) -> bool:
    return user in {ROOT, SERVICE} or os.geteuid() < FIRST_PERSON
