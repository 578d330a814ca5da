"""The log of a case: who did what with it, and in which words; it is only ever added to."""

from __future__ import annotations

from bureau.engine.feedback import codes
from bureau.ports.core import Core
from bureau.ports.feedback import Act, FeedbackAct, FeedbackCase
from bureau.ports.materials import Vault


def note(
    core: Core, vault: Vault, case: FeedbackCase, act: Act, officer: str, words: str = "", second: str = ""
) -> None:
    """Add a line, the case's row held; ``officer`` is empty for whoever made it. The words are sealed."""
    seq = len(core.feedback.acts(case.number)) + 1
    sealed = vault.seal(codes.bound_act(case.number, seq), words.encode()) if words else None
    core.feedback.note(FeedbackAct(case.number, seq, core.now, officer, act, second, sealed))
