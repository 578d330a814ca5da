"""Visits that the bureau refuses: who comes, why the answer is no, and what must be so when they leave."""
