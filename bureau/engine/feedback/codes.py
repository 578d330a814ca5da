"""Query codes (查询码), by which whoever made one finds it again, and the names that its words are sealed under."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

ALPHABET: Final = "23456789ACDEFGHJKMNPQRTUWXY"
LENGTH: Final = 10


def new_code() -> str:
    """What stands on the slip beside the number: 47 bits, without characters that look alike."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_sha256(number: str, code: str) -> str:
    """What the case keeps of it; in plain it is in the answer alone, which the same key is given again."""
    return hashlib.sha256(f"feedback:{number}:{code}".encode()).hexdigest()


def right(expected: str, number: str, code: str) -> bool:
    """Whether it is the code of that number; takes as long whatever is wrong with it."""
    return hmac.compare_digest(expected, code_sha256(number, code))


def bound(number: str) -> str:
    """The name that what was said is sealed under."""
    return f"feedback {number}"


def bound_answer(number: str, round_: int) -> str:
    """The name of the first answer, or of the second one."""
    return f"feedback {number} answer {round_}"


def bound_act(number: str, seq: int) -> str:
    """The name of an officer's words in the log."""
    return f"feedback {number} act {seq}"
