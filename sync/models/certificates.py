"""Certificates: what will be certified, what was, and what became of a copy."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sync.models.base import FenAmount, Month, Sha256Hex, SignedFen, Texts, Wire


class IitMonths(Wire):
    """``iit.months``: which months have a record."""

    first: Month
    last: Month
    with_income: list[Month]


class MonthRange(Wire):
    """Params of ``iit.record``."""

    first: Month
    last: Month


class IitRow(Wire):
    """One line of the record (纳税记录明细)."""

    month: Month
    item: str  # code of the income item 所得项目: wages, labour, bonus …, annual (a year's settlement)
    item_name: Texts
    income_fen: FenAmount
    tax_fen: SignedFen
    entry_date: date  # 入(退)库日期
    authority: str
    remark: str = ""


class IitRecord(Wire):
    """``iit.record``: what will be certified. ``content_sha256`` names exactly these rows."""

    name: str
    number_masked: str
    first: Month
    last: Month
    rows: list[IitRow]
    total_income_fen: FenAmount
    total_tax_fen: FenAmount
    content_sha256: Sha256Hex


CertificateKind = Literal[
    "iit-record",
    "tax-payment",
    "no-arrears",
    "residence",
    "credit",
    "declaration-copy",
    "personal-data",
    "vehicle-purchase",
    "social-insurance",
    "matter-notice",
    "served-document",
    "departure-refund",
    "payment-voucher",
]
"""The certificates (开具证明) there are; the service of one is ``certificate.<kind>``, but a notice's (税务事项通知书)
is ``slip.exchange``, and that of the voucher of a payment (缴款凭证) ``query.payments``."""


class CertificateWish(Wire):
    """Params of ``certificate.preview``: of what it is, as far as its kind asks.

    ``item`` names the one thing that is certified where there are several (``certificate.items``), ``partner`` the
    country or region of a tax treaty (ISO 3166-1 alpha-2, in small letters).
    """

    first: Month | None = None
    last: Month | None = None
    form: Literal["list", "text"] | None = None
    item: Annotated[str, Field(max_length=40)] | None = None
    partner: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None


class SlipKey(Wire):
    """Params of ``slip.notice``: what the code of a slip (回单) says."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class CertificateItem(Wire):
    """One thing that can be certified: a return, a vehicle, a year."""

    id: str
    title: Texts
    note: Texts


class CertificateItems(Wire):
    """``certificate.items``: of what there is one of them may be certified."""

    items: list[CertificateItem]


class RecordMonths(Wire):
    """``certificate.months``: the months that may be asked for; ``tag`` says of which there is something."""

    first: Month
    last: Month
    with_record: list[Month]
    tag: Texts


class PreviewFact(Wire):
    """One line of the heading or of the sum; numbers of persons are masked."""

    label: Texts
    value: Texts


class PreviewColumn(Wire):
    """One column as the screen shows it; ``width`` is its share of the line."""

    label: Texts
    width: int
    figures: bool = False


class SheetShown(Wire):
    """A sheet of paper on the screen, in finished words."""

    title: Texts
    facts: list[PreviewFact]
    columns: list[PreviewColumn]
    rows: list[list[Texts]]
    total: list[PreviewFact]
    statements: list[Texts]


class CertificatePreview(SheetShown):
    """``certificate.preview``: the sheet before it is printed, in the words that will be printed.

    ``content_sha256`` names exactly what will be certified, which may be more than the screen has room for.
    """

    content_sha256: Sha256Hex


class CertificateCode(Wire):
    """Params of ``certificate.verify``: number and code as they stand there now, and what a QR code said.

    The signature speaks of the scanned number and code; who corrected one of them has typed it.
    """

    number: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=40)]
    scanned_number: Annotated[str, Field(max_length=40)] | None = None
    scanned_code: Annotated[str, Field(max_length=40)] | None = None
    signature: Annotated[str, Field(max_length=200)] | None = None


class CertificateChanged(Wire):
    """Why a certificate does not hold any more as it stands; ``day`` None where it is not known.

    ``refunded``: ``amount_fen`` of the tax was given back. ``corrected``: the return behind it was; what it comes to
    now is not told, and ``amount_fen`` is 0. ``withdrawn``: that return was taken back.
    """

    what: Literal["refunded", "corrected", "withdrawn"]
    day: date | None = None
    amount_fen: FenAmount = 0


class CertificateVerdict(SheetShown):
    """``certificate.verify``: what the register holds, as anybody may see it; ``finding`` as on the public page.

    Of one that is replaced or void, the day, and the number of what took its place. Of one that is ``outdated``,
    what changed since, the oldest first.
    """

    finding: str
    ended_on: date | None = None
    successor: str = ""
    changes: list[CertificateChanged] = Field(default_factory=list)


class CertificateKeys(Wire):
    """``certificate.keys``: the public keys that codes on certificates are signed with, for terminals to keep a day.

    Each is the base64 of the 32 bytes of an Ed25519 key (``sync.paper_signature``).
    """

    keys: list[str]
    as_of: AwareDatetime


class CertificateIssue(CertificateWish):
    """``certificate.issue``: certify what was shown, which ``content_sha256`` names."""

    certificate: CertificateKind
    content_sha256: Sha256Hex


class CertificateIssued(Wire):
    """Number (字轨号码), verification code (验证码) and hash of the PDF at ``/v1/documents/{number}``."""

    number: str
    code: str
    pages: int
    pdf_sha256: Sha256Hex
    verify_url: str


CertificateAgain = Literal["reprint", "replace"]
"""How a certificate is had once more: the same with its copy marked (补打), or a new one in its place (换开)."""


class CertificateWay(Wire):
    """One way to have a certificate once more, and why it is not open where it is not."""

    id: CertificateAgain
    title: Texts
    note: Texts
    enabled: bool
    why_not: Texts | None = None


class HeldCertificate(Wire):
    """A certificate that was issued to the person or the enterprise; ``ways`` are open while it is ``usable``."""

    number: str
    title: Texts
    issued_at: AwareDatetime
    copies: int  # that came out of a printer
    state: Literal["valid", "replaced", "void"]
    usable: bool
    why_not: Texts | None = None
    ways: list[CertificateWay]
    outdated: bool = (
        False  # valid, and no longer true as it stands: tax was given back, or the return corrected
    )


class HeldCertificates(Wire):
    """``certificate.held``: the latest first."""

    certificates: list[HeldCertificate]


class CertificateOnceMore(Wire):
    """Params of ``certificate.again``: which certificate, and how."""

    number: Annotated[str, Field(max_length=40)]
    way: CertificateAgain


class CertificateReissue(CertificateOnceMore):
    """``certificate.reissue``: what was shown, which ``content_sha256`` names."""

    content_sha256: Sha256Hex


class CertificateReissued(CertificateIssued):
    """What is printed now; ``replaces`` is the number that is valid no longer, and empty for a copy."""

    replaces: str = ""


class CertificateDeliver(Wire):
    """``certificate.deliver``: the file of a certificate that was issued here, by a code to be scanned (电子版)."""

    number: Annotated[str, Field(max_length=40)]


class CertificateDelivered(Wire):
    """A link that works once; it is shown on the screen and kept nowhere else."""

    number: str
    url: str
    expires_at: AwareDatetime
    seconds: int


class CertificatePrinted(Wire):
    """``certificate.printed``: a copy came out, or did not; ``job`` is the print job it was fetched for."""

    number: str
    outcome: Literal["printed", "notPrinted", "uncertain"]
    job: str | None = None
