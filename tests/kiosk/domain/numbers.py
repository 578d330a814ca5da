"""What is wrong with a number."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.errors import FieldError

TODAY = date(2026, 10, 12)


def code_of(error: pytest.ExceptionInfo[FieldError]) -> str:
    return error.value.code
