"""云川市: an invented city with invented people, the same for the same seed and business day.

The public door of this package (the command line and every test use nothing else)::

    generate(connection, *, seed: int, day: date) -> City     # fills an empty store in the caller's transaction
    personas(city: City) -> list[dict[str, object]]           # cards, faces, phones and roles to play with
    load_terminal(connection, ...)                            # blanks from the shelf into a machine's unit

Every identity number lies in an area that no county has, so none of them can be a living person's.
"""
