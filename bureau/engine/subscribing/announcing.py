"""Announcements (通知公告) of officers to who follows them: short words in each language, published and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bureau.errors import AnnouncementRefused
from bureau.ports.core import Core
from bureau.ports.subscriptions import Announcement
from bureau.texts import LANGUAGES

LONGEST: Final = 80
"""Characters of Chinese that a notice at sign-in holds in large letters; other languages have three times as many."""


def publish(core: Core, officer: str, text: Mapping[str, str]) -> Announcement:
    """Tell it to everybody who follows announcements from now on; raises ``AnnouncementRefused``."""
    said = {lang: " ".join(text.get(lang, "").split()) for lang in LANGUAGES}
    if not all(said.values()):
        raise AnnouncementRefused("say it in both languages: --text and --text-en")
    for lang, words in said.items():
        most = LONGEST if lang == "zh-CN" else 3 * LONGEST
        if len(words) > most:
            raise AnnouncementRefused(f"{lang} has {len(words)} characters, at most {most} are shown")
    return core.subscriptions.announce(said, officer)


def withdraw(core: Core, number: int, officer: str) -> None:
    """Tell it to nobody any more; raises ``AnnouncementRefused``."""
    if not core.subscriptions.withdraw(number, officer):
        raise AnnouncementRefused(f"announcement {number} is none, or was withdrawn before")
