"""What the domain refuses, as codes that the texts of each language are written for."""

from __future__ import annotations


class DomainError(Exception):
    """Root of the domain's refusals."""


class FieldError(DomainError):
    """What a person typed or a device read cannot be right.

    ``code`` says what is wrong (stable, for programs); ``text_id`` names the words for the person.
    The value itself is never part of the error: it may be personal data and errors reach logs.
    """

    def __init__(self, code: str, text_id: str) -> None:
        self.code = code
        self.text_id = text_id
        super().__init__(f"{text_id} ({code})")


class MoneyError(DomainError, ValueError):
    """An amount that is no whole number of fen, or is out of range."""


class RangeError(DomainError, ValueError):
    """Invoice numbers that form no range, or ranges that overlap where they must not."""


class ParameterMissingError(DomainError, LookupError):
    """No tax parameter of that name is in force on that day; add a row to ``config/parameters``."""
