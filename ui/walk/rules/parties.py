"""What terminal, paper, acquirer and centre hold of a visit, as the evidence folder has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

CENTRE_KINDS = (
    "certificate.issue", "certificate.printed", "certificate.reissue", "certificate.deliver",
    "invoice.reserve", "invoice.commit",
    "invoice.check", "invoice.apply", "invoice.issue", "einvoice.copy", "invoice.red", "einvoice.deliver",
    "declaration.submit", "payment.create", "payment.close", "payment.card", "matter.submit",
    "material.page", "materials.supply",
    "feedback.rate", "lottery.draw", "identity.enrol", "queue.take", "document.serve",
    "appointment.book", "appointment.cancel", "school.enrol", "school.cancel", "school.evaluate",
    "device.report", "device.unlock", "visit.continue",
    "feedback.complain", "feedback.report", "feedback.reply", "survey.take",
    "consult.call-back", "help.ask", "help.answer", "help.thank", "ideas.submit", "ideas.vote", "subscription.change",
    "departure.apply",
)  # fmt: skip
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each party holds."""

    folder: Path
    journal: Rows
    bureau: dict[str, Rows]
    acquirer: dict[str, Rows]
    printed: Rows
    letters: Rows
    """What came to mailboxes."""
    before: int = 0
    """Records of the journal that belong to visits before this one."""

    @classmethod
    def read(cls, folder: Path) -> Evidence:
        """From a walk's folder."""
        journal = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
        index = json.loads((folder / "printed" / "index.json").read_text())
        bureau = json.loads((folder / "bureau.json").read_text())
        acquirer = json.loads((folder / "acquirer.json").read_text())
        mailboxes = folder / "mailboxes.json"
        letters = json.loads(mailboxes.read_text()) if mailboxes.exists() else []
        begin = folder / "begin.json"
        before = json.loads(begin.read_text())["records"] if begin.exists() else 0
        return cls(folder, journal, bureau, acquirer, index["items"], letters, before)

    def phase(self, kind: str, phase: str) -> Rows:
        """The journal's records of one kind and phase."""
        return [r for r in self.journal if r["kind"] == kind and r["phase"] == phase]

    def sheets(self, kind: str) -> Rows:
        """Printed items of one kind."""
        return [i for i in self.printed if i["kind"] == kind]

    def effects(self) -> Rows:
        """The centre's effects that this terminal's journal should know."""
        return self.bureau["effect"]

    def answer(self, record: Mapping[str, Any]) -> dict[str, Any] | None:
        """The centre's effect of a journal record; None: it never came there."""
        return next((row for row in self.effects() if row["key"] == record["key"]), None)

    def code(self, item: Mapping[str, Any], kind: zxingcpp.BarcodeFormat) -> str | None:
        """What the first code of that kind on a printed item says; None: there is none to be read."""
        with Image.open(self.folder / "printed" / item["file"]) as picture:
            codes = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormats(kind))
        return codes[0].text if codes else None
