"""Our side of SMTP against a server by another hand: over TLS, with a login, and through each kind of trouble."""

from __future__ import annotations

import socket
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from bureau.errors import LetterDelayed, LetterRefused, PostUnavailable
from bureau.mailing.smtp import MailServer
from config.bureau_settings import MailSettings
from config.errors import ConfigError
from tests.bureau.mailing.servers import HOST, PASSWORD, USER, mail_server

TO = "zhang.san@qq.com"


def settings(port: int, ca: Path | None, security: str = "starttls", **more: Any) -> MailSettings:
    told = {"host": HOST, "port": port, "security": security, "ca_file": ca, "sender": "a@bureau.test"}
    return MailSettings.model_validate(told | {"timeout_s": 5.0} | more)


def letter() -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["To"], message["Subject"] = TO, "电子发票"
    message.set_content("您好\n.\n..\nFrom here\n", cte="base64")
    message.add_attachment(bytes(range(256)) * 9, maintype="application", subtype="pdf", filename="1.pdf")
    return message


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_letter_arrives_as_it_was_written(tmp_path: Path, security: str) -> None:
    message = letter()
    with mail_server(tmp_path, security) as (inbox, port, tls):
        assert MailServer(settings(port, tls.ca_file, security)).carry(message, TO) == "250 2.0.0"
    ((to, raw, secure),) = inbox.came
    assert (to, raw, secure) == (TO, message.as_bytes(), security != "none")
    (file,) = inbox.letters[0].iter_attachments()
    assert file.get_content() == bytes(range(256)) * 9


def test_dots_and_a_missing_last_line_end_change_nothing_of_a_letter(tmp_path: Path) -> None:
    message = EmailMessage(policy=SMTP)
    message.set_payload(".\r\n..\r\n.x\r\n\r\n.")
    with mail_server(tmp_path) as (inbox, port, tls):
        MailServer(settings(port, tls.ca_file)).carry(message, TO)
    ((_, raw, _),) = inbox.came
    assert raw == message.as_bytes() + b"\r\n" and raw.endswith(b"\r\n.\r\n")


def test_after_a_letter_a_silent_server_is_left_as_soon_as_ever(tmp_path: Path) -> None:
    with mail_server(tmp_path) as (inbox, port, tls):
        inbox.mute = True
        before = time.monotonic()
        server = MailServer(settings(port, tls.ca_file, timeout_s=0.5, taken_within_s=60.0))
        assert server.carry(letter(), TO) == "250 2.0.0"
        assert time.monotonic() - before < 20, "nobody waits ten minutes for a goodbye"


def test_a_server_that_wants_to_know_who_we_are_is_told_under_tls_alone(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    with mail_server(tmp_path, login=True) as (inbox, port, tls):
        known = settings(port, tls.ca_file, user=USER, password_file=tmp_path / "password")
        assert MailServer(known).carry(letter(), TO) == "250 2.0.0"
        (tmp_path / "password").write_text("another")
        with pytest.raises(PostUnavailable, match="535"):
            MailServer(known).carry(letter(), TO)
        with pytest.raises(PostUnavailable, match="530"):
            MailServer(settings(port, tls.ca_file)).carry(letter(), TO)
    assert len(inbox.came) == 1


@pytest.mark.parametrize("text", ["pässwort".encode(), b"p\xe4sswort", "密码".encode()])
def test_a_password_that_no_login_can_send_is_told_at_the_start_and_not_shown(
    tmp_path: Path, text: bytes
) -> None:
    file = tmp_path / "password"
    file.write_bytes(text)
    with pytest.raises(ConfigError, match="ASCII") as told:
        MailServer(settings(25, None, user=USER, password_file=file))
    assert str(file) in str(told.value) and "sswort" not in str(told.value)


@pytest.mark.parametrize(
    ("where", "said", "error", "reply"),
    [
        ("to", "450 4.2.0 greylisted, zhang.san@qq.com", LetterDelayed, "450 4.2.0"),
        ("to", "550 5.1.1 no zhang.san@qq.com here", LetterRefused, "550 5.1.1"),
        ("to", "421 4.3.2 shutting down", PostUnavailable, "421 4.3.2"),
        ("to", "553 nothing more", LetterRefused, "553"),
        ("data", "451 4.3.0 try again", LetterDelayed, "451 4.3.0"),
        ("data", "554 5.7.1 looks like junk to zhang.san@qq.com", LetterRefused, "554 5.7.1"),
    ],
)
def test_a_code_says_whether_a_letter_may_be_taken_later_and_its_words_are_kept_nowhere(
    tmp_path: Path, where: str, said: str, error: type[LetterRefused], reply: str
) -> None:
    with mail_server(tmp_path) as (inbox, port, tls):
        getattr(inbox, where).append(said)
        server = MailServer(settings(port, tls.ca_file))
        with pytest.raises(error) as no:
            server.carry(letter(), TO)
        assert (no.value.reply, "zhang" in str(no.value)) == (reply, False)
        assert server.carry(letter(), TO) == "250 2.0.0"
    assert len(inbox.came) == 1


def test_a_connection_that_ends_in_the_middle_of_a_letter_leaves_it_for_later(tmp_path: Path) -> None:
    with mail_server(tmp_path) as (inbox, port, tls):
        inbox.cut = 1
        server = MailServer(settings(port, tls.ca_file))
        with pytest.raises(LetterDelayed):
            server.carry(letter(), TO)
        assert inbox.came == []
        assert server.carry(letter(), TO) == "250 2.0.0"


def test_a_server_that_thinks_about_a_whole_letter_is_waited_for_and_gets_it_once(tmp_path: Path) -> None:
    with mail_server(tmp_path) as (inbox, port, tls):
        inbox.thinks_s = 1.5
        told = {"timeout_s": 0.5, "taken_within_s": 30.0}
        assert MailServer(settings(port, tls.ca_file, **told)).carry(letter(), TO) == "250 2.0.0"
        assert len(inbox.came) == 1
        with pytest.raises(LetterDelayed, match="cut"):
            MailServer(settings(port, tls.ca_file, **told | {"taken_within_s": 0.3})).carry(letter(), TO)


def test_nobody_there_a_silent_one_and_one_without_tls_are_told_apart_from_refusals(tmp_path: Path) -> None:
    with socket.socket() as nobody, socket.create_server((HOST, 0)) as silent:
        nobody.bind((HOST, 0))
        for port in (nobody.getsockname()[1], silent.getsockname()[1]):
            with pytest.raises(PostUnavailable):
                MailServer(settings(port, None, timeout_s=0.3)).carry(letter(), TO)
    with (
        mail_server(tmp_path, "none") as (inbox, port, tls),
        pytest.raises(PostUnavailable, match="NotSupported"),
    ):
        MailServer(settings(port, tls.ca_file)).carry(letter(), TO)
    assert inbox.came == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_nobody_vouches_for_gets_no_letter(tmp_path: Path, security: str) -> None:
    with mail_server(tmp_path, security) as (inbox, port, _), pytest.raises(PostUnavailable, match="SSLCert"):
        MailServer(settings(port, None, security)).carry(letter(), TO)
    assert inbox.came == []
