"""``devices.db`` keeps every job for ever: what is asked at each slip and each settlement costs no more for that."""

import pytest
from sqlalchemy import event

from config.clock import SystemClock
from drivers.books.paper import PaperBook, PaperJob
from drivers.books.payment import PaymentBook, PaymentJob
from drivers.payment import BatchTotals, Operation, Order, Outcome, Payment
from drivers.ports import PrintOutcome, PrintResult
from drivers.store import Store


@pytest.fixture
async def store(tmp_path):
    store = Store(tmp_path / "devices.db", SystemClock())
    await store.open()
    yield store
    await store.close()


async def _paid(book, number, batch, serial="POS1", amount=100):
    key = f"key-{number:05}"
    order = Order(Operation.SALE, f"R{number}", amount)
    await book.begin(PaymentJob(key, order, serial), "screen")
    await book.finish(key, Payment(Outcome.APPROVE, Operation.SALE, amount, batch=batch))


async def test_a_batch_is_counted_without_reading_the_batches_before_it(store, monkeypatch):
    book, read = PaymentBook(store, "PaymentTerminal"), []
    for number in range(20):
        await _paid(book, number, f"{number:06}")
    await _paid(book, 20, "000007", amount=250)
    await _paid(book, 21, "000007", serial="SPARE")
    whole = PaymentBook._job
    monkeypatch.setattr(PaymentBook, "_job", lambda self, row: read.append(row.key) or whole(self, row))
    assert await book.totals("000007", "POS1") == BatchTotals("000007", 2, 350, 0, 0, 0, 0)
    assert read == ["key-00007", "key-00020"]


async def test_the_last_payment_is_found_without_reading_those_before_it(store, monkeypatch):
    book, read = PaymentBook(store, "PaymentTerminal"), []
    assert await book.last() is None
    for number in range(5):
        await _paid(book, number, "000001")
    whole = PaymentBook._job
    monkeypatch.setattr(PaymentBook, "_job", lambda self, row: read.append(row.key) or whole(self, row))
    assert (await book.last()).key == "key-00004"
    assert read == ["key-00004"]


async def test_what_hangs_out_is_found_without_sorting_every_slip_ever_printed(store):
    book, other = PaperBook(store, "ReceiptPrinter"), PaperBook(store, "DocumentPrinter")
    for key, result in (("slip-0001", PrintOutcome.UNCERTAIN), ("slip-0002", PrintOutcome.PRINTED)):
        await book.begin(PaperJob(key, "ReceiptPrinter", "f", key), "screen")
        await book.finish(key, PrintResult(result))
    await other.begin(PaperJob("page-0001", "DocumentPrinter", "f", "page"), "screen")
    asked = []

    def listen(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT jobs.outcome"):
            asked.append((statement, parameters))

    engine = store._connection.engine
    event.listen(engine, "before_cursor_execute", listen)
    assert not await book.left_hanging("slip-0003")
    assert await book.left_hanging("slip-0002"), "the one before it did not end whole"
    event.remove(engine, "before_cursor_execute", listen)

    def plan(connection):
        statement, parameters = asked[0]
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]

    steps = await store.read(plan)
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
