from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bureau.certificates.data import CertificateData, Words, content_sha256, freeze, thaw
from bureau.certificates.errors import FrozenFormError
from bureau.certificates.kinds import period_words
from tests.bureau.certificates import samples

CONTENT = "ee38e1627997c27efb35b23ccafb16dcbe84ccddbb25ccd754070bfa84c2d1e6"
"""SHA-256 of the sample, frozen: a change of the form would cut every printed code from its record."""


def test_frozen_data_comes_back_as_it_was() -> None:
    data = samples.record(13, "en-US", offices=2, remark="已更正")
    assert thaw(freeze(data)) == data
    assert freeze(thaw(freeze(data))) == freeze(data)


def test_the_frozen_form_of_the_sample_is_what_it_always_was() -> None:
    assert content_sha256(freeze(samples.record(2))) == CONTENT


def test_any_changed_figure_changes_the_content_hash() -> None:
    data = samples.record(2)
    row = (*data.rows[1][:3], Words("424.86"), *data.rows[1][4:])
    assert content_sha256(freeze(replace(data, rows=(data.rows[0], row)))) != content_sha256(freeze(data))


@pytest.mark.parametrize(
    "frozen", [b"", b"{}", b"[]", b"null", b'{"v":99}', b"\xff\xfe", b'{"v":1,"kind":"x"}', b"[" * 100_000]
)
def test_what_is_no_frozen_form_is_told_as_such(frozen: bytes) -> None:
    with pytest.raises(FrozenFormError, match="backup"):
        thaw(frozen)


def test_a_table_that_does_not_hold_together_is_refused() -> None:
    data = samples.record(2)
    with pytest.raises(ValueError, match="5 columns"):
        replace(data, rows=(data.rows[0][:4],))
    with pytest.raises(ValueError, match="aware"):
        replace(data, issued_at=datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "chinese", "english"),
    [
        ("2026-01", "2026-01", "2026年1月", "Jan 2026"),
        ("2026-01", "2026-09", "2026年1月 – 9月", "Jan – Sep 2026"),
        ("2025-10", "2026-09", "2025年10月 – 2026年9月", "Oct 2025 – Sep 2026"),
    ],
)
def test_a_period_is_said_shortly(first: str, last: str, chinese: str, english: str) -> None:
    assert period_words(first, last) == Words(chinese, english)


def test_the_public_page_gets_the_document_number_masked() -> None:
    data: CertificateData = samples.record(1)
    (number,) = [fact for fact in data.facts if fact.label.en == "ID no."]
    assert number.value.zh == samples.HOLDER.number
    assert number.public == "990***********0016"
