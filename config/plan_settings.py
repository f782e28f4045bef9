"""Many plans: which files they are, and what each says otherwise than the common settings.

    plans/                    KURSUSBOT_PLANS=plans
      leaders.yaml            a plan
      leaders.toml            settings of that plan alone, by sections, validated as the others are
      schools.xlsx            another plan
      talent.toml             `plan = "desk:talent"`: a plan that the database keeps, with settings of its own

The file beside a plan counts for every command, also where there is one plan only; `kursusbot.toml` is never
one. A plan may have its own credential, limits, mailbox rules, seats, report, retention, Teams, cadences,
templates, drift, courses a week, and whom the desk shows it to.
Database, web side, logs, workers and the clock belong to the process,
which serves them all. Does not read a plan: that is `bot.plan`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from bot.domain.errors import InputError
from bot.domain.plan_places import PLAN_ID, SCHEME, desk_plan_named, place_named
from config.service_settings import under_names_of_today
from config.settings import CoursesAWeek, Drift, Settings, explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLAN_ENDINGS = frozenset({".yaml", ".yml", ".xlsx"})
SECTIONS = ("graph", "safety", "mailbox", "seats", "report", "retention", "teams", "jobs", "desk", "webhooks")
SINGLE: dict[str, Any] = {"drift": Drift, "templates": str, "courses_a_week": CoursesAWeek}
"""Settings that stand in no section, and what each is."""
OWN = (*SECTIONS, *SINGLE)
"""What a plan may have of its own."""

SETTINGS_FILE = "kursusbot.toml"
PLAN = "plan"
"""The key by which a settings file without a plan beside it names one on the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSource:
    """Where a plan lies: a path, a sharing link, a drive with its item, or the database (`desk:ID`).

    `name` is unique in the process and safe to show; `overrides` may not exist.
    """

    name: str
    where: str
    overrides: Path | None

    @property
    def is_link(self) -> bool:
        """Whether it has to be fetched."""
        return is_fetched(self.where)

    @property
    def on_desk(self) -> str | None:
        """The id of a plan that is kept in the database, None of every other."""
        return desk_plan_named(self.where)

    @property
    def called(self) -> str:
        """What `--plan` says for it where there are several."""
        return self.on_desk or Path(self.name).stem


def plan_sources(settings: Settings) -> tuple[PlanSource, ...]:
    """The plans of `plans`, else the one of `plan`, by name. Looks at the folder, opens nothing.

    Raises InputError where none is named, the folder cannot be listed, or two files have the same name.
    """
    if settings.plans is None:
        if not settings.plan:
            raise InputError("plan_missing")
        return (source_of(settings.plan),)
    sources = sorted(map(source_of, _named(settings.plans)), key=lambda source: source.name)
    names = [source.called for source in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError("plans_alike", names=", ".join(twice))
    return tuple(sources)


def _named(plans: str | Sequence[str]) -> Sequence[str]:
    """One plan, several, or those of a folder."""
    if not isinstance(plans, str):
        return plans
    return [plans] if _is_one_plan(plans) else _plans_in(plans)


def _plans_in(folder: str) -> list[str]:
    try:
        files = sorted(Path(folder).iterdir())
    except OSError as error:
        raise InputError("plans_unreadable", path=folder, reason=error.strerror or str(error)) from None
    # Excel's lock files and what editors leave begin with these.
    plans = (file for file in files if not file.name.startswith((".", "~")))
    return [str(file) for file in plans if file.suffix.lower() in PLAN_ENDINGS or _names_a_plan(file)]


def _names_a_plan(file: Path) -> bool:
    """Whether it is a settings file of a plan that is kept in the database."""
    if file.suffix.lower() != ".toml" or file.name == SETTINGS_FILE:
        return False
    if any(file.with_suffix(ending).exists() for ending in PLAN_ENDINGS):
        # That is the plan which it has settings for.
        return False
    named = _table(file).get(PLAN)
    return isinstance(named, str) and desk_plan_named(named) is not None


def plan_names(settings: Settings) -> tuple[str, ...]:
    """What `--plan` may say for each plan of `plans`; empty without any.

    Raises InputError as `plan_sources`.
    """
    return tuple(source.called for source in plan_sources(settings)) if settings.plans is not None else ()


def settings_of(settings: Settings, source: PlanSource) -> Settings:
    """The common settings with what the plan's own file says instead.

    Raises InputError `settings_invalid`, never with a value.
    """
    given = _overrides(source)
    if not given:
        return settings.model_copy(update={"plan": source.where, "plans": None})
    unknown = sorted(given.keys() - set(OWN))
    if unknown:
        raise InputError(
            "settings_invalid",
            details=f"{source.overrides}: {', '.join(unknown)}: not a plan's own; those are {', '.join(OWN)}",
        )
    changed: dict[str, Any] = {}
    for name in OWN:
        if name in given:
            try:
                changed[name] = _own(settings, name, given[name])
            except ValidationError as error:
                raise InputError(
                    "settings_invalid", details=f"{source.overrides}: {'; '.join(explained(error, name))}"
                ) from None
    made = settings.model_copy(update={"plan": source.where, "plans": None, **changed})
    if made.now is not None and not made.graph.is_loopback:
        raise InputError(
            "settings_invalid",
            details=f"{source.overrides}: now: a fixed clock is allowed with a loopback base_url only",
        )
    return made


def named_by_the_plan(where: str) -> tuple[str, tuple[str, ...]] | None:
    """The file beside a plan that has settings of its own, and which they are (`safety.max_mails`).

    None where there is none.

    Whoever may write in the folder of a plan decides over them, so they are told where somebody looks. Raises
    InputError.
    """
    source = source_of(where)
    given = _overrides(source)
    if not given:
        return None
    names = (
        name if not isinstance(value, dict) else f"{name}.{inner}"
        for name, value in given.items()
        for inner in (value if isinstance(value, dict) else ("",))
    )
    return str(source.overrides), tuple(names)


def of_one_plan(settings: Settings) -> Settings:
    """For a command on one plan: with that plan's own settings.

    Where `plans` is set, `plan` may name one of them, without ending.

    Raises InputError as `plan_sources` and `settings_of`, and for a name that is none of them and no file.
    """
    if not settings.plan:
        return settings
    named = {source.called: source for source in plan_sources(settings)} if settings.plans is not None else {}
    source = named.get(desk_plan_named(settings.plan) or settings.plan) or source_of(settings.plan)
    if named and not (source.is_link or source.on_desk or Path(source.where).exists()):
        raise InputError("plan_not_among", plan=settings.plan, names=", ".join(named))
    return settings_of(settings, source)


def source_of(where: str) -> PlanSource:
    """The plan of a path, a sharing link or a place; opens nothing."""
    if is_fetched(where):
        # Whoever has the link has the file, so its name must not tell it.
        return PlanSource(name=f"link:{sha256(where.encode()).hexdigest()[:8]}", where=where, overrides=None)
    if desk_plan_named(where) is not None:
        return _on_desk(where, None)
    path = Path(where)
    if path.suffix.lower() == ".toml":
        return _on_desk(str(_table(path).get(PLAN, "")), path)
    return PlanSource(name=path.name, where=where, overrides=path.parent / f"{path.stem}.toml")


def _on_desk(where: str, overrides: Path | None) -> PlanSource:
    plan = desk_plan_named(where) or ""
    if PLAN_ID.fullmatch(plan) is None:
        raise InputError("desk_plan_id", plan=where)
    return PlanSource(name=f"{SCHEME}{plan}", where=f"{SCHEME}{plan}", overrides=overrides)


def _is_one_plan(where: str) -> bool:
    if is_fetched(where) or desk_plan_named(where) is not None:
        return True
    return Path(where).suffix.lower() in PLAN_ENDINGS


def is_fetched(where: str) -> bool:
    """Whether it is a sharing link or `drives/{drive}/items/{item}`, and no path."""
    return urlsplit(where).scheme in {"http", "https"} or place_named(where) is not None


def _overrides(source: PlanSource) -> Mapping[str, Any]:
    file = source.overrides
    if file is None or file.name == SETTINGS_FILE or not file.is_file():
        return {}
    return {key: value for key, value in _table(file).items() if key != PLAN or not source.on_desk}


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("settings_invalid", details=f"{file}: {error}") from None


def _own(settings: Settings, name: str, given: object) -> object:
    """What stands under one name of the file, a table key by key; raises ValidationError."""
    if name in SINGLE:
        return TypeAdapter(SINGLE[name]).validate_python(given)
    common = getattr(settings, name)
    given = under_names_of_today(given) if name == "jobs" else given
    return type(common).model_validate({**dict(common), **given} if isinstance(given, dict) else given)
