from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bureau.certificates.keys import open_keys
from bureau.certificates.office import Trust
from bureau.limits import Limiter, Rate
from bureau.ports.certificates import CertificateEnd
from bureau.public import upload
from config.clock import CHINA
from tests.bureau.public.conftest import Pages


def test_an_intact_file_is_told_with_its_number_and_state(pages: Pages) -> None:
    answer = pages.upload(pages.issued.pdf)
    assert answer.status_code == 200
    for text in (
        "文件完好",
        "215301 261012 0000 0424",
        "云川市税务局自助业务专用章",
        "2026-10-12 09:42",
        "有效",
    ):
        assert text in answer.text
    assert "沈知舟" not in answer.text, "the content needs the code"


def test_an_intact_file_of_a_void_certificate_says_void(pages: Pages) -> None:
    end = CertificateEnd("void", "wrong", datetime(2026, 11, 3, 9, 30, tzinfo=CHINA))
    pages.register.end(pages.issued, end)
    text = pages.upload(pages.issued.pdf).text
    assert "已作废" in text and "2026年11月3日" in text
    assert "看不出证明后来有没有作废或换开" in text, "the seal is as whole as before"
    pages.register.certificates.clear()
    assert "not in the register" in pages.upload(pages.issued.pdf, "en-US").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda pdf: pdf[:6000] + bytes([pdf[6000] ^ 1]) + pdf[6001:], "文件被改过"),
        (lambda pdf: pdf + b"\n% more", "文件被改过"),
        (lambda pdf: b"not a pdf", "打不开这个文件"),
    ],
)
def test_altered_and_unreadable_files_are_told(
    pages: Pages, change: Callable[[bytes], bytes], words: str
) -> None:
    answer = pages.upload(change(pages.issued.pdf))
    assert f"<h1>{words}</h1>" in answer.text


def test_a_file_of_another_bureau_is_foreign(pages: Pages, tmp_path: Path) -> None:
    other = open_keys(tmp_path / "x", "云川市税务局")
    object.__setattr__(pages.site, "trust", Trust(other.code_keys, (other.authority,)))
    assert "<h1>不是本局的印章</h1>" in pages.upload(pages.issued.pdf).text


def test_no_file_and_a_file_too_large_are_asked_again(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "请先选一个 PDF 文件" in pages.upload(b"").text
    monkeypatch.setattr(upload, "FILE_BYTES", 1000)
    for size in (2000, 9000):  # over the file's bound, and over the request's
        answer = pages.upload(b"%PDF-" + b"x" * size)
        assert answer.status_code == 413
        assert "文件超过 5 MB" in answer.text


def test_uploads_are_limited_by_address(pages: Pages) -> None:
    object.__setattr__(pages.site, "files", Limiter(Rate(3, 3600)))
    assert [pages.upload(b"").status_code for _ in range(5)] == [422, 422, 422, 429, 429]
