"""The command line with everything imported, forked for each command: a process that can be killed and costs no start.

Run as `python -m tests.e2e.prepared`: reads one command a line from stdin (JSON: arguments, environment, folder),
forks, and answers with the child's pid and, when it has ended, its exit code (-9 for SIGKILL), a line each. What
the child writes goes to `out.txt` and `err.txt` in its folder. `Prepared` is the other side, for tests.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

REPOSITORY = Path(__file__).parents[2]
IMPORTED_BY_A_SYNC = (
    "bot.cli.main", "bot.cli.sync_commands", "bot.graph.calendar", "bot.graph.client", "bot.graph.directory", "bot.plan",
    "bot.store.answers", "bot.store.groups", "bot.store.ledger", "bot.store.people", "bot.store.upgrade", "config.settings",
    "h2.connection", "httpcore._async.connection", "sniffio",
)  # fmt: skip


class Prepared:
    """A waiting process; one command at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, world: World, *arguments: str) -> int:
        """Start a command in a world; gives the pid."""
        assert self._process.stdin is not None
        job = {"arguments": arguments, "environment": world.environment(), "folder": str(world.folder)}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def kill(self, pid: int) -> None:
        """End the command as a power cut does, and wait until it is gone."""
        os.kill(pid, signal.SIGKILL)
        assert self.wait() == -signal.SIGKILL

    def kill_if_alive(self, pid: int) -> None:
        """The same, also where it may have ended by itself meanwhile."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.wait()

    def has_ended(self, pid: int) -> bool:
        """Whether the command is over by itself."""
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    def wait(self) -> int:
        """The exit code of the command under way."""
        return int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the prepared process is gone"
        return line


@contextlib.contextmanager
def prepared_process() -> Iterator[Prepared]:
    """One for as many commands as there are; it ends with the block."""
    command = [sys.executable, "-m", "tests.e2e.prepared"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Prepared(process)
        assert process.stdin is not None
        process.stdin.close()


def _run(job: dict[str, object]) -> None:
    """The child: never returns."""
    from bot.cli.main import main

    folder = Path(str(job["folder"]))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(job["environment"])  # type: ignore[call-overload]  # a mapping of strings, as it was sent
    for number, name in ((0, os.devnull), (1, folder / "out.txt"), (2, folder / "err.txt")):
        os.dup2(os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ["kursusbot", *job["arguments"]]  # type: ignore[misc]  # a list of strings, as it was sent
    code = 1
    try:
        main()
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _serve() -> None:
    for module in IMPORTED_BY_A_SYNC:
        importlib.import_module(module)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _run(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
