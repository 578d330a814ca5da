"""The store of the city, and business time that a test moves."""

from tests.bureau.analytics.conftest import clock, database

__all__ = ["clock", "database"]
