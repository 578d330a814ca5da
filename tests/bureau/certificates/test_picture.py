"""The sheet as a printer would put it on paper: poppler draws it, and the picture is measured."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfReader

from bureau.certificates.issue import IssuedPdf, issue
from bureau.certificates.ports import CertificateSigner
from tests.bureau.certificates import samples

DPI = 150


def page_picture(pdf: bytes, page: int, folder: Path) -> NDArray[np.uint8]:
    (folder / "a.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), "-png", "-singlefile"]
    subprocess.run([*command, folder / "a.pdf", folder / "a"], check=True, capture_output=True)
    return np.asarray(Image.open(folder / "a.png").convert("RGB"))


def red_box(picture: NDArray[np.uint8], top: float) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in points of what is seal red below ``top`` (a share of the height)."""
    red, green, blue = (picture[..., i].astype(int) for i in range(3))
    mask = (red > 140) & (green < 80) & (blue < 80)
    mask[: int(len(picture) * top)] = False
    ys, xs = np.nonzero(mask)
    scale, height = 72 / DPI, len(picture)
    return xs.min() * scale, (height - ys.max()) * scale, xs.max() * scale, (height - ys.min()) * scale


@pytest.mark.parametrize(("count", "lang"), [(9, "zh-CN"), (30, "en-US")])
def test_the_signature_field_lies_on_the_drawn_seal_and_the_code_reads(
    signer: CertificateSigner, tmp_path: Path, count: int, lang: str
) -> None:
    made = issue(samples.record(count, lang), signer, number=samples.NUMBER, public_url=samples.PUBLIC)
    picture = page_picture(made.pdf, made.pages, tmp_path)
    drawn = red_box(picture, 0.5)
    (annotation,) = PdfReader(io.BytesIO(made.pdf)).pages[-1]["/Annots"]
    field = [float(x) for x in annotation.get_object()["/Rect"]]
    for edge, red in zip(field, drawn, strict=True):
        assert edge == pytest.approx(red, abs=12)
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == made.url


def test_nothing_is_printed_outside_the_margins(issued: IssuedPdf, tmp_path: Path) -> None:
    picture = page_picture(issued.pdf, 1, tmp_path)
    dark = (picture < 120).all(axis=2)
    ys, xs = np.nonzero(dark)
    millimetres = 25.4 / DPI
    assert xs.min() * millimetres > 15 and (picture.shape[1] - xs.max()) * millimetres > 15
    assert ys.min() * millimetres > 10 and (picture.shape[0] - ys.max()) * millimetres > 10
