"""People, enterprises and who may act for whom; income, invoices issued, returns and what is due."""

from __future__ import annotations

import secrets

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint

from bureau.store.tables._base import money, one_of, table, unique_where, words
from bureau.store.types import Day, Flag, Json, Moment, Whole, Words

person = table(
    "person",
    words("kind"),
    words("number"),
    words("name"),
    words("latin_name"),
    words("mobile"),
    Column("enrolled_at", Moment, nullable=False),
    Column("alias", Words, default=lambda: secrets.token_hex(16)),
    PrimaryKeyConstraint("kind", "number"),
    Index(None, "alias", unique=True),
)
"""``alias`` stands for the person where the number of the document has no business: random, it says nothing."""

taxpayer = table(
    "taxpayer",
    words("taxpayer", key=True),
    Column("kind", Words, nullable=False, server_default="enterprise"),
    words("name"),
    words("state"),
    Column("small_scale", Flag, nullable=False),
    Column("quarterly", Flag, nullable=False),
    words("levy_rate"),
    words("city_rate"),
    Column("half_six_taxes", Flag, nullable=False),
    words("risk"),
    words("industry"),
    words("address"),
    Column("registered_on", Day, nullable=False),
    Column("used_verified_to", Day),
    Column("general_since", Day),
    Column("starts_on", Day),
    Column("ends_on", Day),
    one_of("state", "normal", "abnormal", "cancelled"),
    one_of("risk", "low", "medium", "high"),
)
"""``kind``: ``enterprise``, ``person`` who declares in their own name (自然人) under their document's number, or
``temporary`` for a person registered as a business without a licence (临时税务登记), from ``starts_on`` to ``ends_on``,
under a number of the bureau's own.
``used_verified_to``: the day up to which issued invoices are uploaded and copied (验旧)."""

role = table(
    "role",
    words("person_kind"),
    words("person_number"),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("role"),
    Column("valid_from", Day, nullable=False),
    Column("valid_to", Day),
    PrimaryKeyConstraint("person_kind", "person_number", "taxpayer", "role", "valid_from"),
    ForeignKeyConstraint(["person_kind", "person_number"], ["person.kind", "person.number"]),
    one_of("role", "L", "F", "T", "B", "A"),
    Index(None, "taxpayer"),
)
"""Held from ``valid_from`` to ``valid_to``, both included; one that is given again is another row. A row that ends the
day before it begins was taken back on its first day."""

income = table(
    "income",
    words("person_kind"),
    words("person_number"),
    words("month"),
    words("item"),
    Column("line", Whole, nullable=False),
    money("income_fen"),
    money("tax_fen"),
    Column("entry_date", Day, nullable=False),
    words("authority"),
    words("remark"),
    PrimaryKeyConstraint("person_kind", "person_number", "month", "item", "line"),
    ForeignKeyConstraint(["person_kind", "person_number"], ["person.kind", "person.number"]),
)

sale = table(
    "sale",
    words("code"),
    words("number"),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("kind"),
    Column("issued_on", Day, nullable=False),
    words("buyer"),
    Column("net_fen", Whole, nullable=False),
    Column("tax_fen", Whole, nullable=False),
    words("state"),
    Column("check_code", Words, nullable=False, server_default=""),
    Column("buyer_number", Words, nullable=False, server_default=""),
    Column("red_of", Words, nullable=False, server_default=""),
    Column("lines", Json),
    Column("remark", Words, nullable=False, server_default=""),
    PrimaryKeyConstraint("code", "number"),
    one_of("kind", "ordinary", "special"),
    one_of("state", "valid", "void", "red"),
    Index(None, "taxpayer", "issued_on"),
    Index(None, "red_of"),
)
"""Invoices issued (销项). A red-letter one has negative figures, state ``red``, and in ``red_of`` the invoice that it
takes back (``bureau.ports.einvoices``). ``check_code``: 校验码, of ordinary paper alone. ``lines`` add up to the sums.
"""

invoice_check = table(
    "invoice_check",
    Column("day", Day, nullable=False),
    words("invoice"),
    Column("times", Whole, nullable=False),
    PrimaryKeyConstraint("day", "invoice"),
)
"""How often an invoice, or what was taken for one, was checked (查验) on a day, from wherever."""

invoice_booking = table(
    "invoice_booking",
    words("number"),
    Column("line", Whole, nullable=False),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("how"),
    Column("booked_on", Day, nullable=False),
    Column("case_no", ForeignKey("matter_case.case_no"), nullable=False),
    PrimaryKeyConstraint("number", "line"),
    one_of("how", "deducted", "not-deducted", "withdrawn"),
)
"""Marks of buyers on fully digital invoices (入账标识). Append only: of each enterprise its last one holds."""

declaration = table(
    "declaration",
    words("declaration", key=True),
    words("key"),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("tax"),
    Column("period_first", Day, nullable=False),
    Column("period_last", Day, nullable=False),
    Column("figures", Json, nullable=False),
    money("total_fen"),
    Column("limit_date", Day, nullable=False),
    Column("filed_at", Moment, nullable=False),
    words("terminal"),
    words("person_kind"),
    words("person_number"),
    words("role"),
    words("state"),
    Column("subject", Words, nullable=False, server_default=""),
    one_of("state", "filed", "replaced", "withdrawn"),
    unique_where(
        "uq_declaration_filed",
        "state = 'filed'",
        "taxpayer",
        "tax",
        "period_first",
        "period_last",
        "subject",
    ),
)
"""``subject``: what tells returns of one period apart (a contract, a vehicle). ``filed_at``: the time of filing in law,
which is the terminal's acceptance when that still counts. ``state``: ``replaced`` by a later one (更正), or
``withdrawn`` (作废).
"""

due = table(
    "due",
    words("due", key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("tax"),
    Column("period_first", Day, nullable=False),
    Column("period_last", Day, nullable=False),
    money("amount_fen"),
    Column("limit_date", Day, nullable=False),
    words("declaration", nullable=True),
    words("state"),
    words("held_by", nullable=True),
    words("part_of", nullable=True),
    one_of("state", "open", "paid", "cancelled"),
    Index(None, "taxpayer", "state"),
    Index(None, "part_of"),
)
"""``held_by``: the payment order that is collecting it; nobody else may collect it meanwhile.

``part_of``: the due of which this is a part that was paid; what is left stays there, under its number.
"""

tax_source = table(
    "tax_source",
    words("source", key=True),
    words("person_kind"),
    words("person_number"),
    words("kind"),
    words("title"),
    Column("facts", Json, nullable=False),
    Column("known_on", Day, nullable=False),
    ForeignKeyConstraint(["person_kind", "person_number"], ["person.kind", "person.number"]),
    Index(None, "person_kind", "person_number", "kind"),
)
"""What a person's returns may be about (税源): contracts, homes and vehicles that other registries told of."""

tax_duty = table(
    "tax_duty",
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("tax"),
    words("cycle"),
    money("quota_fen", nullable=True),
    Column("valid_from", Day, nullable=False),
    Column("valid_to", Day),
    PrimaryKeyConstraint("taxpayer", "tax", "valid_from"),
    one_of("cycle", "month", "quarter", "year"),
)
"""Taxes that an enterprise declares besides VAT (税费种认定); ``quota_fen``: assessed sales a month (定期定额)."""
