"""Terminals, how they were enrolled, what they sent: identities, requests, effects and the audit chain."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Flag, Json, Moment, Whole

meta = table("meta", words("name", key=True), words("value"))
"""Single values: the incarnation of this store, the demonstration city's seed and day."""

hall = table("hall", words("hall", key=True), Column("name", Json, nullable=False))

terminal = table(
    "terminal",
    words("terminal", key=True),
    words("asset"),
    Column("hall", ForeignKey("hall.hall"), nullable=False),
    Column("public_key", Bytes, nullable=False),
    Column("sealing_key", Bytes, nullable=False),
    words("epoch"),
    words("state"),
    words("reason"),
    Column("inventory", Json, nullable=False),
    Column("enrolled_at", Moment, nullable=False),
    one_of("state", "active", "suspended", "quarantined"),
)

terminal_key = table(
    "terminal_key",
    Column("terminal", ForeignKey("terminal.terminal"), primary_key=True),
    words("epoch", key=True),
    Column("public_key", Bytes, nullable=False),
    Column("since", Moment, nullable=False),
)
"""Every key a terminal ever had: records of an earlier epoch may still arrive after it was enrolled again."""

enrolment_code = table(
    "enrolment_code",
    words("code_hash", key=True),
    words("asset"),
    Column("hall", ForeignKey("hall.hall"), nullable=False),
    words("made_by"),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    words("terminal", nullable=True),
    Column("answer", Json),
)
"""``answer`` is what the terminal was told when the code was used, to be told again when it was lost."""

nonce = table(
    "nonce",
    words("terminal"),
    words("nonce"),
    Column("expires_at", Moment, nullable=False, index=True),
    PrimaryKeyConstraint("terminal", "nonce"),
)
"""Nonces of signed requests still inside the clock window."""

heartbeat = table(
    "heartbeat",
    Column("terminal", ForeignKey("terminal.terminal"), primary_key=True),
    Column("sent_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("devices", Json, nullable=False),
    Column("due", Json),
    Column("readings", Json),
    Column("queue_depth", Whole, nullable=False),
    Column("oldest_unacked_ms", Whole),
    words("software"),
)

terminal_alarm = table(
    "terminal_alarm",
    Column("terminal", ForeignKey("terminal.terminal"), nullable=False),
    words("sensor"),
    Column("raised_at", Moment, nullable=False),
    words("value"),
    Column("received_at", Moment, nullable=False),
    words("staff"),
    Column("cleared_at", Moment),
    PrimaryKeyConstraint("terminal", "sensor", "raised_at"),
)
"""Times are the terminal's but ``received_at``; ``staff`` is who was signed in there, and then it is no alarm."""

effect = table(
    "effect",
    words("key", key=True),
    words("terminal"),
    words("kind"),
    words("fingerprint"),
    words("service"),
    words("service_hash"),
    Column("service_known", Flag, nullable=False),
    words("visit"),
    words("transaction"),
    words("person_kind", nullable=True),
    words("person_number", nullable=True),
    words("taxpayer", nullable=True),
    Column("offline", Flag, nullable=False),
    Column("accepted_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    words("state"),
    words("reference"),
    Column("answer", Json, nullable=False),
    Column("told_at", Moment),
    one_of("state", "accepted", "refused", "duplicate"),
    Index(None, "terminal", "received_at"),
    Index(None, "received_at"),
)
"""Each effect's key with its first answer, kept as long as the business record."""

audit_cursor = table(
    "audit_cursor",
    words("terminal"),
    words("epoch"),
    Column("seq", Whole, nullable=False),
    words("head"),
    PrimaryKeyConstraint("terminal", "epoch"),
)
"""How far each chain is held, and the hash it stands at."""

audit_record = table(
    "audit_record",
    words("terminal"),
    words("epoch"),
    Column("seq", Whole, nullable=False),
    words("hash"),
    words("kind"),
    words("phase"),
    words("key", nullable=True),
    Column("envelope", Bytes, nullable=False),
    Column("received_at", Moment, nullable=False),
    PrimaryKeyConstraint("terminal", "epoch", "seq"),
    Index(None, "key"),
)

serial = table(
    "serial",
    words("type"),
    words("day"),
    Column("last", Whole, nullable=False),
    PrimaryKeyConstraint("type", "day"),
)
"""The last running number of each kind of paper on each day."""

serial_given = table("serial_given", words("purpose", key=True), words("number"))
"""Numbers given before the record they belong to was finished, so that a retry takes the same one."""

published = table(
    "published",
    words("kind"),
    words("hash"),
    words("name"),
    Column("content", Bytes, nullable=False),
    Column("first_at", Moment, nullable=False),
    PrimaryKeyConstraint("kind", "hash", "name"),
    one_of("kind", "service", "parameters"),
)
"""Every version of services and tax tables that was ever in force here: records name theirs by hash."""
