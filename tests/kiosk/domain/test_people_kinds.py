"""What an enterprise is, told by its number and its name."""

from __future__ import annotations

import pytest

from kiosk.domain.people import is_company, is_household


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("云川禾木文具有限公司", True),
        ("云川重工股份公司", True),
        ("云川北斗餐饮管理有限公司书院分公司", True),
        ("云川白露花艺店（个体）", False),
        ("云川青禾图文设计工作室", False),
        ("", False),
    ],
)
def test_a_company_says_so_in_its_name(name: str, company: bool) -> None:
    assert is_company(name) is company


@pytest.mark.parametrize(
    ("taxpayer", "household"),
    [("92990199MA60TE8B5K", True), ("91990199MA607F0M7X", False), ("", False), ("L1990199", False)],
)
def test_a_household_begins_with_its_kind(taxpayer: str, household: bool) -> None:
    assert is_household(taxpayer) is household
