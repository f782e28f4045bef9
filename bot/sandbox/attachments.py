"""What hangs on a message that is sent: files in the request itself, as Graph takes them.

    in the request                              answer
    a fileAttachment with name and bytes        kept, with an id and its size
    another type, an unknown or read-only name  400
    no name, or bytes that are no base64        400

What is larger than a request may be (`wire.MAX_REQUEST`) wants an upload session, which nothing here needs.
Facts: "fileAttachment" in the contract folder (2026-11).
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from bot.sandbox.wire import JsonObject, bad_request

FILE = "#microsoft.graph.fileattachment"
OTHERS = frozenset({"#microsoft.graph.itemattachment", "#microsoft.graph.referenceattachment"})
PROPERTIES = frozenset(
    {
        "id",
        "lastModifiedDateTime",
        "name",
        "contentType",
        "size",
        "isInline",
        "contentId",
        "contentLocation",
        "contentBytes",
    }
)
WRITABLE = frozenset(
    {"@odata.type", "name", "contentType", "contentBytes", "isInline", "contentId", "contentLocation"}
)


def read_attachments(sent: object, token: str, now: datetime) -> list[JsonObject]:
    """The files of a message as they are kept, whole; `token` is the message's. Raises RefusedError 400."""
    if not isinstance(sent, list):
        raise bad_request("Attachments are a list.", "RequestBodyRead")
    return [_read(one, f"{token}-{number}", now) for number, one in enumerate(sent, 1)]


def write_attachment(kept: JsonObject, *, whole: bool, select: frozenset[str] | None) -> JsonObject:
    """An attachment as it is listed.

    An attached mail only when it is expanded (`whole`), and of the rest what is selected.
    """
    shown = {name: value for name, value in kept.items() if whole or name != "item"}
    return (
        shown
        if select is None
        else {name: value for name, value in shown.items() if name in select | {"@odata.type", "id"}}
    )


def _read(sent: object, number: str, now: datetime) -> JsonObject:
    if not isinstance(sent, dict):
        raise bad_request("An attachment is an object.", "RequestBodyRead")
    kind = str(sent.get("@odata.type") or "")
    kind = kind if kind.startswith("#") else f"#{kind}"
    if kind.lower() != FILE:
        word = "is not taken here" if kind.lower() in OTHERS else "is no attachment's type"
        raise bad_request(f"The type '{kind}' {word}.", "RequestBodyRead")
    for name in sent:
        if name not in WRITABLE:
            raise bad_request(
                f"The property '{name}' of an attachment does not exist or is read-only.", "RequestBodyRead"
            )
    name = sent.get("name")
    if not isinstance(name, str) or not name.strip():
        raise bad_request("Attachment name is required.", "ErrorRequiredPropertyMissing")
    try:
        content = base64.b64decode(str(sent.get("contentBytes") or ""), validate=True)
    except binascii.Error:
        raise bad_request(
            "Cannot convert the literal to the expected type 'Edm.Binary'.", "RequestBodyRead"
        ) from None
    if not content:
        raise bad_request("Attachment contentBytes is required.", "ErrorRequiredPropertyMissing")
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": f"AAMkADatt{number}=",
        "lastModifiedDateTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "name": name,
        "contentType": sent.get("contentType"),
        "size": len(content),
        "isInline": bool(sent.get("isInline", False)),
        "contentId": sent.get("contentId"),
        "contentLocation": sent.get("contentLocation"),
        "contentBytes": sent["contentBytes"],
    }
