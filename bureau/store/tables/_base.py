"""One catalogue of tables, with named constraints so that migrations can refer to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, MetaData, Table, text

from bureau.store.types import Whole, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: Any) -> Table:
    """A table; STRICT on SQLite, so that a value of the wrong type is refused and not bent to fit."""
    return Table(name, metadata, *parts, sqlite_strict=True)


def one_of(column: str, *values: str) -> CheckConstraint:
    """A column that holds one of a few words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def money(name: str, *, nullable: bool = False) -> Column[int]:
    """Whole fen, never negative."""
    return Column(
        name, Whole, CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative"), nullable=nullable
    )


def words(name: str, *, nullable: bool = False, key: bool = False) -> Column[str]:
    """A text column."""
    return Column(name, Words, primary_key=key, nullable=nullable)


def unique_where(name: str, condition: str, *columns: Any) -> Index:
    """A unique index over the rows that fulfil ``condition``."""
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))
