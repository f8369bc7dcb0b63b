"""Built wheels work in an empty environment outside the workspace, and bring only what they need.

An editable install reads the repository, so it cannot show that a file is missing from a wheel or that an
import is missing from a distribution's metadata. Wheels are built from source distributions, as users do.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"
FOLDERS = {
    "mpex-spec": "spec",
    "mpex-server": "reference_server",
    "mpex-client": "client_sdk",
    "mpex-conformance": "conformance",
}
SCRIPTS = {
    "mpex-spec[tools]": "mpex-spec",
    "mpex-server": "mpex-server",
    "mpex-client": "mpex",
    "mpex-conformance": "mpex-conformance",
}
UNWANTED = {
    "mpex-spec": {"typer", "pydantic", "httpx2", "mpex-server", "mpex-client", "mpex-conformance"},
    "mpex-server": {"fastapi", "starlette", "opentelemetry-sdk", "mpex-client", "mpex-conformance"},
    "mpex-client": {"fastapi", "starlette", "uvicorn", "sqlalchemy", "mpex-server", "mpex-conformance"},
    "mpex-conformance": {"fastapi", "sqlalchemy", "schemathesis", "mpex-server", "mpex-client"},
}
NEED_AN_EXTRA = {
    "mpex-server": [
        *(f"mpex_server.keys.{name}" for name in ("token", "token_keys", "token_objects", "token_place")),
        "mpex_server.observation.otel",
    ],
    "mpex-conformance": ["mpex_conformance.scan_hooks"],
}
IMPORT_ALL = """
import importlib, json, pkgutil, sys
package, lacking = importlib.import_module(sys.argv[1]), []
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if ".migrations." not in found.name:
        try:
            importlib.import_module(found.name)
        except ModuleNotFoundError:
            lacking.append(found.name)
print(json.dumps([package.__file__, lacking]))
"""


def _run(*command: object, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """An environment that holds one distribution and what its metadata asks for."""

    home: Path

    def run(self, tool: str, *arguments: str) -> str:
        """Run a tool of this environment outside the repository and return what it prints."""
        return _run(self.home / "bin" / tool, *arguments, cwd=self.home)

    def packages(self) -> set[str]:
        """Return the names of the distributions installed here."""
        listed = _run(
            UV, "pip", "list", "-q", "--python", self.home / "bin/python", "--format=json", cwd=self.home
        )
        return {entry["name"] for entry in json.loads(listed)}


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the four wheels, each built from its source distribution."""
    folder = tmp_path_factory.mktemp("wheels")
    for source in FOLDERS.values():
        unpacked = tmp_path_factory.mktemp(source)
        _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", unpacked, cwd=ROOT / source)
        # By a program: of Python's own way the safe form is not in every 3.11.
        _run("tar", "-xzf", next(unpacked.glob("*.tar.gz")), cwd=unpacked)
        inside = next(path for path in unpacked.iterdir() if path.is_dir())
        _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=inside)
    return folder


@pytest.fixture(scope="session")
def installed(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Environment]:
    """Function that installs one distribution, at the locked versions, into an environment of its own."""
    made: dict[str, Environment] = {}

    def install(distribution: str) -> Environment:
        if distribution not in made:
            home = tmp_path_factory.mktemp("environment") / "venv"
            _run(UV, "venv", "-q", "--python", sys.executable, home, cwd=wheels)
            command: list[str | Path] = [
                UV, "pip", "install", "-q", "--python", home / "bin/python", "--find-links", wheels,
                "--prerelease", "allow", "--constraint", ROOT / "requirements.lock", distribution,
            ]  # fmt: skip
            # What installed the tools has left these packages in its cache; without one, ask the index.
            offline = subprocess.run([*command, "--offline"], cwd=wheels, capture_output=True, check=False)
            if offline.returncode:
                _run(*command, cwd=wheels)
            made[distribution] = Environment(home)
        return made[distribution]

    return install


@pytest.mark.parametrize("distribution", SCRIPTS)
def test_every_module_imports_but_those_of_an_extra_and_the_command_answers(
    installed: Callable[[str], Environment], distribution: str
) -> None:
    environment = installed(distribution)
    package = distribution.removesuffix("[tools]").replace("-", "_")
    origin, lacking = json.loads(environment.run("python", "-I", "-c", IMPORT_ALL, package))
    assert Path(origin).is_relative_to(environment.home)
    assert lacking == NEED_AN_EXTRA.get(distribution, [])
    assert "Usage" in environment.run(SCRIPTS[distribution], "--help")


@pytest.mark.parametrize("distribution", UNWANTED)
def test_a_distribution_brings_nothing_it_does_not_need(
    installed: Callable[[str], Environment], distribution: str
) -> None:
    packages = installed(distribution).packages()
    assert {distribution, "mpex-spec"} <= packages
    assert not packages & UNWANTED[distribution]


def test_the_wheel_of_the_standard_carries_the_normative_files(
    installed: Callable[[str], Environment],
) -> None:
    environment = installed("mpex-spec")
    data = next(environment.home.glob("lib/python*/site-packages/mpex_spec")) / "_data"
    for name in (
        "access.csv",
        "openapi.yaml",
        "requirements.yaml",
        "spec.md",
        "trust.md",
        "schemas",
        "codelists",
        "vectors",
        "examples",
        "diagrams",
    ):
        original, carried = ROOT / "spec" / name, data / name
        assert _files(original) == _files(carried), name
        if original.is_file():
            assert carried.read_bytes() == original.read_bytes()


@pytest.mark.parametrize("distribution", FOLDERS)
def test_a_wheel_carries_its_licence(installed: Callable[[str], Environment], distribution: str) -> None:
    folder = distribution.replace("-", "_")
    texts = list(installed(distribution).home.glob(f"lib/python*/site-packages/{folder}-*/licenses/LICENSE*"))
    assert (ROOT / "LICENSE").read_bytes() in [text.read_bytes() for text in texts]


@pytest.mark.parametrize("distribution", FOLDERS)
def test_a_wheel_carries_every_file_of_its_package(
    installed: Callable[[str], Environment], distribution: str
) -> None:
    package = distribution.replace("-", "_")
    carried = next(installed(distribution).home.glob(f"lib/python*/site-packages/{package}"))
    original = ROOT / FOLDERS[distribution] / "src" / package
    missing = {file for file in _files(original) if not (carried / file).exists()}
    assert not missing


def _files(folder: Path) -> set[Path]:
    return {
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
