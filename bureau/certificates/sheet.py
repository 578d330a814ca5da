"""The texts of the printed sheet in the form the template reads, and the texts that must be found on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bureau.certificates import codes
from bureau.certificates.data import CertificateData, Fact, Words
from bureau.certificates.kinds import day_words
from bureau.certificates.proof import Expected
from kiosk.domain.formatting import group_number

FOOTER_PX = 84
FOOTER_PX_BILINGUAL = 108
DOCUMENT = "served-document"
"""An official document: the terminal prints it, and it says what the bureau issued, whatever the data are later."""
ON_SITE = "inspection-record"
"""The record of an inspection: two officers make it where they are, and no terminal has a part in it."""
KEEP_ROWS = 3
"""Rows that go over to the last page with the total, which never stands alone."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What makes one sheet of paper of the data: its number, code and address, and which copy it is."""

    number: str
    code: str
    url: str
    verify_page: str
    copy: int = 1
    copied_at: datetime | None = None


def page_model(data: CertificateData, imprint: Imprint) -> Mapping[str, object]:
    """The template's input; every figure is text already."""
    return {
        "document_title": f"{data.title.zh} {imprint.number}",
        "kind": data.kind,
        "number": imprint.number,
        "number_grouped": group_number(imprint.number),
        "code_grouped": codes.group_code(imprint.code),
        "url": imprint.url,
        "bureau": asdict(data.issuer.name),
        "title": asdict(data.title),
        "holder": data.holder,
        "bilingual": bilingual(data),
        "issued_on": asdict(day_words(data.issued_at.date())),
        "copy_mark": asdict(copy_mark(imprint)),
        "facts": _laid_out(data.facts),
        "columns": [asdict(column) for column in data.columns],
        "rows": [[asdict(cell) for cell in row] for row in data.rows],
        "totals": [asdict(cell) for cell in data.totals],
        "emphasis": data.emphasis,
        "capital": {"label": asdict(data.capital_label), "value": data.capital},
        "statements": [asdict(words) for words in data.statements],
        "how": asdict(_how_to_check(imprint)),
        "seal_alt": data.issuer.name.zh + data.issuer.seal_purpose,
        "footer": [asdict(words) for words in _footer(data)],
        "footer_px": FOOTER_PX_BILINGUAL if bilingual(data) else FOOTER_PX,
        "keep": KEEP_ROWS,
    }


def bilingual(data: CertificateData) -> bool:
    """Whether the English beside the Chinese is printed for values and sentences too."""
    return data.lang.lower().startswith("en")


def copy_mark(imprint: Imprint) -> Words:
    """第n次打印, on every copy but the first; the counter is the bureau's (domain note, section 5 d)."""
    if imprint.copy < 2:
        return Words("")
    day = f" · {imprint.copied_at.date().isoformat()}" if imprint.copied_at else ""
    return Words(f"第 {imprint.copy} 次打印", f"Copy {imprint.copy}{day}")


def expected(data: CertificateData, imprint: Imprint) -> Expected:
    """What a reader must find on the finished pages."""
    both = bilingual(data)
    rows = tuple(
        "".join(cell.zh + (cell.en if both else "") for cell in row) for row in (*data.rows, *_totals(data))
    )
    single = [
        data.issuer.name.zh,
        data.title.zh,
        codes.group_code(imprint.code),
        day_words(data.issued_at.date()).zh,
        copy_mark(imprint).zh,
        data.capital,
        *(fact.value.zh for fact in data.facts),
        *(words.zh for words in data.statements),
    ]
    every_page = (group_number(imprint.number), data.holder)
    return Expected(rows=rows, once=tuple(text for text in single if text), every_page=every_page)


def _totals(data: CertificateData) -> list[tuple[Words, ...]]:
    # English is always printed beside the word for the total, and only there.
    return [tuple(Words(cell.zh + cell.en) for cell in data.totals)] if data.totals else []


def _laid_out(facts: Sequence[Fact]) -> list[dict[str, object]]:
    """Two narrow ones beside each other; one that a wide one follows has the line for itself."""
    laid: list[dict[str, object]] = []
    left = False
    for fact, following in zip(facts, (*facts[1:], None), strict=True):
        alone = not left and (following is None or following.wide)
        laid.append({**_fact(fact), "wide": fact.wide or alone})
        left = not (fact.wide or alone or left)
    return laid


def _fact(fact: Fact) -> dict[str, object]:
    return {
        "label": asdict(fact.label),
        "value": asdict(fact.value),
        "strong": fact.strong,
        "wide": fact.wide,
    }


def _how_to_check(imprint: Imprint) -> Words:
    return Words(
        f"扫左边的码，或打开 {imprint.verify_page} 输入编号和验证码；终端上选“查验证明”也可以。",
        "Scan the code, or enter number and code at that address or at any terminal.",
    )


def _footer(data: CertificateData) -> tuple[Words, Words]:
    noun = "本记录" if data.title.zh.endswith("记录") else "本证明"
    specimen = (
        Words("样例，不作证明。", " Specimen, not valid as proof.") if data.issuer.specimen else Words("")
    )
    if data.kind == ON_SITE:
        return (
            Words(
                "本笔录由两名检查人员在现场制作、分别确认，带电子签名。",
                "Made on site by two officers, confirmed by each, with an electronic signature.",
            ),
            Words(
                f"签名和照片存本局，以本局存档为准。{specimen.zh}",
                f"The bureau keeps signature and pictures; its file prevails.{specimen.en}",
            ),
        )
    if data.kind == DOCUMENT:
        return (
            Words(
                f"本文书由自助终端（{data.place.zh}）打印，带电子签名，与窗口打印的同样有效。",
                f"Printed at a self-service terminal ({data.place.en or data.place.zh}) with an electronic "
                "signature; as valid as from a counter.",
            ),
            Words(
                f"内容以税务机关制发并存档的文书为准。{specimen.zh}",
                f"The document that the bureau issued and keeps on file prevails.{specimen.en}",
            ),
        )
    return (
        Words(
            f"{noun}由自助终端（{data.place.zh}）开具，带电子签名，与窗口开具的同样有效。",
            f"Issued at a self-service terminal ({data.place.en or data.place.zh}) with an electronic "
            "signature; as valid as from a counter.",
        ),
        Words(
            f"内容如有出入，以税务系统最新数据为准。{specimen.zh}",
            f"If in doubt, the latest data of the tax system prevail.{specimen.en}",
        ),
    )
