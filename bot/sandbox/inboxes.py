"""What was sent, as messages that an app may list where its scope reaches.

People's inboxes, and an organiser's copies in Sent Items.

Made from the mail log when somebody looks, so that a tenant in which nobody does keeps none. An invitation
leaves one copy, however many it invites; the copy of one that came back is made at once, because its report
names it (`messages.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.mail_log import MailKind, RecipientKind

if TYPE_CHECKING:
    from bot.sandbox.directory import User
    from bot.sandbox.mail_log import Mail
    from bot.sandbox.messages import Messages

CLASSES = {
    MailKind.INVITATION: ("IPM.Schedule.Meeting.Request", "meetingRequest"),
    MailKind.UPDATE: ("IPM.Schedule.Meeting.Request", "meetingRequest"),
    MailKind.CANCELLATION: ("IPM.Schedule.Meeting.Canceled", "meetingCancelled"),
    MailKind.MESSAGE: ("IPM.Note", ""),
}


class Inboxes:
    """Which mails of the log lie in whose inbox already."""

    def __init__(self, messages: Messages) -> None:
        """Nobody has looked."""
        self.messages = messages
        self._seen: dict[str, set[int]] = {}
        self._copied: set[tuple[str, str]] = set()

    def fill(self, owner: User) -> None:
        """Put what has been delivered to this person since the last look into the inbox."""
        calendars = self.messages.calendars
        seen, now = self._seen.setdefault(owner.id, set()), calendars.clock.now()
        for mail in calendars.mail_log.mails:
            theirs = (
                mail.recipient is RecipientKind.PERSON
                and mail.to.lower() in owner.addresses
                and mail.kind in CLASSES
            )
            if theirs and mail.time <= now and mail.number not in seen:
                seen.add(mail.number)
                self._put(owner, mail)
            invited = mail.kind is MailKind.INVITATION and mail.sender.lower() in owner.addresses
            if invited and mail.event is not None and (mail.event, mail.time.isoformat()) not in self._copied:
                self._copied.add((mail.event, mail.time.isoformat()))
                self.messages.keep_copy(owner, subject=mail.subject, event=mail.event, at=mail.time)

    def _put(self, owner: User, mail: Mail) -> None:
        message_class, meeting_type = CLASSES[mail.kind]
        message = self.messages.receive(
            owner,
            sender=(mail.sender, mail.sender),
            subject=mail.subject,
            body=mail.comment,
            headers=[],
            message_class=message_class,
            event=mail.event if meeting_type else None,
            meeting_type=meeting_type,
        )
        message.created = message.modified = message.sent = mail.time
        message.attachments = self.messages.files_of(mail.event)
