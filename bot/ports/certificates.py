"""What the house needs of whoever keeps certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.actions import Action
    from bot.domain.certificates import Certificate
    from bot.domain.messages import Message


class CertificateBook(Protocol):
    """The certificates that HR has approved. Every method raises DatabaseFailed."""

    def load_certificates(
        self, plan: str, *, course: str | None = None, emails: Collection[str] | None = None
    ) -> tuple[Certificate, ...]:
        """All of the plan, or of one course, of everybody or of these addresses; as they were approved."""

    def load_certificate(self, code: str) -> Certificate | None:
        """The one of this code, in whatever plan; None where there is none."""

    def issue(
        self,
        certificates: Iterable[Certificate],
        outgoing: Iterable[Message],
        *,
        noted: Iterable[Action] = (),
    ) -> int:
        """Add those of people who have none of the offering yet, and the mails whose key is new.

        All or nothing, with the lines that tell of it. Returns how many certificates were new.
        """

    def replace(
        self, code: str, new: Certificate, outgoing: Message, *, noted: Iterable[Action] = ()
    ) -> bool:
        """Put one in the place of that with this code, of the same person and offering, and add the mail.

        All or nothing, with the lines that tell of it. False, and nothing is done, where no certificate has
        the code any more.
        """
