"""A letter as a message (RFC 5322): the same bytes however often it is written.

It says which invoice is enclosed and nothing of whom it belongs to: an address may have been mistyped. It is marked as
written by a machine (RFC 3834), so that absence notices do not answer it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Final

from bureau.ports.mail import Enclosed, Letter
from bureau.texts import LANGUAGES, say
from config.clock import CHINA
from sync.models import Texts

ENDINGS: Final = {"pdf": "pdf", "ofd": "ofd", "xml": "xml"}
"""What a file is (``application/…``), by the end of its name."""


def write(
    letter: Letter, files: Sequence[Enclosed], to: str, sender: str, bureau: Texts, site: str
) -> EmailMessage:
    """The message to ``to``. Its number and the lines between its parts follow from the letter's key."""
    lang = letter.lang if letter.lang in LANGUAGES else LANGUAGES[0]
    values = {"number": letter.reference, "bureau": bureau[lang], "site": site}
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((bureau[lang], sender))
    message["To"] = to
    message["Subject"] = say(f"mail.{letter.kind}.subject", **values)[lang]
    message["Date"] = format_datetime(letter.made_at.astimezone(CHINA))
    message["Message-ID"] = message_id(letter, sender)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = lang
    message.set_content(say(f"mail.{letter.kind}.text", **values)[lang], cte="base64")
    for file in files:
        subtype = ENDINGS[file.name.rpartition(".")[2]]
        message.add_attachment(file.content, maintype="application", subtype=subtype, filename=file.name)
    message.set_boundary(hashlib.sha256(letter.key.encode()).hexdigest()[:40])
    return message


def message_id(letter: Letter, sender: str) -> str:
    """The same for each try, so that a mailbox in which a letter came twice can tell."""
    return f"<{letter.key}@{sender.rpartition('@')[2]}>"
