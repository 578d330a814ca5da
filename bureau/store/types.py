"""Column types that mean the same on SQLite and on PostgreSQL: aware moments, days, flags, documents.

SQLite tables are STRICT, so every type falls back to INTEGER, TEXT or BLOB there. Moments are stored as
UTC text of fixed width on SQLite, which sorts as it should, and as ``timestamptz`` on PostgreSQL.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Integer, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def _is_sqlite(dialect: Dialect) -> bool:
    return dialect.name == "sqlite"


class Words(TypeDecorator[str]):
    """Text of any length."""

    impl = Text
    cache_ok = True


class Whole(TypeDecorator[int]):
    """A 64-bit whole number: fen, counts, invoice numbers."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """INTEGER on SQLite, whose integers have 64 bits."""
        return dialect.type_descriptor(Integer() if _is_sqlite(dialect) else BigInteger())


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored and given back in UTC."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT on SQLite, ``timestamptz`` on PostgreSQL."""
        return dialect.type_descriptor(Text() if _is_sqlite(dialect) else TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """UTC; raises ``ValueError`` for a naive moment, which would mean another one elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive moment cannot be stored: say which zone it is in")
        utc = value.astimezone(UTC)
        return utc.strftime(_FORMAT) if _is_sqlite(dialect) else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.strptime(value, _FORMAT).replace(tzinfo=UTC)
        assert isinstance(value, datetime)
        return value.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A calendar day; ISO text on SQLite."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT on SQLite, DATE on PostgreSQL."""
        return dialect.type_descriptor(Text() if _is_sqlite(dialect) else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """ISO text on SQLite."""
        return value.isoformat() if value is not None and _is_sqlite(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """The day."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """True or false; 1 or 0 on SQLite."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """INTEGER on SQLite, BOOLEAN on PostgreSQL."""
        return dialect.type_descriptor(Integer() if _is_sqlite(dialect) else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        """1 or 0 on SQLite."""
        return int(value) if value is not None and _is_sqlite(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        """The flag."""
        return None if value is None else bool(value)


class Json(TypeDecorator[Any]):
    """A JSON document; floats are never money, so none of ours holds one."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT on SQLite, JSONB on PostgreSQL."""
        return dialect.type_descriptor(Text() if _is_sqlite(dialect) else JSONB())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Compact UTF-8 text on SQLite."""
        if value is None or not _is_sqlite(dialect):
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The document."""
        return json.loads(value) if isinstance(value, str) and _is_sqlite(dialect) else value


class Bytes(TypeDecorator[bytes]):
    """Bytes as they came."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """Plain ``bytes`` whatever the driver gives."""
        return None if value is None else bytes(value)
