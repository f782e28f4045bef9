"""The members of a group as Graph answers them."""

from __future__ import annotations

from typing import Any

import httpx

GROUP = "0f8fad5b-d9cb-469f-a165-70867728950e"
MEMBERS = f"/groups/{GROUP}/transitiveMembers/microsoft.graph.user"


def user(name: str, **changes: Any) -> dict[str, Any]:
    given = {
        "id": f"id-{name}",
        "displayName": f"{name.title()} Prøve",
        "givenName": name.title(),
        "surname": "Prøve",
        "mail": f"{name}@kommune.example",
        "userPrincipalName": f"{name}@kommune.example",
        "userType": "Member",
        "accountEnabled": True,
        "preferredLanguage": "da-DK",
        "proxyAddresses": [f"SMTP:{name}@kommune.example"],
        "department": "Skole",
    }
    return {**given, **changes}


def page(*users: dict[str, Any], following: str | None = None) -> httpx.Response:
    return httpx.Response(200, json={"value": list(users), **({"@odata.nextLink": following} if following else {})})
