"""Settings: environment (`KURSUSBOT_…`, nested with `__`), then `.env`, then `kursusbot.toml`, then defaults.

The names are public (the table is in docs/settings.md, which a test holds against this file). Secrets
are `SecretStr`: they never show in a log, an error or `doctor`. Unknown keys are refused, also in the
environment, because a misspelt limit is a limit that does not hold.
"""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AwareDatetime,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from bot.clock import Clock
from bot.domain.clashes import COURSES_A_WEEK
from bot.domain.errors import InputError
from config.bot_settings import BotSettings
from config.desk_settings import DeskSettings
from config.environment import OurVariables
from config.given import SHORTEST_SECRET, is_loopback, is_of_chance
from config.graph_settings import PREFIX, GraphSettings, MailboxSettings, TeamsSettings
from config.retention import RetentionSettings
from config.section import Section
from config.service_settings import FORMER_JOB_NAMES, JobsSettings, WorkerSettings
from config.sign_in import SignInSettings
from config.webhook_settings import WebhookSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

# Read by the tests only, so that a developer's shell may hold them.
FOR_DEVELOPERS = frozenset({"KURSUSBOT_REQUIRE_ALL", "KURSUSBOT_GRAPH_CONTRACT"})

CoursesAWeek = Annotated[int, Field(ge=1)]


class Drift(StrEnum):
    """What to do with a person's edit in Outlook: keep it and report it, or restore the plan."""

    KEEP = "keep"
    RESTORE = "restore"


class ApprovalMode(StrEnum):
    """What waits for a person: every change that follows from an edited plan, or what passes the limits."""

    PLAN = "plan"
    LIMITS = "limits"


class ReportEvery(StrEnum):
    """How often HR gets a report."""

    DAY = "day"
    WEEK = "week"
    NEVER = "never"


class Weekday(StrEnum):
    """Days of the week, in the order that Python counts them."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class LogFormat(StrEnum):
    """How log lines look."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """What is logged at all."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class SafetySettings(Section):
    """Limits that even `--yes` does not pass.

    Shares of 1, mails in one run, and people whose event is gone from the plan.
    """

    max_cancel_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    max_remove_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    max_mails: Annotated[int, Field(ge=0)] = 2000
    max_cancelled_people: Annotated[int, Field(ge=0)] = 20


class SeatsSettings(Section):
    """Seats: in the last `quiet_hours` before the start a free seat goes to nobody by itself."""

    quiet_hours: Annotated[float, Field(ge=0, le=720)] = 24.0


class ReportSettings(Section):
    """HR's report: on working days at `at` (wall time of the plan's zone).

    `weekday` counts where it is weekly.
    """

    every: ReportEvery = ReportEvery.WEEK
    weekday: Weekday = Weekday.MONDAY
    at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "07:30"


class LogSettings(Section):
    """`format` None: `console` on a terminal, else `json`."""

    format: LogFormat | None = None
    level: LogLevel = LogLevel.INFO


class WebSettings(Section):
    """The web side. `base_url` is what people's links begin with; without it nobody is sent a link.

    `secret_key` signs the links. Whoever changes it makes every link invalid that was sent, but for those
    signed with one of `previous_keys`.
    """

    base_url: str | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    secret_key: SecretStr | None = None
    previous_keys: tuple[SecretStr, ...] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> WebSettings:
        if self.base_url is not None:
            wrong = _wrong_with_address(self.base_url)
            if wrong:
                raise ValueError(f"base_url: {wrong}")
            if self.secret_key is None:
                raise ValueError(f"base_url: links are signed, so {PREFIX}WEB__SECRET_KEY is needed too")
        keys = [
            key.get_secret_value()
            for key in (self.secret_key, *(self.previous_keys or ()))
            if key is not None
        ]
        here = self.base_url is not None and is_loopback(self.base_url)
        if not all(is_of_chance(key, stays_here=here) for key in keys):
            raise ValueError(
                f"secret_key and previous_keys: at least {SHORTEST_SECRET} characters of chance are needed "
                "(openssl rand -hex 32)"
            )
        return self


def _wrong_with_address(base_url: str) -> str:
    """Why the pages cannot have this address, "" where they can."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        return "an https address such as https://kurser.kommune.example is needed"
    if "@" in parts.netloc:
        return "it stands in every mail, so no name or password may be in it"
    if parts.path not in {"", "/"}:
        return "the pages need a host name of their own, so nothing may follow it"
    if parts.scheme == "http" and not is_loopback(base_url):
        return "plain http is allowed to loopback only; use https"
    return ""


class _OurLines(DotEnvSettingsSource):
    """The lines of `.env` that are ours; other programs may keep theirs in the same file."""

    def __call__(self) -> dict[str, Any]:
        if not self.env_vars:
            return {}
        if unknown := _unknown_variables({name: value or "" for name, value in self.env_vars.items()}):
            raise InputError("settings_invalid", details="; ".join(unknown))
        return {name: value for name, value in super().__call__().items() if name in Settings.model_fields}


class Settings(BaseSettings):
    """Everything that can be set.

    `plan` is a path or a sharing link, `templates` HR's folder of own words; `now` an aware instant.

    `by`: who is at work at the command line, for the log of who did what.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        toml_file="kursusbot.toml",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    plan: str | None = None
    plans: str | list[str] | None = None
    database_url: SecretStr = SecretStr("sqlite:///kursusbot.db")
    templates: str | None = None
    drift: Drift = Drift.KEEP
    approval: ApprovalMode = ApprovalMode.PLAN
    approvers: Annotated[int, Field(ge=1, le=2)] = 1
    courses_a_week: CoursesAWeek = COURSES_A_WEEK
    by: str | None = None
    now: AwareDatetime | None = None
    graph: GraphSettings = Field({}, validate_default=True)
    safety: SafetySettings = Field({}, validate_default=True)
    mailbox: MailboxSettings = Field({}, validate_default=True)
    seats: SeatsSettings = Field({}, validate_default=True)
    report: ReportSettings = Field({}, validate_default=True)
    retention: RetentionSettings = Field({}, validate_default=True)
    log: LogSettings = Field({}, validate_default=True)
    teams: TeamsSettings = Field({}, validate_default=True)
    bot: BotSettings = Field({}, validate_default=True)
    web: WebSettings = Field({}, validate_default=True)
    signin: SignInSettings = Field({}, validate_default=True)
    desk: DeskSettings = Field({}, validate_default=True)
    webhooks: WebhookSettings = Field({}, validate_default=True)
    jobs: JobsSettings = Field({}, validate_default=True)
    worker: WorkerSettings = Field({}, validate_default=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, `.env`, `kursusbot.toml`; first wins."""
        del env_settings, dotenv_settings, file_secret_settings
        return init_settings, *_written(settings_cls)

    _clock: Clock | None = PrivateAttr(default=None)

    @property
    def clock(self) -> Clock | None:
        """A clock that goes instead of the machine's, where a demonstration has one; all copies have it."""
        return self._clock

    def going_by(self, clock: Clock) -> Settings:
        """The same settings, going by a clock."""
        self._clock = clock
        return self

    @model_validator(mode="after")
    def _a_fixed_clock_is_for_trials(self) -> Settings:
        if self.now is not None and not self.graph.is_loopback:
            raise ValueError("now: a fixed clock is allowed with a loopback KURSUSBOT_GRAPH__BASE_URL only")
        return self

    @model_validator(mode="after")
    def _who_signs_in_comes_back(self) -> Settings:
        if self.signin.is_set and self.web.base_url is None:
            raise ValueError("signin: the desk needs an address to come back to: KURSUSBOT_WEB__BASE_URL")
        if self.teams.tab and self.signin.tenant_id is None:
            raise ValueError(f"teams: who opens the tab is signed in by Entra: {PREFIX}SIGNIN__TENANT_ID")
        if self.bot.is_set and self.web.base_url is None:
            raise ValueError("bot: Teams needs an address to call: KURSUSBOT_WEB__BASE_URL")
        return self


def _written(settings_cls: type[BaseSettings]) -> tuple[PydanticBaseSettingsSource, ...]:
    """Where settings are written down; first wins."""
    return OurVariables(settings_cls), _OurLines(settings_cls), TomlConfigSettingsSource(settings_cls)


def load_settings(
    *, now: str | None = None, plan: str | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read all sources; `now` and `plan` from the command line win.

    Raises InputError `settings_invalid`, naming each setting and what is wrong, never a value.
    """
    unknown = _unknown_variables(os.environ if environ is None else environ)
    if unknown:
        raise InputError("settings_invalid", details="; ".join(unknown))
    given: dict[str, Any] = {
        key: value for key, value in {"now": now, "plan": plan}.items() if value is not None
    }
    try:
        # As without them, but for the library's own readers, which would be made and put aside again.
        sources = InitSettingsSource(Settings, given), *_written(Settings)
        return Settings(_build_sources=(sources, given))  # type: ignore[call-arg]  # not known to its plugin
    except ValidationError as error:
        raise InputError("settings_invalid", details="; ".join(explained(error))) from None
    except (SettingsError, ValueError, OSError) as error:
        raise InputError("settings_invalid", details=str(error)) from None


@cache
def variable_names() -> tuple[str, ...]:
    """Every environment variable there is, sorted."""
    names: list[str] = []
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            names += [f"{PREFIX}{name}__{inner}".upper() for inner in section.model_fields]
        else:
            names.append(f"{PREFIX}{name}".upper())
    return tuple(sorted(names))


def _unknown_variables(environ: Mapping[str, str]) -> list[str]:
    known = {*variable_names(), *(_variable("jobs", name) for name in FORMER_JOB_NAMES)}
    found = []
    for name in sorted(environ):
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper in FOR_DEVELOPERS or upper in known:
            continue
        # A dictionary such as the Teams channels may be given key by key: KURSUSBOT_TEAMS__CHANNELS__HR.
        inside = any(upper.startswith(f"{parent}__") for parent in known) or any(
            parent.startswith(f"{upper}__") for parent in known
        )
        if not inside:
            found.append(_unknown(name))
    return found


def explained(error: ValidationError, *within: str) -> list[str]:
    """What is wrong with each setting, by its whole name and without its value.

    `within` is the section that was looked at alone.
    """
    lines = []
    for item in error.errors(include_input=False, include_url=False, include_context=False):
        name = _variable(*within, *map(str, item["loc"]))
        said = item["msg"].removeprefix("Value error, ")
        # A rule about several settings begins with the one that it is told at.
        first, _, rest = said.partition(": ")
        inner = _variable(*within, *map(str, item["loc"]), first)
        if item["type"] == "extra_forbidden":
            lines.append(_unknown(name))
        elif inner in variable_names():
            lines.append(f"{inner}: {rest}")
        else:
            lines.append(f"{name}: {said}" if name != PREFIX else said)
    return lines


def _variable(*parts: str) -> str:
    return f"{PREFIX}{'__'.join(parts)}".upper()


def _unknown(name: str) -> str:
    # For a misspelt name alone.
    import difflib

    nearest = difflib.get_close_matches(name.upper(), variable_names(), 1)
    return f"{name}: unknown" + (f", did you mean {nearest[0]}?" if nearest else "")
