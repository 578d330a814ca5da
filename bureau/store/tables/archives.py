"""What the bureau keeps of people and enterprises besides taxes: credit, vehicles, social insurance."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint

from bureau.store.tables._base import money, one_of, table, words
from bureau.store.types import Day, Flag, Whole

credit_rating = table(
    "credit_rating",
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    Column("year", Whole, nullable=False),
    words("grade"),
    Column("points", Whole),
    Column("published_on", Day, nullable=False),
    PrimaryKeyConstraint("taxpayer", "year"),
    one_of("grade", "A", "B", "M", "C", "D"),
)
"""Evaluations as published; ``points`` is empty where the grade was given at once (直接判级)."""

credit_deduction = table(
    "credit_deduction",
    words("taxpayer"),
    Column("year", Whole, nullable=False),
    Column("line", Whole, nullable=False),
    words("indicator"),
    Column("points", Whole),
    Column("happened_on", Day, nullable=False),
    Column("mended_on", Day),
    PrimaryKeyConstraint("taxpayer", "year", "line"),
    ForeignKeyConstraint(["taxpayer", "year"], ["credit_rating.taxpayer", "credit_rating.year"]),
)
"""Where an evaluation lost points, one line a record; ``points`` is empty where it decided the grade at once, and
``mended_on`` until what was missed is made good.
"""

vehicle_tax = table(
    "vehicle_tax",
    words("vin", key=True),
    words("person_kind"),
    words("person_number"),
    words("make"),
    words("engine"),
    money("price_fen"),
    money("tax_fen"),
    Column("exempt", Flag, nullable=False),
    Column("entry_date", Day, nullable=False),
    words("authority"),
    ForeignKeyConstraint(["person_kind", "person_number"], ["person.kind", "person.number"]),
    Index(None, "person_kind", "person_number"),
)

social_payment = table(
    "social_payment",
    words("person_kind"),
    words("person_number"),
    words("month"),
    words("insurance"),
    money("base_fen"),
    money("own_fen"),
    money("unit_fen"),
    Column("entry_date", Day, nullable=False),
    words("unit"),
    PrimaryKeyConstraint("person_kind", "person_number", "month", "insurance"),
    ForeignKeyConstraint(["person_kind", "person_number"], ["person.kind", "person.number"]),
    one_of("insurance", "pension", "medical", "unemployment", "injury"),
)

firm_vehicle = table(
    "firm_vehicle",
    words("vin", key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False, index=True),
    words("make"),
    words("engine"),
    money("price_fen"),
    money("tax_fen"),
    Column("exempt", Flag, nullable=False),
    Column("entry_date", Day, nullable=False),
    words("authority"),
)
"""Vehicles of enterprises whose purchase tax is settled."""

unit_payment = table(
    "unit_payment",
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("month"),
    words("insurance"),
    Column("people", Whole, nullable=False),
    money("base_fen"),
    money("own_fen"),
    money("unit_fen"),
    words("voucher"),
    Column("entry_date", Day, nullable=False),
    PrimaryKeyConstraint("taxpayer", "month", "insurance"),
    one_of("insurance", "pension", "medical", "unemployment", "injury"),
)
"""What an enterprise paid of an insurance for all its employees of a month: their part, which it withheld
(代扣代缴), and its own. Who they are is not kept here.
"""
