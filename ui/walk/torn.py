"""An invoice on paper whose code cannot be read any more: from the register, drawn, and its code painted over.

Under the camera lies a 数电票 as the bureau's own printer of invoices sets it; in the scanner an ordinary invoice of
the older generation, with code, number and check code. Neither says anything to the terminal but by its print.

What draws and seals is loaded when a sheet is drawn: it takes a second, and few walks lay one down.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

from kiosk.domain.ids import Fen
from kiosk.domain.money import capital, yuan
from kiosk.stack import Stack
from ui.walk.evidence import read_tables
from ui.walk.hands import Hands

CAMERA, SCANNER = "camera", "scanner"
ROLES: Final[Mapping[str, str]] = {CAMERA: "documentCamera", SCANNER: "documentScanner"}
_CODE_MM: Final = (6, 4, 32, 30)
"""Where the code stands on both forms, with its quiet zone."""
_STAIN: Final = (96, 74, 52)
WITHIN_S: Final = 60.0
BUREAU: Final = "云川市税务局"


@dataclass(frozen=True, slots=True)
class Torn:
    """The sheet: where it is laid (a role), its picture, and what the centre has to say of it."""

    role: str
    file: Path
    number: str
    total_fen: int


def torn(stack: Stack, where: str, folder: Path) -> Torn:
    """The sheet for ``where`` (camera, scanner), its picture written into ``folder``."""
    from drivers.simulators.documents import DPI, millimetres

    folder.mkdir(parents=True, exist_ok=True)
    books = read_tables(stack.centre_dir / "bureau.db", ("sale", "taxpayer"))
    sellers = {row["taxpayer"]: str(row["name"]) for row in books["taxpayer"]}
    gone = {row["red_of"] for row in books["sale"]}
    standing = [row for row in books["sale"] if row["state"] == "valid" and row["number"] not in gone]
    sale = _last(row for row in standing if bool(row["check_code"]) == (where == SCANNER))
    file = folder / "torn.png"
    picture = _older(sale, sellers) if where == SCANNER else _digital(sale, sellers, stack, folder)
    ImageDraw.Draw(picture).rectangle([millimetres(value) for value in _CODE_MM], fill=_STAIN)
    picture.save(file, dpi=(DPI, DPI))
    return Torn(ROLES[where], file, str(sale["number"]), int(sale["net_fen"]) + int(sale["tax_fen"]))


def away(where: str, hands: Hands) -> None:
    """A terminal shows the camera where it has one: for the scanner it must be gone."""
    if where == SCANNER:
        hands.do(ROLES[CAMERA], "unplug")


def back(where: str, hands: Hands) -> None:
    """As it was."""
    if where == SCANNER:
        hands.do(ROLES[CAMERA], "replug")


def unlike(stack: Stack, sheet: Torn) -> list[str]:
    """What the centre was asked and told that is not of the sheet; empty when it found the sheet genuine."""
    effects = read_tables(stack.centre_dir / "bureau.db", ("effect",))["effect"]
    told = [json.loads(row["answer"])["result"] for row in effects if row["kind"] == "invoice.check"]
    if len(told) != 1:
        return [f"the centre was asked of {len(told)} invoices"]
    wanted = {"finding": "valid", "number": sheet.number, "total_fen": sheet.total_fen}
    return [
        f"the check says {name} {told[0].get(name)} of an invoice with {value}"
        for name, value in wanted.items()
        if told[0].get(name) != value
    ]


def _last(sales: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = max(sales, key=lambda row: (str(row["issued_on"]), str(row["number"])))
    return found


def _digital(sale: Mapping[str, Any], sellers: Mapping[str, str], stack: Stack, folder: Path) -> Image.Image:
    """The bureau's own print of it; nobody sees on paper whose key sealed the file."""
    from bureau.certificates.data import Issuer, Words
    from bureau.certificates.sealing import open_signer
    from bureau.einvoices.pdf import InvoicePrinter
    from bureau.ports.einvoices import InvoiceLine, IssuedInvoice
    from drivers.simulators.documents import DPI

    lines = json.loads(sale["lines"]) if isinstance(sale["lines"], str) else sale["lines"]
    invoice = IssuedInvoice(
        code=str(sale["code"]),
        number=str(sale["number"]),
        buyer=str(sale["buyer"]),
        buyer_number=str(sale["buyer_number"]),
        red_of=str(sale["red_of"]),
        check_code=str(sale["check_code"]),
        kind=sale["kind"],
        issued_on=_day(sale),
        seller=str(sale["taxpayer"]),
        seller_name=sellers[sale["taxpayer"]],
        net_fen=sale["net_fen"],
        tax_fen=sale["tax_fen"],
        state=sale["state"],
        lines=tuple(InvoiceLine(**line) for line in lines or ()),
    )
    signer, _ = open_signer(folder / "keys", BUREAU)
    issuer = Issuer(Words(BUREAU, BUREAU), "自助业务专用章", "样章 07", specimen=True)
    pdf, _ = InvoicePrinter(signer.document, issuer, stack.bureau_url).draw(invoice, stack.now())
    page = folder / "invoice.pdf"
    page.write_bytes(pdf)
    line = ["pdftoppm", "-r", str(DPI), "-png", "-singlefile", str(page), str(page.with_suffix(""))]
    subprocess.run(line, check=True, timeout=WITHIN_S, capture_output=True)
    return Image.open(page.with_suffix(".png")).convert("RGB")


def _older(sale: Mapping[str, Any], sellers: Mapping[str, str]) -> Image.Image:
    from drivers.simulators.vat_invoice import VatInvoice, draw_vat_invoice

    net, tax = int(sale["net_fen"]), int(sale["tax_fen"])
    printed = VatInvoice(
        code=str(sale["code"]),
        number=str(sale["number"]),
        issued=_day(sale),
        net=Decimal(yuan(Fen(net))),
        tax=Decimal(yuan(Fen(tax))),
        words=capital(Fen(net + tax)),
        check_code=str(sale["check_code"]),
        buyer=str(sale["buyer"]),
        buyer_number=str(sale["buyer_number"]),
        seller=sellers[sale["taxpayer"]],
        seller_number=str(sale["taxpayer"]),
        labelled=False,
    )
    return Image.fromarray(draw_vat_invoice(printed, code=False))


def _day(sale: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(sale["issued_on"]))
