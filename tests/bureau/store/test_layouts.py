"""Layouts of the store: made, brought on from each release before, and served beside programs of another release."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bureau.engine.reference.context import Context
from bureau.engine.reference.stock_check import check_stock
from bureau.store import migrations, tables
from bureau.store.database import Database
from bureau.store.migrate import layout, layouts, migrate
from sync.sqlite import BUSY_S

PERSON = {
    "kind": "resident-id",
    "number": "1",
    "name": "甲",
    "latin_name": "",
    "mobile": "",
    "enrolled_at": datetime(2026, 1, 1, tzinfo=UTC),
}


TAXPAYER = {
    "taxpayer": "T",
    "name": "乙",
    "state": "normal",
    "small_scale": True,
    "quarterly": True,
    "levy_rate": "0.03",
    "city_rate": "0.07",
    "half_six_taxes": True,
    "risk": "low",
    "industry": "",
    "address": "",
    "registered_on": date(2020, 1, 1),
}


ROLE = {
    "person_kind": "resident-id",
    "person_number": "1",
    "taxpayer": "T",
    "role": "T",
    "valid_from": date(2024, 5, 1),
    "valid_to": date(2025, 4, 30),
}


@pytest.fixture
def database(empty_url: str):  # type: ignore[no-untyped-def]
    made = Database(empty_url, pool=4)
    yield made
    made.close()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def test_migrations_make_exactly_the_tables_of_this_release(database: Database) -> None:
    assert migrate(database) == migrate(database)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_layouts_are_known_by_the_names_of_their_files_as_alembic_reads_them_inside() -> None:
    script = ScriptDirectory.from_config(_alembic())
    revisions = frozenset(revision.revision for revision in script.walk_revisions())
    assert layouts() == (script.get_current_head(), revisions)


def test_a_store_of_the_first_release_gets_what_is_missing_and_keeps_what_it_holds(
    database: Database,
) -> None:
    migrate(database)
    with database.write() as connection:
        connection.execute(insert(tables.meta).values(name="kept", value="yes"))
        connection.execute(text("DROP TABLE certificate_copy"))
        connection.execute(text("DROP INDEX uq_declaration_filed"))
        connection.execute(text("DROP INDEX ix_case_file_kind_state_opened_at"))
        connection.execute(text("DROP INDEX ix_case_file_kind_state_closed_at"))
        connection.execute(text("DROP INDEX ix_rating_item"))
        connection.execute(
            text(
                "CREATE UNIQUE INDEX uq_declaration_filed ON declaration "
                "(taxpayer, tax, period_first, period_last) WHERE state = 'filed'"
            )
        )
        for made in (
            "feedback_act",
            "feedback_case",
            "invoice_booking",
            "relief",
            "certificate_end",
            "certificate_let_out",
            "certificate_link",
            "continuation",
            "draft",
            "letter_file",
            "letter",
            "mailbox",
            "payment_debit",
            "repayment",
            "acquirer_line",
            "device_order",
            "device_report",
            "tax_device",
            "issuing_phone",
            "document",
            "invoice_delivery",
            "export_purchase",
            "export_line",
            "nontax_payment",
            "nontax_notice",
            "bill_due",
            "bill",
            "person_enrolment",
            "access",
            "reminder",
            "agency_application",
            "appointment_closure",
            "call_back_try",
            "call_back",
            "remote_duty",
            "remote_line",
            "remote_talk",
            "inspection_event",
            "inspection_picture",
            "inspection",
            "offender_case_event",
            "offender_case",
            "survey_event",
            "survey_answer",
            "survey_visit",
            "open_release_event",
            "open_release",
            "stock_slip",
            "centre",
            "centre_code",
            "centre_day",
            "centre_told",
            "superior",
            "supply",
            "supply_day",
            "survey",
            "school_event",
            "school_evaluation",
            "school_enrolment",
            "school_session",
            "official_app_event",
            "official_app",
            "appointment",
            "queue_ticket",
            "lottery_ticket",
            "share_hand_over",
            "bank_referral",
            "refund_shop",
            "departure_line",
            "departure_refund",
            "share_consent",
            "knowledge",
            "subscription_told",
            "subscription",
            "contribution_act",
            "contribution_mark",
            "opinion",
            "use_seen",
            "use_service",
            "use_spread",
            "use_step",
            "use_visit",
            "contribution",
            "mandate",
            "lottery_round",
            "lottery_pool",
            "phone_code",
            "refund_part",
            "refund",
            "einvoice_link",
            "einvoice_print",
            "einvoice_document",
            "invoice_check",
            "invoice_order",
            "tax_duty",
            "tax_source",
            "social_payment",
            "vehicle_tax",
            "firm_vehicle",
            "officer_recovery",
            "officer_role",
            "officer_session",
            "officer_trail",
            "officer_trail_head",
            "officer",
            "unit_payment",
            "credit_deduction",
            "credit_rating",
            "treasury_entry",
            "material_page",
            "matter_case",
            "registration_entry",
            "terminal_alarm",
            "stock_paper_copy",
            "stock_waiting",
            "stock_handover",
        ):
            connection.execute(text(f"DROP TABLE {made}"))
        connection.execute(text("ALTER TABLE enrolment_code DROP COLUMN answer"))
        connection.execute(text("DROP INDEX ix_notice_matter"))
        connection.execute(text("DROP INDEX ix_sale_red_of"))
        connection.execute(text("DROP INDEX ix_reservation_order_no"))
        connection.execute(text("DROP INDEX ix_person_alias"))
        connection.execute(text("DROP INDEX ix_due_part_of"))
        for index in (
            "uq_certificate_original",
            "ix_certificate_taxpayer",
            "ix_certificate_person_kind_person_number",
        ):
            connection.execute(text(f"DROP INDEX {index}"))
        for column in (
            "notice.matter",
            "notice.told_at",
            "effect.told_at",
            "heartbeat.due",
            "heartbeat.readings",
            "declaration.subject",
            "taxpayer.kind",
            "sale.check_code",
            "sale.buyer_number",
            "sale.red_of",
            "sale.lines",
            "sale.remark",
            "taxpayer.general_since",
            "taxpayer.starts_on",
            "taxpayer.ends_on",
            "reservation.order_no",
            "payment_order.bill",
            "person.alias",
            "due.part_of",
            "payment_due.left_fen",
            "certificate.taxpayer",
            "certificate.asked",
            "certificate.original",
            "case_file.closed_second",
            "case_file.outcome",
            "case_file.note",
        ):
            name, _, gone = column.partition(".")
            connection.execute(text(f"ALTER TABLE {name} DROP COLUMN {gone}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    head = migrate(database)
    with database.read() as connection:
        assert layout(connection) == head
        kept = select(tables.meta.c.value).where(tables.meta.c.name == "kept")
        assert connection.execute(kept).scalar() == "yes"
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def _back_to(revision: str, connection: Connection) -> None:
    """As an earlier release left it."""
    config = _alembic()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def test_people_of_an_earlier_release_get_an_alias_each(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        _back_to("0026", connection)
        for number in ("1", "2"):
            connection.execute(
                text(
                    "INSERT INTO person (kind, number, name, latin_name, mobile, enrolled_at) "
                    f"VALUES ('resident-id', '{number}', '甲', '', '', '2026-01-01T00:00:00.000000Z')"
                )
            )
    migrate(database)
    with database.read() as connection:
        one, other = connection.execute(select(tables.person.c.alias)).scalars()
    assert len(one) == len(other) == 32 and one != other


def test_a_role_can_be_given_again_in_the_store_of_an_earlier_release(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        connection.execute(insert(tables.person).values(PERSON))
        connection.execute(insert(tables.taxpayer).values(TAXPAYER))
        connection.execute(
            insert(tables.role), [ROLE, {**ROLE, "valid_from": date(2026, 5, 1), "valid_to": None}]
        )
        _back_to("0036", connection)
    migrate(database)
    with database.write() as connection:
        assert list(connection.execute(select(tables.role.c.valid_from)).scalars()) == [date(2026, 5, 1)]
        connection.execute(insert(tables.role).values(ROLE))
    with pytest.raises(DBAPIError), database.write() as connection:
        connection.execute(insert(tables.role).values(ROLE))


def test_announcements_of_an_earlier_release_are_notices_with_days(database: Database) -> None:
    said = '{"zh-CN": "停机", "en-US": "Closed"}'
    rows = (
        f"(1, '{said}', '段丽', '2026-10-09T17:30:00.000000Z', '2026-10-11T01:00:00.000000Z', '蒋明')",
        f"(2, '{said}', '段丽', '2026-10-09T15:30:00.000000Z', NULL, '')",
    )
    migrate(database)
    with database.write() as connection:
        _back_to("0064", connection)
        connection.execute(text(f"INSERT INTO announcement VALUES {', '.join(rows)}"))
    migrate(database)
    t = tables.knowledge
    with database.read() as connection:
        found = connection.execute(
            select(t.c.state, t.c.since, t.c.until, t.c.text, t.c.decided_by, t.c.withdrawn_by).order_by(
                t.c.number
            )
        ).all()
    words = {"zh-CN": "停机", "en-US": "Closed"}
    assert [tuple(row) for row in found] == [
        ("withdrawn", date(2026, 10, 10), date(2027, 1, 8), words, "段丽", "蒋明"),
        ("published", date(2026, 10, 9), date(2027, 1, 7), words, "段丽", ""),
    ]
    with database.write() as connection:
        _back_to("0064", connection)
        kept = connection.execute(
            text("SELECT number, officer, withdrawn_by FROM announcement ORDER BY number")
        )
        assert [tuple(row) for row in kept] == [(1, "段丽", "蒋明"), (2, "段丽", "")]


def test_used_numbers_of_an_earlier_release_have_their_movement_and_the_ledger_stays_append_only(
    database: Database,
) -> None:
    migrate(database)
    moment = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    line = {
        "place": "shelf",
        "unit": "1",
        "code": "099002600104",
        "first": 1,
        "last": 9,
        "at": moment,
        "day": moment.date(),
    }
    with database.write() as connection:
        _back_to("0014", connection)
        connection.execute(insert(tables.invoice_code).values(code=line["code"], kind="04", kind_name={}))
        for number, kind, taxpayer in (("1", "LOAD", None), ("2", "ISSUE", "T1")):
            connection.execute(
                insert(tables.stock_movement).values(
                    movement=number, line=1, type=kind, taxpayer=taxpayer, **line
                )
            )
        connection.execute(
            insert(tables.stock_range).values(
                code=line["code"], first=1, last=9, state="used", holder="T1", since=moment
            )
        )
    with pytest.raises(DBAPIError), database.write() as connection:
        connection.execute(update(tables.stock_range).values(state="lost"))
    migrate(database)
    with database.write() as connection:
        assert check_stock(Context(connection, moment, "")) == []
        connection.execute(update(tables.stock_range).values(state="lost"))
    with pytest.raises(DBAPIError, match="append only"), database.write() as connection:
        connection.execute(tables.stock_movement.delete())


def test_mandates_of_an_earlier_release_were_signed_and_go_back_as_they_came(database: Database) -> None:
    migrate(database)
    old = {
        "principal_kind": "resident-id", "principal_number": "1", "attorney_kind": "resident-id",
        "attorney_number": "2", "relation": "child", "scope": "all", "since": date(2026, 1, 1),
        "until": date(2027, 1, 1), "sealed": b"ink",
    }  # fmt: skip
    with database.write() as connection:
        for number in ("1", "2"):
            connection.execute(insert(tables.person).values(
                kind="resident-id", number=number, alias=number * 32, name="甲", latin_name="", mobile="",
                enrolled_at=datetime(2026, 1, 1, tzinfo=UTC)))  # fmt: skip
        connection.execute(insert(tables.mandate).values(case_no="M", ground="signed", **old))
        connection.execute(insert(tables.mandate).values(case_no="G", ground="guardian", **old))
        connection.execute(insert(tables.access).values(
            access="a", person="1" * 32, at=datetime(2026, 1, 1, tzinfo=UTC), party="guardian", who="乙",
            kind="role", purpose="identity.guardian"))  # fmt: skip
        _back_to("0038", connection)
        kept = connection.execute(text("SELECT case_no, sealed, ended_by FROM mandate")).all()
        assert [(row.case_no, bytes(row.sealed), row.ended_by) for row in kept] == [("M", b"ink", None)]
        assert connection.execute(text("SELECT count(*) FROM access")).scalar() == 0, "none knew a guardian"
    migrate(database)
    with database.read() as connection:
        t = tables.mandate
        assert connection.execute(select(t.c.case_no, t.c.ground)).all() == [("M", "signed")]
    with pytest.raises(DBAPIError), database.write() as connection:
        connection.execute(insert(tables.mandate).values(case_no="X", ground="friend", **old))
    with pytest.raises(DBAPIError, match="append only"), database.write() as connection:
        connection.execute(insert(tables.access).values(
            access="b", person="1" * 32, at=datetime(2026, 1, 1, tzinfo=UTC), party="guardian", who="乙",
            kind="role", purpose="identity.guardian"))  # fmt: skip
        connection.execute(update(tables.access).values(who="丙"))


def test_two_programs_that_start_together_migrate_once(empty_url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            with closing(Database(empty_url, pool=2)) as one:
                migrate(one)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    assert failures == []


def test_a_program_waits_for_another_that_migrates_longer_than_a_write_is_waited_for(tmp_path: Path) -> None:
    url = f"sqlite+pysqlite:///{tmp_path / 'bureau.db'}"
    migrated: list[str] = []
    with closing(Database(url)) as busy, closing(Database(url)) as waiting:
        thread = threading.Thread(target=lambda: migrated.append(migrate(waiting)))
        with busy.write() as connection:
            connection.execute(text("CREATE TABLE other (a)"))
            thread.start()
            thread.join(BUSY_S + 1)
            assert thread.is_alive()
        thread.join(40)
        assert migrated == [layouts()[0]]
        with waiting.write() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_S * 1000


def test_a_certificate_that_an_earlier_release_revoked_is_void(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        _back_to("0041", connection)
        connection.execute(
            text(
                "INSERT INTO certificate (number, code, key, kind, person_kind, person_number, terminal,"
                " content_sha256, frozen, pdf, pdf_sha256, pages, copies, verify_url, issued_at, state)"
                " VALUES ('1', 'c', 'k', 'iit-record', 'resident-id', '1', 'A-07', '', :none, :none, '', 1, 0,"
                " '', :at, 'revoked')"
            ),
            {"none": b"", "at": "2026-10-12T00:00:00.000000Z"},
        )
    migrate(database)
    with database.read() as connection:
        assert connection.execute(select(tables.certificate.c.state)).scalar_one() == "void"
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    with database.write() as connection:
        _back_to("0041", connection)
        assert connection.execute(text("SELECT state FROM certificate")).scalar_one() == "revoked"


def test_the_log_of_complaints_of_an_earlier_release_is_kept_and_stays_append_only(
    database: Database,
) -> None:
    migrate(database)
    case, act = tables.feedback_case, tables.feedback_act
    at = datetime(2026, 10, 12, 9, tzinfo=UTC)
    row = {
        "number": "67", "key": "k", "desk": "complaint", "kind": "manner", "named": False, "mobile": "",
        "terminal": "A-07", "hall": "H-01", "received_at": at, "accept_by": at.date(), "answer_by": at.date(),
        "state": "accepted", "code_sha256": "", "sealed": b"", "round": 1, "course": "", "unit": "", "reason": "",
        "extended": False,
    }  # fmt: skip
    line = {"number": "67", "at": at, "officer": "甲", "second": ""}
    with database.write() as connection:
        _back_to("0059", connection)
        connection.execute(case.insert().values(row))
        connection.execute(act.insert().values(seq=1, act="accept", **line))
    with pytest.raises(DBAPIError), database.write() as connection:
        connection.execute(act.insert().values(seq=2, act="longer", **line))
    migrate(database)
    with database.write() as connection:
        connection.execute(act.insert().values(seq=2, act="longer", **line))
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    with pytest.raises(DBAPIError, match="append only"), database.write() as connection:
        connection.execute(act.delete())
    with database.write() as connection:
        _back_to("0059", connection)
        acts = connection.execute(select(act.c.act).order_by(act.c.seq)).scalars().all()
    assert acts == ["accept", "read"], "the log loses no line"
