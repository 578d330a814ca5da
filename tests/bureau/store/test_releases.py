"""Two releases on one store: a layout only adds since ``WORKS_FROM``, and a program knows whether a later one is its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bureau.errors import StoreNewer
from bureau.store import migrations, tables
from bureau.store.database import Database
from bureau.store.migrate import WORKS_FROM, layout, migrate

ADDS = {"create_table", "create_index", "f"}
"""Of Alembic's operations those that an older program does not notice; a column it may leave out is added, too."""


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    with closing(Database(empty_url, pool=4)) as made:
        yield made


def test_layouts_since_the_oldest_release_that_works_on_this_one_only_add() -> None:
    """Who writes one that does more raises ``WORKS_FROM`` to it: then no old process runs beside the new ones."""
    folder = Path(migrations.__file__).parent / "versions"
    for file in sorted(folder.glob("v[0-9]*.py")):
        if file.name[1:5] > WORKS_FROM:
            assert list(_more_than_added(file.read_text("utf-8"))) == [], (
                f"{file.name} does more than add; raise WORKS_FROM of bureau/store/migrate.py to it"
            )


@pytest.mark.parametrize(
    ("written", "more"),
    [
        ('op.create_table("new", sa.Column("name", sa.Text(), nullable=False))', []),
        ('op.create_index("ix_old_name", "old", ["name"])', []),
        ('op.create_table("new", column)\n    op.create_index("uq", "new", ["name"], unique=True)', []),
        ('op.create_index("uq_old_name", "old", ["name"], unique=True)', ["create_index"]),
        ('op.add_column("old", sa.Column("name", sa.Text(), nullable=True))', []),
        ('op.add_column("old", sa.Column("n", sa.Integer(), nullable=False, server_default="0"))', []),
        ('op.add_column("old", sa.Column("name", sa.Text(), nullable=False))', ["add_column"]),
        ('op.add_column("old", column)', ["add_column"]),
        ('op.drop_column("old", "name")', ["drop_column"]),
        ('op.execute("UPDATE old SET name = NULL")', ["execute"]),
        ('with op.batch_alter_table("old") as old:\n        old.add_column(column)', ["batch_alter_table"]),
        ("_carry()", ["rename_table"]),
    ],
)
def test_what_an_older_program_would_notice_is_found(written: str, more: list[str]) -> None:
    helper = "" if "_carry" not in written else 'def _carry() -> None:\n    op.rename_table("old", "new")\n'
    undone = 'def downgrade() -> None:\n    op.drop_table("new")\n'
    assert list(_more_than_added(f"{helper}def upgrade() -> None:\n    {written}\n{undone}")) == more


def _more_than_added(text: str) -> Iterator[str]:
    """The operations of a layout, its helpers' too, that do more than add."""
    done = list(_operations(text))
    made = {_first(one) for name, one in done if name == "create_table"}
    for name, one in done:
        given = {word.arg: word.value for word in one.keywords}
        if name == "add_column" and _may_be_left_out(one):
            continue
        unique = given.get("unique")
        held = isinstance(unique, ast.Constant) and unique.value is True and _first(one, 1) not in made
        if name not in ADDS or (name == "create_index" and held):
            yield name


def _operations(text: str) -> Iterator[tuple[str, ast.Call]]:
    for part in ast.parse(text).body:
        if isinstance(part, ast.FunctionDef) and part.name == "downgrade":
            continue
        for node in ast.walk(part):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if isinstance(node.func.value, ast.Name) and node.func.value.id == "op":
                    yield node.func.attr, node


def _first(one: ast.Call, place: int = 0) -> object:
    named = one.args[place] if len(one.args) > place else None
    return named.value if isinstance(named, ast.Constant) else None


def _may_be_left_out(added: ast.Call) -> bool:
    column = next((one for one in added.args if isinstance(one, ast.Call)), None)
    given = {one.arg: one.value for one in column.keywords} if column is not None else {}
    nullable = given.get("nullable")
    return "server_default" in given or (isinstance(nullable, ast.Constant) and nullable.value is True)


def test_a_program_of_the_release_before_works_on_a_later_layout_that_only_added(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """While a release is rolled out, a process of the one before may be started again."""
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9998'"))
    assert migrate(database) == "9998"
    assert "on which this one works too" in caplog.text


@pytest.mark.parametrize("said", ["9998", None])
def test_a_store_of_a_later_release_that_did_more_is_left_alone(database: Database, said: str | None) -> None:
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9998'"))
        connection.execute(tables.meta.delete().where(tables.meta.c.name == "works-from"))
        if said is not None:
            connection.execute(tables.meta.insert().values(name="works-from", value=said))
    with pytest.raises(StoreNewer, match="9998"):
        migrate(database)
    with database.read() as connection:
        assert layout(connection) == "9998"
