"""What terminals may ask, one module a topic. Nothing changes by asking.

Two exceptions: a payment that the acquirer has meanwhile approved (whoever learns it first books it), and when a
person's notices were first fetched.
"""

from bureau.engine.queries.registry import Queries, Query, Question

__all__ = ["Queries", "Query", "Question"]
