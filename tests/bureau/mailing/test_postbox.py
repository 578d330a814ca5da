"""The demonstration's mail server, asked by the standard library's client: keeps what comes, and plays trouble."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from bureau.postbox.server import Postbox
from bureau.tls import ensure_loopback_tls

HOST = "127.0.0.1"
FROM, TO = "a@bureau.test", "zhang@qq.com"


@contextmanager
def postbox(folder: Path, login: tuple[str, str] | None = None) -> Iterator[Postbox]:
    files = ensure_loopback_tls(folder / "tls")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.cert_file, files.key_file)
    with Postbox((HOST, 0), folder / "boxes", context, login) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def client(server: Postbox, folder: Path, *, tls: bool = True) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(HOST, server.port, timeout=10) as smtp:
        if tls:
            smtp.starttls(context=ssl.create_default_context(cafile=str(folder / "tls" / "ca.pem")))
        yield smtp


def letter() -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "电子发票"
    message.set_content(".\r\n..\r\nzwei\r\n")
    message.add_attachment(bytes(range(256)), maintype="application", subtype="pdf", filename="1.pdf")
    message.set_boundary("=-=-=")
    return message.as_bytes()


def test_what_comes_is_kept_byte_for_byte_a_file_each(tmp_path: Path) -> None:
    with postbox(tmp_path) as server:
        for _ in range(2):
            with client(server, tmp_path) as smtp:
                assert smtp.sendmail(FROM, [TO], letter()) == {}
    box = tmp_path / "boxes" / TO
    assert sorted(path.name for path in box.iterdir()) == ["0001.eml", "0002.eml"]
    assert all(path.read_bytes() == letter() for path in box.iterdir())


def test_nothing_is_taken_in_the_clear_or_from_who_did_not_log_in(tmp_path: Path) -> None:
    with postbox(tmp_path, ("einvoice", "secret")) as server:
        with (
            client(server, tmp_path, tls=False) as smtp,
            pytest.raises(smtplib.SMTPSenderRefused, match="530"),
        ):
            smtp.sendmail(FROM, [TO], letter())
        with client(server, tmp_path) as smtp:
            with pytest.raises(smtplib.SMTPSenderRefused, match="530"):
                smtp.sendmail(FROM, [TO], letter())
            with pytest.raises(smtplib.SMTPAuthenticationError):
                smtp.login("einvoice", "guessed")
            smtp.login("einvoice", "secret")
            assert smtp.sendmail(FROM, [TO], letter()) == {}


def test_trouble_is_played_by_the_mailbox_s_name(tmp_path: Path) -> None:
    with postbox(tmp_path) as server, client(server, tmp_path) as smtp:
        for name, code in (("nobody", 550), ("full", 552), ("busy", 451)):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as no:
                smtp.sendmail(FROM, [f"{name}@qq.com"], letter())
            assert no.value.recipients[f"{name}@qq.com"][0] == code
        assert smtp.sendmail(FROM, ["busy@qq.com"], letter()) == {}
    assert [path.name for path in (tmp_path / "boxes").iterdir()] == ["busy@qq.com"]


@pytest.mark.parametrize(
    "to", ["<../../etc@x>", "<a@../b>", "<.@..>", "<a b@qq.com>", "<a@>", "a@qq.com", "<>"]
)
def test_no_recipient_leads_out_of_the_folder(tmp_path: Path, to: str) -> None:
    with postbox(tmp_path) as server, client(server, tmp_path) as smtp:
        smtp.ehlo()
        assert smtp.docmd("MAIL", f"FROM:<{FROM}>")[0] == 250
        assert smtp.docmd("RCPT", f"TO:{to}")[0] == 501
    assert not (tmp_path / "boxes").exists()


def test_a_letter_that_is_cut_is_not_kept_and_words_out_of_order_are_refused(tmp_path: Path) -> None:
    with postbox(tmp_path) as server:
        with client(server, tmp_path) as smtp:
            for words in ("DATA", f"RCPT TO:<{TO}>", "MAIL <x>", "EXPN all", "STARTTLS", "AUTH PLAIN x"):
                assert smtp.docmd(words)[0] in (500, 501, 503)
        with client(server, tmp_path) as smtp:
            smtp.ehlo()
            smtp.docmd("MAIL", f"FROM:<{FROM}>")
            smtp.docmd("RCPT", f"TO:<{TO}>")
            assert smtp.docmd("DATA")[0] == 354
            assert smtp.sock is not None
            smtp.sock.sendall(b"Subject: half\r\n\r\nof it")
            smtp.close()
        with client(server, tmp_path) as smtp:
            assert smtp.noop()[0] == 250
        with socket.create_connection((HOST, server.port), timeout=10) as raw:
            raw.sendall(b"x" * 5000)
            assert b"220" in raw.recv(100)
    assert not (tmp_path / "boxes").exists()
