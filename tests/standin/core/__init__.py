"""A stand-in core system: a program of its own that shares no line with the centre (``python -m tests.standin.core``).

It speaks what docs/integrating.md says and nothing else, in plain dictionaries, over the standard library's server.
One writing transaction at a time; each works on a copy of the books that takes their place when it is committed.
"""
