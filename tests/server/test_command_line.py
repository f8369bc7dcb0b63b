"""The command line: a sandbox that runs as a process, and the registry of partners."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from mpex_server.cli import app
from mpex_server.keys.files import new_signing_jwk, public_jwk
from typer.testing import CliRunner


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def node(tmp_path: Path) -> Path:
    folder = tmp_path / "node"
    run("init", "--dir", folder, "--url", "https://node.example", "--name", "Node of the tests")
    return folder


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A sandbox as a process of its own, ready to answer."""
    command = [sys.executable, "-m", "mpex_server", "sandbox", "--dir", str(tmp_path / "node")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Profile"):
                break
        yield process, tmp_path / "node"
        process.kill()


def test_a_sandbox_serves_says_so_and_stops_cleanly(sandbox: tuple[subprocess.Popen[str], Path]) -> None:
    process, folder = sandbox
    profile = tomllib.loads((folder / "profile.toml").read_text("utf-8"))
    transport = httpx2.HTTPTransport(retries=20)
    with httpx2.Client(transport=transport, base_url=profile["node"]["url"], timeout=20) as client:
        metadata = client.get("/.well-known/mpex-node").json()
    assert metadata["environment"] == "sandbox"
    assert metadata["nodeId"] == profile["node"]["node_id"]
    assert set(profile["identity"]) == {
        "registrar",
        "caseWorker",
        "releaseOfficer",
        "auditor",
        "administrator",
    }
    assert json.loads(profile["partner"]["two"]["key"])["kty"] == "EC"
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_a_signed_registry_is_the_whole_truth(node: Path, tmp_path: Path) -> None:
    entries = []
    for name in ("one", "two"):
        other = tmp_path / name
        run("init", "--dir", other, "--url", f"https://{name}.example", "--name", f"Node {name}")
        entry = run("partners", "entry", "--dir", other, "--purpose", "searchLiving")
        (tmp_path / f"{name}.json").write_text(entry)
        entries.append(tmp_path / f"{name}.json")
    run("partners", "add", "--dir", node, entries[0])
    assert "https://one.example" in run("partners", "list", "--dir", node)
    anchor = new_signing_jwk()
    (tmp_path / "anchor.jwk").write_text(json.dumps(anchor))
    (tmp_path / "anchor.public.jwk").write_text(json.dumps(public_jwk(anchor)))
    registry = run("partners", "sign", tmp_path / "anchor.jwk", entries[1])
    (tmp_path / "registry.jws").write_text(registry)
    run("partners", "import", "--dir", node, tmp_path / "registry.jws", tmp_path / "anchor.public.jwk")
    listed = run("partners", "list", "--dir", node)
    assert "https://two.example" in listed
    assert "https://one.example" not in listed


def test_a_registry_by_a_stranger_is_refused(node: Path, tmp_path: Path) -> None:
    (tmp_path / "anchor.jwk").write_text(json.dumps(new_signing_jwk()))
    (tmp_path / "stranger.jwk").write_text(json.dumps(public_jwk(new_signing_jwk())))
    entry = run("partners", "entry", "--dir", node, "--purpose", "searchLiving")
    (tmp_path / "entry.json").write_text(entry)
    registry = run("partners", "sign", tmp_path / "anchor.jwk", tmp_path / "entry.json")
    (tmp_path / "registry.jws").write_text(registry)
    files = (str(tmp_path / "registry.jws"), str(tmp_path / "stranger.jwk"))
    result = CliRunner().invoke(app, ["partners", "import", "--dir", str(node), *files])
    assert result.exit_code != 0
    assert run("partners", "list", "--dir", node) == ""


def test_a_client_is_added_with_a_key_that_only_its_owner_reads(node: Path, tmp_path: Path) -> None:
    file = tmp_path / "auditor.jwk"
    output = run("clients", "add", "--dir", node, "--role", "auditor", "--key-file", file)
    assert output.startswith("Client client:")
    assert json.loads(file.read_text())["d"]
    assert file.stat().st_mode & 0o077 == 0
    refused = CliRunner().invoke(
        app, ["clients", "add", "--dir", str(node), "--role", "x", "--key-file", "y"]
    )
    assert refused.exit_code == 2
