"""Lines and cards for Teams."""

from __future__ import annotations

MANY = "/teamwork/sendActivityNotificationToRecipients"
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}


def line(**changes):
    given = {
        "topic": {"source": "text", "value": "Lederdag", "webUrl": "https://teams.microsoft.com/l/entity/app/about"},
        "activityType": "courseTomorrow", "chainId": 7, "previewText": {"content": "onsdag"},
        "templateParameters": [{"name": "subject", "value": "I morgen: Lederdag"}],
    }  # fmt: skip
    return {name: value for name, value in (given | changes).items() if value is not None}


def one(user_id):
    return f"/users/{user_id}/teamwork/sendActivityNotification"


def recipients(*user_ids):
    return [{"@odata.type": "microsoft.graph.aadUserNotificationRecipient", "userId": user_id} for user_id in user_ids]
