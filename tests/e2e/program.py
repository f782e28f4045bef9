"""The program as a process that can be killed: forked from one that has imported everything, so that it costs no start.

`start_program` gives a process much as `subprocess.Popen` does. Its parent (`tests.e2e.prepared`) is started when it is first asked
for, and ends with the tests.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPOSITORY = Path(__file__).parents[2]
A_MOMENT = 0.05
NEWLINE = b"\n"


class Program:
    """One process, as `subprocess.Popen` shows one; `stdout` and `stderr` are what was asked to be heard."""

    def __init__(self, parent: _Parent, args: tuple[str, ...], pid: int, stdout: IO[str] | None, stderr: IO[str] | None) -> None:
        self._parent = parent
        self.args, self.pid, self.stdout, self.stderr = args, pid, stdout, stderr

    @property
    def returncode(self) -> int | None:
        """The exit code as far as it was asked for, -9 for SIGKILL."""
        return self._parent.codes.get(self.pid)

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        return self._parent.code_of(self.pid, 0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, when it has ended."""
        code = self._parent.code_of(self.pid, timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """All that it wrote, when it has ended."""
        with ThreadPoolExecutor(2) as readers:
            heard = [readers.submit(stream.read) if stream else None for stream in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
            out, err = (one.result() if one else "" for one in heard)
        for stream in (self.stdout, self.stderr):
            if stream:
                stream.close()
        return out, err

    def send_signal(self, number: int) -> None:
        """Nothing, where it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Parent:
    """The waiting process, from outside: it is asked for children, and tells how each has ended."""

    def __init__(self) -> None:
        self.codes: dict[int, int] = {}
        self._turn = threading.Lock()
        self._heard = b""
        self._channel, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tests.e2e.prepared", str(theirs.fileno())]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        quiet = subprocess.DEVNULL
        with theirs:
            self._process = subprocess.Popen(
                command, cwd=REPOSITORY, env=environment, stdin=quiet, stdout=quiet, pass_fds=[theirs.fileno()]
            )

    def fork(self, job: Mapping[str, Any], streams: Sequence[int]) -> int:
        """A child with these streams (in, out, err); its pid."""
        with self._turn:
            message = json.dumps(job).encode() + NEWLINE
            sent = socket.send_fds(self._channel, [message], streams)
            self._channel.sendall(message[sent:])
            while True:
                said = self._listen(None)
                if said is not None:
                    return said

    def code_of(self, pid: int, seconds: float | None) -> int | None:
        """How a child has ended, None where it runs on after so many seconds (None: for as long as it takes)."""
        end = None if seconds is None else time.monotonic() + seconds
        while pid not in self.codes:
            left = A_MOMENT if end is None else max(0.0, min(A_MOMENT, end - time.monotonic()))
            with self._turn:
                if pid not in self.codes:
                    self._listen(left)
            if left == 0.0:
                break
        return self.codes.get(pid)

    def close(self) -> None:
        self._channel.close()
        self._process.wait()

    def _listen(self, seconds: float | None) -> int | None:
        """The pid of a child that was just made; how others ended is noted on the way."""
        if NEWLINE not in self._heard:
            if not select.select([self._channel], [], [], seconds)[0]:
                return None
            said = self._channel.recv(65536)
            assert said, "the prepared process is gone"
            self._heard += said
        line, found, rest = self._heard.partition(NEWLINE)
        if not found:
            return None
        self._heard = rest
        pid, code = json.loads(line)
        if code is None:
            # Numbers come round again in a long run: how the one before of this number ended is not how this one did.
            self.codes.pop(pid, None)
            return int(pid)
        self.codes[pid] = code
        return None


@functools.cache
def _parent() -> _Parent:
    made = _Parent()
    atexit.register(made.close)
    return made


def start_program(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    given: IO[Any] | None = None,
    out: IO[Any] | None = None,
    err: IO[Any] | None = None,
) -> Program:
    """`kursusbot` with these arguments, reading what it is given or nothing.

    What is to be written to no file can be read from the process.
    """
    heard: list[IO[str] | None] = []
    with contextlib.ExitStack() as ours:
        streams = [(given or ours.enter_context(Path(os.devnull).open("rb"))).fileno()]
        for file in (out, err):
            if file is not None:
                streams.append(file.fileno())
                heard.append(None)
                continue
            read, write = os.pipe()
            ours.callback(os.close, write)
            streams.append(write)
            heard.append(open(read, encoding="utf-8"))  # noqa: SIM115, PTH123 - whoever reads it closes it
        job = {"arguments": list(arguments), "environment": dict(environment), "folder": str(folder)}
        pid = _parent().fork(job, streams)
    return Program(_parent(), (sys.executable, "-m", "bot.cli.main", *arguments), pid, *heard)
