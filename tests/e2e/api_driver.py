"""A program that asks the API with somebody's token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import text

from tests.e2e.desk_driver import HR


@dataclass
class Client:
    """Somebody who asks with a token."""

    home: str
    token: str

    async def answer(self, method: str, address: str, *, extra: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "da"} | (extra or {})
        async with httpx.AsyncClient(base_url=self.home, timeout=60, headers=headers) as client:
            return await client.request(method, address, **more)

    async def ask(self, method: str, address: str, status: int = 200, **more: Any) -> Any:
        answer = await self.answer(method, address, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, address: str, status: int = 200, **query: Any) -> Any:
        return await self.ask("GET", address, status, params=query)

    async def post(self, address: str, status: int = 200, **body: Any) -> Any:
        return await self.ask("POST", address, status, json=body)


def asking(service: Any, person: Any, account: Any = HR) -> Client:
    return Client(service.settings.web.base_url, person.token(account))


def die_before_the_answer(service: Any) -> None:
    """As a process leaves it that was killed between what it did and what it would have answered, a minute ago."""
    with service.stores.database.write() as connection:
        gone = "UPDATE api_answers SET answer = NULL, status = 0, until = made_at"
        assert connection.execute(text(gone)).rowcount == 1
