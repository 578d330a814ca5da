"""The machine readable lines of an invented travel document: the issuer's side of ICAO Doc 9303."""

from __future__ import annotations

import random
from typing import Final, Literal

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FAMILY: Final = ("NOVAK", "ERIKSSON", "VAN DER BERG", "MUELLER", "O", "KIM", "SILVA-SANTOS", "ZHANG")
_FIRST: Final = ("ANNA MARIA", "MAREK", "WEI", "LENA", "JOAO PEDRO", "MIN JUN", "OLGA")
_STATES: Final = ("UTO", "CZE", "D", "PRT", "KOR", "CHN", "NLD")


def check_digit(data: str) -> str:
    """Doc 9303 part 3, 4.9: weights 7, 3, 1; a filler counts nothing, A is 10 and Z 35."""
    weights = (7, 3, 1)
    return str(
        sum(
            (0 if one == "<" else _ALPHABET.index(one)) * weights[place % 3] for place, one in enumerate(data)
        )
        % 10
    )


def machine_lines(kind: Literal["passport", "permit"], seed: int) -> tuple[str, ...]:
    """Two lines of 44 for a passport (TD3), three of 30 for a permit (TD1)."""
    chance = random.Random(f"mrz/{kind}/{seed}")
    state = chance.choice(_STATES).ljust(3, "<")
    names = "<<".join(
        chance.choice(listed).replace(" ", "<").replace("-", "<") for listed in (_FAMILY, _FIRST)
    )
    document = (chance.choice("EGPK") + f"{chance.randrange(10**8):08d}").ljust(9, "<")
    birth = f"{chance.randrange(50, 99)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    expiry = f"{chance.randrange(27, 36)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    sex = chance.choice("MF<")
    if kind == "passport":
        personal = "<" * 14
        numbers = document + check_digit(document), birth + check_digit(birth), expiry + check_digit(expiry)
        tail = personal + "<"
        whole = check_digit("".join(numbers) + tail)
        return (
            f"P<{state}{names}".ljust(44, "<")[:44],
            f"{numbers[0]}{state}{numbers[1]}{sex}{numbers[2]}{tail}{whole}",
        )
    first = f"I<{state}{document}{check_digit(document)}".ljust(30, "<")
    dates = birth + check_digit(birth), expiry + check_digit(expiry)
    whole = check_digit(first[5:30] + "".join(dates) + "<" * 11)
    return (first, f"{dates[0]}{sex}{dates[1]}{state}{'<' * 11}{whole}", names.ljust(30, "<")[:30])
