"""How log lines are made: structlog to stderr, console or JSON, every address masked, no secret.

Event names are `stage.past_tense`, data in keywords, `run_id` bound once for each run. The pure core
never logs.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog

from bot.masking import mask_text

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from config.settings import LogSettings


def configure_logging(settings: LogSettings) -> None:
    """Set the process's log lines up; call once, before the first run."""
    as_json = settings.format == "json" or (settings.format is None and not sys.stderr.isatty())
    made_alike: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    level = logging.getLevelNamesMapping()[settings.level.value.upper()]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)
    )
    structlog.configure(
        processors=[*made_alike, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries speak through the standard logging; what they say may hold addresses in URLs.
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_mask_record)
        if as_json:
            # A line that is none of ours must not be the one that a reader of JSON stumbles over.
            last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
            handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=made_alike, processors=last))


def bind_run(plan: str) -> str:
    """Give everything logged from here on a run id; returns it."""
    run_id = uuid4().hex[:12]
    structlog.contextvars.bind_contextvars(run_id=run_id, plan=plan)
    return run_id


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
