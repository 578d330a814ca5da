"""How text is drawn and kept: in the families of the theme, glyphs on whole pixels, each font file open once."""

from __future__ import annotations

from PySide6.QtGui import QFont, QRawFont

from ui.theme import Tokens

REGULAR, BOLD = QFont.Weight.Normal, QFont.Weight.Bold


def default_font(tokens: Tokens) -> QFont:
    """What is drawn in where an item names no family.

    The system's own would draw Chinese in whatever font it finds, and opens files for what is only measured. On whole
    pixels, because else each glyph is drawn and kept once for each quarter of a pixel where it ever began: that filled
    some 20 MiB in hundreds of visits, and every new quarter cost its drawing at a page turn.
    """
    font = QFont(tokens.text("font", "body"))
    font.setHintingPreference(QFont.HintingPreference.PreferFullHinting)
    return font


def held_open(tokens: Tokens) -> tuple[QRawFont, ...]:
    """One font of each face that the screen draws with; keep them as long as the screen is there.

    Qt (6.11, ``QFreetypeFace::release``) forgets all open font files as soon as nothing is shown any more in one of
    them: those that others still use stay open, and each is opened again beside itself for the next new size. After a
    few dozen visits three or four copies of each Chinese font were open, 1 to 2 MiB apiece.
    """
    title, body = tokens.text("font", "title"), tokens.text("font", "body")
    faces = [(title, BOLD), (body, REGULAR), (body, BOLD)]
    faces += [(family, REGULAR) for family in tokens.texts("font", "rare")]
    return tuple(QRawFont.fromFont(_font(family, weight)) for family, weight in faces)


def _font(family: str, weight: QFont.Weight) -> QFont:
    font = QFont(family)
    font.setWeight(weight)
    return font
