"""Settings of who may see a plan on the desk: `[desk]` in the file beside the plan, or for all of them.

Roles come from the sign-in; these lists only narrow them. What they come to stands in `bot.domain.named`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from config.section import Section

Entry = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[^\x00-\x1f\x7f]{1,320}$")
]
"""An address of a person or a group, an object id, or a group as the provider names it in `groups`."""

Entries = Annotated[tuple[Entry, ...], Field(min_length=1, max_length=200)]


class DeskSettings(Section):
    """People and groups with `hr` and `readers` of a plan; both None: whoever has a role.

    An empty list is refused: whether it should mean everybody or nobody is not to be guessed.
    """

    hr: Entries | None = None
    readers: Entries | None = None
