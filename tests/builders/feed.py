"""A line for an activity feed."""

from __future__ import annotations

from bot.domain.teams import Notification

ANNA, BO = "569363e2-4e49-4661-87f2-16f245c5d66a", "ab88234e-0874-477c-9638-d144296ed04f"
LINE = Notification(
    activity_type="courseTomorrow",
    topic="Lederdag",
    web_url="https://teams.microsoft.com/l/entity/app/about?label=Lederdag",
    subject="I morgen: Lederdag",
    preview="onsdag den 18. juni",
    chain_id=4711,
)
