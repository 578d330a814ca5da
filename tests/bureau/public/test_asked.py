"""``certificate.verify`` at a terminal: the public page's findings, in the words of the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import pytest

from bureau.certificates.issue import IssuedPdf
from bureau.certificates.office import Trust
from bureau.engine.queries.registry import NoParams, Question
from bureau.engine.refusals import Refused
from bureau.fleet.kept import KEPT_FOR
from bureau.limits import Limiter, Rate
from bureau.ports.certificates import CertificateChange, CertificateEnd
from bureau.public.asked import questions
from bureau.public.site import PublicSite
from config.clock import CHINA
from kiosk.domain.formatting import group_number
from kiosk.domain.scanned import parse_certificate
from sync import paper_signature
from sync.models import CertificateCode, CertificateKeys, CertificateVerdict, QueryRequest, Subject
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import NAME, Register
from tests.shipped import CATALOGUE

ENDED = datetime(2026, 11, 3, 9, 30, tzinfo=CHINA)
SERVICE = CATALOGUE["certificate.verify"]


@pytest.fixture
def site(trust: Trust, issued: IssuedPdf, other: IssuedPdf) -> PublicSite:
    register = Register()
    register.enter(issued)
    register.enter(other)
    return PublicSite(register, trust, NAME)


def ask(site: PublicSite, number: str, code: str, **scanned: str) -> CertificateVerdict:
    """Nobody has signed in."""
    params = CertificateCode(number=number, code=code, **scanned)
    request = QueryRequest(
        service="certificate.verify", service_hash=SERVICE.hash, subject=Subject(), params=params.model_dump()
    )
    found = questions(site, lambda: ENDED)["certificate.verify"].answer(
        Question(request, SERVICE.service, "A-07", params)
    )
    assert isinstance(found, CertificateVerdict)
    return found


def scanned(issued: IssuedPdf) -> dict[str, str]:
    """What a terminal takes from the code on the paper."""
    code = parse_certificate(issued.url)
    return {"scanned_number": code.number, "scanned_code": code.code, "signature": code.signature}


def said(verdict: CertificateVerdict) -> str:
    facts = [*verdict.facts, *verdict.total]
    return str([verdict.title, *((fact.label, fact.value) for fact in facts), *verdict.statements])


def test_a_genuine_one_is_shown_with_its_total_and_a_masked_number(
    site: PublicSite, issued: IssuedPdf
) -> None:
    verdict = ask(site, issued.number, issued.code, **scanned(issued))
    assert verdict.finding == "valid"
    assert verdict.title == {"zh-CN": "真实有效", "en-US": "Genuine and valid"}
    tax = sum(row.tax_fen for row in samples.rows(9))
    assert verdict.total[0].value["zh-CN"] == f"{tax / 100:,.2f}"
    assert "沈知舟" in said(verdict) and samples.HOLDER.number not in said(verdict)


def test_a_valid_one_says_that_nothing_but_the_register_knows_it(site: PublicSite, issued: IssuedPdf) -> None:
    assert "看不出证明后来有没有作废或换开" in said(ask(site, issued.number, issued.code, **scanned(issued)))


def test_one_that_was_replaced_says_since_when_and_by_what(
    site: PublicSite, issued: IssuedPdf, other: IssuedPdf
) -> None:
    assert isinstance(site.records, Register)
    site.records.end(issued, CertificateEnd("replaced", "replaced", ENDED, successor=other.number))
    verdict = ask(site, issued.number, issued.code, **scanned(issued))
    assert (verdict.finding, verdict.ended_on, verdict.successor) == ("replaced", ENDED.date(), other.number)
    told = {fact.label["zh-CN"]: fact.value["zh-CN"] for fact in verdict.facts}
    assert (told["换开日期"], told["新证明编号"]) == ("2026年11月3日", group_number(other.number))
    assert "看不出" not in said(verdict)


def test_one_that_is_void_says_since_when_and_why_and_not_by_whom(
    site: PublicSite, issued: IssuedPdf
) -> None:
    assert isinstance(site.records, Register)
    end = CertificateEnd("void", "lost", ENDED, officer="段丽", second="蒋明", note="电话核实")
    site.records.end(issued, end)
    verdict = ask(site, issued.number, issued.code)
    assert (verdict.finding, verdict.ended_on, verdict.successor) == ("void", ENDED.date(), "")
    told = {fact.label["zh-CN"]: fact.value["zh-CN"] for fact in verdict.facts}
    assert (told["作废日期"], told["原因"]) == ("2026年11月3日", "已声明遗失")
    assert not {"段丽", "蒋明", "电话核实"} & set(told.values())


def test_one_whose_tax_was_given_back_since_says_so_and_is_not_called_valid(
    site: PublicSite, issued: IssuedPdf
) -> None:
    assert isinstance(site.records, Register)
    site.records.changed[issued.number] = [
        CertificateChange("refunded", ENDED.date(), "71990026110300000012", 123_456),
        CertificateChange("withdrawn", None, "", 0),
    ]
    verdict = ask(site, issued.number, issued.code, **scanned(issued))
    assert verdict.finding == "outdated"
    told = {fact.label["zh-CN"]: fact.value["zh-CN"] for fact in verdict.facts}
    assert told["开具后已退税"] == "2026年11月3日，1,234.56 元"
    assert told["申报已作废"] == "开具以后"
    assert [(one.what, one.day, one.amount_fen) for one in verdict.changes] == [
        ("refunded", ENDED.date(), 123_456),
        ("withdrawn", None, 0),
    ]
    assert "71990026110300000012" not in said(verdict), "the refund's number is nobody's else"
    assert verdict.title["zh-CN"] == "开具后金额有变"


def test_of_a_corrected_return_the_day_alone_is_told(site: PublicSite, issued: IssuedPdf) -> None:
    assert isinstance(site.records, Register)
    site.records.changed[issued.number] = [
        CertificateChange("corrected", ENDED.date(), "42990026110300000012", 123_456)
    ]
    verdict = ask(site, issued.number, issued.code, **scanned(issued))
    told = {fact.label["zh-CN"]: fact.value["zh-CN"] for fact in verdict.facts}
    assert told["开具后已更正"] == "2026年11月3日"
    assert [(one.what, one.day, one.amount_fen) for one in verdict.changes] == [
        ("corrected", ENDED.date(), 0)
    ]
    assert "1,234.56" not in said(verdict), "what the holder owes now is theirs to tell"
    assert "向持有人要换开的新证明" in said(verdict)


@pytest.mark.parametrize(
    ("kind", "what", "words"),
    [
        ("payment-voucher", "refunded", "这种凭证不换开"),
        ("own-payment-voucher", "refunded", "这种凭证不换开"),
        ("declaration-copy", "withdrawn", "没有换开的新证明"),
    ],
)
def test_nobody_is_sent_for_another_where_there_is_none(
    site: PublicSite,
    issued: IssuedPdf,
    kind: str,
    what: Literal["refunded", "withdrawn"],
    words: str,
) -> None:
    assert isinstance(site.records, Register)
    site.records.certificates[issued.number] = replace(site.records.certificates[issued.number], kind=kind)
    site.records.changed[issued.number] = [CertificateChange(what, ENDED.date(), "", 100)]
    verdict = ask(site, issued.number, issued.code, **scanned(issued))
    assert verdict.finding == "outdated"
    assert words in said(verdict) and "向持有人要" not in said(verdict)


def test_where_nothing_can_take_its_place_now_nobody_is_sent_for_it_nor_told_why(
    site: PublicSite, issued: IssuedPdf
) -> None:
    assert isinstance(site.records, Register)
    site.records.alone.add(issued.number)
    site.records.changed[issued.number] = [CertificateChange("corrected", ENDED.date(), "", 2_000_000)]
    verdict = ask(site, issued.number, issued.code, **scanned(issued))
    assert verdict.finding == "outdated"
    assert "开不出新的" in said(verdict) and "向持有人要" not in said(verdict)
    assert not [word for word in ("欠", "缴清", "20,000.00") if word in said(verdict)], "the holder's to tell"


def test_a_code_and_a_number_that_do_not_belong_together_show_nothing(
    site: PublicSite, issued: IssuedPdf, other: IssuedPdf
) -> None:
    verdict = ask(site, issued.number, other.code)
    assert verdict.finding == "mismatch"
    assert "沈知舟" not in said(verdict) and "陆远山" not in said(verdict)


def test_a_made_up_signature_is_told_and_one_of_another_paper_counts_for_nothing(
    site: PublicSite, issued: IssuedPdf, other: IssuedPdf
) -> None:
    forged = {**scanned(issued), "signature": "A" * 124}
    assert ask(site, issued.number, issued.code, **forged).finding == "forgedQr"
    corrected = scanned(other)  # the person scanned one paper and typed the number of another
    assert ask(site, issued.number, issued.code, **corrected).finding == "valid"


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        ("21530126101200000421", "7K2M9QX4PD3A8HEW", "打错了"),
        (samples.NUMBER, "7K2M9QX4PD3A8HE0", "验证码里没有"),
        ("", "", "请输入编号"),
    ],
)
def test_what_is_mistyped_is_told_before_anything_is_looked_up(
    site: PublicSite, number: str, code: str, words: str
) -> None:
    with pytest.raises(Refused) as no:
        ask(site, number, code)
    assert no.value.refusal.code == "certificateMistyped"
    assert words in no.value.refusal.text["zh-CN"]
    assert isinstance(site.records, Register) and site.records.asked == []


def test_guessing_at_one_number_ends_and_a_genuine_code_is_not_kept_out(
    trust: Trust, issued: IssuedPdf, other: IssuedPdf
) -> None:
    register = Register()
    register.enter(issued)
    site = PublicSite(register, trust, NAME, guesses=Limiter(Rate(2, 3600)))
    for _ in range(2):
        ask(site, issued.number, other.code)
    with pytest.raises(Refused) as no:
        ask(site, issued.number, other.code)
    assert no.value.refusal.code == "askedTooOften"
    assert ask(site, issued.number, issued.code, **scanned(issued)).finding == "valid"


def test_a_terminal_asks_only_so_often(trust: Trust, issued: IssuedPdf) -> None:
    site = PublicSite(Register(), trust, NAME, looks=Limiter(Rate(1, 60)))
    ask(site, issued.number, issued.code)
    with pytest.raises(Refused) as no:
        ask(site, issued.number, issued.code)
    assert no.value.refusal.code == "askedTooOften"


def test_it_is_asked_without_signing_in_and_of_this_service_alone(terminal: Any) -> None:
    params: dict[str, Any] = {"number": samples.NUMBER, "code": samples.CODE}
    answer: dict[str, Any] = terminal.data("certificate.verify", {}, params, "certificate.verify")
    assert answer["finding"] == "mismatch"
    refusal = terminal.ask("certificate.verify", {}, params, "pay.due").refusal
    assert refusal is not None and refusal.code == "notOfThisService"


def test_the_keys_that_a_terminal_checks_with_are_kept_for_a_day_and_a_verdict_never(terminal: Any) -> None:
    keys = terminal.ask("certificate.keys", {}, {}, "certificate.verify")
    assert keys.keep is not None and keys.keep.until - keys.keep.as_of == KEPT_FOR
    params = {"number": samples.NUMBER, "code": samples.CODE}
    assert terminal.ask("certificate.verify", {}, params, "certificate.verify").keep is None


def test_by_the_keys_told_a_genuine_code_is_known_without_the_register(
    site: PublicSite, issued: IssuedPdf
) -> None:
    told = questions(site, lambda: ENDED)["certificate.keys"].answer(
        Question(
            QueryRequest(service=SERVICE.service.id, service_hash=SERVICE.hash, subject=Subject()),
            SERVICE.service,
            "A-07",
            NoParams(),
        )
    )
    assert isinstance(told, CertificateKeys)
    code = parse_certificate(issued.url)
    assert (
        paper_signature.check(code.signature, code.number, code.code, paper_signature.known(told.keys))
        is not None
    )
