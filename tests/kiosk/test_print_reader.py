"""Pages without a code, scanned by libsane off a simulated scanner, and what the reader of print makes of them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bureau.certificates.data import Issuer, Words
from bureau.certificates.sealing import open_signer
from bureau.einvoices.pdf import InvoicePrinter
from bureau.ports.einvoices import InvoiceLine, IssuedInvoice
from config.clock import CHINA, Deadline
from drivers.simulators.documents import DPI, draw, millimetres
from drivers.simulators.vat_invoice import VatInvoice, draw_vat_invoice
from kiosk.page_reader import CODES
from kiosk.print_reader import PrintReader
from tests.depth import some
from tests.drivers.scanning import scanner_of, simulated

pytestmark = pytest.mark.timeout(600)  # a page takes seconds of a processor that other tests want as well
PATIENT_S = 280.0
TODAY = date(2026, 10, 12)
DIGITAL = IssuedInvoice(
    code="", number="26991000000000000001", kind="ordinary", issued_on=date(2026, 7, 1),
    seller="91990199MA607F0M7X", seller_name="云川禾木文具有限公司", buyer="云川市人民医院",
    buyer_number="12990199MA68MKW546", net_fen=165_856, tax_fen=1_659, state="valid", check_code="", red_of="",
    lines=(InvoiceLine("*文具*订书机", "台", "18", 165_856, "0.01", 1_659),),
)  # fmt: skip
PAPER = VatInvoice(
    code="099002600104", number="00270001", issued=date(2026, 7, 1), net=Decimal("103.68"), tax=Decimal("1.04"),
    words="壹佰零肆元柒角贰分", check_code="12345678901234567890", labelled=False,
)  # fmt: skip
FIGURES_OF_PAPER = {
    "number": ["00270001", True], "code": ["099002600104", True], "issued": ["2026-07-01", True],
    "net_fen": [10_368, True], "total_fen": [10_472, True], "check_code": ["12345678901234567890", True],
}  # fmt: skip


def saved(sheet: NDArray[np.uint8], file: Path) -> Path:
    cv2.imwrite(str(file), sheet[:, :, ::-1])
    return file


def digital(folder: Path) -> Path:
    """The bureau's own print of a 数电票, its code painted over."""
    signer, _ = open_signer(folder / "keys", "云川市税务局")
    issuer = Issuer(Words("云川市税务局", "Yunchuan"), "自助业务专用章", "样章 07", specimen=True)
    pdf, _ = InvoicePrinter(signer.document, issuer, "https://bureau.example").draw(
        DIGITAL, datetime(2026, 10, 12, 9, 51, tzinfo=CHINA)
    )
    (folder / "invoice.pdf").write_bytes(pdf)
    line = [
        "pdftoppm",
        "-r",
        str(DPI),
        "-png",
        "-singlefile",
        str(folder / "invoice.pdf"),
        str(folder / "page"),
    ]
    subprocess.run(line, check=True, timeout=60)
    page = np.asarray(cv2.imread(str(folder / "page.png")), np.uint8).copy()
    page[millimetres(4) : millimetres(30), millimetres(6) : millimetres(32)] = (52, 74, 96)
    cv2.imwrite(str(folder / "page.png"), page)
    return folder / "page.png"


@asynccontextmanager
async def scanner(folder: Path) -> AsyncIterator[Any]:
    """Lays a sheet in and scans it as the terminal does."""
    async with simulated() as sim:
        device = scanner_of(sim, folder, stall_s=30.0)  # the processors are reading, as those that wait do
        await device.open()

        async def scan(**how: object) -> bytes:
            await sim.do("lay", {"kind": "invoice", **how})
            (page,) = await device.scan(CODES, Deadline.after(60))
            assert not page.codes, "nothing but print is on it"
            return page.data

        try:
            yield scan
        finally:
            await device.close()


async def told(jpeg: bytes) -> Mapping[str, Any]:
    return await PrintReader(within_s=PATIENT_S).read(jpeg, TODAY)


async def test_a_digital_invoice_whose_code_is_painted_over_is_read_off_its_print(tmp_path: Path) -> None:
    file = await asyncio.to_thread(digital, tmp_path)  # the signer runs a loop of its own
    async with scanner(tmp_path) as scan:
        jpeg = await scan(file=str(file))
    assert await told(jpeg) == {
        "digital": True,
        "figures": {
            "number": [DIGITAL.number, True], "code": None, "issued": ["2026-07-01", True],
            "net_fen": [165_856, True], "total_fen": [167_515, True], "check_code": None,
        },
    }  # fmt: skip


@pytest.mark.parametrize("turned", some([180, 0], 1))
async def test_the_paper_form_is_read_upright_and_upside_down(tmp_path: Path, turned: int) -> None:
    file = saved(draw_vat_invoice(PAPER, code=False), tmp_path / "paper.png")
    async with scanner(tmp_path) as scan:
        jpeg = await scan(file=str(file), turned=turned)
    assert await told(jpeg) == {"digital": False, "figures": FIGURES_OF_PAPER}


async def test_an_invoice_laid_sideways_is_read(tmp_path: Path) -> None:
    sheet = draw_vat_invoice(replace(PAPER, labelled=True, code="099002600111"), code=False)
    half = np.rot90(sheet[: millimetres(140), : millimetres(210)])
    file = saved(np.ascontiguousarray(half), tmp_path / "paper.png")
    async with scanner(tmp_path) as scan:
        jpeg = await scan(file=str(file))
    answer = await told(jpeg)
    assert answer["figures"] == {**FIGURES_OF_PAPER, "code": ["099002600111", True]}


async def test_another_paper_and_two_invoices_at_once_are_told(tmp_path: Path) -> None:
    one = draw_vat_invoice(PAPER, code=False)
    two = one.copy()
    high, below = millimetres(140), millimetres(150)
    two[below : below + high] = one[:high]
    async with scanner(tmp_path) as scan:
        form = await scan(file=str(saved(draw("permit", 3), tmp_path / "form.png")))
        both = await scan(file=str(saved(two, tmp_path / "two.png")))
        empty = await scan(file=str(saved(draw("blank", 1), tmp_path / "blank.png")))
    assert await told(form) == {"flaw": "not-an-invoice"}
    assert await told(both) == {"flaw": "two"}
    assert await told(empty) == {"flaw": "not-an-invoice"}


async def test_what_is_no_picture_is_told() -> None:
    assert await told(b"JFIF") == {"flaw": "picture"}
    assert await told(b"") == {"flaw": "picture"}


# --- the process -----------------------------------------------------------------------------------------------


def child(words: str) -> PrintReader:
    """A reader whose process does as ``words`` say."""
    return PrintReader((sys.executable, "-c", words), within_s=PATIENT_S)


@pytest.mark.parametrize(
    "words",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "print('half an ans')",
        "print('[1]')",
        "raise MemoryError",
    ],
)
async def test_a_process_that_ends_without_an_answer_is_a_page_that_was_not_read(words: str) -> None:
    assert await child(words).read(b"JFIF", TODAY) == {"flaw": "away"}


async def test_a_program_that_is_not_there_is_a_page_that_was_not_read() -> None:
    assert await PrintReader(("/nonexistent/reader",)).read(b"JFIF", TODAY) == {"flaw": "away"}


async def test_a_process_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    words = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    reader = PrintReader((sys.executable, "-c", words), within_s=0.5 + await starting())
    assert await reader.read(b"JFIF", TODAY) == {"flaw": "away"}
    assert gone(pid)


async def test_whoever_does_not_wait_any_more_leaves_no_process_behind(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    words = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    reading = asyncio.create_task(child(words).read(b"JFIF", TODAY))
    while not (pid.exists() and pid.read_text()):
        await asyncio.sleep(0.02)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert gone(pid)


async def starting() -> float:
    """Seconds that a process needs here before it does anything, several times over."""
    began = asyncio.get_running_loop().time()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await process.wait()
    return 6 * (asyncio.get_running_loop().time() - began)


def gone(pid: Path) -> bool:
    return not Path(f"/proc/{pid.read_text()}").exists()


WHO_ASKS = """
import asyncio, sys
from datetime import date
from kiosk.print_reader import PrintReader
asyncio.run(PrintReader((sys.executable, "-c", {child!r})).read(b"JFIF", date(2026, 10, 12)))
"""
BUSY = """
import os, time
from kiosk import print_child
def answer(header, jpeg):
    os.mkdir({reading!r})
    time.sleep(600)
with open({pid!r}, "w") as file:
    file.write(str(os.getpid()))
print_child.answer = answer
print_child.main()
"""


async def test_who_asked_is_killed_and_the_process_with_the_page_goes_too(tmp_path: Path) -> None:
    pid, reading = tmp_path / "pid", tmp_path / "reading"
    asks = WHO_ASKS.format(child=BUSY.format(pid=str(pid), reading=str(reading)))
    kiosk = await asyncio.create_subprocess_exec(sys.executable, "-c", asks)
    try:
        async with asyncio.timeout(PATIENT_S):
            while not reading.exists():
                await asyncio.sleep(0.05)
    finally:
        kiosk.send_signal(signal.SIGKILL)
        await kiosk.wait()
    try:
        async with asyncio.timeout(10):
            while not gone(pid):
                await asyncio.sleep(0.02)
    except TimeoutError:
        os.kill(int(pid.read_text()), signal.SIGKILL)
        pytest.fail("the process with the page outlives who asked for it")


def test_a_process_whose_asker_went_before_it_began_reads_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.print_child", str(os.getppid())],
        input=b'{"today": "2026-10-12"}\nJFIF', capture_output=True, timeout=200, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, b"")


def test_the_process_bounds_itself_and_what_libraries_print_is_no_answer() -> None:
    words = (
        "import json, resource, sys\n"
        "from kiosk import print_child\n"
        "def answer(header, jpeg):\n"
        "    print('a library says hello')\n"
        "    names = ('RLIMIT_AS', 'RLIMIT_CPU', 'RLIMIT_CORE', 'RLIMIT_FSIZE')\n"
        "    return {name: resource.getrlimit(getattr(resource, name))[0] for name in names}\n"
        "print_child.answer = answer\n"
        "print_child.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", words, str(os.getpid())],
        input=b"{}\n",
        capture_output=True,
        timeout=200,
        check=True,
    )
    assert json.loads(done.stdout) == {
        "RLIMIT_AS": 3 << 30, "RLIMIT_CPU": 60, "RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0
    }  # fmt: skip
