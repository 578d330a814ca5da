"""Blank invoices by number range from the store to the taxpayer, and certificates with their copies."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint

from bureau.store.tables._base import money, one_of, table, unique_where, words
from bureau.store.types import Bytes, Day, Flag, Json, Moment, Whole, Words

invoice_code = table(
    "invoice_code", words("code", key=True), words("kind"), Column("kind_name", Json, nullable=False)
)
"""Each code (发票代码) with its kind; its row is the lock under which numbers of the code move."""

invoice_approval = table(
    "invoice_approval",
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("kind"),
    Column("kind_name", Json, nullable=False),
    money("face_limit_fen"),
    Column("monthly_max", Whole, nullable=False),
    Column("per_time_max", Whole, nullable=False),
    Column("hold_max", Whole, nullable=False),
    words("method"),
    Column("valid_from", Day, nullable=False),
    Column("valid_to", Day),
    words("state"),
    PrimaryKeyConstraint("taxpayer", "kind"),
    one_of("method", "verify-old", "hand-in-old", "batch"),
    one_of("state", "active", "stopped"),
)
"""核定票种. Methods: 验旧供新, 交旧供新, 批量供应."""

stock_slot = table(
    "stock_slot",
    words("place"),
    words("unit"),
    Column("locked", Flag, nullable=False),
    words("reason"),
    PrimaryKeyConstraint("place", "unit"),
)
"""A drawer of blanks: a unit of a terminal, or a shelf. Locked: a difference is being looked into."""

stock_range = table(
    "stock_range",
    Column("code", ForeignKey("invoice_code.code"), nullable=False),
    Column("first", Whole, nullable=False),
    Column("last", Whole, nullable=False),
    words("state"),
    words("place", nullable=True),
    words("unit", nullable=True),
    words("holder", nullable=True),
    words("reservation", nullable=True),
    Column("since", Moment, nullable=False),
    PrimaryKeyConstraint("code", "first"),
    CheckConstraint("first >= 0 AND first <= last AND last <= 99999999", name="is_a_range"),
    one_of(
        "state",
        "onHand",
        "reserved",
        "quarantined",
        "issued",
        "used",
        "lost",
        "returning",
        "voided",
        "spoiled",
        "unloaded",
    ),
    Index(None, "place", "unit", "state"),
    Index(None, "holder"),
)
"""Where every number is now: disjoint ranges that together are everything ever loaded.

With an enterprise: ``issued`` until they are ``used`` (验旧) or ``lost``; ``returning`` and ``voided`` are on their way
to the counter, which has not counted them yet.
"""

stock_movement = table(
    "stock_movement",
    words("movement", key=True),
    Column("line", Whole, primary_key=True, autoincrement=False),
    words("type"),
    words("place"),
    words("unit"),
    words("code"),
    Column("first", Whole, nullable=False),
    Column("last", Whole, nullable=False),
    Column("at", Moment, nullable=False),
    Column("day", Day, nullable=False),
    words("taxpayer", nullable=True),
    words("kind", nullable=True),
    words("reservation", nullable=True),
    words("operator", nullable=True),
    words("witness", nullable=True),
    words("cause", nullable=True),
    CheckConstraint("first <= last", name="is_a_range"),
    one_of(
        "type",
        "LOAD",
        "ISSUE",
        "RETRACT",
        "RELEASE",
        "SPOIL",
        "UNLOAD",
        "RETURN",
        "USE",
        "LOSE",
        "HAND_IN",
        "VOID",
        "KEEP",
        "VOID_IN",
        "TRANSFER_OUT",
        "TRANSFER_IN",
    ),
    Index(None, "place", "unit"),
    Index(None, "taxpayer", "kind", "day"),
    Index(None, "code"),
)
"""The ledger: append only (a trigger refuses anything else)."""

stock_handover = table(
    "stock_handover",
    words("note", key=True),
    words("terminal"),
    words("to_place"),
    words("fate"),
    words("state"),
    Column("made_at", Moment, nullable=False),
    Column("learned_at", Moment, nullable=False),
    words("operator"),
    words("witness"),
    Column("sheets", Whole, nullable=False),
    Column("items", Json, nullable=False),
    words("movement"),
    words("case_no", nullable=True),
    words("paper", nullable=True),
    one_of("fate", "move", "hall"),
    one_of("state", "transit", "done"),
    Index(None, "made_at"),
)
"""Stock that left a cabinet by a signed paper; its numbers lie in place ``transit``, unit ``note``, until taken up.

``paper`` is what its code says; empty where a release before this column wrote it down.
"""

stock_waiting = table(
    "stock_waiting",
    Column("note", ForeignKey("stock_handover.note"), nullable=False),
    words("terminal"),
    words("unit"),
    words("code"),
    Column("first", Whole, nullable=False),
    Column("last", Whole, nullable=False),
    words("operator"),
    words("witness"),
    Column("told_at", Moment, nullable=False),
    PrimaryKeyConstraint("note", "terminal", "unit", "code", "first"),
)
"""What was taken up by a paper before the ledger heard that it had come to the old terminal: it follows then."""

stock_slip = table(
    "stock_slip",
    words("slip", key=True),
    Column("wanted", Json, nullable=False),
    Column("book", Json, nullable=False),
    words("state"),
    words("proposed_by"),
    Column("proposed_at", Moment, nullable=False),
    words("decided_by"),
    Column("decided_at", Moment),
    words("reason"),
    words("movement"),
    words("result"),
    words("case_no"),
    one_of("state", "proposed", "done", "refused", "withdrawn"),
    one_of("result", "", "BALANCED", "TIMING", "DIFFERENCE"),
    CheckConstraint("state = 'proposed' OR decided_by <> ''", name="is_decided_by_somebody"),
    CheckConstraint("state <> 'done' OR decided_by <> proposed_by", name="has_two_people"),
    Index(None, "state", "slip"),
)
"""What an officer wants done with blanks, and how another decided; empty words stand for what is not there.

``book``: of a count what the books had when it was counted, of a hand-over what was on its way.
"""

stock_paper_copy = table(
    "stock_paper_copy",
    Column("note", ForeignKey("stock_handover.note"), nullable=False),
    Column("copy", Whole, nullable=False),
    Column("at", Moment, nullable=False),
    words("operator"),
    words("witness"),
    words("cause"),
    PrimaryKeyConstraint("note", "copy"),
)
"""Each time a paper was made again here, from its second copy on: append only (a trigger refuses anything else)."""

invoice_order = table(
    "invoice_order",
    words("order_no", key=True),
    words("code"),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("kind"),
    Column("count", Whole, nullable=False),
    Column("made_at", Moment, nullable=False),
    words("made_by"),
    Column("expires_on", Day, nullable=False),
    words("state"),
    CheckConstraint("count >= 1", name="holds_sheets"),
    one_of("state", "open", "cancelled"),
    Index(None, "taxpayer", "code", unique=True),
    Index(None, "state", "expires_on"),
)
"""Sheets approved beforehand, picked up by ``code``; what is left follows from the reservations made for it."""

reservation = table(
    "reservation",
    words("reservation", key=True),
    words("key"),
    words("terminal"),
    words("unit"),
    words("taxpayer"),
    words("kind"),
    words("code"),
    Column("first", Whole, nullable=False),
    Column("last", Whole, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    words("state"),
    words("movement", nullable=True),
    words("order_no", nullable=True),
    one_of("state", "open", "committed", "expired", "disputed"),
    Index(None, "state", "expires_at"),
    Index(None, "order_no"),
)
"""``order_no``: the order that is picked up by it; empty for what is collected without one."""

certificate = table(
    "certificate",
    words("number", key=True),
    words("code"),
    words("key"),
    words("kind"),
    words("person_kind"),
    words("person_number"),
    words("terminal"),
    words("content_sha256"),
    Column("frozen", Bytes, nullable=False),
    Column("pdf", Bytes, nullable=False),
    words("pdf_sha256"),
    Column("pages", Whole, nullable=False),
    Column("copies", Whole, nullable=False),
    words("verify_url"),
    Column("issued_at", Moment, nullable=False),
    words("state"),
    words("taxpayer", nullable=True),
    Column("asked", Json),
    words("original", nullable=True),
    one_of("state", "valid", "replaced", "void"),
    Index(None, "person_kind", "person_number"),
    Index(None, "taxpayer"),
    unique_where("uq_certificate_original", "state = 'valid'", "original"),
)
"""``taxpayer``: the enterprise that it is of; empty: the person's own. ``asked``: of what it is, to be drawn anew.
``original``: the one thing of which there is one valid certificate at most."""

certificate_end = table(
    "certificate_end",
    Column("number", ForeignKey("certificate.number"), primary_key=True),
    words("reason"),
    Column("at", Moment, nullable=False),
    Column("successor", ForeignKey("certificate.number")),
    words("officer"),
    words("second"),
    words("note"),
    one_of("reason", "replaced", "wrong", "corrected", "lost", "improper"),
)
"""How a certificate ended that is replaced or void; the certificate itself, and its files, stay."""

certificate_let_out = table(
    "certificate_let_out",
    words("key", key=True),
    Column("number", ForeignKey("certificate.number"), nullable=False),
    words("terminal"),
    Column("at", Moment, nullable=False),
    Index(None, "number", "terminal"),
)
"""A terminal at which an issued certificate was asked for once more, by which effect."""

certificate_link = table(
    "certificate_link",
    words("key", key=True),
    words("secret_sha256"),
    Column("number", ForeignKey("certificate.number"), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("fetched_at", Moment),
)
"""A link under which a certificate's file is fetched once; ``key`` is that of the effect that made it."""

certificate_print = table(
    "certificate_print",
    Column("number", ForeignKey("certificate.number"), nullable=False),
    words("key"),
    words("outcome"),
    words("terminal"),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("number", "key"),
    one_of("outcome", "printed", "notPrinted", "uncertain"),
)

einvoice_document = table(
    "einvoice_document",
    words("document", key=True),
    Column("key", Words, nullable=False, unique=True),
    words("code"),
    words("number"),
    words("terminal"),
    words("person_kind"),
    words("person_number"),
    Column("pdf", Bytes, nullable=False),
    words("pdf_sha256"),
    Column("pages", Whole, nullable=False),
    Column("made_at", Moment, nullable=False),
    ForeignKeyConstraint(["code", "number"], ["sale.code", "sale.number"]),
)
"""An invoice as a sealed file, made to be printed at one terminal; ``document`` is what its print jobs ask for."""

einvoice_link = table(
    "einvoice_link",
    words("key", key=True),
    words("secret_sha256"),
    words("code"),
    words("number"),
    Column("expires_at", Moment, nullable=False),
    Column("fetched_at", Moment),
    ForeignKeyConstraint(["code", "number"], ["sale.code", "sale.number"]),
)
"""A link under which an invoice's files are fetched once; ``key`` is that of the effect that made it."""

einvoice_print = table(
    "einvoice_print",
    Column("document", ForeignKey("einvoice_document.document"), nullable=False),
    words("key"),
    words("outcome"),
    words("terminal"),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("document", "key"),
    one_of("outcome", "printed", "notPrinted", "uncertain"),
)

certificate_copy = table(
    "certificate_copy",
    Column("number", ForeignKey("certificate.number"), nullable=False),
    words("job"),
    Column("copy", Whole, nullable=False),
    words("terminal"),
    Column("at", Moment, nullable=False),
    words("outcome", nullable=True),
    Column("pdf", Bytes),
    PrimaryKeyConstraint("number", "job"),
    one_of("outcome", "printed", "notPrinted", "uncertain"),
)
"""Every file given out to be printed: one print job, one copy, whose ``outcome`` is empty until it is told.

``pdf`` is empty for a first copy, which is the certificate's own, and until a later one has been sealed.
"""
