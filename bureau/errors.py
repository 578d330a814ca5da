"""What can go wrong at the centre, told apart by who has to act; each message says what to do next."""

from __future__ import annotations

from typing import ClassVar


class BureauError(Exception):
    """Root of everything the centre raises on purpose."""


class AcquirerError(BureauError):
    """Root of what goes wrong between the centre and the payment acquirer."""


class AcquirerUnreachable(AcquirerError):
    """No answer, or none in time: the order's state is unknown. Ask again later; never charge again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the acquirer gives no answer ({reason}); query the order again later")


class AcquirerRefused(AcquirerError):
    """The acquirer answered that it does not do this; asking again changes nothing.

    ``code`` is the acquirer's own stable word.
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(f"the acquirer refuses ({code}): {detail}; settle it with the acquirer's desk")


class OrderUnknown(AcquirerRefused):
    """The acquirer has never heard of this order."""

    def __init__(self, order: str) -> None:
        super().__init__("orderUnknown", f"order {order} is not in its books")


# --- letters ---------------------------------------------------------------------------------------------


class LetterError(BureauError):
    """Root of what goes wrong between the centre and its mail server; ``reply`` is the server's code, or a word."""

    def __init__(self, reply: str, told: str) -> None:
        self.reply = reply
        super().__init__(told)


class LetterRefused(LetterError):
    """The mail server will never take this letter."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply, f"the mail server refuses the letter ({reply}); the address may be wrong")


class LetterDelayed(LetterError):
    """The mail server does not take this letter now, or nobody knows whether it did: carry it again."""

    def __init__(self, reply: str) -> None:
        super().__init__(
            reply, f"the mail server does not take the letter now ({reply}); it is carried again later"
        )


class PostUnavailable(LetterError):
    """No letter can be carried: the server cannot be reached, refuses our login or our sender."""

    def __init__(self, reply: str) -> None:
        super().__init__(
            reply, f"no letter can be carried ({reply}); check [mail] and that the mail server runs"
        )


class NoMailServer(BureauError):
    """Nobody would carry a letter that is queued here."""

    def __init__(self) -> None:
        super().__init__("the bureau has no mail server that would carry it; set [mail] first")


class LetterUnknown(BureauError):
    """No letter has this key, or nothing of it is left to be carried."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no letter {key} waits to be carried again; see `bureau mail list`")


# --- the store ------------------------------------------------------------------------------------------


class StoreUnavailable(BureauError):
    """The database cannot be opened or reached."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}; check database.url and that the server runs")


class StoreNewer(BureauError):
    """A later release has changed the store's layout already."""

    def __init__(self, found: str) -> None:
        super().__init__(f"the store has layout {found}, which this release does not know; use the newer one")


class CoreUnavailable(BureauError):
    """A core system of another make gave no answer that counts; nothing is known to be done, ask again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the core system gives no answer ({reason}); check core.url and that it runs")


class CoreLacks(CoreUnavailable):
    """The core system has no such method (501): what people can do without goes on without it."""


# --- outcomes of the core system that its callers decide about -------------------------------------------


class AlreadyFiled(BureauError):
    """A return of this tax and period stands already; ``declaration`` is its number."""

    def __init__(self, declaration: str) -> None:
        self.declaration = declaration
        super().__init__(f"return {declaration} of this period stands; file a correction instead")


class StockDiffers(BureauError):
    """Other numbers lie in front of the unit than the ledger says."""

    def __init__(self, expected: str) -> None:
        self.expected = expected
        super().__init__(f"the ledger has {expected} in front; count the unit and settle the difference")


class StockShort(BureauError):
    """Fewer numbers lie in the unit than are wanted."""

    def __init__(self, available: int) -> None:
        self.available = available
        super().__init__(f"{available} numbers are left in a row; ask for fewer or load the unit")


class SlotLocked(BureauError):
    """The unit gives nothing until a difference is settled."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the unit is locked ({reason}); release it with `bureau stock reconcile`")


class NumbersMoved(BureauError):
    """Numbers to be settled are not where the reservation left them."""

    def __init__(self, numbers: str) -> None:
        self.numbers = numbers
        super().__init__(f"{numbers} are elsewhere in the ledger by now; a person settles it")


class MatterFileWrong(BureauError):
    """A file that describes a matter and cannot be read or does not hang together."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")


class RulesFileWrong(BureauError):
    """A file of house rules (lottery, reminders, queue) that cannot be read or does not hang together."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")


class CaseUnknown(BureauError):
    """No case has this number."""

    def __init__(self, case: str) -> None:
        super().__init__(f"no case {case}; `bureau case list --all` and `bureau cases list --all` name them")


class CaseDecided(BureauError):
    """A case that somebody has decided already."""

    def __init__(self, case: str, state: str) -> None:
        super().__init__(f"case {case} is {state} already; a decision stands, apply for a new case")


class ReasonMissing(BureauError):
    """A refusal without words that its owner could be told."""

    def __init__(self, most: int) -> None:
        super().__init__(f"say why in 1 to {most} characters on one line: the owner is told these words")


class OrderRefused(BureauError):
    """An order of paper invoices that cannot be approved or cancelled."""


class DeviceRefused(BureauError):
    """What an officer asks of a tax-control device cannot be done; the message says what can."""


class DocumentRefused(BureauError):
    """An official document that cannot be issued, served or withdrawn as an officer wants it."""


class DeliveryRefused(BureauError):
    """An order of paper invoices by courier that cannot be packed, handed over, ended or cancelled as it stands."""


class DepartureRefused(BureauError):
    """Something asked of a departure refund, or of a refund store, that cannot be; nothing was changed."""


class BillRefused(BureauError):
    """A payment voucher that cannot be issued or withdrawn as an officer wants it."""


class NontaxRefused(BureauError):
    """A notice of non-tax revenue that cannot be issued or withdrawn as an officer wants it."""


class ReliefRefused(BureauError):
    """A relief that cannot be examined or granted as an officer wants it; the message says what can."""


class ActRefused(BureauError):
    """Root of what an officer asks for and cannot be done: ``code`` is stable within its class, and names the sentence.

    The message is for the command line; the console says ``refused.AREA.CODE`` with ``told`` in the officer's language.
    """

    area: ClassVar[str]

    def __init__(self, code: str, detail: str, **told: object) -> None:
        self.code, self.told = code, told
        super().__init__(detail)


class StockRefused(ActRefused):
    """A stock movement that would break the ledger, or that lacks its second person.

    ``numbers``, ``place``, ``kind`` and ``most`` are what the sentence of ``code`` names; a core that says nothing is
    told as ``other``.
    """

    area = "stock"

    def __init__(
        self,
        code: str = "other",
        detail: str = "the stock's books do not allow it",
        *,
        numbers: str = "",
        place: str = "",
        kind: str = "",
        most: int = 0,
    ) -> None:
        self.detail, self.numbers, self.place, self.kind, self.most = detail, numbers, place, kind, most
        super().__init__(code, detail, numbers=numbers, place=place, kind=kind, most=most)


class RefundRefused(ActRefused):
    """A refund that cannot be allowed, ordered, settled or sent again as an officer wants it."""

    area = "refund"


class RepaymentRefused(BureauError):
    """A charge that cannot be given back by the acquirer as officers want it; the message says what can."""


class CertificateKept(BureauError):
    """A certificate that cannot be made void as officers want it; the message says what can."""


class CaseRefused(BureauError):
    """A case of the daily work that cannot be closed as an officer wants it."""


class TemporaryRefused(BureauError):
    """A temporary registration that cannot be approved as an officer wants it."""


class GuardianRefused(BureauError):
    """A guardianship that cannot be approved or ended as an officer wants it."""


class PrizeRefused(ActRefused):
    """A prize of the lottery that cannot be settled as an officer wants it."""

    area = "prize"


class FeedbackRefused(ActRefused):
    """A complaint or tip-off that cannot be decided as an officer wants it, or that is not theirs."""

    area = "feedback"


class RemoteRefused(ActRefused):
    """A conversation or a call-back that an officer cannot take, go on with or settle as they want."""

    area = "remote"


class ContributionUnknown(ActRefused):
    """No question, answer or idea has this number."""

    area = "mutual"

    def __init__(self, number: str) -> None:
        super().__init__(
            "unknown", f"nothing has the number {number}; `bureau help list` and `bureau ideas list` name all"
        )


class ContributionRefused(ActRefused):
    """A question, answer or idea that cannot be published, refused, merged or answered as an officer wants it."""

    area = "mutual"


class QueueRefused(BureauError):
    """A window of a hall that cannot call, serve or pass over as an officer wants it."""


class DecisionRefused(ActRefused):
    """What one officer puts forward and another decides, and cannot be done as this officer wants it."""

    area = "decision"


class SurveyRefused(DecisionRefused):
    """A survey that cannot go where an officer wants it to."""

    area = "survey"


class PublicityRefused(DecisionRefused):
    """A published case that cannot go where an officer wants it to."""

    area = "publicity"


class InspectionRefused(DecisionRefused):
    """An inspection on site that cannot go where an officer wants it to."""

    area = "inspection"


class AppRefused(DecisionRefused):
    """An entry of the official software that cannot go where an officer wants it to."""

    area = "app"


class PoolRefused(DecisionRefused):
    """A pool of the invoice lottery that cannot go where an officer wants it to."""

    area = "pool"


class ReleaseRefused(DecisionRefused):
    """A release of open data that cannot go where an officer wants it to."""

    area = "opendata"


class SharingRefused(BureauError):
    """Data that may not be given to anybody, for want of a consent that holds."""


class KnowledgeRefused(DecisionRefused):
    """A notice or an answer that cannot go where an officer wants it to."""

    area = "knowledge"


class SchoolRefused(ActRefused):
    """A course that cannot be planned, moved, cancelled or marked as an officer wants."""

    area = "school"


class DueTaken(BureauError):
    """A due that another order collects or has paid, or that is no longer open."""

    def __init__(self, due: str, order: str | None) -> None:
        self.due, self.order = due, order
        super().__init__(f"due {due} is not open{f' (order {order})' if order else ''}; list the dues again")


# --- effects and queries that cannot be answered ----------------------------------------------------------


class ServiceUnknown(BureauError):
    """A service that was never published here: a terminal configured for another centre."""

    def __init__(self, service: str) -> None:
        super().__init__(f"service {service!r} is not offered here; check the terminal's configuration")


class EffectInvalid(BureauError):
    """Data that are not those of the effect's kind: a program's mistake, never a person's."""

    def __init__(self, kind: str, mistakes: int) -> None:
        super().__init__(f"the data of {kind} have {mistakes} mistakes; the record is for a technician")


class KeyReused(BureauError):
    """A key that was used for another body, or by another terminal."""

    def __init__(self, key: str) -> None:
        super().__init__(f"key {key} was used for something else; make a new key for a new effect")


class InProgress(BureauError):
    """The same key is being answered right now."""

    retry_after_s = 1

    def __init__(self, key: str) -> None:
        super().__init__(f"key {key} is being worked on; ask again in {self.retry_after_s} s")


class StoreConflict(BureauError):
    """The database undid this transaction in favour of another; it may be run again as it was."""

    def __init__(self) -> None:
        super().__init__("another transaction went first; nothing was done, try again")


class CopiesSpent(BureauError):
    """A certificate that may not be printed once more."""

    def __init__(self, number: str, most: int) -> None:
        self.number, self.most = number, most
        super().__init__(f"certificate {number} was given out {most} times; see limits.certificate_copies")


class QueryUnknown(BureauError):
    """A query that the centre does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no query {name!r}; see /openapi.json")


class QueryInvalid(BureauError):
    """Parameters that are not those of the query."""

    def __init__(self, name: str, mistakes: int) -> None:
        super().__init__(f"the parameters of {name} have {mistakes} mistakes; see /openapi.json")


# --- terminals --------------------------------------------------------------------------------------------


class FleetError(BureauError):
    """Something asked of the register of terminals that it cannot do."""


class EnrolmentRefused(FleetError):
    """A terminal that is not enrolled; ``code`` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


class ChainForked(FleetError):
    """Two chains of one terminal and epoch: a cloned or restored disk."""

    def __init__(self, epoch: str, seq: int) -> None:
        self.epoch, self.seq = epoch, seq
        super().__init__(
            f"another record {seq} of epoch {epoch} is held: two disks of one terminal; quarantined, enrol again"
        )


class ChainUnreadable(FleetError):
    """Records of a chain that cannot be read or whose signatures are wrong."""


class CentreRefused(FleetError):
    """Something asked of the register of centres below, or told by one of them, that cannot be; ``code`` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


class SuperiorUnreachable(BureauError):
    """The centre above gives no clear answer: nothing is lost, it is told again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the centre above gives no answer ({reason}); it is told again")


class SuperiorRefused(BureauError):
    """The centre above says no, or there is none; ``code`` is its stable word."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(f"the centre above refuses ({code}): {detail}; speak with who runs it")


class CityExists(BureauError):
    """The store holds another demonstration city."""

    def __init__(self, found: str) -> None:
        super().__init__(f"the store holds another city ({found}); use a new state_dir or database")


# --- officers ---------------------------------------------------------------------------------------------


class OfficerError(BureauError):
    """Root of what goes wrong with officers' accounts; ``code`` is stable, and names the sentence that is shown."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


class OfficerUnknown(OfficerError):
    """An account that is not there."""

    def __init__(self, login: str) -> None:
        super().__init__("unknown", f"there is no officer {login!r}; see: bureau officer list")


class OfficerRefused(OfficerError):
    """Something asked of an account that it cannot do."""


class PasswordWeak(OfficerError):
    """A password that is too easily guessed; ``code`` says why: short, long, plain or login."""

    def __init__(self, why: str) -> None:
        super().__init__(f"password.{why}", "take a longer password: 12 to 128 characters, not your own name")


class SignInRefused(OfficerError):
    """No sign-in: wrong, locked (for ``wait_s`` seconds) or over; never which of name and password was wrong."""

    def __init__(self, code: str, wait_s: float = 0.0) -> None:
        self.wait_s = wait_s
        super().__init__(code, "the officer is not signed in")


class ActForbidden(OfficerError):
    """An act that none of the officer's roles allows; nothing was done."""

    def __init__(self, act: str) -> None:
        self.act = act
        super().__init__("forbidden", f"no role of yours allows {act}; an administrator gives roles")


class CaseChanged(BureauError):
    """A case that is not as the officer saw it any more; nothing was done."""

    def __init__(self, case: str) -> None:
        super().__init__(f"case {case} has changed since it was shown; look at it again")


class TrailBroken(BureauError):
    """An entry of the officers' trail that was changed, or that is missing."""

    def __init__(self, seq: int, what: str) -> None:
        self.seq = seq
        super().__init__(f"entry {seq} of the officers' trail: {what}; compare with a backup of the store")


# --- analytics --------------------------------------------------------------------------------------------


class ScopeError(BureauError):
    """Days that no report can be of; ``code`` names the sentence that is shown."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


class FeedRefused(BureauError):
    """What a source outside counted cannot be read; nothing of it was kept."""
