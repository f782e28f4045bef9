"""The books moved to another database, both ways: every table, every row, exactly; and what is refused leaves both as they were."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from shutil import copyfile

import pytest
from sqlalchemy import JSON, Boolean, Integer, LargeBinary, func, insert, null, select, text

from bot.domain.errors import DatabaseFailed, InputError, RunLocked
from bot.store.all_tables import metadata
from bot.store.approval_tables import decisions
from bot.store.approvals import SqlApprovalBook
from bot.store.columns import Instant
from bot.store.database import connect_database, fetch_revision
from bot.store.move import move_database
from bot.store.opening import open_database
from bot.store.schema import REVISIONS
from tests.builders.known_people import decision, fill
from tests.databases import new_postgres_database, new_sqlite_database

AT = datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=UTC)
ROWS = 3
DEEP = {"b": [1, 1.0, 1e300, "æ\u2028😀"], "a": {"": None, "x": True}, "12.50": "300000.00"}
WORDS = ["", "O'Brien; -- ærø\n\t\x1f😀", "  blank  "]


OF_KIND = {JSON: (DEEP, [], {"z": 1, "a": 2}), Integer: (7, 2**31 - 2, 12), LargeBinary: (b"\x00\xff", b"", b"PK\x03\x04")}


def value_of(column, number):
    """Something that a database may read otherwise: nothing, an empty text, half a second, an order of keys."""
    if column.nullable and number == 0:
        return None
    match column.type:
        case Boolean():
            return number % 2 == 0
        case Instant():
            return AT + timedelta(days=number, microseconds=-number)
    for kind, values in OF_KIND.items():
        if isinstance(column.type, kind):
            return values[number]
    return f"{number}{WORDS[number]}" if column.primary_key else WORDS[number]


def written(url):
    """Every row of every table, as they are read, in one order."""
    with connect_database(url) as database, database.read() as connection:
        return {
            table.name: sorted(json.dumps([*row], default=str) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def make_full(url):
    """Rows in every table, and a person with all that belongs to one."""
    with open_database(url) as database:
        fill(database)
        with database.write() as connection:
            for table in metadata.sorted_tables:
                first, *others = ({one.name: value_of(one, number) for one in table.columns} for number in range(ROWS))
                connection.execute(insert(table).values({name: null() if value is None else value for name, value in first.items()}))
                connection.execute(insert(table), others)
    return url


class Books:
    """Databases without a schema, at the newest one, or full; those that are full are copies of one."""

    def __init__(self, folder, server):
        self._folder, self._server, self._life, self._full = folder, server, ExitStack(), {}

    def new(self, kind, state, file):
        """Yields the address."""
        return self._on_server(state) if kind == "postgresql" else self._in_file(state, file)

    @contextmanager
    def _in_file(self, state, file):
        if state == "full":
            if "sqlite" not in self._full:
                make_full(new_sqlite_database(self._folder / "full.db"))
                self._full["sqlite"] = self._folder / "full.db"
            copyfile(self._full["sqlite"], file).chmod(0o600)
        yield new_sqlite_database(file) if state == "made" else f"sqlite:///{file}"

    @contextmanager
    def _on_server(self, state):
        if state == "full" and "postgresql" not in self._full:
            made = self._life.enter_context(new_postgres_database(self._server, migrated=True))
            self._full["postgresql"] = make_full(made)
        full = self._full["postgresql"] if state == "full" else None
        with new_postgres_database(self._server, migrated=state == "made", like=full) as address:
            yield address

    def close(self):
        self._life.close()


@pytest.fixture(scope="module")
def books(tmp_path_factory, server):
    with closing(Books(tmp_path_factory.mktemp("books"), server)) as made:
        yield made


@pytest.fixture(params=["to postgresql", "to sqlite", "from file to file"])
def two(request, tmp_path, books):
    """The addresses of where the books are, and of where they go, each in a state of `Books`."""
    kinds = ("postgresql" if request.param == way else "sqlite" for way in ("to sqlite", "to postgresql"))
    with ExitStack() as life:
        yield lambda *states: [
            life.enter_context(books.new(kind, state, tmp_path / f"{name}.db"))
            for kind, state, name in zip(kinds, states, ("old", "new"), strict=True)
        ]


def test_every_row_of_every_table_is_there_exactly_and_the_old_books_are_as_they_were(two):
    source, target = two("full", "empty")
    before = written(source)
    assert all(len(rows) >= ROWS for rows in before.values())
    moved = move_database(source, target)
    assert moved.rows == {name: len(rows) for name, rows in before.items()}
    assert moved.total == sum(moved.rows.values())
    assert (written(target), written(source)) == (before, before)
    assert "password" not in f"{moved.source}{moved.target}"


def test_there_and_back_again_is_the_same(tmp_path, empty_postgres):
    first, last = new_sqlite_database(tmp_path / "first.db"), f"sqlite:///{tmp_path / 'last.db'}"
    make_full(first)
    move_database(first, empty_postgres)
    move_database(empty_postgres, last)
    assert written(last) == written(first)
    with connect_database(first) as one, connect_database(last) as other, one.read() as here, other.read() as there:
        for table in metadata.sorted_tables:
            names = [column.name for column in table.columns if isinstance(column.type, JSON)]
            for name in names:
                asked = text(f"SELECT {name} FROM {table.name}")  # noqa: S608 - our own names
                assert sorted(map(str, here.execute(asked))) == sorted(map(str, there.execute(asked))), "letter by letter"


def test_numbers_go_on_after_the_highest(two):
    """The next decision takes none that is there."""
    source, target = two("made", "made")
    with open_database(source) as database:
        SqlApprovalBook(database).add_decisions([decision("a"), decision("b"), decision("c")])
    move_database(source, target)
    with open_database(target) as database:
        SqlApprovalBook(database).add_decisions([decision("d")])
        with database.read() as connection:
            assert connection.execute(select(func.max(decisions.c.number))).scalar() == 4


def test_more_rows_than_go_at_a_time(two):
    source, target = two("made", "made")
    people = metadata.tables["people"]
    with open_database(source) as database, database.write() as connection:
        row = {column.name: value_of(column, 1) for column in people.columns}
        connection.execute(insert(people), [{**row, "email": f"p{number}@by.example"} for number in range(2_345)])
    assert move_database(source, target).rows["people"] == 2_345
    assert written(target) == written(source)


def test_a_database_that_is_not_empty_is_no_target(two):
    source, target = two("full", "made")
    with open_database(target) as database:
        SqlApprovalBook(database).add_decisions([decision("mine")])
    before = written(target)
    with pytest.raises(InputError, match="move_target_not_empty"):
        move_database(source, target)
    assert written(target) == before


@pytest.mark.parametrize("which", [0, 1])
def test_while_somebody_has_one_of_them_open_nothing_is_moved(two, which):
    """A service that rests between two rounds, too: it would go on in the old books."""
    addresses = two("full", "made")
    with open_database(addresses[which]) as service:
        with service.read() as connection:
            connection.execute(select(func.count()).select_from(decisions))
        with pytest.raises(RunLocked, match="database_in_use"):
            move_database(*addresses)
    assert not any(written(addresses[1]).values())
    move_database(*addresses)


def test_a_move_that_breaks_off_leaves_nothing_and_may_be_repeated(two):
    """One transaction: here the last table takes no row."""
    source, target = two("full", "made")
    before = written(source)
    last = metadata.sorted_tables[-1].name
    with connect_database(target) as database, database.write() as connection:
        connection.execute(text(f"ALTER TABLE {last} RENAME TO {last}_old"))
        connection.execute(text(f"CREATE TABLE {last} (nil VARCHAR)"))
    with pytest.raises(Exception, match=last):
        move_database(source, target)
    with connect_database(target) as database, database.write() as connection:
        connection.execute(text(f"DROP TABLE {last}"))
        connection.execute(text(f"ALTER TABLE {last}_old RENAME TO {last}"))
    assert not any(written(target).values())
    move_database(source, target)
    assert (written(source), written(target)) == (before, before)


def test_what_arrives_otherwise_is_not_kept(two):
    """The target is read again before it is believed."""
    source, target = two("full", "made")
    with connect_database(target) as database, database.write() as connection:
        if database.file is None:
            connection.execute(text("CREATE FUNCTION less() RETURNS trigger AS 'BEGIN NEW.text := ''''; RETURN NEW; END' LANGUAGE plpgsql"))
            connection.execute(text("CREATE TRIGGER less BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION less()"))
        else:
            connection.execute(
                text("CREATE TRIGGER less AFTER INSERT ON notes BEGIN UPDATE notes SET text = '' WHERE rowid = NEW.rowid; END")
            )
    with pytest.raises(DatabaseFailed, match="move_differs"):
        move_database(source, target)
    assert not any(written(target).values())


def test_books_of_another_version_are_not_moved(two):
    """The older program's are upgraded first; what is not there, or is the same, is told."""
    source, target = two("made", "made")
    for url in (source, target):
        with connect_database(url) as database, database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        with pytest.raises(DatabaseFailed, match="database_behind"):
            move_database(source, target)
        with connect_database(url) as database, database.write() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{REVISIONS[-1]}'"))  # noqa: S608 - our own
            assert fetch_revision(database) is not None
    with pytest.raises(InputError, match="move_onto_itself"):
        move_database(source, source)


def test_a_file_that_is_not_there_or_no_database_is_told(tmp_path):
    missing, broken, new = (f"sqlite:///{tmp_path / name}" for name in ("missing.db", "broken.db", "new.db"))
    with pytest.raises(InputError, match="move_of_nothing"):
        move_database(missing, new)
    (tmp_path / "broken.db").write_bytes(b"no database" * 1000)
    with pytest.raises(DatabaseFailed, match="database_not_a_database"):
        move_database(broken, new)
