"""`CoursePlan` → YAML that a person can go on working with.

Short things on one line, long texts as blocks.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from bot.plan.document import plan_document

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan

LINE = 140
KEYS_ON_ONE_LINE = 6
TEXT = "tag:yaml.org,2002:str"
TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Dumper(yaml.CSafeDumper):
    """The safe dumper without anchors; how each type is written is said below."""

    # Dates are texts to our reader, so they need no quotes to keep others from making dates of them.
    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way to configure a dumper
        first: [(tag, pattern) for tag, pattern in resolvers if tag != TIMESTAMP]
        for first, resolvers in yaml.CSafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        is_long = len(mapping) > KEYS_ON_ONE_LINE or any(
            isinstance(value, str) and len(value) > LINE // 2 for value in mapping.values()
        )
        return super().represent_mapping(tag, mapping, flow_style=False if is_long else flow_style)


def render_yaml(plan: CoursePlan) -> bytes:
    """The plan as YAML in UTF-8; parsing it gives the same plan but for the revision."""
    text = yaml.dump(
        plan_document(plan),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=LINE,
        default_flow_style=None,
    )
    return text.encode()


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(TEXT, text, style="|" if "\n" in text else None)


def _moment(dumper: _Dumper, wall: datetime) -> yaml.ScalarNode:
    return dumper.represent_scalar(TEXT, f"{wall:%Y-%m-%dT%H:%M}")


def _day(dumper: _Dumper, day: date) -> yaml.ScalarNode:
    return dumper.represent_scalar(TEXT, day.isoformat())


def _clock(dumper: _Dumper, clock: time) -> yaml.ScalarNode:
    return dumper.represent_scalar(TEXT, f"{clock:%H:%M}", style='"')


def _amount(dumper: _Dumper, amount: Decimal) -> yaml.ScalarNode:
    return dumper.represent_scalar(
        "tag:yaml.org,2002:float" if amount % 1 else "tag:yaml.org,2002:int", amount_text(amount)
    )


def amount_text(amount: Decimal) -> str:
    """Money as the format writes it: whole, or with two decimals."""
    return f"{amount:.2f}" if amount % 1 else f"{amount:.0f}"


_Dumper.add_representer(str, _text)
_Dumper.add_representer(datetime, _moment)
_Dumper.add_representer(date, _day)
_Dumper.add_representer(time, _clock)
_Dumper.add_representer(Decimal, _amount)
