"""The book of numbered forms: one job to one code and number, one number printed once for ever."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, insert, or_, select

from drivers import crashpoints
from drivers.books.paper import KIND, JobStage, PaperBook, PaperJob
from drivers.ports import PrintOutcome, PrintResult
from drivers.store_tables import jobs, struck
from drivers.xfs.failure import CommandFailed

VOID: Final = crashpoints.register("print.void", "a spoilt form is marked; its number becomes void")


class FormBook(PaperBook):
    """Print jobs whose forms have numbers. A number is free again only when nothing was struck on its form."""

    def entered(self, connection: Connection, job: PaperJob) -> None:
        """Take the number; raise ``CommandFailed`` when it is taken."""
        if job.numbered is None:
            return
        code, number = job.numbered.code, job.numbered.number
        taken = select(struck.c.job_key).where(struck.c.code == code, struck.c.number == number)
        if connection.execute(taken).one_or_none() is not None:
            why = f"invoice {code} {number} has been printed on already; use the next form"
            raise CommandFailed(why, "numberUsed")
        row = {"code": code, "number": number, "job_key": job.key, "service": job.service}
        connection.execute(insert(struck), [row])

    def ended(self, connection: Connection, key: str, result: PrintResult) -> None:
        """Give the number back when the form is still blank."""
        if result.outcome is PrintOutcome.NOT_PRINTED:
            connection.execute(delete(struck).where(struck.c.job_key == key))

    async def in_doubt(self) -> str | None:
        """The key of a job whose form nobody has settled yet; ask between two jobs."""
        mine = (jobs.c.service == self._service) & (jobs.c.kind == KIND)
        # One that was begun and never ended is no better: its end could not be entered, or the power went.
        doubtful = or_(jobs.c.state == JobStage.BEGUN, jobs.c.outcome == PrintOutcome.UNCERTAIN)
        query = select(jobs.c.key).where(mine, doubtful).limit(1)
        found = await self._store.read(lambda connection: connection.execute(query).scalar_one_or_none())
        return None if found is None else str(found)
