"""Fixtures for every test: databases of both kinds, each test with its own, and the shared real data.

One PostgreSQL cluster serves a session and starts only when a test asks for it. A part that needs tables
overrides ``prepare_database``; it is run once per kind of database, and each test gets a copy of the result.
"""

import gc
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from mpex_server.storage import engine
from sqlalchemy import Engine, create_engine

from tests.databases import Databases, Prepare
from tools import softhsm as softhsm_tool
from tools.embedded_postgres import cluster
from tools.softhsm import SoftHsm

ROOT = Path(__file__).parent.parent

# A time limit per example measures the machine, not the code; a counterexample is printed as code to keep.
settings.register_profile("default", deadline=None, max_examples=60, database=None, print_blob=True)
settings.register_profile("deep", settings.get_profile("default"), max_examples=800)
settings.load_profile("default")

# A test's database dies with it, and only a machine that stops loses what is not on the disk yet.
engine._SQLITE_PRAGMAS = (*engine._SQLITE_PRAGMAS, "PRAGMA synchronous=OFF")


class _Statements(dict[Any, Any]):
    """Compiled statements for all engines of a kind: a test opens new ones, and compiling costs a tenth."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


def _create_engine(url: str, **options: Any) -> Engine:
    made = create_engine(url, **options)
    made.update_execution_options(compiled_cache=_statements[made.name])
    return made


_statements: defaultdict[str, _Statements] = defaultdict(_Statements)
pytest.MonkeyPatch().setattr(engine, "create_engine", _create_engine)

# Files are handed out whole, in this order: a long one that began last would keep everybody waiting.
LONGEST_FIRST = (
    "tests/conformance/test_conformance_self_test",
    "tests/oracle/test_oracle_run_live",
    "tests/conformance/test_conformance_sandbox",
    "tests/demo/",
    "tests/server/exchange/test_onward",
    "tests/docs/",
    "tests/server/exchange/test_after_custody",
    "tests/oracle/",
    "tests/client/test_client_cli_sandbox",
    "tests/server/exchange/test_latency",
    "tests/server/exchange/test_before_it_is_told",
    "tests/conformance/",
    "tests/tooling/",
    "tests/packaging/",
    "tests/server/test_contract_matrix",
    "tests/domain/test_consent_properties",
    "tests/server/exchange/",
    "tests/client/",
    "tests/policy/",
    "tests/server/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; within a file and among the others the order stays random."""
    items.sort(key=_place)


def pytest_collection_finish() -> None:
    """Leave what is there before the first test, and stays to the end, out of the collection of garbage."""
    gc.collect()
    gc.freeze()


def _place(item: pytest.Item) -> int:
    fitting = (place for place, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start))
    return next(fitting, len(LONGEST_FIRST))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of the maintenance database of a real PostgreSQL that lives as long as the session."""
    with cluster() as url:
        yield url


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    """The one maker of databases; PostgreSQL starts when the first test needs it."""
    folder = tmp_path_factory.mktemp("databases")
    databases = Databases(folder, lambda: str(request.getfixturevalue("postgres_url")))
    yield databases
    databases.close()


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
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """SoftHSM with a folder of its own for tokens, which this process and those that it starts see."""
    found = softhsm_tool.find()
    # It is unpacked from Debian's packages: elsewhere a newcomer may not have it, and CI warns of it.
    if found is None and os.environ.get("MPEX_NEEDS_TOKEN") != "1":
        pytest.skip("NO TOKEN: `python -m tools.softhsm` found no SoftHSM; this test proves nothing")
    assert found, "there is no SoftHSM, and MPEX_NEEDS_TOKEN=1 is set"
    found.settle(tmp_path_factory.mktemp("softhsm"))
    return found


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data, which is never committed; ``MPEX_SHARED_DATA`` says where it lies."""
    folder = Path(os.environ.get("MPEX_SHARED_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(
            f"REAL DATA ABSENT: no folder {folder.name!r} at MPEX_SHARED_DATA; this test proves nothing"
        )
    return folder
