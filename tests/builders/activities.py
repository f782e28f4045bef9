"""An activity as Teams brings it: Anna writes to the bot in her own chat."""

from __future__ import annotations

APP, TENANT, ANNA = "0badc0de-0000-4000-8000-00000000b07a", "11111111-1111-4111-8111-111111111111", "aaaaaaaa-0000-4000-8000-000000000001"
ADDRESS = "https://smba.trafficmanager.net/teams"
BASE = {
    "id": "1", "type": "message", "text": "mine kurser", "serviceUrl": f"{ADDRESS}/", "locale": "da-DK",
    "from": {"id": "29:x", "aadObjectId": ANNA.upper()}, "recipient": {"id": f"28:{APP}"},
    "conversation": {"id": "a:1;messageid=7", "conversationType": "personal", "tenantId": TENANT},
    "channelData": {"tenant": {"id": TENANT}},
}  # fmt: skip
