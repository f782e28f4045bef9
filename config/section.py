"""What every group of settings is made like."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Settings that belong together: nothing unknown among them, and they stay as they were read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
