"""Letters to people's mailboxes: written down with what they are about, carried later, and told what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

from bureau.ports.certificates import IN_JSON
from bureau.ports.registration import PersonKey

LetterState = Literal["queued", "sent", "refused", "given-up"]
"""``refused``: by the mail server, for good. ``given-up``: it was tried until its time was over."""
ENDED: Final = ("sent", "refused", "given-up")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one mailbox. ``key`` is that of the effect that asked for it.

    ``sealed`` is the address, which opens for the centre alone, and ``shown`` the same masked; both are empty once it
    is of no more use. ``reference`` is the number of what is enclosed, ``lang`` the language it is written in.
    ``tries`` counts how often it was taken up, ``due_at`` is when it is next; ``until`` is when that ends. ``reply``
    is the mail server's last code, such as ``250`` or ``550 5.1.1``, or the word for what went wrong before one came.
    """

    __pydantic_config__ = IN_JSON

    key: str
    kind: Literal["einvoice"]
    reference: str
    person: PersonKey
    lang: str
    sealed: bytes = field(repr=False)
    shown: str
    made_at: datetime
    due_at: datetime
    until: datetime
    state: LetterState = "queued"
    tries: int = 0
    reply: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of a letter. ``content`` is empty once the letter is of no more use; its SHA-256 stays."""

    __pydantic_config__ = IN_JSON

    name: str
    content: bytes = field(repr=False)
    sha256: str


class Mail(Protocol):
    """Keeps letters until they are carried, and the mailboxes that people want to be remembered."""

    def add(self, letter: Letter, files: Sequence[Enclosed]) -> None:
        """Keep a new one, queued."""
        ...

    def since(self, person: PersonKey, moment: datetime) -> Sequence[Letter]:
        """Those that the person asked for from then on; nobody else writes one for them until the transaction ends."""
        ...

    def take(self, now: datetime, again_at: datetime) -> Letter | None:
        """The queued letter that is due longest, if one is; it counts one more try and is due again at ``again_at``."""
        ...

    def find(self, key: str) -> Letter | None:
        """The letter of this effect."""
        ...

    def files(self, key: str) -> Sequence[Enclosed]:
        """What is enclosed."""
        ...

    def later(self, key: str, due_at: datetime, reply: str) -> None:
        """Leave it queued until then; nothing happens to one that has ended."""
        ...

    def end(self, key: str, state: LetterState, reply: str) -> bool:
        """It was sent, refused or given up; of what was sent no content is left. False when it had ended before."""
        ...

    def again(self, key: str, until: datetime) -> bool:
        """Queue one that was refused or given up once more; False when there is nothing left to be carried."""
        ...

    def letters(self, state: LetterState | None, limit: int) -> Sequence[Letter]:
        """The latest first."""
        ...

    def forget(self, today: datetime, before: datetime) -> None:
        """Delete the addresses of letters sent before ``today``, and whole letters that ended before ``before``."""
        ...

    def remember(self, person: PersonKey, sealed: bytes) -> None:
        """Keep the person's own mailbox, in place of an earlier one."""
        ...

    def remembered(self, person: PersonKey) -> bytes | None:
        """Their mailbox as it was sealed; None: none is kept."""
        ...

    def drop(self, person: PersonKey) -> None:
        """Keep no mailbox of theirs."""
        ...
