"""The environment as a source of settings."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource


class OurVariables(EnvSettingsSource):
    """The environment, looked through for those settings alone that a variable names.

    To ask it of every setting takes longer than all else that is done to read them.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """As it is there; of what no variable names, nothing."""
        if field_name not in self._named:
            return None, field_name, True
        return super().get_field_value(field, field_name)

    def prepare_field_value(
        self, field_name: str, field: FieldInfo, value: Any, value_is_complex: bool
    ) -> Any:
        """As it is read; of what no variable names, None."""
        if field_name not in self._named:
            return None
        return super().prepare_field_value(field_name, field, value, value_is_complex)

    def next_field(
        self, field: FieldInfo | Any | None, key: str, case_sensitive: bool | None = None
    ) -> FieldInfo | None:
        """As it is there; a setting that is called just so is not looked for among all of its section."""
        section = field.annotation if isinstance(field, FieldInfo) else None
        if isinstance(section, type) and issubclass(section, BaseModel) and key in section.model_fields:
            return section.model_fields[key]
        return super().next_field(field, key, case_sensitive)

    @cached_property
    def _named(self) -> frozenset[str]:
        """The settings that variables name: `graph` by `KURSUSBOT_GRAPH__BASE_URL`."""
        prefix = self.env_prefix.lower()
        ours = (name.removeprefix(prefix) for name in self.env_vars if name.startswith(prefix))
        return frozenset(name.partition("__")[0] for name in ours)
