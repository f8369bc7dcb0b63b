"""Fixtures for every test: databases of both kinds, each test with its own, and the shared real data.

One PostgreSQL cluster serves a session and starts only when a test asks for it. A part that needs tables
overrides ``prepare_database``; it is run once per kind of database, and each test gets a copy of the result.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from tools.embedded_postgres import cluster

ROOT = Path(__file__).parent.parent
Prepare = Callable[[str], None]

# A time limit per example measures the machine, not the code; a counterexample is printed as code to keep.
settings.register_profile("default", deadline=None, max_examples=60, database=None, print_blob=True)
settings.register_profile("deep", settings.get_profile("default"), max_examples=800)
settings.load_profile("default")


class Databases:
    """Hands out fresh databases, copied from one prepared template per kind and way of preparing."""

    def __init__(self, folder: Path, postgres: Callable[[], str]) -> None:
        self._folder = folder
        self._postgres = postgres
        self._numbers = count(1)
        self._templates: dict[tuple[str, Prepare | None], str] = {}

    def fresh(self, kind: str, prepare: Prepare | None) -> str:
        """Return the SQLAlchemy URL of a new database of ``kind`` as ``prepare`` left its template."""
        template = self._templates.get((kind, prepare))
        if template is None:
            template = self._new(kind, None)
            if prepare:
                prepare(template)
            self._templates[kind, prepare] = template
        return self._new(kind, template)

    def drop(self, url: str) -> None:
        """Remove a database handed out by ``fresh``, whoever is still connected to it."""
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{parsed.database}{suffix}").unlink(missing_ok=True)
        else:
            self._command(f'DROP DATABASE "{parsed.database}" WITH (FORCE)')

    def _new(self, kind: str, template: str | None) -> str:
        name = f"mpex_{next(self._numbers)}"
        source = sa.make_url(template).database if template else None
        if kind == "sqlite":
            path = self._folder / f"{name}.db"
            if source and Path(source).exists():
                _copy_sqlite(source, path)
            return f"sqlite:///{path}"
        # FILE_COPY of a small template is as quick as WAL_LOG once fsync is off, and leaves no log behind.
        self._command(f'CREATE DATABASE "{name}" TEMPLATE "{source or "template0"}" STRATEGY FILE_COPY')
        return sa.make_url(self._postgres()).set(database=name).render_as_string(hide_password=False)

    def _command(self, statement: str) -> None:
        engine = sa.create_engine(self._postgres(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


def _copy_sqlite(source: str, target: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        if Path(f"{source}{suffix}").exists():
            shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of the maintenance database of a real PostgreSQL that lives as long as the session."""
    with cluster() as url:
        yield url


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """The one maker of databases; PostgreSQL starts when the first test needs it."""
    folder = tmp_path_factory.mktemp("databases")
    return Databases(folder, lambda: str(request.getfixturevalue("postgres_url")))


@pytest.fixture
def prepare_database() -> Prepare | None:
    """Override to create tables; must be one function for a whole part, since it is the template's key."""
    return None


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, databases: Databases, prepare_database: Prepare | None
) -> Iterator[str]:
    """SQLAlchemy URL of a database of this test's own; the test runs once for each kind."""
    url = databases.fresh(request.param, prepare_database)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data, which is never committed; ``MPEX_SHARED_DATA`` says where it lies."""
    folder = Path(os.environ.get("MPEX_SHARED_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(
            f"REAL DATA ABSENT: no folder {folder.name!r} at MPEX_SHARED_DATA; this test proves nothing"
        )
    return folder
