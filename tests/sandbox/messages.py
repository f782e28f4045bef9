"""Mails as they are drafted and counted."""

from __future__ import annotations

from tests.builders.graph_talk import ORGANISER

MESSAGES = f"/users/{ORGANISER}/messages"


def reminder(*names, **more):
    to = [{"emailAddress": {"address": f"{n}@kommune.example"}} for n in names]
    return {"subject": "Husk i morgen", "body": {"contentType": "html", "content": "<p>Husk</p>"}, "toRecipients": to, **more}


def counted(talk):
    return {name: count for name, count in talk.control("GET", "state")["limits"][ORGANISER].items() if count}
