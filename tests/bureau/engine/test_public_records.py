from __future__ import annotations

from bureau.city.cast import HEMU
from tests.bureau.conftest import Centre
from tests.bureau.returns import filled
from tests.bureau.terminals import CAST, Terminal, subject

SHEN = subject("shen-zhizhou", HEMU, "T")


def test_a_slip_shows_what_became_of_the_matter_and_no_person(terminal: Terminal, centre: Centre) -> None:
    records = centre.container.site.records
    unknown = records.slip("0199d5f0-7c1a-7abc-8def-0123456789ab")
    assert unknown.state == "unknown" and "不要重复办理" in unknown.text["zh-CN"]
    data = filled(terminal.data("vat.prefill", SHEN), 3_400_000)
    answer = terminal.do("declaration.submit", data, SHEN)
    slip = records.slip(answer.key)
    assert slip.state == "accepted"
    assert slip.reference == answer.result["declaration"]
    assert slip.title["zh-CN"] == "小规模纳税人增值税申报"
    assert ("税费合计（元）", "4,095.84") in [(label["zh-CN"], value) for label, value in slip.facts]
    twice = terminal.do("declaration.submit", data, SHEN)
    assert records.slip(twice.key).state == "duplicate"
    assert CAST["shen-zhizhou"].number not in str(slip) and CAST["shen-zhizhou"].name not in str(slip)


def test_a_certificate_is_found_by_its_number(terminal: Terminal, centre: Centre) -> None:
    records, who = centre.container.site.records, subject("li-xiulan")
    period = {"first": "2026-01", "last": "2026-09"}
    shown = terminal.data("iit.record", who, period)
    wanted = {"certificate": "iit-record", **period, "content_sha256": shown["content_sha256"]}
    issued = terminal.do("certificate.issue", wanted, who).result
    found = records.certificate(issued["number"])
    assert found is not None
    assert (found.code, found.pdf_sha256, found.copies) == (issued["code"], issued["pdf_sha256"], 0)
    assert records.certificate("21990026101209999990") is None
