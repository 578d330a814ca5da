"""云川市: an invented city with invented people, the same for the same seed and business day.

The public door of this package is ``bureau.city.city``::

    generate(connection, *, seed: int, day: date) -> City     # fills an empty store in the caller's transaction
    personas(city: City) -> list[dict[str, object]]           # cards, faces, phones, roles and parts to play

It is not opened here: whoever wants the cast alone would load all that builds the city.
Every identity number lies in an area that no county has, so none of them can be a living person's (``places``).
"""
