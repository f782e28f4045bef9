"""How log lines are made: structlog to stderr, console or JSON, every address masked, no secret.

Event names are `stage.past_tense`, data in keywords, `run_id` bound once for each run. The pure core
never logs. structlog itself is imported with the first line (`bot.log_lines`).
"""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bot.log_lines import postpone
from bot.masking import mask_text

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from config.settings import LogSettings

_RUN: ContextVar[dict[str, str] | None] = ContextVar("run", default=None)
"""The run that lines are of; structlog has a place for this too, but it is not there yet."""


def configure_logging(settings: LogSettings) -> None:
    """Set the process's log lines up; call once, before the first run."""
    as_json = settings.format == "json" or (settings.format is None and not sys.stderr.isatty())
    level = logging.getLevelNamesMapping()[settings.level.value.upper()]
    postpone(partial(_configure_structlog, level, as_json=as_json), level)
    # Libraries speak through the standard logging; what they say may hold addresses in URLs.
    logging.basicConfig(
        level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(_mask_record)
        if as_json:
            handler.setFormatter(_AsJson())


def bind_run(plan: str) -> str:
    """Give everything logged from here on a run id; returns it."""
    run_id = uuid4().hex[:12]
    _RUN.set({"run_id": run_id, "plan": plan})
    return run_id


class _AsJson(logging.Formatter):
    """A line that is none of ours must not be the one that a reader of JSON stumbles over."""

    def format(self, record: logging.LogRecord) -> str:
        import structlog

        last: list[Any] = [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _renderer(as_json=True),
        ]
        return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_made_alike(), processors=last).format(
            record
        )


def _configure_structlog(level: int, *, as_json: bool) -> None:
    import structlog

    structlog.configure(
        processors=[*_made_alike(), _renderer(as_json=as_json)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _made_alike() -> list[Any]:
    """What every line goes through, ours and those of libraries."""
    import structlog

    return [
        _of_run,
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]


def _renderer(*, as_json: bool) -> Any:
    import structlog

    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)


def _of_run(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**(_RUN.get() or {}), **event}


def _mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    match value:
        case str():
            return mask_text(value)
        case dict():
            return {key: _masked(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_masked(inner) for inner in value]
        case None | bool() | int() | float():
            return value
        case _:
            return mask_text(str(value))


def _mask_record(record: logging.LogRecord) -> bool:
    record.msg, record.args = mask_text(record.getMessage()), ()
    if record.exc_info:
        # What a formatter finds here it does not make itself.
        record.exc_text = mask_text(logging.Formatter().formatException(record.exc_info))
    return True
