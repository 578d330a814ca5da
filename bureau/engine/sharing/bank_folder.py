"""The ``Banks`` port over folders that each bank's own carrier empties: ``BANK/out`` and ``BANK/in``.

A message is ``CASE.json``, a withdrawal ``CASE.withdrawn.json``; a receipt is ``in/CASE.receipt.json`` with ``case``,
``sha256``, ``number`` and ``at``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from pydantic import AwareDatetime, Field, ValidationError

from bureau.ports.banks import Doubt, Receipt
from config.catalogue.models import Model
from sync.files import write_private

RECEIPT: Final = ".receipt.json"
MOST_BYTES: Final = 4096
"""Of a receipt."""


class ReceiptFile(Model):
    """What a bank writes."""

    case: Annotated[str, Field(pattern=r"^[0-9]{20}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    number: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]
    at: AwareDatetime


class BankFolders:
    """Implements ``Banks`` below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, bank: str, name: str, raw: bytes) -> None:
        """Moved into its place when it is whole and on the medium; nobody but its owner may read it."""
        folder = self._root / bank / "out"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(folder / name, raw)

    def receipts(self, bank: str) -> Iterator[Receipt | Doubt]:
        """Every one that lies there, as often as it does."""
        for path in sorted((self._root / bank / "in").glob(f"*{RECEIPT}")):
            try:
                with path.open("rb") as file:
                    told = ReceiptFile.model_validate_json(file.read(MOST_BYTES))
            except (OSError, ValidationError) as error:
                yield Doubt(bank, f"{path} is no receipt: {type(error).__name__}")
            else:
                yield Receipt(bank, told.case, told.sha256, told.number, told.at)
