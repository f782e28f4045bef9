"""The settings of the bot in Teams."""

from __future__ import annotations

from enum import StrEnum

from pydantic import SecretStr, model_validator

from config.given import is_guid, is_loopback
from config.section import Section

ISSUER = "https://api.botframework.com"
KEYS = "https://login.botframework.com/v1/.well-known/openidconfiguration"
LOGIN = "https://login.microsoftonline.com"
SERVICE = "https://smba.trafficmanager.net/teams"


class SeatNews(StrEnum):
    """Which way news of somebody's seat goes to who has a chat with the bot; to everybody else, a mail."""

    TEAMS = "teams"
    MAIL = "mail"
    BOTH = "both"


class BotSettings(Section):
    """As which app the bot speaks, in which tenant, and what goes by it; without `app_id` there is no bot.

    `managed_identity` is the client id of a user-assigned identity, in the place of `app_secret`.
    `install`: whether the app is installed for the audiences by Graph, and `catalogue_id` what the
    organisation's catalogue calls it. `seat_news`: see `SeatNews`. `hr_channel` names a channel with the bot
    in which HR hears what waits for a person. `sandbox_url` is a played Teams on this machine, in the place
    of Microsoft's.
    """

    app_id: str | None = None
    app_secret: SecretStr | None = None
    tenant_id: str | None = None
    managed_identity: str | None = None
    seat_news: SeatNews = SeatNews.TEAMS
    install: bool = False
    catalogue_id: str | None = None
    hr_channel: str | None = None
    sandbox_url: str | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is a bot."""
        return self.app_id is not None

    @property
    def token_issuer(self) -> str:
        """Who signs what Teams sends us."""
        return f"{self.sandbox_url}/issuer" if self.sandbox_url else ISSUER

    @property
    def openid_url(self) -> str:
        """Where that issuer tells its keys."""
        return f"{self.sandbox_url}/openid/.well-known/openidconfiguration" if self.sandbox_url else KEYS

    @property
    def login_url(self) -> str:
        """Where we get a token of our own, without the tenant."""
        # Must not begin the issuer's address, or the SDK takes Teams' tokens for Entra's.
        return f"{self.sandbox_url}/entra" if self.sandbox_url else LOGIN

    @property
    def service_url(self) -> str:
        """Where a new conversation is opened; every other has an address of its own."""
        return f"{self.sandbox_url}/teams" if self.sandbox_url else SERVICE

    @model_validator(mode="after")
    def _consistent(self) -> BotSettings:
        if not self.is_set:
            if self.app_secret is not None or self.tenant_id is not None or self.managed_identity is not None:
                raise ValueError("app_id: the id of the bot's app registration is needed")
            if self.install:
                raise ValueError("install: there is no bot to install, so app_id is needed")
            return self
        for name in ("app_id", "tenant_id", "managed_identity", "catalogue_id"):
            value = getattr(self, name)
            if value is not None and not is_guid(value):
                raise ValueError(f"{name}: an id such as 00000000-0000-0000-0000-000000000000 is needed")
        if self.tenant_id is None:
            raise ValueError("tenant_id: bots are of one tenant, so its id is needed")
        if self.install and self.catalogue_id is None:
            raise ValueError(
                "catalogue_id: the app's id in the organisation's catalogue is needed to install it"
            )
        if (self.app_secret is None) == (self.managed_identity is None):
            raise ValueError("app_secret: either a secret or a managed identity is needed, not both")
        if self.sandbox_url is not None and not is_loopback(self.sandbox_url):
            raise ValueError("sandbox_url: a played Teams is allowed on this machine only")
        return self
