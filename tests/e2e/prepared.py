"""A process that has imported all that a command needs, and forks for each one: `python -m tests.e2e.prepared SOCKET`.

It reads one job a line from the socket (JSON: arguments, environment, folder; the three streams are handed over with it), answers with
the pid of the child (`[pid, null]`) and, when that has ended, with its exit code (`[pid, code]`, -9 for SIGKILL). The child is the
program from there on: its exit code, its end and its locks are those of a process of its own. What a command imports by itself and how
it begins from nothing, `test_starting` and `test_commands` look at in processes that begin from nothing.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import ssl
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NEWLINE = b"\n"
OURS = ("bot", "config", "jobs")
NO_COMMAND = ("bot.demo", "bot.sandbox", "bot.store.migrations")
"""What no process here needs, or Alembic alone imports."""
IMPORTED_WHEN_USED = (
    "anyio._backends._asyncio", "anyio.streams.tls", "apscheduler.executors.asyncio", "dateutil.tz", "greenlet",
    "httpcore._async.connection", "httpcore._async.http11", "prometheus_client", "psycopg", "rich.traceback", "sniffio",
    "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite", "structlog.dev",
    "uvicorn.lifespan.off", "uvicorn.protocols.http.h11_impl", "yaml.cyaml",
)  # fmt: skip
"""By libraries, or in functions of ours."""


def _wait_for_work(channel: socket.socket) -> None:
    """Fork for each job; the child returns, as what was asked for, and the parent when nobody is left to ask."""
    woken, wake = socket.socketpair()
    wake.settimeout(0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()
    while True:
        ready, _, _ = select.select([channel, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            _tell_who_ended(channel)
        if channel not in ready:
            continue
        message, streams, _, _ = socket.recv_fds(channel, 65536, 3)
        if not message:
            os._exit(0)
        while not message.endswith(NEWLINE):
            message += channel.recv(65536)
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for end in (channel, woken, wake):
                end.close()
            _become(json.loads(message), streams)
            return
        for stream in streams:
            os.close(stream)
        channel.sendall(json.dumps([pid, None]).encode() + NEWLINE)


def _tell_who_ended(channel: socket.socket) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            channel.sendall(json.dumps([ended[0], os.waitstatus_to_exitcode(ended[1])]).encode() + NEWLINE)


def _become(job: Mapping[str, Any], streams: Sequence[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for stream in streams:
        if stream > 2:
            os.close(stream)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    sys.argv = ["kursusbot", *job["arguments"]]


def _prepare() -> None:
    for package in OURS:
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not found.name.startswith(NO_COMMAND):
                importlib.import_module(found.name)
    for module in IMPORTED_WHEN_USED:
        importlib.import_module(module)
    # Reading the machine's certificates is a third of a command here, where nothing speaks TLS.
    ssl.create_default_context = functools.cache(ssl.create_default_context)
    ssl.create_default_context()


def _run() -> None:
    """The program, to its end as the interpreter would end it but for taking apart what was imported."""
    from bot.cli.main import main

    code: object = 0
    try:
        main()
    except SystemExit as done:
        code = done.code
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(ValueError, BrokenPipeError):  # closed
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _prepare()
    _wait_for_work(socket.socket(fileno=int(sys.argv[1])))
    _run()
