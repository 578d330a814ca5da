"""云川市: an invented city with invented people, the same for the same seed and business day.

All identity numbers lie in area 530199, which no county has; everything else is made up as well.
"""
