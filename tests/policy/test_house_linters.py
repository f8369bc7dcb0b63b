"""Each house linter catches a deliberate violation of each rule; `make check` runs them on this tree."""

import json
import shutil
from itertools import islice
from pathlib import Path

import pytest

from tools.lint import arrows, house, itself, licences, locks
from tools.lint.findings import SOURCES, files, modules

ROOT = Path(__file__).resolve().parents[2]
SERVER = "reference_server/src/mpex_server"
SLASH = "/"  # keeps the deliberate violations out of this file's own text

WRONG_IMPORTS = {
    "the standard reads the server": ("spec/src/mpex_spec/x.py", "import mpex_server.app"),
    "the server borrows the client": (f"{SERVER}/x.py", "from mpex_client import Client"),
    "the suite borrows the client": ("conformance/src/mpex_conformance/x.py", "import mpex_client"),
    "the client borrows the server": ("client_sdk/src/mpex_client/x.py", "from mpex_server.kit import ids"),
    "kit knows a resource": (f"{SERVER}/kit/x.py", "from mpex_server.records import service"),
    "kit knows a resource, relatively": (f"{SERVER}/kit/x.py", "from ..records import service"),
    "a pure rule reads a table": (f"{SERVER}/domain/x.py", "from mpex_server.storage import tables"),
    "a pure rule knows the server": (f"{SERVER}/domain/x.py", "import uvicorn.protocols"),
    "a pure rule queries": (f"{SERVER}/domain/consent/x.py", "import sqlalchemy as sa"),
    "a repository calls its service": (f"{SERVER}/records/repository.py", "from .service import create"),
    "a repository knows HTTP": (f"{SERVER}/records/repository.py", "from mpex_server.http import answers"),
    "a service knows the wire": (f"{SERVER}/records/service.py", "from mpex_server.http.asgi import Scope"),
    "a service calls its route": (f"{SERVER}/records/service.py", "from mpex_server.records import routes"),
    "a route queries": (f"{SERVER}/records/routes.py", "from sqlalchemy import select"),
    "a route names a table": (
        f"{SERVER}/records/routes.py",
        "from mpex_server.storage.tables import document",
    ),
}
RIGHT_IMPORTS = {
    "the server reads the standard": (f"{SERVER}/x.py", "from mpex_spec import schema"),
    "kit uses kit": (f"{SERVER}/kit/x.py", "from . import clock"),
    "a service takes a connection": (f"{SERVER}/records/service.py", "from sqlalchemy import Connection"),
    "a route calls its service": (f"{SERVER}/records/routes.py", "from . import service"),
}
BROKEN_HOUSE_RULES = {
    "the machine's clock": ("wall-clock", "import datetime as dt\nNOW = dt.datetime.now(dt.UTC)"),
    "the machine's seconds": ("wall-clock", "import time\nNOW = time.time()"),
    "today": ("wall-clock", "from datetime import date\nDAY = date.today()"),
    "a value formatted into an event": ("log-event", 'log.info(f"found {name}")'),
    "a value appended to an event": ("log-event", 'self._log.warning("found %s", name)'),
    "a whole document in a log": ("log-event", 'logger.info("found", record=found)'),
    "unnamed values in a log": ("log-event", 'logger.info("found", **found)'),
    "silenced without a code": ("silenced", "import x  # type: " + "ignore"),
    "silenced without a reason": ("silenced", "import x  # no" + "qa: F401"),
    "a reason given for another code": (
        "silenced",
        "import x  # no" + "qa: F401 - registers handlers\nimport y  # no" + "qa: E402",
    ),
    "an expected failure": ("skipped", "import pytest\n@pytest.mark.xfail\ndef test_x(): ..."),
    "a skip without a reason": ("skipped", "import pytest\n@pytest.mark.skipif(True)\ndef test_x(): ..."),
    "a module of 401 lines": ("long-module", "x = 1\n" * 400),
    "a module without a docstring": ("module-docstring", "\nx = 1"),
}
HONOURED_HOUSE_RULES = {
    "an event with a code": 'log.info("record.created", record_id=made.id)',
    "silenced with code and reason": "import x  # no" + "qa: F401 - imported for its side effect",
    "a reason given once": "import x  # no" + "qa: F401 - registers handlers\nimport y  # no" + "qa: F401",
    "a duration": "import time\nSTART = time.monotonic()",
}


def _put(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def test_the_linters_see_the_whole_repository() -> None:
    assert len(list(islice(modules(ROOT, *SOURCES), 8))) == 8
    assert {path.name for path in files(ROOT)} >= {
        "pyproject.toml",
        "Makefile",
        "requirements.lock",
        "run",
    }


@pytest.mark.parametrize(("path", "line"), WRONG_IMPORTS.values(), ids=WRONG_IMPORTS)
def test_an_import_against_the_arrows_is_caught(tmp_path: Path, path: str, line: str) -> None:
    _put(tmp_path, path, line)
    assert [(finding.path, finding.rule) for finding in arrows.check(tmp_path)] == [(path, "arrow")]


@pytest.mark.parametrize(("path", "line"), RIGHT_IMPORTS.values(), ids=RIGHT_IMPORTS)
def test_an_import_along_the_arrows_is_accepted(tmp_path: Path, path: str, line: str) -> None:
    _put(tmp_path, path, line)
    assert not list(arrows.check(tmp_path))


@pytest.mark.parametrize(("rule", "text"), BROKEN_HOUSE_RULES.values(), ids=BROKEN_HOUSE_RULES)
def test_a_broken_house_rule_is_caught(tmp_path: Path, rule: str, text: str) -> None:
    docstring = "" if rule == "module-docstring" else '"""What it is for."""\n'
    _put(tmp_path, f"{SERVER}/x.py", docstring + text)
    assert [finding.rule for finding in house.check(tmp_path)] == [rule]


@pytest.mark.parametrize("text", HONOURED_HOUSE_RULES.values(), ids=HONOURED_HOUSE_RULES)
def test_an_honoured_house_rule_is_accepted(tmp_path: Path, text: str) -> None:
    _put(tmp_path, f"{SERVER}/x.py", f'"""What it is for."""\n{text}')
    assert not list(house.check(tmp_path))


def test_the_clock_module_may_read_the_clock(tmp_path: Path) -> None:
    _put(tmp_path, f"{SERVER}/kit/clock.py", '"""The clock."""\nimport time\nNOW = time.time()')
    assert not list(house.check(tmp_path))


@pytest.mark.parametrize("path", ["work", "tmp", "root", "home"])
def test_a_path_of_one_machine_is_caught(tmp_path: Path, path: str) -> None:
    _put(tmp_path, "docs/page.md", f"Run it in {SLASH}{path}{SLASH}somewhere.")
    assert [finding.rule for finding in itself.check(tmp_path)] == ["machine-path"]


@pytest.mark.parametrize("host", ["pypi.org", "files.pythonhosted.org", "registry.npmjs.org"])
def test_an_address_of_a_package_host_is_caught(tmp_path: Path, host: str) -> None:
    _put(tmp_path, "x.toml", f'url = "https:{SLASH}{SLASH}{host}{SLASH}simple"')
    assert [finding.rule for finding in itself.check(tmp_path)] == ["package-host"]


@pytest.mark.parametrize("path", ["../shared/data", ".ci/run", "https://example.org/home/page", "a/work/b"])
def test_a_relative_path_or_a_public_address_is_accepted(tmp_path: Path, path: str) -> None:
    _put(tmp_path, "docs/page.md", f"See {path} for more.")
    assert not list(itself.check(tmp_path))


@pytest.mark.parametrize("stated", ["GPL-3.0-or-later", "License :: OSI Approved :: GNU Affero", "", "Mine"])
def test_a_licence_that_binds_users_or_is_unknown_is_refused(stated: str) -> None:
    assert licences.refused(stated)


@pytest.mark.parametrize("stated", ["MIT", "Apache-2.0 OR BSD-3-Clause", "LGPL-3.0-only", "MPL-2.0"])
def test_a_licence_that_leaves_users_free_is_accepted(stated: str) -> None:
    assert not licences.refused(stated)


class TestLocks:
    """A lock with an address, without a hash, or behind its declaration is caught."""

    @pytest.fixture
    def copy(self, tmp_path: Path) -> Path:
        """Return a copy of the files that the lock linter reads, which it accepts as they are."""
        for name in (*locks.LOCKS, "pyproject.toml", "package.json", "package-lock.json"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
        for member in locks.MEMBERS:
            (tmp_path / member).mkdir()
            shutil.copy(ROOT / member / "pyproject.toml", tmp_path / member)
        assert not list(locks.check(tmp_path))
        return tmp_path

    @pytest.mark.parametrize("line", ["left-pad==1.0", "x @ file:///x --hash=sha256:0", "--index-url x"])
    def test_a_line_without_pin_or_hash_is_caught(self, copy: Path, line: str) -> None:
        with (copy / "requirements.lock").open("a") as lock:
            lock.write(f"{line}\n")
        assert [finding.path for finding in locks.check(copy)] == ["requirements.lock"]

    def test_a_new_dependency_that_is_not_locked_is_caught(self, copy: Path) -> None:
        project = copy / "client_sdk" / "pyproject.toml"
        project.write_text(project.read_text().replace('"pydantic>', '"left-pad", "pydantic>'))
        assert ["left-pad" in finding.message for finding in locks.check(copy)] == [True]

    def test_a_raised_minimum_that_the_lock_does_not_meet_is_caught(self, copy: Path) -> None:
        project = copy / "client_sdk" / "pyproject.toml"
        project.write_text(project.read_text().replace('"rich>=13"', '"rich>=1300"'))
        assert ["rich>=1300" in finding.message for finding in locks.check(copy)] == [True]

    def test_a_version_of_its_own_is_caught(self, copy: Path) -> None:
        project = copy / "conformance" / "pyproject.toml"
        project.write_text(project.read_text().replace('version = "', 'version = "9', 1))
        assert [finding.rule for finding in locks.check(copy)] == ["one-version"]

    @pytest.mark.parametrize(
        ("member", "value"),
        [("resolved", "https://host.example/x.tgz"), ("integrity", None), ("version", "0.0.0")],
    )
    def test_an_npm_entry_with_an_address_or_without_a_pin_is_caught(
        self, copy: Path, member: str, value: str | None
    ) -> None:
        path = copy / "package-lock.json"
        lock = json.loads(path.read_text())
        entry = lock["packages"]["node_modules/ajv"]
        entry.pop(member, None)
        entry |= {member: value} if value else {}
        path.write_text(json.dumps(lock))
        assert [finding.path for finding in locks.check(copy)] == ["package-lock.json"]
