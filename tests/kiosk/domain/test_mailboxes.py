"""Addresses of mailboxes: what is one, what is not and why, and how little of one is shown."""

from __future__ import annotations

from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import FieldError
from kiosk.domain.mailboxes import ALPHABET, check_mailbox
from kiosk.domain.masking import mask_mailbox


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("zhang.san@qq.com", "zhang.san@qq.com"),
        (" Zhang.San@QQ.COM ", "zhang.san@qq.com"),
        ("ｚｈａｎｇ＠qq.com", "zhang@qq.com"),
        ("1234567890@qq.com", "1234567890@qq.com"),
        ("a_b-c+d@mail.yunchuan.gov.cn", "a_b-c+d@mail.yunchuan.gov.cn"),
        ("a@xn--fiqs8s.xn--fiqs8s", "a@xn--fiqs8s.xn--fiqs8s"),
        ("a" * 64 + "@b.cn", "a" * 64 + "@b.cn"),
    ],
)
def test_an_address_is_taken_in_small_letters(typed: str, address: str) -> None:
    assert check_mailbox(typed) == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("zhang", "at"),
        ("qq.com", "at"),
        ("a@b@qq.com", "at"),
        ("@qq.com", "local"),
        (".a@qq.com", "local"),
        ("a.@qq.com", "local"),
        ("a..b@qq.com", "local"),
        ("a@", "host"),
        ("a@qq", "host"),
        ("a@qq.c", "host"),
        ("a@.com", "host"),
        ("a@qq..com", "host"),
        ("a@-qq.com", "host"),
        ("a@qq-.com", "host"),
        ("a@qq.com.", "host"),
        ("a@qq_q.com", "host"),
        ("a@127.0.0.1", "host"),
        ("a@" + "b" * 64 + ".com", "host"),
        ("张三@qq.com", "characters"),
        ('"a"@qq.com', "characters"),
        ("a<b@qq.com", "characters"),
        ("a@qq.com,b@qq.com", "characters"),
        ("a" * 65 + "@qq.com", "length"),
        ("a@" + "b." * 126 + "com", "length"),
        ("a" * 1000, "length"),
    ],
)
def test_what_is_no_address_says_which_part_is_wrong(typed: str, code: str) -> None:
    with pytest.raises(FieldError) as wrong:
        check_mailbox(typed)
    assert (wrong.value.code, wrong.value.text_id) == (code, f"field.mailbox.{code}")


@given(st.text(st.sampled_from(ALPHABET + 'A \r\n<>张\0"')))
def test_whatever_is_taken_is_an_address_for_the_mail_library_too_and_one_line(typed: str) -> None:
    try:
        address = check_mailbox(typed)
    except FieldError:
        return
    assert Address(addr_spec=address).addr_spec == address
    assert check_mailbox(address) == address and address.isprintable() and address.isascii()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("zhang.san@qq.com", "z***@qq.com"),
        ("a@qq.com", "a***@qq.com"),
        ("zhang", "****"),
        ("@qq.com", "****"),
        ("", "****"),
    ],
)
def test_the_first_character_and_the_provider_are_shown(address: str, shown: str) -> None:
    assert mask_mailbox(address) == shown
