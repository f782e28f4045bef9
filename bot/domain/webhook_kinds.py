"""What other programs are told of.

| kind | when |
|---|---|
| `registration.changed` | who comes to a course, or waits for it, is another than before |
| `course.changed` | another version of the course is in force, or it is gone |
| `approval.needed` | a change of the course waits for a person that did not wait before |

Who changes one of these notes it in the same transaction (`bot.store.webhook_news`); what is told, and to
whom, is `bot.domain.webhooks`.
"""

from __future__ import annotations

from enum import StrEnum


class WebhookKind(StrEnum):
    """What happened."""

    REGISTRATION_CHANGED = "registration.changed"
    COURSE_CHANGED = "course.changed"
    APPROVAL_NEEDED = "approval.needed"
