from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from bureau.certificates.issue import IssuedPdf
from bureau.public.checking import Asked, Finding, check
from bureau.public.look import language
from bureau.public.texts import text as words_of
from tests.bureau.public.conftest import Pages, Register
from tests.depth import examples


def said(key: str, lang: str) -> str:
    """A sentence as it stands in a page."""
    return str(escape(words_of(key, lang)))


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
    "\x00",
    "\x1b[2J\x07\r\nSet-Cookie: a=b",
    "\u202etxt.fdp\u2066",
    "😀👩‍👩‍👧‍👦🏳️‍🌈" * 8,
    "'; DROP TABLE certificate; --",
    "1 UNION SELECT code FROM certificate",
    "javascript:alert(1)",
    "</textarea></form><svg/onload=alert(1)>",
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
        pages.get("/s/" + quote(text, safe="", errors="replace")),
        pages.get(pages.path.partition("s=")[0] + urlencode({"s": text}, errors="replace")),
    ):
        assert answer.status_code < 500
        assert "<script" not in answer.text and "<img src=x" not in answer.text
        assert "<svg/" not in answer.text and 'href="javascript:' not in answer.text
        assert "1522756" not in answer.text
        assert "Set-Cookie" not in answer.headers
        assert "Content-Security-Policy" in answer.headers
    assert pages.get(pages.path).status_code == 200, "and the next person is served"


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("text", HOSTILE)
def test_whoever_scans_a_hostile_code_is_told_what_to_do(pages: Pages, text: str, lang: str) -> None:
    """The page is ours, in the reader's language, and says what to do; it is never a certificate."""
    query = urlencode({"n": text, "c": text, "s": text}, errors="replace")
    answer = pages.get("/v?" + query, lang)
    assert answer.status_code == 422
    assert f"<h1>{said('malformed.title', lang)}</h1>" in answer.text
    reasons = ("empty", "length", "characters", "check-digit")
    assert any(said(f"error.number.{why}", lang) in answer.text for why in reasons)
    assert any(said(f"error.code.{why}", lang) in answer.text for why in reasons[:3])
    slip = pages.get("/s/" + quote(text, safe="", errors="replace"), lang)
    assert slip.status_code == 404
    assert f"<h1>{said('absent.title', lang)}</h1>" in slip.text
    assert said("absent.lead", lang) in slip.text


@pytest.mark.parametrize("query", ["n=%ED%A0%BD&c=%FF%FE&s=%00", "n=%F0%9F&c=%C0%AF", "n[]=1&c[]=2&%=x"])
def test_bytes_that_are_no_text_are_answered_like_any_mistyped_number(pages: Pages, query: str) -> None:
    assert pages.get(f"/v?{query}").status_code in (200, 422)
    assert pages.http.post(pages.url + "/v", data=query.encode(), timeout=10).status_code == 422


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("path", ["/nothing", "//evil.example/x", "/s/a/b", "/v/<script>", "/%00%ff", "/s/"])
def test_an_address_that_leads_nowhere_is_a_page_in_the_readers_language(
    pages: Pages, path: str, lang: str
) -> None:
    answer = pages.get(path, lang)
    assert answer.status_code == 404
    assert f"<h1>{said('absent.title', lang)}</h1>" in answer.text
    assert said("absent.lead", lang) in answer.text
    assert "evil.example" not in answer.text and "<script" not in answer.text
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_a_mistake_of_ours_is_a_page_too_and_tells_nothing_of_itself(
    pages: Pages, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("bureau.public.look.asset", lambda _: 1 / 0)
        broken = requests.get(pages.url + "/assets/site.css", headers={"Accept-Language": lang}, timeout=10)
    assert broken.status_code == 500
    assert said("slow.lead", lang) in broken.text and "ZeroDivision" not in broken.text
    pages.register.broken = True
    answer = pages.get(pages.path, lang)
    assert answer.status_code == 503
    assert said("slow.lead", lang) in answer.text
    pages.register.broken = False
    assert pages.get(pages.path, lang).status_code == 200


@pytest.mark.parametrize("name", [SCRIPT + ".pdf", "../../x.pdf", "\u202efdp.exe", "a" * 900, "x\x00.pdf"])
def test_the_name_of_a_file_is_never_shown_or_used(pages: Pages, name: str) -> None:
    files = {"file": (name, b"not a pdf", "text/html")}
    answer = pages.http.post(pages.url + "/v/file", files=files, timeout=30)
    assert answer.status_code in (200, 400)
    assert "<script" not in answer.text and "fdp.exe" not in answer.text


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


MEGABYTES = b"x" * (10 * 1024 * 1024)


def dripping() -> Iterator[bytes]:
    """Ten megabytes of which nobody said how many they are."""
    for place in range(0, len(MEGABYTES), 65_536):
        yield MEGABYTES[place : place + 65_536]


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("path", ["/v", "/v/compare", "/v/file"])
def test_ten_megabytes_are_answered_in_the_persons_language_and_the_next_one_is_served(
    pages: Pages, path: str, lang: str
) -> None:
    words = said("error.file.large" if path == "/v/file" else "unread.lead", lang)
    headers = {"Accept-Language": lang, "Content-Type": "application/x-www-form-urlencoded"}
    answer = pages.http.post(pages.url + path, data=MEGABYTES, headers=headers, timeout=30)
    assert answer.status_code == 413
    assert words in answer.text and f'lang="{lang}"' in answer.text
    words = said("error.file.unread" if path == "/v/file" else "unread.lead", lang)
    try:
        answer = pages.http.post(pages.url + path, data=dripping(), headers=headers, timeout=30)
    except requests.ConnectionError:
        pass  # the server may close the door before everything was said
    else:
        assert answer.status_code == 411
        assert words in answer.text
    assert pages.get(pages.path, lang).status_code == 200


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_a_form_that_is_none_of_ours_asks_for_the_file_again(pages: Pages, lang: str) -> None:
    headers = {"Accept-Language": lang, "Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"garbage", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\nx"):
        answer = pages.http.post(pages.url + "/v/file", data=body, headers=headers, timeout=30)
        assert answer.status_code in (400, 411, 422)
        assert any(said(f"error.file.{why}", lang) in answer.text for why in ("unread", "empty"))


@given(number=st.text(max_size=60), code=st.text(max_size=60), signature=st.text(max_size=260))
@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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
