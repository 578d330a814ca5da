"""The bureau's mail server, spoken to by SMTP (RFC 5321) over TLS (RFC 3207, 8314), with a login where it wants one.

A refusal is told by the server's code alone (``550 5.1.1``): its words may repeat the address, and are logged nowhere.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

from bureau.errors import LetterDelayed, LetterRefused, PostUnavailable
from config.bureau_settings import MailSettings
from config.errors import ConfigError

ENHANCED = re.compile(r"^([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
"""An enhanced status code (RFC 3463) at the beginning of a reply."""
FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)


class MailServer:
    """Implements ``Post``: a connection a letter, so that nothing is left open between them."""

    def __init__(self, settings: MailSettings) -> None:
        """Read the password and whom to trust.

        Raises ``OSError`` when a file cannot be read, ``ConfigError`` when no login can send the password.
        """
        self._settings = settings
        file = settings.password_file
        self._password = _password(file) if file is not None else ""
        ca = str(settings.ca_file) if settings.ca_file is not None else None
        self._tls = ssl.create_default_context(cafile=ca) if settings.security != "none" else None

    @property
    def sender(self) -> str:
        """The address that letters come from."""
        return self._settings.sender

    def carry(self, message: EmailMessage, to: str) -> str:
        """Hand one letter over, to one mailbox; the code of the server's last word."""
        smtp = self._open()
        try:
            return self._hand_over(smtp, message, to)
        except smtplib.SMTPResponseException as error:
            raise _told(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPServerDisconnected as error:
            raise LetterDelayed("cut") from error
        except (OSError, smtplib.SMTPException) as error:
            raise LetterDelayed(type(error).__name__) from error
        finally:
            _leave(smtp)

    def _open(self) -> smtplib.SMTP:
        """A connection that letters may be handed over on; what fails here is about no letter."""
        s = self._settings
        host_name = s.sender.rpartition("@")[2]
        smtp: smtplib.SMTP | None = None
        try:
            if s.security == "tls":
                smtp = smtplib.SMTP_SSL(s.host, s.port, host_name, timeout=s.timeout_s, context=self._tls)
            else:
                smtp = smtplib.SMTP(s.host, s.port, host_name, timeout=s.timeout_s)
                if s.security == "starttls":
                    smtp.starttls(context=self._tls)
            smtp.ehlo_or_helo_if_needed()
            if s.user:
                smtp.login(s.user, self._password)
        except smtplib.SMTPResponseException as error:
            _leave(smtp)
            raise PostUnavailable(_code(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            _leave(smtp)
            raise PostUnavailable(type(error).__name__) from error
        return smtp

    def _hand_over(self, smtp: smtplib.SMTP, message: EmailMessage, to: str) -> str:
        code, said = smtp.mail(self.sender)
        if code != 250:  # about us and not about the letter
            raise PostUnavailable(_code(code, said))
        code, said = smtp.rcpt(to)
        if code not in (250, 251):
            raise _told(code, said)
        code, said = smtp.docmd("DATA")
        if code != 354:
            raise _told(code, said)
        smtp.send(_ended(message.as_bytes()))
        code, said = self._wait_until_taken(smtp)
        if code != 250:
            raise _told(code, said)
        return _code(code, said)

    def _wait_until_taken(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        """The answer to a whole letter, which a server may search first.

        It may have been taken by then: who does not wait for so long sends it twice (RFC 5321, 4.5.3.2.6).
        """
        assert smtp.sock is not None, "something was just sent"
        smtp.sock.settimeout(self._settings.taken_within_s)
        answer = smtp.getreply()
        smtp.sock.settimeout(self._settings.timeout_s)
        return answer


def _password(file: Path) -> str:
    """What the file holds; smtplib logs in with ASCII alone."""
    try:
        return file.read_bytes().strip().decode("ascii")
    except UnicodeDecodeError:
        fix = "let the mail server give one of ASCII letters, digits and signs"
        raise ConfigError.single(file, "", "the password has characters outside ASCII", fix) from None


def _told(code: int, said: bytes | str) -> LetterRefused | LetterDelayed | PostUnavailable:
    """What a code means for the letter (RFC 5321, 4.2.1): 5yz never, 4yz perhaps later, 421 nothing now."""
    if code == 421:
        return PostUnavailable(_code(code, said))
    return LetterRefused(_code(code, said)) if 500 <= code < 600 else LetterDelayed(_code(code, said))


def _code(code: int, said: bytes | str) -> str:
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    found = ENHANCED.match(text.strip())
    return f"{code} {found[1]}" if found else str(code)


def _ended(letter: bytes) -> bytes:
    """The letter with its lines' first dots doubled, and the line that is a dot (RFC 5321, 4.5.2)."""
    whole = letter if letter.endswith(b"\r\n") else letter + b"\r\n"
    return FIRST_DOT.sub(b"..", whole) + b".\r\n"


def _leave(smtp: smtplib.SMTP | None) -> None:
    """End the connection politely; what was taken is taken, whatever the server says to that."""
    if smtp is None:
        return
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()
