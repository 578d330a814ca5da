"""The consultation is opened from what was kept of the same content, and made anew of any other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config import library
from config.errors import ConfigError
from kiosk import consultation
from kiosk.domain.consult.ask import Answered, Consultation

TEXT = """
format: 1
id: rule
kind: rule
title: {zh-CN: 办法, en-US: Rule}
issuer: {zh-CN: 税务总局, en-US: STA}
published: 2001-01-01
effective: 2001-02-01
topics: [vat]
about: {zh-CN: 办法。, en-US: A rule.}
unit: article
clauses:
  - {at: 1, heading: {zh-CN: 滞纳金, en-US: Surcharge}, text: {zh-CN: 每天万分之五。, en-US: 0.05 % a day.}}
"""
ANSWERS = """
format: 1
answers:
  - id: late
    asked: [{zh-CN: 滞纳金怎么算, en-US: how is the surcharge worked out}]
    answer: {zh-CN: 每天万分之五。, en-US: 0.05 % a day.}
    sources: [{text: rule, clause: 1}]
    topics: [vat]
    since: 2005-01-01
"""
LIMITS = """
format: 1
own_data: {zh: [我欠], services: [{service: query.due, zh: [欠]}]}
evasion: {}
prediction: {}
others: []
places: {}
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    for name, raw in {
        "texts/rule.yaml": TEXT,
        "answers/late.yaml": ANSWERS,
        "words.yaml": "format: 1\ngroups: [{zh: [滞纳金, 晚交], en: [surcharge]}]\n",
        "limits.yaml": LIMITS,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(raw, "utf-8")
    return folder


def said(of: Consultation) -> list[str]:
    answered = [of.ask(*asked, date(2026, 1, 1)) for asked in (("滞纳金", "zh-CN"), ("surcharge", "en-US"))]
    assert all(isinstance(each, Answered) for each in answered)
    return [repr(each) for each in answered]


def refuse_to_read(*_: object) -> library.Library:
    raise AssertionError("the content was read again")


def test_what_was_kept_answers_alike_and_no_content_is_read_for_it(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    made = said(consultation.opened(kept, content))
    monkeypatch.setattr(library, "load", refuse_to_read)
    assert said(consultation.opened(kept, content)) == made
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["kept"]


def test_other_content_is_read_again(content: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    before = said(consultation.opened(kept, content))
    (content / "texts" / "rule.yaml").write_text(TEXT.replace("万分之五", "万分之三"), "utf-8")
    assert said(consultation.opened(kept, content)) != before
    assert "万分之三" in said(consultation.opened(kept, content))[0]


@pytest.mark.parametrize("left", [0, 1, 200, -1, -4])
def test_a_file_that_is_cut_off_or_of_another_make_is_made_anew(
    content: Path, tmp_path: Path, left: int
) -> None:
    kept = tmp_path / "kept"
    made = said(consultation.opened(kept, content))
    whole = kept.read_bytes()
    kept.write_bytes(whole[:left])
    assert said(consultation.opened(kept, content)) == made
    assert kept.read_bytes() == whole


def test_without_a_place_to_keep_it_the_consultation_answers_all_the_same(
    content: Path, tmp_path: Path
) -> None:
    assert said(consultation.opened(tmp_path / "none" / "kept", content))


def test_a_mistake_in_the_content_is_told(content: Path, tmp_path: Path) -> None:
    (content / "limits.yaml").write_text("format: 1", "utf-8")
    with pytest.raises(ConfigError):
        consultation.opened(tmp_path / "kept", content)
