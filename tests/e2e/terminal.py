"""A command that believes in a terminal."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import time
from typing import TYPE_CHECKING, Any

from tests.e2e.driver import PATIENCE_SECONDS, World
from tests.e2e.program import start_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.program import Program


@contextlib.contextmanager
def terminal(world: World, *arguments: str, **settings: str) -> Iterator[tuple[Program, int]]:
    """A command whose three streams are a terminal, and the end at which a person sits; whoever sits there wants to know how it ended."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r+b", buffering=0) as screen:
        streams: dict[str, Any] = dict.fromkeys(("given", "out", "err"), screen)
        process = start_program(arguments, environment=world.environment(**settings), folder=world.folder, **streams)
    try:
        yield process, ours
        process.wait(PATIENCE_SECONDS)
    finally:
        process.kill()
        os.close(ours)


def on_a_terminal(world: World, answer: str, *arguments: str) -> tuple[int, str]:
    """Run a command on a terminal and answer its question; gives code and screen."""
    screen = b""
    end = time.monotonic() + PATIENCE_SECONDS
    with terminal(world, *arguments, BY="Bente Hansen") as (process, ours):
        asked = False
        while time.monotonic() < end:
            if select.select([ours], [], [], 0.05)[0]:
                try:
                    screen += os.read(ours, 65536)
                except OSError:  # the other end is closed: the process is done
                    break
            if not asked and b"[y/N]" in screen:
                asked = True
                os.write(ours, answer.encode())
    assert process.returncode is not None
    return process.returncode, screen.decode()
