"""Hints for an enterprise's own check (风险自查): facts, comparisons, and rules as data that make hints of them."""
