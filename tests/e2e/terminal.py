"""A command that believes in a terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

from tests.e2e.driver import PATIENCE_SECONDS, REPOSITORY, World


def on_a_terminal(world: World, answer: str, *arguments: str) -> tuple[int, str]:
    """Run a command whose three streams are a terminal and answer its question; gives code and screen."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot.cli.main", *arguments]
    environment = world.environment(BY="Bente Hansen") | {"PYTHONPATH": str(REPOSITORY), "TERM": "dumb"}
    screen = b""
    end = time.monotonic() + PATIENCE_SECONDS
    with subprocess.Popen(command, cwd=world.folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
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
        code = process.wait(timeout=PATIENCE_SECONDS)
    os.close(ours)
    return code, screen.decode()
