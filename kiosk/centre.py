"""The centre as the core uses it: blocking requests on their own threads, typed errors, nothing retried here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from kiosk.effects.base import Job, Origin
from kiosk.kept import KeptAnswers, question
from sync.client import BureauClient
from sync.errors import BureauBusy, BureauDenied, BureauError, BureauUnreachable
from sync.models import EffectAnswer, QueryAnswer

T = TypeVar("T")
WORKERS = 3
"""One for the person's step, one for the payment being asked, one to spare."""


class CentreClient:
    """Wraps ``BureauClient``; ``on_reach`` hears after each call whether the centre could be reached."""

    def __init__(
        self, client: BureauClient, on_reach: Callable[[bool], None], kept: KeptAnswers | None = None
    ) -> None:
        """``kept``: where answers go that the centre allows to be kept."""
        self._client, self._on_reach, self._kept = client, on_reach, kept
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="centre")

    async def submit(self, job: Job, *, queued: bool = False) -> EffectAnswer:
        """Send the journalled record as it is; ``queued`` when nobody stands there to read the answer."""
        return await self._call(lambda: self._client.submit(job.record, queued=queued))

    async def query(self, name: str, params: Mapping[str, object], origin: Origin) -> Mapping[str, Any]:
        """The data of the answer, with ``refusal`` when the centre says no."""
        request = question(dict(params), origin)

        def ask() -> QueryAnswer:
            answer = self._client.query(name, request)
            if self._kept is not None:
                self._kept.keep(name, request, answer)
            return answer

        answer = await self._call(ask)
        if answer.refusal is not None:
            return {"refusal": answer.refusal.model_dump(mode="json")}
        return answer.data

    async def document(self, number: str, job: str) -> bytes:
        """The PDF for that print job, exactly as it was sealed."""
        return await self._call(lambda: self._client.document(number, job))

    async def reachable(self) -> bool:
        """Ask for the time; whether an answer of the centre came."""
        try:
            await self._call(self._client.time)
        except BureauError as error:
            return not isinstance(error, BureauUnreachable | BureauBusy)
        return True

    def close(self) -> None:
        """Give up waiting for answers, and hang up: a centre that stops waits for those who are still on the line."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    async def _call(self, work: Callable[[], T]) -> T:
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except BureauUnreachable:
            self._on_reach(False)
            raise
        except BureauDenied:
            self._on_reach(True)
            raise
        self._on_reach(True)
        return answer
