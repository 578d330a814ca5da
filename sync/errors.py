"""What can go wrong between journal and centre, each with what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class SyncError(Exception):
    """Root of everything this package raises on purpose."""


# --- records and keys -----------------------------------------------------------------------------------


class RecordError(SyncError):
    """Bytes that are not a record, or a value that a record cannot hold."""


class UnknownAlgorithm(RecordError):
    """An algorithm id that nobody registered."""

    def __init__(self, purpose: str, algorithm: str) -> None:
        self.algorithm = algorithm
        super().__init__(f"no {purpose} algorithm {algorithm!r}: register it with sync.crypto, or update")


class SignatureInvalid(RecordError):
    """A signature that does not fit what it stands under."""


class SealBroken(RecordError):
    """A sealed body that cannot be opened: changed, moved, or sealed for somebody else."""


class KeyStoreError(SyncError):
    """A key that is missing, damaged, or readable by others."""


class KeyShredded(KeyStoreError):
    """The terminal's wrap of a visit key was dropped: the body is for the bureau alone now."""


class NotEnrolled(SyncError):
    """The terminal has no identity yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing: enrol this terminal with its code (kiosk sync enrol CODE)")


class NoteError(RecordError):
    """A hand-over paper that cannot be used; ``code`` is the word that a screen has a text for."""

    code = "noteBroken"


class NoteForeign(NoteError):
    """A code that is no hand-over paper."""

    code = "noteForeign"

    def __init__(self) -> None:
        super().__init__("this code is no hand-over paper; show the one printed with the stock")


class NoteBroken(NoteError):
    """A hand-over paper that was damaged, changed, or signed by somebody else."""

    def __init__(self) -> None:
        super().__init__(
            "the hand-over paper is damaged or was changed; print it once more where it was made"
        )


class NoteUnproven(NoteError):
    """A hand-over paper of which nobody here can tell who made it."""

    code = "noteUnproven"

    def __init__(self) -> None:
        super().__init__(
            "who made this hand-over paper cannot be told here; `bureau stock hand-over` makes one that can"
        )


# --- the files ------------------------------------------------------------------------------------------


class StoreError(SyncError):
    """Root of what may be wrong with a database file."""

    def __init__(self, path: Path, problem: str, fix: str) -> None:
        self.path, self.problem, self.fix = path, problem, fix
        super().__init__(f"{path}: {problem}; {fix}")


class StoreLocked(StoreError):
    """Another process writes this file; there is one writer to a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "another program writes this file", "stop that one first")


class StoreCorrupt(StoreError):
    """The file's structure is damaged (power cut below the file system, bad medium, cut file)."""

    def __init__(self, path: Path, detail: str) -> None:
        fix = "run `kiosk sync salvage` to save its records, then move the file away and enrol again"
        super().__init__(path, f"is damaged ({detail})", fix)


class StoreMissing(StoreError):
    """The file is not there (yet)."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "does not exist", "start the program that writes it once")


class StoreFull(StoreError):
    """No room for another record: an effect that cannot be recorded must not start."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "the disk is full", "free some space; nothing was written")


class StoreFailed(StoreError):
    """The medium refused a read or write (I/O error)."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(path, f"cannot be read or written ({detail})", "check the disk and its cable")


class StoreOutdated(StoreError):
    """The file was written by a release that keeps it in another shape."""

    def __init__(self, path: Path, found: str, expected: str) -> None:
        super().__init__(path, f"has layout {found}, not {expected}", "use the release that wrote it")


class OutputRefused(SyncError):
    """A file that is asked for cannot be written, or would take the place of another."""


class ChainBroken(SyncError):
    """The journal does not hold together from record to record."""

    def __init__(self, epoch: str, seq: int, reason: str) -> None:
        self.epoch, self.seq, self.reason = epoch, seq, reason
        super().__init__(
            f"record {seq} of epoch {epoch}: {reason}; keep the file as evidence and enrol again"
        )


class EffectOrder(SyncError):
    """A phase that cannot follow what the journal holds under that key."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"effect {key}: {problem}")


class VisitStillOpen(SyncError):
    """A visit with an effect whose truth is not known yet keeps its key."""

    def __init__(self, visit: str, keys: list[str]) -> None:
        self.keys = keys
        super().__init__(f"visit {visit} has undecided effects ({', '.join(keys)}): settle them, then shred")


# --- the centre -----------------------------------------------------------------------------------------


class BureauError(SyncError):
    """Root of what may happen to a request; says whether the effect may have happened."""

    doubtful = True
    """True when the centre may have carried the request out all the same."""


class BureauUnreachable(BureauError):
    """No connection, no name, no trust in the certificate, or cut in the middle."""


class BureauDropped(BureauUnreachable):
    """A connection kept from an earlier request turned out to be closed when it was used again."""


class BureauSlow(BureauUnreachable):
    """No complete answer in time."""


class BureauGarbled(BureauError):
    """An answer, but not one of the centre's: wrong type, broken, cut, too large, not for this request."""


class CaptivePortal(BureauGarbled):
    """Somebody on the way answered instead, with a page or a redirect."""


class BureauBusy(BureauError):
    """The centre cannot now (408, 425, 429, 5xx): try again, for ever, never giving up the record."""

    def __init__(self, status: int, retry_after: float | None = None, detail: str = "") -> None:
        self.status, self.retry_after = status, retry_after
        super().__init__(f"the centre answered {status}{f' ({detail})' if detail else ''}: try again later")


class BureauInProgress(BureauBusy):
    """The same key is being worked on (409): ask again shortly."""


class BureauClock(BureauBusy):
    """The centre did not believe the request's time (401); its own has been learnt, so try again."""

    doubtful = False


class BureauRejected(BureauError):
    """The centre understood and says no (RFC 9457 problem); the same request gets the same answer."""

    doubtful = False

    def __init__(self, status: int, problem: Mapping[str, object]) -> None:
        self.status, self.problem = status, dict(problem)
        # not the detail: it may speak about a person, and this text is logged
        title = problem.get("title") or problem.get("code") or "no reason given"
        super().__init__(f"the centre refused with {status}: {title}")

    @property
    def code(self) -> str:
        """The problem's stable code, or ``http-<status>``."""
        return str(self.problem.get("code") or f"http-{self.status}")


class BureauDenied(BureauRejected):
    """The centre does not accept who asks (401, 403): everything is held, nothing is deleted."""


class BureauTooLarge(BureauRejected):
    """The request is larger than the centre takes (413)."""


class RequestRefused(SyncError):
    """A request (or answer) whose signature says that it must not be believed; ``code`` is stable.

    Codes: ``signature-missing``, ``signature-invalid``, ``signature-unknown-key``, ``signature-clock``,
    ``signature-replayed``.
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}")


class ChainForked(SyncError):
    """This disk and the centre tell different stories: it was cloned, restored or changed."""

    def __init__(self, epoch: str, seq: int, reason: str) -> None:
        self.epoch, self.seq, self.reason = epoch, seq, reason
        super().__init__(f"epoch {epoch}, record {seq}: {reason}; nothing is sent any more, enrol again")
