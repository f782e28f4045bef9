"""`openapi.json` tells the truth: whatever it allows to be asked is answered as it says, and never by a fault of ours."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.e2e.as_it_was import synced
from tests.e2e.desk_driver import HR, at_the_desk
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.seats import ANNA, BO, HOLD

if TYPE_CHECKING:
    from tests.e2e.driver import World

EXAMPLES = [5, pytest.param(15, marks=pytest.mark.long)]
"""How often each request is asked."""


@pytest.mark.parametrize("examples", EXAMPLES)
def test_whatever_is_described_is_answered_as_described(world: World, examples: int) -> None:
    """Every request of the document, with good and bad values, by somebody who may."""
    synced(world, make_plan(make_course("kursus", offerings=HOLD), audiences=people(ANNA, BO)))

    async def story(service, person) -> None:
        home = service.settings.web.base_url
        async with httpx.AsyncClient(base_url=home) as client:
            document = (await client.get("/api/v1/openapi.json")).json()
        asked = await asyncio.to_thread(ask_everything, home, document, person.token, examples)
        assert asked == {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}

    at_the_desk(world, story)


def ask_everything(home: str, document: dict[str, Any], token: Any, examples: int) -> set[str]:
    """The requests that were asked, each some times."""
    # Every process of the tests would load it, and this one alone needs it.
    import schemathesis
    from schemathesis import checks

    held = (
        checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
        checks.response_headers_conformance,
    )  # fmt: skip
    schema = schemathesis.openapi.from_dict(document)
    numbers, asked = count(), set()
    for found in schema.get_all_operations():
        operation = found.ok()
        asked.add(f"{operation.method.upper()} {operation.path}")

        @settings(
            max_examples=examples, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=[*HealthCheck],
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def one(case: Any) -> None:
            # Half of them about the plan that there is; each by somebody else, whom no limit knows yet.
            number = next(numbers)
            if number % 2 and "plan" in (case.path_parameters or {}):
                case.path_parameters["plan"] = "demo"
            bearer = token(HR, sub=f"s-{number}")
            answer = case.call(base_url=home, headers={"Authorization": f"Bearer {bearer}"})
            case.validate_response(answer, checks=held)

        one()
    return asked
