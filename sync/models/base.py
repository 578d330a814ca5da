"""What all models of the wire share: immutable, nothing unknown taken, and how months, amounts and hashes look."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
MOST_FEN = 10**13
FenAmount = Annotated[int, Field(ge=0, le=MOST_FEN)]
SignedFen = Annotated[int, Field(ge=-MOST_FEN, le=MOST_FEN)]
"""Below zero: paid back."""
Sha256Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FactValues = dict[str, bool | int | str | None]
"""Facts of a return by name: text, whole numbers (money in fen), yes or no."""
Texts = dict[str, str]
"""One text by language tag (``zh-CN``, ``en-US``)."""


class Wire(BaseModel):
    """Base of all that is sent: immutable, and nothing unknown is taken from who asks.

    What was wrong is told by its place: its value may be somebody's number, and errors reach logs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def told(cls, text: bytes | str) -> Self:
        """The centre's answer in JSON; what it tells beyond what is known here is passed over.

        So a terminal works on with a centre that has learnt to tell more. Raises ``ValidationError``.
        """
        return cls.model_validate_json(text, extra="ignore")
