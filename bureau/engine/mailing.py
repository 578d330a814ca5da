"""Letters to mailboxes: who may have one written, and how those that wait are carried.

A letter is written down in the transaction of the effect that asks for it, with its files as they were made then. The
worker takes one at a time, hands it to the mail server, and writes down what became of it. When the centre ends between
the two, nobody knows whether the server took it: it is carried again, under the same Message-ID. So a letter may come
twice, and never gets lost.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from bureau.engine import messages
from bureau.engine.effects import Request
from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.errors import LetterDelayed, LetterRefused, PostUnavailable
from bureau.mailing.writing import write
from bureau.ports.core import Core
from bureau.ports.einvoices import InvoiceFiles, IssuedInvoice
from bureau.ports.mail import Enclosed, Letter, LetterState
from bureau.ports.materials import Vault
from bureau.ports.post import Post
from bureau.ports.registration import PersonKey
from bureau.ports.system import System
from config import crashpoints
from config.bureau_settings import MailSettings
from config.clock import CHINA
from kiosk.domain.errors import FieldError
from kiosk.domain.mailboxes import check_mailbox
from kiosk.domain.masking import mask_mailbox
from sync.models import Texts

log = logging.getLogger("kiosk.bureau")

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(minutes=30)
"""Each pause is twice the one before. RFC 5321 (4.5.4.1) wants half an hour between tries; a server that only tests
whether we come again (greylisting) wants a few minutes, and the person stands before their mailbox."""
KEPT: Final = timedelta(days=7)
"""So long after its end a letter is told of, and one that was not taken can be queued again."""
CARRIED: Final = ("mail", "before", "carried")
crashpoints.register(
    CARRIED[0], CARRIED[2], "the mail server has taken a letter, and nobody has written it down"
)
NOBODY: Final = "no-server"
"""What is noted of a letter that no mail server was ever asked about."""
AT_ONCE: Final = 10_000
"""Letters that are looked at together; without a mail server no new ones come, so that the last have their turn."""
A_ROUND: Final = 20
"""Letters of one round, after which other chores of the same thread have their turn."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one person may send in a day, and how long a letter is tried."""

    addresses: int
    letters: int
    tried_for: timedelta
    held_for: timedelta
    """So long nobody else takes a letter that is being carried; longer than a mail server may take with one."""


class Writer:
    """Writes letters down for people at terminals. ``limits`` None: the bureau has no mail server."""

    def __init__(self, vault: Vault, limits: Limits | None) -> None:
        self._vault, self._limits = vault, limits

    @property
    def there(self) -> bool:
        """Whether letters are carried at all."""
        return self._limits is not None

    def remembered(self, core: Core, person: PersonKey) -> str | None:
        """The person's mailbox, if they wanted it kept."""
        sealed = core.mail.remembered(person)
        return None if sealed is None else self._vault.open(_own(person), sealed).decode()

    def may(self, core: Core, person: PersonKey, typed: str | None) -> str:
        """The address; raises ``Refused`` where no letter may go there now."""
        if self._limits is None:
            raise refuse("mailNotHere")
        try:
            address = check_mailbox(typed or "")
        except FieldError as error:
            raise refuse("mailboxWrong") from error
        midnight = datetime.combine(today(core), time(), CHINA)
        earlier = core.mail.since(person, midnight)
        if len(earlier) >= self._limits.letters:
            raise refuse("mailTooOften", count=str(self._limits.letters))
        others = {self._address(one) for one in earlier if one.sealed} - {address}
        if len(others) >= self._limits.addresses:
            raise refuse("mailTooMany", count=str(self._limits.addresses))
        return address

    def invoice(
        self,
        core: Core,
        request: Request,
        person: PersonKey,
        typed: str | None,
        invoice: IssuedInvoice,
        files: InvoiceFiles,
    ) -> Letter:
        """Write down a letter with the invoice's files; raises ``Refused`` as ``may``."""
        address = self.may(core, person, typed)
        assert self._limits is not None, "nothing may be sent without a mail server"
        key, now = request.body.key, core.now
        letter = Letter(
            key=key,
            kind="einvoice",
            reference=invoice.number,
            person=person,
            lang=request.body.lang,
            sealed=self._vault.seal(_bound(key), address.encode()),
            shown=mask_mailbox(address),
            made_at=now,
            due_at=now,
            until=now + self._limits.tried_for,
        )
        core.mail.add(letter, enclosed(invoice, files))
        return letter

    def keep(self, core: Core, person: PersonKey, typed: str | None, wanted: bool | None) -> None:
        """Remember the mailbox for the next time, or no mailbox; None: nobody was asked."""
        if wanted:
            sealed = self._vault.seal(_own(person), check_mailbox(typed or "").encode())
            core.mail.remember(person, sealed)
        elif wanted is False:
            core.mail.drop(person)

    def _address(self, letter: Letter) -> str:
        return self._vault.open(_bound(letter.key), letter.sealed).decode()


class Leavings:
    """Ends letters and deletes what is of no more use; all that is done about them where there is no mail server."""

    def __init__(self, system: System) -> None:
        self._system = system

    def forget(self) -> None:
        """Delete what is of no more use."""
        with self._system.write() as work:
            midnight = datetime.combine(today(work.core), time(), CHINA)
            work.core.mail.forget(midnight, work.core.now - KEPT)

    def give_up(self) -> int:
        """End the letters whose time is over, but for one that another centre may be carrying; how many they were."""
        with self._system.read() as work:
            now = work.core.now
            waiting = work.core.mail.letters("queued", AT_ONCE)
        over = [letter for letter in waiting if letter.until <= now and letter.due_at <= now]
        for letter in over:
            self.end(letter, "given-up", letter.reply or NOBODY)
        return len(over)

    def end(self, letter: Letter, state: LetterState, reply: str) -> None:
        """Write down how it ended; who asked for it hears of it when it did not go."""
        with self._system.write() as work:
            if not work.core.mail.end(letter.key, state, reply):
                return
            person = work.core.registration.person(letter.person)
            if state != "sent" and person is not None:
                work.core.notices.tell(person, messages.letter_lost(letter.reference, letter.shown, state))
        log.info("letter %s: %s (%s)", letter.key, state, reply)


class Carrier:
    """Carries what waits. One round is one call; several centres over one store share the letters between them."""

    def __init__(
        self, system: System, vault: Vault, post: Post, limits: Limits, bureau: Texts, site: str
    ) -> None:
        self._system, self._vault, self._post, self._limits = system, vault, post, limits
        self._bureau, self._site = bureau, site.rstrip("/")
        self._leavings = Leavings(system)

    def run_once(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Carry what is due, until ``stopping``; how many letters were handed over.

        Raises ``PostUnavailable`` when none can be.
        """
        carried = 0
        for _ in range(A_ROUND):
            if stopping():
                break
            with self._system.write() as work:
                letter = work.core.mail.take(work.core.now, work.core.now + self._limits.held_for)
                files = work.core.mail.files(letter.key) if letter is not None else ()
            if letter is None:
                break
            carried += self._carry(letter, files)
        return carried

    def _carry(self, letter: Letter, files: Sequence[Enclosed]) -> bool:
        try:
            reply = self._hand_over(letter, files)
        except LetterRefused as no:
            self._leavings.end(letter, "refused", no.reply)
            return False
        except LetterDelayed as later:
            self._later(letter, later.reply)
            return False
        except PostUnavailable as nothing:
            self._later(letter, nothing.reply)
            raise
        except Exception as unforeseen:
            # Its words may hold an address. The letter has its time to be mended in, as with any other trouble.
            name, where = type(unforeseen).__name__, traceback.extract_tb(unforeseen.__traceback__)
            self._later(letter, name)
            log.error("letter %s fails: %s\n%s", letter.key, name, "".join(where.format()))
            return False
        crashpoints.hit(*CARRIED)
        self._leavings.end(letter, "sent", reply)
        return True

    def _hand_over(self, letter: Letter, files: Sequence[Enclosed]) -> str:
        to = self._vault.open(_bound(letter.key), letter.sealed).decode()
        return self._post.carry(write(letter, files, to, self._post.sender, self._bureau, self._site), to)

    def _later(self, letter: Letter, reply: str) -> None:
        with self._system.write() as work:
            due = work.core.now + pause(letter.tries)
            if due < letter.until:
                work.core.mail.later(letter.key, due, reply)
                return
        self._leavings.end(letter, "given-up", reply)


def limits_of(mail: MailSettings) -> Limits:
    """What one person may send, and how long a letter is tried and held: by the settings."""
    held = timedelta(seconds=60 + 15 * mail.timeout_s + mail.taken_within_s)
    return Limits(mail.addresses_per_day, mail.letters_per_day, timedelta(hours=mail.tried_for_hours), held)


def enclosed(invoice: IssuedInvoice, files: InvoiceFiles) -> Sequence[Enclosed]:
    """The three files of an invoice, as a phone gets them."""
    kept = (("ofd", files.ofd), ("pdf", files.pdf), ("xml", files.xml))
    return [
        Enclosed(f"{invoice.number}.{ending}", content, hashlib.sha256(content).hexdigest())
        for ending, content in kept
    ]


def pause(tries: int) -> timedelta:
    """How long nobody tries again after so many tries."""
    doubled: int = 2 ** min(max(tries - 1, 0), 10)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)


def _bound(key: str) -> str:
    return f"letter {key}"


def _own(person: PersonKey) -> str:
    return f"mailbox {person.kind.value} {person.number}"
