"""The files of an electronic invoice, each opened by a reader that shares nothing with its writer."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bureau import pki
from bureau.certificates.data import Issuer, Words
from bureau.certificates.errors import CertificateError
from bureau.certificates.sealing import _pyhanko_certificate, open_signer
from bureau.einvoices.files import InvoiceFileMaker
from bureau.einvoices.xml import invoice_xml
from bureau.ports.einvoices import InvoiceFiles, InvoiceLine, IssuedInvoice
from config.clock import CHINA
from kiosk.domain.invoice_qr import parse_invoice_qr
from kiosk.domain.money import fen
from tests.bureau.einvoices.others import SCRIPT, shown
from tests.bureau.einvoices.reader import read
from tests.depth import examples

BUREAU = {"zh-CN": "云川市税务局", "en-US": "Yunchuan Municipal Tax Bureau"}
AT = datetime(2026, 10, 12, 9, 51, tzinfo=CHINA)
LINES = (
    InvoiceLine("*文具*订书机", "台", "18", 62344, "0.01", 623),
    InvoiceLine("*纸制品*复印纸", "箱", "9", 65266, "0.01", 653),
    InvoiceLine("*文具*文件夹", "个", "20", 38246, "0.01", 383),
)
INVOICE = IssuedInvoice(
    code="", number="26991000000000000001", kind="ordinary", issued_on=date(2026, 7, 1),
    seller="91990199MA607F0M7X", seller_name="云川禾木文具有限公司", buyer="云川市人民医院",
    buyer_number="12990199MA68MKW546", net_fen=165856, tax_fen=1659, state="valid", check_code="", red_of="",
    lines=LINES,
)  # fmt: skip
RED = replace(
    INVOICE, number="26991000000000000002", state="red", red_of=INVOICE.number, net_fen=-62344, tax_fen=-623,
    lines=(replace(LINES[0], quantity="-18", net_fen=-62344, tax_fen=-623),),
)  # fmt: skip


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def maker(state: Path) -> InvoiceFileMaker:
    signer, _ = open_signer(state, BUREAU["zh-CN"])
    issuer = Issuer(Words(BUREAU["zh-CN"], BUREAU["en-US"]), "自助业务专用章", "样章 07", specimen=True)
    return InvoiceFileMaker(signer.document, issuer, "https://bureau.example")


@pytest.fixture(scope="module")
def files(maker: InvoiceFileMaker) -> InvoiceFiles:
    return maker.files(INVOICE, AT)


@pytest.fixture
def pdf(files: InvoiceFiles, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(files.pdf)
    yield path


def run(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


def test_poppler_reads_every_figure_off_the_pdf_and_its_code_is_that_of_the_invoice(
    pdf: Path, tmp_path: Path
) -> None:
    text = re.sub(r"\s", "", run("pdftotext", "-layout", pdf, "-"))
    for part in (
        "电子发票（普通发票）", INVOICE.number, "2026年07月01日", INVOICE.seller_name, INVOICE.seller, INVOICE.buyer,
        INVOICE.buyer_number, "*文具*订书机台1834.635556623.441%6.23", "*文具*文件夹个2019.123382.461%3.83", "规格型号", "单价",
        "壹仟陆佰柒拾伍元壹角伍分", "样票，不作凭证",
    ):  # fmt: skip
        assert part in text, part
    assert "1675.15" in text
    run("pdftoppm", "-r", "150", "-png", pdf, tmp_path / "page")
    (picture,) = tmp_path.glob("page*.png")
    with Image.open(picture) as page:
        assert [round(side / 150 * 25.4) for side in page.size] == [210, 297]
        (code,) = zxingcpp.read_barcodes(page.convert("L"))
    found = parse_invoice_qr(code.text)
    assert (found.number, found.issued, found.kind_code) == (INVOICE.number, INVOICE.issued_on, "32")
    assert fen(found.amount) == INVOICE.total_fen


def test_its_signature_covers_all_of_it_for_pdfsig_and_holds_for_pyhanko(
    files: InvoiceFiles, pdf: Path, state: Path
) -> None:
    told = run("pdfsig", "-nocert", pdf)
    assert "Signature is Valid" in told and "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    _, keys = open_signer(state, BUREAU["zh-CN"])
    (signature,) = PdfFileReader(io.BytesIO(files.pdf)).embedded_signatures
    trust = ValidationContext(trust_roots=[_pyhanko_certificate(keys.authority)], allow_fetching=False)
    status = validate_pdf_signature(signature, trust)
    assert status.intact and status.valid and status.trusted
    assert pki.certificate_pem(keys.authority)


def test_one_changed_figure_breaks_the_signature(files: InvoiceFiles, tmp_path: Path) -> None:
    spoilt = bytearray(files.pdf)
    spoilt[len(spoilt) // 3] ^= 1
    (tmp_path / "spoilt.pdf").write_bytes(spoilt)
    told = subprocess.run(
        ["pdfsig", "-nocert", str(tmp_path / "spoilt.pdf")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout
    assert "Signature is Valid" not in told


def test_a_reader_of_the_standard_finds_the_invoice_in_the_ofd_and_the_original_attached(
    files: InvoiceFiles,
) -> None:
    document = read(files.ofd)
    assert document.size == (210, 140)
    texts = [one.text for one in document.words]
    for part in (
        INVOICE.number,
        INVOICE.buyer,
        INVOICE.seller,
        "623.44",
        "6.23",
        "¥1658.56",
        "¥16.59",
        "¥1675.15",
    ):
        assert part in texts, part
    assert {one.face for one in document.words} == {"宋体", "楷体"}
    assert document.attachments == {f"{INVOICE.number}.xml": files.xml}
    assert document.paths > 8


@pytest.mark.skipif(
    not SCRIPT.exists(), reason="npm did not give ofd.js: run make setup-test where it can be reached"
)
def test_a_renderer_of_other_hands_shows_the_ofd(files: InvoiceFiles) -> None:
    seen = shown(files.ofd)
    assert seen.pages == 1
    for part in (
        "电子发票（普通发票）",
        INVOICE.number,
        INVOICE.buyer,
        INVOICE.seller_name,
        "*纸制品*复印纸",
        "652.66",
        "¥1658.56",
        "壹仟陆佰柒拾伍元壹角伍分",
        "¥1675.15",
    ):
        assert part in seen.texts, part
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(seen.picture)))
    assert parse_invoice_qr(code.text).number == INVOICE.number


def test_columns_of_the_ofd_end_together(files: InvoiceFiles) -> None:
    words = {one.text: one for one in read(files.ofd).words}
    ends = [
        words[text].x + words[text].width + words[text].size / 2 for text in ("623.44", "652.66", "¥1658.56")
    ]
    assert max(ends) - min(ends) < 0.01


def test_the_original_has_every_figure_and_a_red_letter_one_names_what_it_takes_back() -> None:
    root = ElementTree.fromstring(invoice_xml(INVOICE, BUREAU))
    assert root.findtext(".//InvoiceNumber") == INVOICE.number
    assert root.findtext(".//TotalTax-includedAmount") == "1675.15"
    assert [line.findtext("Amount") for line in root.iter("IssuItemInformation")] == [
        "623.44",
        "652.66",
        "382.46",
    ]
    red = ElementTree.fromstring(invoice_xml(RED, BUREAU))
    assert red.findtext(".//OriginalInvoiceNumber") == INVOICE.number
    assert red.findtext(".//TotalTax-includedAmount") == "-629.67"


def test_a_red_letter_invoice_says_so_in_words_and_figures(maker: InvoiceFileMaker, tmp_path: Path) -> None:
    files = maker.files(RED, AT)
    (tmp_path / "red.pdf").write_bytes(files.pdf)
    text = re.sub(r"\s", "", run("pdftotext", "-layout", tmp_path / "red.pdf", "-"))
    assert "-629.67" in text and "（负数）陆佰贰拾玖元陆角柒分" in text
    assert f"被红冲发票号码：{INVOICE.number}" in text
    assert "¥-629.67" in [one.text for one in read(files.ofd).words]


def test_the_bureaus_own_words_stand_as_a_remark_in_every_file(
    maker: InvoiceFileMaker, tmp_path: Path
) -> None:
    remark = "税务机关代开；个人所得税由支付人依法扣缴"
    issued = replace(INVOICE, remark=remark)
    files = maker.files(issued, AT)
    (tmp_path / "agency.pdf").write_bytes(files.pdf)
    assert remark in re.sub(r"\s", "", run("pdftotext", "-layout", tmp_path / "agency.pdf", "-"))
    assert remark in [one.text for one in read(files.ofd).words]
    assert ElementTree.fromstring(files.xml).findtext(".//Remark") == remark


def test_the_same_invoice_gives_the_same_original_and_page(
    maker: InvoiceFileMaker, files: InvoiceFiles
) -> None:
    again = maker.files(INVOICE, AT)
    assert (again.xml, again.ofd) == (files.xml, files.ofd)


def test_a_character_that_no_font_has_makes_no_file(maker: InvoiceFileMaker) -> None:
    with pytest.raises(CertificateError):
        maker.files(replace(INVOICE, buyer="\ue000公司"), AT)


amounts = st.integers(min_value=-(10**11), max_value=10**11)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=6))
def test_sums_of_the_original_are_those_of_its_lines_to_the_fen(parts: list[tuple[int, int]]) -> None:
    lines = tuple(
        InvoiceLine(f"*文具*{i}", "个", "1", net, "0.01", tax) for i, (net, tax) in enumerate(parts)
    )
    net, tax = (sum(part[i] for part in parts) for i in (0, 1))
    root = ElementTree.fromstring(
        invoice_xml(replace(INVOICE, lines=lines, net_fen=net, tax_fen=tax), BUREAU)
    )

    def total(tag: str) -> Decimal:
        return sum(
            (Decimal(str(line.findtext(tag))) for line in root.iter("IssuItemInformation")), Decimal(0)
        )

    assert total("Amount") == Decimal(str(root.findtext(".//TotalAmWithoutTax")))
    assert total("ComTaxAm") == Decimal(str(root.findtext(".//TotalTaxAm")))
    assert total("TotaltaxIncludedAmount") == Decimal(str(root.findtext(".//TotalTax-includedAmount")))
