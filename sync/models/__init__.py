"""The wire between terminal and centre: what is asked, what is submitted, what comes back.

Two things travel. A *query* reads and leaves nothing behind; an *effect* changes something, carries its own
key (UUIDv7), and is answered the same however often it is sent. Both sides import these models; amounts are
whole fen, moments are aware ISO 8601, dates and months are ISO strings.
"""

from __future__ import annotations

from sync.models.base import (
    FenAmount,
    Month,
    Sha256Hex,
    Texts,
    Wire,
)
from sync.models.certificates import (
    CertificateCode,
    CertificateIssue,
    CertificateIssued,
    CertificateItem,
    CertificateItems,
    CertificateKind,
    CertificatePreview,
    CertificatePrinted,
    CertificateVerdict,
    CertificateWish,
    IitMonths,
    IitRecord,
    IitRow,
    MonthRange,
    PreviewColumn,
    PreviewFact,
    RecordMonths,
)
from sync.models.effects import (
    STAFF_EFFECTS,
    STAFF_SERVICE,
    EffectAnswer,
    EffectBody,
    EffectKind,
    EffectState,
)
from sync.models.invoices import (
    EntitlementParams,
    InvoiceCommit,
    InvoiceCommitted,
    InvoiceEntitlement,
    InvoiceEntitlements,
    InvoiceReserve,
    InvoiceReserved,
    NumberRange,
    UnitStock,
)
from sync.models.matters import (
    CaseRow,
    MatterOpened,
    MatterSubmit,
    OfficerRow,
    Progress,
    RegistrationDetails,
)
from sync.models.payments import (
    ChargeState,
    PaymentCard,
    PaymentChannel,
    PaymentClose,
    PaymentCreate,
    PaymentCreated,
    PaymentStateName,
    PaymentStatus,
)
from sync.models.people import (
    FaceEvidence,
    PersonClaim,
    Subject,
)
from sync.models.profile import (
    Notice,
    PersonProfile,
    RoleBinding,
)
from sync.models.queries import (
    QueryAnswer,
    QueryRequest,
    Refusal,
)
from sync.models.ratings import (
    FeedbackRate,
)
from sync.models.returns import (
    DeclarationSubmit,
    Declared,
    Due,
    Dues,
    VatPrefill,
    VatSurcharge,
)
from sync.models.stock import (
    StockIn,
    StockMoved,
    StockOut,
    TakenRange,
)
from sync.models.terminal import (
    AuditReceipt,
    Enrolled,
    Enrolment,
    Heartbeat,
    ServerTime,
)

__all__ = [
    "AuditReceipt",
    "CertificateCode",
    "CaseRow",
    "CertificateIssue",
    "CertificateIssued",
    "CertificateItem",
    "CertificateItems",
    "CertificateKind",
    "CertificatePreview",
    "CertificatePrinted",
    "ChargeState",
    "CertificateVerdict",
    "CertificateWish",
    "DeclarationSubmit",
    "Declared",
    "Due",
    "Dues",
    "EffectAnswer",
    "EffectBody",
    "EffectKind",
    "EffectState",
    "Enrolled",
    "Enrolment",
    "EntitlementParams",
    "FaceEvidence",
    "FeedbackRate",
    "FenAmount",
    "Heartbeat",
    "IitMonths",
    "IitRecord",
    "IitRow",
    "InvoiceCommit",
    "InvoiceCommitted",
    "InvoiceEntitlement",
    "InvoiceEntitlements",
    "InvoiceReserve",
    "InvoiceReserved",
    "MatterOpened",
    "MatterSubmit",
    "Month",
    "MonthRange",
    "Notice",
    "NumberRange",
    "OfficerRow",
    "PaymentCard",
    "PaymentChannel",
    "PaymentClose",
    "PaymentCreate",
    "PaymentCreated",
    "PaymentStateName",
    "PaymentStatus",
    "PersonClaim",
    "PersonProfile",
    "PreviewColumn",
    "PreviewFact",
    "Progress",
    "QueryAnswer",
    "QueryRequest",
    "RecordMonths",
    "Refusal",
    "RoleBinding",
    "RegistrationDetails",
    "STAFF_EFFECTS",
    "STAFF_SERVICE",
    "ServerTime",
    "Sha256Hex",
    "StockIn",
    "StockMoved",
    "StockOut",
    "Subject",
    "TakenRange",
    "Texts",
    "UnitStock",
    "VatPrefill",
    "VatSurcharge",
    "Wire",
]
