from __future__ import annotations

import socket
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureau.certificates.issue import IssuedPdf
from bureau.public.checking import Asked, Finding, check
from bureau.public.look import language
from tests.bureau.public.conftest import Pages, Register

SCRIPT = "<script>alert(1)</script>"
HOSTILE = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "' OR 1=1 --",
    "{{1234*1234}}{% raw %}",
    "%00%ff",
    "../../etc/passwd",
    "９" * 20,
    "1" * 5000,
    "\u202e\u0000\ufffe",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_comes_back_as_text_or_not_at_all(pages: Pages, text: str) -> None:
    for answer in (
        pages.get("/v?" + urlencode(dict.fromkeys(("n", "c", "s", "lang"), text), errors="replace")),
        pages.post("/v?" + urlencode({"lang": text}, errors="replace"), n=text, c=text, s=text, extra=text),
        pages.post(
            "/v/compare", n=pages.issued.number, c=pages.issued.code, paper_number=text, paper_amount=text
        ),
        pages.get("/v?" + urlencode({text[:50]: "x"}, errors="replace")),
    ):
        assert answer.status_code < 500
        assert "<script" not in answer.text and "<img src=x" not in answer.text
        assert "1522756" not in answer.text


def test_every_page_forbids_scripts_framing_caching_and_referrers(pages: Pages) -> None:
    for path in ("/", "/v", pages.path, "/v/file", "/s/none", "/v?n=1"):
        headers = pages.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_contains_inline_scripts_or_styles(pages: Pages) -> None:
    for path in ("/", pages.path, "/v/file"):
        text = pages.get(path).text.lower()
        assert "<script" not in text and "style=" not in text and " onclick" not in text


def test_assets_are_only_the_three(pages: Pages) -> None:
    assert pages.get("/assets/site.css").headers["Content-Type"].startswith("text/css")
    for name in ("routes.py", "..%2froutes.py", "%2e%2e/look.py", "site.css%00"):
        assert pages.get(f"/assets/{name}").status_code == 404


def raw(pages: Pages, request: bytes) -> bytes:
    address = urlsplit(pages.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as line:
        line.sendall(request)
        return line.recv(4096)


def test_a_form_too_long_or_of_unknown_length_is_not_read(pages: Pages) -> None:
    head = b"POST /v HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    assert b" 413 " in raw(pages, head + b"Content-Length: 9999999999\r\n\r\nn=1")
    assert b" 411 " in raw(pages, head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nn=1\r\n0\r\n\r\n")
    assert b" 400 " in raw(pages, head + b"Content-Length: 51\r\n\r\n" + b"a=1&" * 12 + b"a=1")


@given(number=st.text(max_size=60), code=st.text(max_size=60), signature=st.text(max_size=260))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_but_the_right_pair_ever_shows_a_certificate(
    issued: IssuedPdf, number: str, code: str, signature: str
) -> None:
    register = Register()
    register.enter(issued)
    outcome = check(Asked.read(number, code, signature), register, {})
    assert outcome.finding in (Finding.MALFORMED, Finding.MISMATCH)
    assert outcome.data is None


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("", "", "zh-CN"),
        ("", "zh-TW,zh;q=0.9", "zh-CN"),
        ("", "en-GB,en", "en-US"),
        ("", "fr-FR,fr", "en-US"),
        ("zh-CN", "en", "zh-CN"),
        ("en", "zh", "en-US"),
        ("xx", "zh", "zh-CN"),
        ("", "*", "zh-CN"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_browsers(asked: str, accepted: str, spoken: str) -> None:
    assert language(asked, accepted) == spoken
