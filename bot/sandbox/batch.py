"""JSON batching: up to 20 requests in one, each answered on its own.

The envelope is 200 even when every item failed; Outlook runs up to four items at once; an item whose
forerunner failed is 424. Facts: graph-facts section 5 (2026-11-22).
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit

from bot.sandbox.routes import split_path
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, bad_request, parse_prefer

MAX_ITEMS = 20
AT_ONCE = 4
FAILED_DEPENDENCY = 424
FIRST_ERROR = 400

Perform = Callable[[GraphRequest], Awaitable[Answer]]


async def run_batch(envelope: GraphRequest, perform: Perform) -> Answer:
    """Run the items of a batch by way of `perform`. Raises RefusedError 400 for a bad envelope."""
    items = _items(envelope.json())
    gate = asyncio.Semaphore(AT_ONCE)
    answers: dict[str, Answer] = {}
    done = {str(i["id"]).lower(): asyncio.Event() for i in items}

    async def run(item: JsonObject) -> None:
        key = str(item["id"]).lower()
        try:
            before = [str(d).lower() for d in item.get("dependsOn") or ()]
            for name in before:
                await done[name].wait()
            if any(answers[n].status >= FIRST_ERROR for n in before):
                body = {
                    "error": {
                        "code": "FailedDependency",
                        "message": "A request that this one depends on failed.",
                    }
                }
                answers[key] = Answer(status=FAILED_DEPENDENCY, body=body)
                return
            async with gate:
                answers[key] = await perform(_request(envelope, item))
        finally:
            done[key].set()

    await asyncio.gather(*(run(i) for i in items))
    responses = [_response(str(i["id"]), answers[str(i["id"]).lower()]) for i in items]
    return Answer(status=200, body={"responses": responses})


def _items(body: JsonObject) -> list[JsonObject]:
    items = body.get("requests")
    if not isinstance(items, list) or not items or not all(isinstance(i, dict) for i in items):
        raise bad_request("Invalid batch payload format.", "BadRequest")
    if len(items) > MAX_ITEMS:
        raise bad_request(
            f"Number of batch request steps exceeds the maximum value of {MAX_ITEMS}.", "MaximumValueExceeded"
        )
    ids = [str(i.get("id", "")).lower() for i in items]
    if len(set(ids)) != len(ids) or "" in ids:
        raise bad_request("The ids of a batch are unique and not empty.", "BadRequest")
    for position, item in enumerate(items):
        _check_item(item, before=ids[:position])
    return items


def _check_item(item: JsonObject, *, before: list[str]) -> None:
    """Refuse (400) one that is no request, or that waits for another one than those `before` it."""
    if not isinstance(item.get("method"), str) or not isinstance(item.get("url"), str):
        raise bad_request("A batch request needs method and url.", "BadRequest")
    if "$batch" in item["url"]:
        raise bad_request("A batch in a batch is not supported.", "BadRequest")
    if any(str(d).lower() not in before for d in item.get("dependsOn") or ()):
        raise bad_request("dependsOn names a request that does not come before.", "BadRequest")


def _request(envelope: GraphRequest, item: JsonObject) -> GraphRequest:
    split = urlsplit("/" + item["url"].lstrip("/"))
    headers = {str(k).lower(): str(v) for k, v in (item.get("headers") or {}).items()}
    if "authorization" in envelope.headers:
        headers.setdefault("authorization", envelope.headers["authorization"])
    body = item.get("body")
    return GraphRequest(
        method=item["method"].upper(),
        path=split.path,
        segments=split_path(split.path),
        query=dict(parse_qsl(split.query, keep_blank_values=True)),
        query_text=split.query,
        headers=headers,
        body=b"" if body is None else json.dumps(body, ensure_ascii=False).encode(),
        base_url=envelope.base_url,
        prefers=parse_prefer(headers.get("prefer", "")),
    )


def _response(item_id: str, answer: Answer) -> JsonObject:
    out: JsonObject = {"id": item_id, "status": answer.status, "headers": dict(answer.headers)}
    if answer.body is not None:
        out["body"] = answer.body
        out["headers"].setdefault("Content-Type", "application/json")
    elif answer.raw is not None:
        out["body"] = base64.b64encode(answer.raw).decode()
    if "retry-after" in answer.headers:
        out["headers"]["Retry-After"] = out["headers"].pop("retry-after")
    return out
