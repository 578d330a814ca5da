"""A resident ID card as a person holds it: the fields printed on it, in four layouts."""

from __future__ import annotations

import json
import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from drivers.simulators.base import Parameters, problems, written
from drivers.simulators.errors import BadParameterError
from drivers.simulators.face_traits import seed_of


class Layout(StrEnum):
    """Text block layouts of the card (domain note, section 3), by their type mark."""

    RESIDENT = "resident"
    HK_MACAU_TAIWAN = "hk-macau-taiwan"
    FOREIGN_2017 = "foreign-2017"
    FOREIGN_2023 = "foreign-2023"


_LAYOUT_NAMES = {"": "resident", "j": "hk-macau-taiwan", "i": "foreign-2017", "y": "foreign-2023"}
_SEXES = {"男": "1", "女": "2", "m": "1", "f": "2", "male": "1", "female": "2"}
NATIONS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 "
    "傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 "
    "阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
).split()
"""Nations in the order of their codes 01 to 56 (GB/T 3304)."""


def _layout(value: object) -> object:
    return _LAYOUT_NAMES.get(str(value or "").strip().lower(), value)


def _sex(value: object) -> object:
    return _SEXES.get(str(value).strip().lower(), str(value).strip())


def _nation(value: object) -> object:
    if value is None:
        return "01"
    text = str(value).strip().removesuffix("族")
    if text in NATIONS:
        return f"{NATIONS.index(text) + 1:02d}"
    return text.zfill(2) if text.isdigit() else value


def _day(value: object) -> object:
    if isinstance(value, date):
        return value.strftime("%Y%m%d")
    return str(value or "").replace("-", "").replace(".", "").strip()


def _end(value: object) -> object:
    return "长期" if value in (None, "", "长期", "long-term") else _day(value)


Day = Annotated[str, BeforeValidator(_day), written(r"[0-9]{8}", "a day, such as 1990-01-31")]
EndDay = Annotated[
    str, BeforeValidator(_end), written(r"[0-9]{8}|长期", "a day, such as 2030-01-31, or 长期")
]


class Card(Parameters):
    """What the chip holds. Days are ``YYYYMMDD`` or ISO; ``validTo`` may be ``长期`` or null for no end.

    ``layout`` takes the names of ``Layout`` or the type marks J, I, Y. ``newAddress`` is the chip's later
    address, ``fingerprint`` says whether it holds a finger block.
    """

    layout: Annotated[Layout, BeforeValidator(_layout)] = Layout.RESIDENT
    number: str = Field(min_length=1, max_length=18)
    name: str = Field("", max_length=60)
    latin_name: str | None = None
    sex: Annotated[str, BeforeValidator(_sex), written(r"[0129]", "男 or 女")] = "9"
    nation: Annotated[
        str,
        BeforeValidator(_nation),
        written(r"[0-9]{2}", "the name of a nation, such as 汉, or its two digits"),
    ] = "01"
    nationality: Annotated[str, written(r"[A-Z]{3}", "three capital letters, such as FRA")] | None = None
    birth: Day
    address: str | None = Field(None, max_length=35)
    authority: str | None = Field(None, max_length=15)
    authority_code: str | None = Field(None, max_length=4)
    valid_from: Day
    valid_to: EndDay = "长期"
    travel_permit: str | None = Field(None, max_length=9)
    issue_count: str | None = Field(None, max_length=2)
    old_permit: str | None = Field(None, max_length=3)
    new_address: str | None = Field(None, max_length=35)
    fingerprint: bool = False
    face_seed: int | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        foreign = self.layout in (Layout.FOREIGN_2017, Layout.FOREIGN_2023)
        if foreign and not (self.latin_name and self.nationality):
            raise ValueError(f"a card of layout {self.layout} needs latinName and nationality")
        if not foreign and not self.name:
            raise ValueError("a card of this layout needs a name")
        if not re.fullmatch(r"[0-9A-Z]+", self.number):
            raise ValueError("number takes digits and capital letters only")
        return self

    @property
    def seed(self) -> int:
        """The face on the chip: ``faceSeed``, or the one that belongs to the number."""
        return seed_of(self.number) if self.face_seed is None else self.face_seed


def read_card(path: Path) -> dict[str, Any]:
    """A card of one's own in a JSON file, as the control interface takes it.

    Raise ``BadParameterError`` that says what is wrong with the file, or with a field of the card.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        return Card.model_validate(content).model_dump(mode="json", by_alias=True)
    except OSError as error:
        raise BadParameterError(f"{path} cannot be read: {error.strerror}; name a JSON file") from None
    except ValidationError as error:
        fix = "see `a card` in docs/simulators.md"
        raise BadParameterError(f"{path}: {problems(error)}; {fix}") from None
    except (ValueError, RecursionError):
        fix = 'write {"name": …, "number": …, "birth": …, "validFrom": …}'
        raise BadParameterError(f"{path} is no JSON; {fix}") from None
