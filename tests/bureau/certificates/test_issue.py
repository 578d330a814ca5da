from __future__ import annotations

import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from pypdf import PdfReader

from bureau.certificates import codes
from bureau.certificates.data import CertificateData, Words, thaw
from bureau.certificates.errors import CopyLimitError, RenderingError, TextLostError
from bureau.certificates.issue import IssuedPdf, issue, next_copy, reprint
from bureau.certificates.keys import IssuingKeys
from bureau.certificates.kinds import Holder
from bureau.certificates.ports import CertificateSigner
from bureau.certificates.proof import page_texts, prove
from bureau.certificates.renderer import Renderer, shared_renderer
from bureau.certificates.sheet import Imprint, expected, page_model
from kiosk.domain.formatting import group_number
from kiosk.domain.people import DocumentKind
from sync import paper_signature
from tests.bureau.certificates import samples


def imprint(code: str = samples.CODE) -> Imprint:
    return Imprint(samples.NUMBER, code, f"{samples.PUBLIC}/v?n=1", "bureau.example/v")


def draw(data: CertificateData) -> bytes:
    return shared_renderer().draw(data, imprint())


def test_the_page_carries_every_figure_the_total_and_its_words(issued: IssuedPdf) -> None:
    (page,) = page_texts(issued.pdf)
    for row in samples.rows(9):
        assert f"{row.month}工资、薪金{row.income_fen / 100:,.2f}{row.tax_fen / 100:,.2f}" in page
    # 9 rows of 412.50 rising by 12.37: 4,157.82
    assert "合计Total125,594.284,157.82" in page
    assert "人民币肆仟壹佰伍拾柒元捌角贰分" in page
    assert samples.HOLDER.number in page


def test_number_and_code_are_printed_in_groups_and_the_address_carries_them(issued: IssuedPdf) -> None:
    text = PdfReader(io.BytesIO(issued.pdf)).pages[0].extract_text()
    assert group_number(samples.NUMBER) in text
    assert codes.group_code(issued.code) in text
    asked = parse_qs(urlsplit(issued.url).query)
    assert asked == {"n": [issued.number], "c": [issued.code], "s": [issued.short_signature]}


def test_the_short_signature_names_the_frozen_content(issued: IssuedPdf, keys: IssuingKeys) -> None:
    facts = paper_signature.check(issued.short_signature, issued.number, issued.code, keys.code_keys)
    assert facts is not None
    assert facts.names(issued.content_sha256)
    assert (facts.day, facts.amount_fen) == (samples.ISSUED_AT.date(), 415_782)
    assert thaw(issued.frozen) == samples.record()


@pytest.mark.parametrize(
    ("count", "lang", "pages"), [(0, "zh-CN", 1), (13, "en-US", 1), (24, "zh-CN", 2), (75, "en-US", 4)]
)
def test_each_page_says_which_it_is_and_whose(
    signer: CertificateSigner, count: int, lang: str, pages: int
) -> None:
    made = issue(samples.record(count, lang), signer, number=samples.NUMBER, public_url=samples.PUBLIC)
    texts = page_texts(made.pdf)
    assert made.pages == len(texts) == pages
    for k, text in enumerate(texts, 1):
        assert f"第{k}页共{pages}页" in text
        assert samples.HOLDER.name in text
        assert samples.NUMBER in text
        assert ("接下页" in text) is (k < pages)
    months = [re.findall(r"20\d\d-\d\d工资", text) for text in texts]
    assert sum(map(len, months)) == count
    assert len(months[-1]) >= min(count, 3), "the total never stands alone"
    assert all("所属期" in text for text in texts if count)


def test_the_same_record_is_drawn_the_same_by_any_compiler() -> None:
    data = samples.record(3)
    assert draw(data) == draw(data) == Renderer().draw(data, imprint())


def test_a_character_without_a_glyph_issues_nothing(signer: CertificateSigner) -> None:
    holder = Holder("沈\ue000舟", DocumentKind.RESIDENT_ID, samples.HOLDER.number)
    with pytest.raises(RenderingError, match="nothing was issued"):
        issue(samples.record(holder=holder), signer, number=samples.NUMBER, public_url=samples.PUBLIC)


@pytest.mark.parametrize(
    "name", ["𠮷野䶮", "Æthelred Ñandú-O'Brien", '#panic("x") *b* $1$ @r <l>', "阿卜杜热合曼·麦麦提"]
)
def test_any_name_is_printed_as_it_is(signer: CertificateSigner, name: str) -> None:
    holder = Holder(name, DocumentKind.PASSPORT, "X12345627")
    made = issue(samples.record(2, holder=holder), signer, number=samples.NUMBER, public_url=samples.PUBLIC)
    assert "".join(name.split()) in page_texts(made.pdf)[0]


def test_pages_that_lost_an_amount_are_refused() -> None:
    data = samples.record(3)
    with pytest.raises(TextLostError) as lost:
        prove(draw(samples.record(2)), expected(data, imprint()))
    assert any("13,852.46" in text for text in lost.value.missing)


def test_pages_with_two_rows_exchanged_are_refused() -> None:
    data = samples.record(3)
    swapped = CertificateData(
        **{
            **{name: getattr(data, name) for name in CertificateData.__slots__},
            "rows": (data.rows[1], data.rows[0], data.rows[2]),
        }
    )
    with pytest.raises(TextLostError):
        prove(draw(swapped), expected(data, imprint()))


def test_an_official_document_is_no_record_that_newer_data_overrule() -> None:
    data = samples.record(3)
    document = CertificateData(
        **{
            **{name: getattr(data, name) for name in CertificateData.__slots__},
            "kind": "served-document",
            "title": Words("税务事项通知书"),
        }
    )
    assert "最新数据" in str(page_model(data, imprint())["footer"])
    footer = str(page_model(document, imprint())["footer"])
    assert "最新数据" not in footer and "latest" not in footer and "制发并存档" in footer


def test_offices_and_remarks_get_columns_only_when_they_differ(signer: CertificateSigner) -> None:
    plain, varied = samples.record(3), samples.record(3, offices=2, remark="已更正")
    assert [column.title.zh for column in plain.columns][-1] == "入库日期"
    assert [column.title.zh for column in varied.columns][-2:] == ["税务机关", "备注"]
    made = issue(varied, signer, number=samples.NUMBER, public_url=samples.PUBLIC)
    assert "已更正" in page_texts(made.pdf)[0]


def test_a_reprint_keeps_number_code_and_figures_and_says_which_it_is(
    signer: CertificateSigner, issued: IssuedPdf
) -> None:
    later = samples.ISSUED_AT.replace(month=11)
    again = reprint(
        issued.frozen,
        signer,
        number=issued.number,
        code=issued.code,
        public_url=samples.PUBLIC,
        copy=next_copy(issued.number, 1, 3),
        at=later,
    )
    assert (again.url, again.content_sha256, again.frozen) == (
        issued.url,
        issued.content_sha256,
        issued.frozen,
    )
    assert again.sha256 != issued.sha256
    assert "第2次打印Copy2·2026-11-12" in page_texts(again.pdf)[0]
    assert "次打印" not in page_texts(issued.pdf)[0]
    assert "2026年10月12日" in page_texts(again.pdf)[0], "the day of issue stays"


def test_copies_end_at_the_limit_of_the_kind() -> None:
    assert next_copy("1", 99, None) == 100
    with pytest.raises(CopyLimitError):
        next_copy("1", 3, 3)
