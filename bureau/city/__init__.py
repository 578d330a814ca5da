"""云川市: an invented city with invented people, the same for the same seed and business day.

The public door of this package::

    generate(connection, *, seed: int, day: date) -> City     # fills an empty store in the caller's transaction
    personas(city: City) -> list[dict[str, object]]           # cards, faces, phones, roles and parts to play

Every identity number lies in an area that no county has, so none of them can be a living person's (``places``).
"""

from bureau.city.city import City, Size, generate, personas
from bureau.city.places import HALLS

__all__ = ["HALLS", "City", "Size", "generate", "personas"]
