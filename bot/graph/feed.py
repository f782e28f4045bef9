"""Lines in people's activity feeds in Teams: `bot.ports.teams.Feed` for real, to one or to many.

    one person      POST /users/{oid}/teamwork/sendActivityNotification     204, or 403 or 404 where our app is not there, 409 where two are
    many            POST /teamwork/sendActivityNotificationToRecipients     202, which says nothing of the single ones

Either carries a chain id, so that a line that is sent again takes the place of the first: an unclear answer
is repeated. The request to many wants a token that is good for 45 minutes more, and a library hands out
cached ones until shortly before they end; so a fresh one is fetched first, and once more after a 412. Where
many are refused all the same, nobody was told, and they can be told one by one.

Needs TeamsActivity.Send.User (granted by the installation of our Teams app) or TeamsActivity.Send. Facts:
graph-facts sections 5 and 7, 2026-11-22.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot.domain.errors import GraphConflict, GraphGone, GraphRefused, PermissionMissing
from bot.domain.teams import PARAMETER
from bot.graph.calls import Call, segment
from bot.graph.gate import TEAMS, Tempo
from bot.graph.retry import FailureKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.teams import Notification
    from bot.graph.calls import JsonObject
    from bot.graph.client import GraphClient

TO_MANY = "/teamwork/sendActivityNotificationToRecipients"
RECIPIENT = "microsoft.graph.aadUserNotificationRecipient"
TOKEN_SECONDS = 46 * 60.0
"""45 minutes, and one for the way."""
A_SECOND, A_SECOND_TO_MANY = (5, 1.0), (2, 1.0)
TOKEN_TOO_OLD = 412


class GraphFeed:
    """The activity feeds of a tenant."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self._tempo = Tempo(client.pace, A_SECOND)
        self._tempo_to_many = Tempo(client.pace, A_SECOND_TO_MANY)

    async def notify(self, user_id: str, notification: Notification) -> bool:
        """Put the line into the feed of one person (directory id).

        False where Teams does not reach them: nothing was told.

        Raises GraphError for everything else.
        """
        await self._tempo.take()
        path = f"/users/{segment(user_id)}/teamwork/sendActivityNotification"
        try:
            await self._client.send(_call(path, _body(notification)))
        except (GraphGone, PermissionMissing, GraphConflict):
            # A conflict: the tenant has two apps with our application id, and Graph does not know which one
            # speaks.
            return False
        return True

    async def notify_all(self, user_ids: Sequence[str], notification: Notification) -> bool:
        """Hand the same line in for at most a hundred people.

        False where all of it was refused: nobody was told.

        True says that it was taken in, and nothing of the single ones. Raises GraphError for everything else.
        """
        recipients = [{"@odata.type": RECIPIENT, "userId": user_id} for user_id in user_ids]
        call = _call(TO_MANY, _body(notification) | {"recipients": recipients})
        for seconds in (TOKEN_SECONDS, math.inf):
            await self._client.refresh_token(seconds)
            await self._tempo_to_many.take()
            try:
                await self._client.send(call)
            except GraphConflict as error:
                if error.status != TOKEN_TOO_OLD:
                    return False
            except (GraphGone, PermissionMissing):
                return False
            except GraphRefused as error:
                # HTTP; Teams has had enough for now, also of single ones.
                if error.status == 429:  # noqa: PLR2004
                    raise
                return False
            else:
                return True
        return False


def _call(path: str, body: JsonObject) -> Call:
    # Safe: what is sent again replaces what was sent.
    return Call(method="POST", gate=TEAMS, path=path, kind=FailureKind.SAFE, body=body)


def _body(notification: Notification) -> JsonObject:
    return {
        "topic": {"source": "text", "value": notification.topic, "webUrl": notification.web_url},
        "activityType": notification.activity_type,
        "chainId": notification.chain_id,
        "previewText": {"content": notification.preview},
        "templateParameters": [{"name": PARAMETER, "value": notification.subject}],
    }
