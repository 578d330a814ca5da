"""Every kind of certificate as others' tools see its file: poppler's pdfsig and pyHanko, the file as it was and spoilt."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bureau.certificates.office import Office
from bureau.certificates.sealing import _pyhanko_certificate
from bureau.city.cases import KEY
from bureau.engine.sheets.kinds import IIT_RECORD
from bureau.engine.sheets.matter_notices import MATTER_NOTICE
from bureau.engine.sheets.served import SERVED_DOCUMENT
from bureau.engine.sheets.vouchers import PAYMENT_VOUCHER
from sync.models import CertificateKind
from tests.bureau.conftest import Centre
from tests.bureau.engine import test_card_payments, test_matter_notices
from tests.bureau.engine.test_documents import of_city, serve
from tests.bureau.engine.test_payment_vouchers import printed
from tests.bureau.engine.test_sheet_paper import PAPERS
from tests.bureau.engine.test_sheets import YEAR, issue, offered
from tests.bureau.served_documents import BOSS, read
from tests.bureau.terminals import Terminal, subject

LI = subject("li-xiulan")
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def asked(terminal: Terminal, name: str) -> Any:
    """One of ``PAPERS``; of a return, the latest on file."""
    kind, who, wish = PAPERS[name]
    item = {"item": offered(terminal, kind, who)[0]["id"]} if wish.get("item") == "" else {}
    return issue(terminal, kind, who, **{**wish, **item})


def income(terminal: Terminal) -> Any:
    wanted = {"certificate": IIT_RECORD, **YEAR}
    record = terminal.data("iit.record", LI, YEAR)
    return terminal.do("certificate.issue", {**wanted, "content_sha256": record["content_sha256"]}, LI)


def held(terminal: Terminal) -> Any:
    shown = terminal.data("certificate.preview", LI, service="privacy.my-data")
    wanted = {"certificate": "personal-data", "content_sha256": shown["content_sha256"]}
    return terminal.do("certificate.issue", wanted, LI, service="privacy.my-data")


def served(terminal: Terminal) -> Any:
    row = of_city(terminal)
    serve(terminal, row)
    wanted = {"certificate": SERVED_DOCUMENT, "item": row["document"]}
    digest = read(terminal, row["document"])["content_sha256"]
    return terminal.do(
        "certificate.issue", {**wanted, "content_sha256": digest}, BOSS, service="document.sign-for"
    )


def voucher(terminal: Terminal) -> Any:
    created = test_card_payments.opened(terminal)
    test_card_payments.tell(terminal, created)
    return printed(terminal, created["order"])


OTHERS: Mapping[str, Callable[[Terminal], Any]] = {
    IIT_RECORD: income,
    "personal-data": held,
    MATTER_NOTICE: lambda terminal: test_matter_notices.exchange(terminal, KEY),
    SERVED_DOCUMENT: served,
    PAYMENT_VOUCHER: voucher,
}


def test_no_kind_is_left_out(backend: str) -> None:
    assert {kind for kind, _, _ in PAPERS.values()} | OTHERS.keys() == set(get_args(CertificateKind))


@pytest.mark.parametrize("name", [*PAPERS, *OTHERS])
def test_its_signature_holds_for_pdfsig_and_pyhanko_and_not_for_a_spoilt_byte(
    centre: Centre, sealing: tuple[Terminal, Office], tmp_path: Path, name: str
) -> None:
    terminal, office = sealing
    issued = OTHERS[name](terminal) if name in OTHERS else asked(terminal, name)
    assert issued.state == "accepted", issued.refusal
    with centre.system.read() as work:
        pdf = work.core.certificates.pdf(issued.result["number"], terminal.name)
    assert pdf is not None
    told = pdfsig(pdf, tmp_path)
    assert "Signature is Valid" in told and "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    roots = [_pyhanko_certificate(one) for one in office.trust.authorities]
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))
    assert status.intact and status.valid and status.trusted
    spoilt = bytearray(pdf)
    spoilt[len(spoilt) // 3] ^= 1
    assert "Signature is Valid" not in pdfsig(bytes(spoilt), tmp_path)
    (signature,) = PdfFileReader(io.BytesIO(spoilt)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))
    assert not status.intact


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says of the signatures of a file."""
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdfsig", "-nocert", str(folder / "paper.pdf")]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
