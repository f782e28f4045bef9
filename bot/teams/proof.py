"""Whether what came was brought by Teams: the token, by Microsoft's own check.

The keys are fetched by a library that waits for them, so a check is done in a thread, of few: a slow issuer
keeps no page waiting. The token says nothing of tenant and person; those are looked at in the activity
(`bot.teams.activities`), whose address has to be the one that the token is for. Facts: ecosystem section 1,
graph-facts-checked section 23.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter, to_thread

from bot.log_lines import get_logger

if TYPE_CHECKING:
    from config.bot_settings import BotSettings

log = get_logger("bot.teams")
CHECKS_AT_ONCE = 4
BEARER = "Bearer "


class NotTeams(Exception):
    """It was not brought by Teams; `why` is for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TokenCheck:
    """The check for the bot of these settings. Making one imports the SDK."""

    def __init__(self, settings: BotSettings) -> None:
        with warnings.catch_warnings():
            # Of parts of the SDK that are not used here.
            warnings.simplefilter("ignore")
            from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
            from microsoft_teams.apps.auth import TokenValidator

        # It tells what is wrong with a token in words of whoever sent it; we tell that it was refused.
        logging.getLogger("microsoft_teams").setLevel(logging.CRITICAL)
        cloud = with_overrides(
            PUBLIC,
            openid_metadata_url=settings.openid_url,
            token_issuer=settings.token_issuer,
            login_endpoint=settings.login_url,
        )
        # Not the check of the SDK's own server: that asks whatever issuer a stranger names for its keys.
        self._validator = TokenValidator.for_service(settings.app_id or "", cloud=cloud)
        self._few: CapacityLimiter | None = None

    async def address_in(self, authorization: str) -> str:
        """The address that the token is for; raises NotTeams."""
        if not authorization.startswith(BEARER):
            raise NotTeams("no token")
        if self._few is None:
            self._few = CapacityLimiter(CHECKS_AT_ONCE)
        claims = await to_thread.run_sync(
            partial(self._checked, authorization.removeprefix(BEARER)), limiter=self._few
        )
        address = claims.get("serviceurl")
        if not isinstance(address, str) or not address:
            raise NotTeams("the token is for no address")
        return address.rstrip("/")

    def _checked(self, token: str) -> dict[str, Any]:
        try:
            # Asynchronous by its name alone; here it may wait.
            return asyncio.run(self._validator.validate_token(token))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is refused
            raise NotTeams(type(error).__name__) from None
