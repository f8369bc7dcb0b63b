"""The signing proxy: an ordinary scanner tests a node that asks for tokens and proofs."""

from collections.abc import Iterator

import httpx2
import pytest
from mpex_conformance.config import Config
from mpex_conformance.mutants.bench import Bench
from mpex_conformance.partner.asgi import Server
from mpex_conformance.proxy import Proxy


@pytest.fixture
def proxy(reference: Bench) -> Iterator[str]:
    lab = reference.lab(Config())
    server = Server(Proxy(lab), "http://127.0.0.1:0", lifespan=True)
    yield f"http://127.0.0.1:{server.port}"
    server.close()
    lab.wire.close()


def test_the_header_decides_as_whom_a_request_is_signed(proxy: str) -> None:
    with httpx2.Client(base_url=proxy, trust_env=False) as client:
        as_anyone = client.get("/v1/tasks", headers={"X-Test-Identity": "anyone"})
        as_nobody = client.get("/v1/persons")
        as_staff = client.get("/v1/persons", headers={"X-Test-Identity": "registrar"})
        as_partner = client.get("/v1/persons", headers={"X-Test-Identity": "one"})
        as_unknown = client.get("/v1/persons", headers={"X-Test-Identity": "nobody"})
    statuses = [answer.status_code for answer in (as_anyone, as_nobody, as_staff, as_partner, as_unknown)]
    assert statuses == [200, 401, 200, 401, 401]
