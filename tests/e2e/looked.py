"""What `/readyz` says."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from jobs.readiness import Watch

if TYPE_CHECKING:
    from bot.web.health import Readiness
    from jobs.service import Service


async def looked(service: Service, *, age: timedelta = timedelta()) -> Readiness:
    """As a request's thread looks; the process is that old."""
    since = datetime.now(UTC) - age
    loop = asyncio.get_running_loop()
    watch = Watch(plans=service.plans, clients=service.clients, stores=service.stores, loop=loop, since=since)
    return await asyncio.to_thread(watch.look)
