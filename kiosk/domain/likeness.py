"""Words that people look for, and what they look in, made alike: width, case and blanks make no difference."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """The text without blanks, in small letters, full-width characters as their half-width ones (NFKC)."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
