from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from bureau.certificates import inspection_process
from bureau.certificates.inspection import PdfState, PdfVerdict, inspect
from bureau.certificates.inspection_process import inspect_apart
from bureau.certificates.issue import IssuedPdf
from bureau.certificates.keys import IssuingKeys, open_keys
from bureau.certificates.renderer import shared_renderer
from bureau.certificates.sheet import Imprint
from tests.bureau.certificates import samples


@pytest.fixture
def roots(keys: IssuingKeys) -> tuple[x509.Certificate, ...]:
    return (keys.authority,)


def test_a_sealed_file_is_intact_and_tells_its_number(
    issued: IssuedPdf, roots: tuple[x509.Certificate, ...]
) -> None:
    expected = PdfVerdict(PdfState.INTACT, samples.NUMBER, "云川市税务局自助业务专用章", None)
    for verdict in (inspect(issued.pdf, roots), inspect_apart(issued.pdf, roots)):
        assert (verdict.state, verdict.number, verdict.sealed_by) == (
            expected.state,
            expected.number,
            expected.sealed_by,
        )
        assert verdict.sealed_at == samples.ISSUED_AT, "the business clock's moment"


def test_one_flipped_byte_is_seen(issued: IssuedPdf, roots: tuple[x509.Certificate, ...]) -> None:
    chance = random.Random(7)
    content = issued.pdf.index(b"/Contents")
    for _ in range(25):
        forged = bytearray(issued.pdf)
        forged[chance.randrange(8, content)] ^= chance.randrange(1, 256)
        assert inspect(bytes(forged), roots).state is PdfState.ALTERED


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b"\n",
        lambda pdf: pdf[:-40],
        lambda pdf: pdf.replace(b"/A4", b"/A5").replace(b"%%EOF", b"%%EOX"),
        lambda pdf: pdf + pdf[pdf.rindex(b"startxref") :],
    ],
)
def test_added_and_cut_files_are_altered(
    issued: IssuedPdf, roots: tuple[x509.Certificate, ...], change: Callable[[bytes], bytes]
) -> None:
    assert inspect(change(issued.pdf), roots).state is PdfState.ALTERED


def test_another_bureaus_seal_is_foreign(issued: IssuedPdf, tmp_path: Path) -> None:
    other = open_keys(tmp_path, "云川市税务局")  # the same name, another key
    assert inspect(issued.pdf, (other.authority,)).state is PdfState.FOREIGN


def test_a_file_without_a_seal_says_so(roots: tuple[x509.Certificate, ...]) -> None:
    imprint = Imprint(samples.NUMBER, samples.CODE, f"{samples.PUBLIC}/v", "bureau.example/v")
    assert inspect(shared_renderer().draw(samples.record(1), imprint), roots).state is PdfState.UNSEALED


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"hello",
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"[" * 50_000,
        b"%PDF-1.4\nxref\n0 99999999\ntrailer<</Root 1 0 R>>",
    ],
)
def test_garbage_is_unreadable(hostile: bytes, roots: tuple[x509.Certificate, ...]) -> None:
    assert inspect(hostile, roots).state is PdfState.UNREADABLE


def test_a_file_that_costs_too_much_is_given_up(
    issued: IssuedPdf, roots: tuple[x509.Certificate, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection_process, "WALL_SECONDS", 0.05)
    assert inspect_apart(issued.pdf, roots).state is PdfState.UNREADABLE
