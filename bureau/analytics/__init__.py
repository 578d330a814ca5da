"""大数据: what the halls' days look like, from counts of the terminals and of the centre's own books (plan action 19).

Nothing here knows a person: visits come without one (``sync/models/use.py``) and lie as sums of a terminal's day.
"""
