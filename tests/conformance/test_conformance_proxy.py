"""The signing proxy: an ordinary scanner tests a node that asks for tokens and proofs."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from mpex_conformance.config import Config
from mpex_conformance.mutants.bench import Bench
from mpex_conformance.partner.asgi import Server
from mpex_conformance.proxy import Proxy
from mpex_spec import Spec, root
from mpex_spec.bundle import bundle

PATHS = r"^/v1/(persons|directives)(/\{\w+\})?$"


@pytest.fixture
def proxy(reference: Bench) -> Iterator[str]:
    lab = reference.lab(Config())
    server = Server(Proxy(lab), "http://127.0.0.1:0", lifespan=True)
    yield f"http://127.0.0.1:{server.port}"
    server.close()
    lab.wire.close()


def test_the_header_decides_as_whom_a_request_is_signed(proxy: str) -> None:
    with httpx2.Client(base_url=proxy, trust_env=False) as client:
        as_nobody = client.get("/v1/persons")
        as_staff = client.get("/v1/persons", headers={"X-Test-Identity": "registrar"})
        as_partner = client.get("/v1/persons", headers={"X-Test-Identity": "one"})
        as_unknown = client.get("/v1/persons", headers={"X-Test-Identity": "nobody"})
    statuses = [answer.status_code for answer in (as_nobody, as_staff, as_partner, as_unknown)]
    assert statuses == [401, 200, 401, 401]


def test_schemathesis_runs_unchanged_through_the_proxy(proxy: str, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    whole = bundle(Spec(root()))
    paths = whole["paths"]
    document.write_text(json.dumps(whole), "utf-8")
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    arguments = ["run", str(document), "--url", proxy, "--header", "X-Test-Identity: registrar"]
    arguments += [
        "--checks",
        checks,
        "--phases",
        "fuzzing",
        "--max-examples",
        "2",
        "--seed",
        "1",
        "--no-shrink",
        "--suppress-health-check",
        "filter_too_much,too_slow",
    ]
    arguments += ["--include-path-regex", PATHS, "--no-color"]
    command = [sys.executable, "-m", "schemathesis.cli", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    tried = [path for path in paths if re.search(PATHS, path)]
    operations = sum(len(paths[path].keys() & {"get", "post", "put"}) for path in tried)
    assert f"{operations} passed" in done.stdout
