"""Where the city lies: its districts and counties, their offices, its service halls, its invented area codes.

Nothing here can be taken for a real place or person. Resident numbers carry areas of prefecture 5399: the first
two digits must be a province's (the check refuses any other, because a number that begins with 9 is a foreign
resident's), and GB/T 2260 has no prefecture 5399. Credit codes and invoice codes are not bound to a province, so
theirs are 990199 and 9900.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bureau.city import words
from sync.models import Texts

CITY = "云川市"
PROVINCE = "53"
"""For the numbers of foreign residents, which hold a province and no area."""
REGISTRY_AREA = "990199"
"""Area of credit codes (GB 32100, characters 3 to 8)."""
INVOICE_AREA = "9900"
"""Area of invoice codes (domain note, 2.3)."""
DIGITAL_AREA = "99"
"""Area of the 20-digit numbers of electronic invoices."""

HALLS: Mapping[str, Texts] = {
    "H-01": {"zh-CN": "中心大厅", "en-US": "Central hall"},
    "H-02": {"zh-CN": "云岭分厅", "en-US": "Yunling branch hall"},
    "H-03": {"zh-CN": "城北大厅", "en-US": "North hall"},
    "H-04": {"zh-CN": "高新大厅", "en-US": "High-tech zone hall"},
    "H-05": {"zh-CN": "南桥分厅", "en-US": "Nanqiao branch hall"},
    "H-06": {"zh-CN": "河湾大厅", "en-US": "Hewan hall"},
}


@dataclass(frozen=True, slots=True)
class District:
    """A district of the city, or a county of its own, where city construction tax is 5 instead of 7 %."""

    name: str
    area: str
    county: bool = False

    @property
    def tax_office(self) -> str:
        """Its tax office, as certificates name it."""
        return f"国家税务总局{CITY}{self.name}税务局"

    @property
    def police(self) -> str:
        """Who issues identity cards there; a card has room for 15 characters."""
        return f"{self.name}公安局" if self.county else f"{CITY}公安局{self.name[:-1]}分局"

    @property
    def city_rate(self) -> str:
        """Rate of city construction tax (城市维护建设税法 art. 4): a county's seat is a county town."""
        return "0.05" if self.county else "0.07"

    def address(self, street: str) -> str:
        """A street there, in full."""
        return f"{CITY}{self.name}{street}"


DISTRICTS = (
    District("书院区", "539902"),
    District("江畔区", "539903"),
    District("云岭区", "539904"),
    District("湖东区", "539905"),
    District("石桥县", "539921", county=True),
    District("河湾县", "539922", county=True),
)
BY_NAME = {district.name: district for district in DISTRICTS}
_WEIGHTS = (26, 22, 20, 16, 10, 6)


def any_district(random: Random) -> District:
    """One of them; more people and firms are in town than in the counties."""
    return random.choices(DISTRICTS, _WEIGHTS)[0]


def any_address(random: Random, district: District) -> str:
    """A house number in a street of the district."""
    return district.address(f"{random.choice(words.STREETS)}{random.randrange(1, 300)}号")
