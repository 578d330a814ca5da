"""What is read off invoices without a code, by two readers of print, clean and spoilt; and what it costs.

    python -m benchmarks.invoice_print [--invoices 4] [--tesseract]

Invoices are drawn: half 数电票 as the bureau's own printer sets them, their code painted over, half of the older
generation, whose code and number stand with and without a name. Each is seen as scanned at 200 dpi and spoilt in turn.
A figure counts as right when it is the invoice's to the digit. *Wrong* are figures shown to the person that are not;
*wrong and sure* those of them that nothing marks. ``--tesseract`` measures the other reader too; it is no part of the
terminal (Debian: tesseract-ocr, tesseract-ocr-chi-sim).
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import resource
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bureau.certificates.data import Issuer, Words
from bureau.certificates.sealing import open_signer
from bureau.einvoices.pdf import InvoicePrinter
from bureau.ports.einvoices import InvoiceLine, IssuedInvoice
from config.clock import CHINA
from drivers.simulators.documents import DPI, millimetres
from drivers.simulators.vat_invoice import VatInvoice, draw_vat_invoice
from kiosk.domain.errors import FieldError
from kiosk.domain.ids import Fen
from kiosk.domain.invoice_print import InvoicePrint, Piece, parse_invoice_print
from kiosk.domain.money import capital, yuan
from kiosk.print_child import Engine, printed_part

Picture = NDArray[np.uint8]
Reader = Callable[[Picture], list[Piece]]

TODAY = date(2026, 10, 12)
SCANNED = 200 / DPI
HALF = 150 / DPI
NAME = "云川市税务局"


@dataclass(frozen=True, slots=True)
class Made:
    """An invoice at ``DPI``, grey, and what stands on it."""

    page: Picture
    figures: Mapping[str, object]


@dataclass(slots=True)
class Score:
    """Of one reader on pages spoilt in one way."""

    asked: int = 0
    right: int = 0
    wrong: int = 0
    sure: int = 0
    seconds: list[float] = field(default_factory=list)


def digital(chance: random.Random, printer: InvoicePrinter, folder: Path) -> Made:
    """A 数电票 of the bureau's printer."""
    day = date(2023, 1, 1) + timedelta(days=chance.randrange(1350))
    net = chance.randrange(100, 10 ** chance.randint(3, 8))
    tax = round(net / 100)
    invoice = IssuedInvoice(
        code="", number=f"{day:%y}991{chance.randrange(10**15):015}", kind=chance.choice(("ordinary", "special")),
        issued_on=day, seller="91990199MA607F0M7X", seller_name="云川禾木文具有限公司", buyer="云川市人民医院",
        buyer_number="12990199MA68MKW546", net_fen=net, tax_fen=tax, state="valid", check_code="", red_of="",
        lines=(InvoiceLine("*纸制品*复印纸", "箱", "4", net, "0.01", tax),),
    )  # fmt: skip
    pdf, _ = printer.draw(invoice, datetime(2026, 10, 12, 9, tzinfo=CHINA))
    (folder / "one.pdf").write_bytes(pdf)
    line = ["pdftoppm", "-r", str(DPI), "-gray", "-singlefile", str(folder / "one.pdf"), str(folder / "one")]
    subprocess.run(line, check=True, timeout=60)
    page = np.asarray(cv2.imread(str(folder / "one.pgm"), cv2.IMREAD_GRAYSCALE), np.uint8).copy()
    page[millimetres(4) : millimetres(30), millimetres(6) : millimetres(32)] = 70
    figures = {"number": invoice.number, "issued": day, "net": net, "total": net + tax}
    return Made(page, figures)


def older(chance: random.Random, place: int) -> Made:
    """One with code and number; every other one is the paper form, every fourth a special one without check code."""
    day = date(2018, 1, 1) + timedelta(days=chance.randrange(2000))
    net = chance.randrange(100, 10 ** chance.randint(3, 8))
    tax = round(net / 100)
    labelled, special = place % 2 == 0, place % 4 == 3
    area, batch = chance.choice(("9900", "4403", "1100")), chance.randrange(1000)
    code = f"0{area}{day:%y}{batch:03}{11 if labelled else '04'}"
    if special:
        code = f"{area}{day:%y}{batch % 9 + 1}130"
    invoice = VatInvoice(
        code, f"{chance.randrange(10**8):08}", day, Decimal(yuan(Fen(net))), Decimal(yuan(Fen(tax))),
        capital(Fen(net + tax)), "" if special else "".join(chance.choices("0123456789", k=20)),
        special=special, labelled=labelled,
    )  # fmt: skip
    page = cv2.cvtColor(draw_vat_invoice(invoice, code=False), cv2.COLOR_RGB2GRAY)
    figures = {"number": invoice.number, "code": code, "issued": day, "net": net, "total": net + tax}
    return Made(
        np.asarray(page, np.uint8), {**figures, **({} if special else {"check_code": invoice.check_code})}
    )


def spoilt(page: Picture, chance: np.random.Generator) -> Iterator[tuple[str, Picture]]:
    """The page as it is seen, by what is the matter with it."""
    rows, columns = page.shape
    yield "clean", _scaled(page, SCANNED)
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), 1.5, 1)
    yield "tilted 1.5°", _scaled(cv2.warpAffine(page, turn, (columns, rows), borderValue=(250,)), SCANNED)
    faded = page * 0.62 + 60 + chance.normal(0, 12, page.shape) + np.linspace(-15, 15, columns)
    yield "grey, noisy", _scaled(cv2.GaussianBlur(faded.clip(0, 255).astype(np.uint8), (0, 0), 0.7), SCANNED)
    yield "half as fine", _scaled(page, HALF)
    stained = page.astype(np.float32)
    for _ in range(14):
        x, y, wide = chance.integers(0, columns), chance.integers(0, rows // 2), chance.integers(30, 140)
        stain = np.zeros_like(stained)
        cv2.ellipse(
            stain,
            (int(x), int(y)),
            (int(wide), int(wide * 0.6)),
            float(chance.integers(180)),
            0,
            360,
            (1,),
            -1,
        )
        share = 0.5 * cv2.GaussianBlur(stain, (0, 0), 8)
        stained = stained * (1 - share) + 90 * share
    yield "stained", _scaled(stained.clip(0, 255).astype(np.uint8), SCANNED)


def _scaled(page: NDArray[np.uint8] | cv2.typing.MatLike, share: float) -> Picture:
    return np.asarray(cv2.resize(page, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)


def rapid() -> Reader:
    """The terminal's own."""
    engine = Engine()
    return lambda page: engine.pieces(printed_part(page))


def tesseract(page: Picture) -> list[Piece]:
    """Sparse text of chi_sim, on the page as fine as it was trained on (300 dpi); words of a line joined."""
    wide = cv2.resize(printed_part(page), None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    line = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", "11", "--dpi", "300", "tsv"]
    coded = cv2.imencode(".png", wide)[1].tobytes()
    told = subprocess.run(
        line, input=coded, capture_output=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"}
    )
    found: list[Piece] = []
    last: tuple[str, ...] = ()
    for row in csv.DictReader(io.StringIO(told.stdout.decode()), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] != "5" or not row["text"].strip():
            continue
        left, top, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
        one = Piece(row["text"], left, top, left + width, top + height, float(row["conf"]) / 100)
        here = (row["block_num"], row["par_num"], row["line_num"])
        if found and here == last and left - found[-1].right < 1.2 * max(height, found[-1].high):
            one = _with(found.pop(), one)
        found.append(one)
        last = here
    return found


def _with(one: Piece, other: Piece) -> Piece:
    return Piece(
        one.text + other.text, one.left, min(one.top, other.top), other.right, max(one.bottom, other.bottom),
        min(one.sure, other.sure),
    )  # fmt: skip


def measure(read: Reader, made: list[Made]) -> Mapping[str, Score]:
    """Each page in each state."""
    scores: dict[str, Score] = {}
    for place, one in enumerate(made):
        for name, page in spoilt(one.page, np.random.default_rng(place)):
            score = scores.setdefault(name, Score())
            began = _processor()
            pieces = read(page)
            score.seconds.append(_processor() - began)
            _count(score, pieces, one.figures)
    return scores


def _count(score: Score, pieces: list[Piece], figures: Mapping[str, object]) -> None:
    try:
        found = parse_invoice_print(pieces, TODAY)
    except FieldError:
        found = InvoicePrint()
    for name, wanted in figures.items():
        figure = getattr(found, name)
        right = figure is not None and figure.value == wanted
        score.asked += 1
        score.right += right
        score.wrong += figure is not None and not right
        score.sure += figure is not None and not right and figure.sure


def _processor() -> float:
    """Seconds of a processor used so far, with what was started."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Print a row a state of the pages and reader."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--invoices", type=int, default=4, help="of each generation")
    parser.add_argument("--tesseract", action="store_true")
    options = parser.parse_args()
    chance = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        signer, _ = open_signer(Path(folder), NAME)
        issuer = Issuer(Words(NAME, NAME), "自助业务专用章", "样章 07", specimen=True)
        printer = InvoicePrinter(signer.document, issuer, "https://bureau.example")
        made = [digital(chance, printer, Path(folder)) for _ in range(options.invoices)]
        made += [older(chance, place) for place in range(options.invoices)]
    figures = Counter(name for one in made for name in one.figures)
    print(f"{len(made)} invoices, {sum(figures.values())} figures in each state")
    readers: dict[str, Reader] = {"rapidocr": rapid()}
    if options.tesseract:
        readers["tesseract"] = tesseract
    for reader, read in readers.items():
        began = time.monotonic()
        scores = measure(read, made)
        for name, score in scores.items():
            each = sum(score.seconds) / len(score.seconds)
            print(
                f"{reader:9} {name:12} {score.right / score.asked:6.1%} right, {score.wrong} wrong, {score.sure} "
                f"of them sure; {each:.1f} s of a processor a page"
            )
        who = resource.RUSAGE_SELF if reader == "rapidocr" else resource.RUSAGE_CHILDREN
        most = resource.getrusage(who).ru_maxrss // 1024
        print(f"{reader:9} at most {most} MB; {time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
