"""How long what kind of personal data is kept, in days.

`bot.rounds.expiry` acts by it, docs/privacy.md tells people of it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.section import Section

# Outlook's answers of the last 60 days may be read again (`bot.rounds.steps.collect_answers`): what is erased
# sooner could come back.
SHORTEST_AFTER_THE_COURSE = 61


class RetentionSettings(Section):
    """All but `people_days` and `plan_days` count from the end of the course.

    The former from when the person was last seen in a group of the plan.

    `participation_days`: who was invited, answered, waited and had a seat; then it is anonymous.
    `notes_days`: what people wrote to HR. `messages_days`: what was sent to whom, and HR's reports from when
    they went. `bounces_days`: addresses that were not reached. `people_days`: addresses, names and
    departments of people who are in no audience and on no event. `plan_days`: what the plan said before, from
    when something else took its place.
    """

    participation_days: Annotated[int, Field(ge=SHORTEST_AFTER_THE_COURSE, le=3650)] = 365
    messages_days: Annotated[int, Field(ge=SHORTEST_AFTER_THE_COURSE, le=3650)] = 180
    bounces_days: Annotated[int, Field(ge=7, le=3650)] = 90
    notes_days: Annotated[int, Field(ge=0, le=3650)] = 0
    people_days: Annotated[int, Field(ge=7, le=3650)] = 90
    plan_days: Annotated[int, Field(ge=7, le=3650)] = 730
