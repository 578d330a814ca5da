"""Core systems of other makes behind ``bureau.ports``; the reference engine is the one that comes with it."""
