"""The client at a server of others: oidc-provider in its mode of FAPI 2.0, over TLS, as the RFCs say."""

import json
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mpex_client import Client, SigningKey, errors

from tests.beside import ROOT, environment
from tests.certificates import certify
from tools import node

ACTION = "incidents:read"
CLIENT_ID = "client:independent"


class Beside:
    """The server of others: where it is, the key of the client that it knows, and whom to trust."""

    def __init__(self, url: str, authority: Path, key: SigningKey) -> None:
        self.url, self.key = url, key
        self._trust = ssl.create_default_context(cafile=str(authority))

    def client(self, key: SigningKey, **options: Any) -> Client:
        """Return a client of ours with that key."""
        transport = httpx2.HTTPTransport(verify=self._trust, trust_env=False)
        terms = {"purpose": "searchLiving", "legal_basis": "consent", **options}
        return Client.connect(self.url, client_id=CLIENT_ID, key=key, transport=transport, **terms)


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """The server in a process of its own, which ends with its input."""
    folder, key = tmp_path_factory.mktemp("beside"), SigningKey.generate()
    certify(folder)
    authority = folder / "authority.pem"
    given = {
        "key": (folder / "node.key").read_text(),
        "certificate": (folder / "node.pem").read_text(),
        "clients": [{"client_id": CLIENT_ID, "jwks": {"keys": [key.public_jwk]}}],
        "type": "urn:mpex:access",
    }
    process = subprocess.Popen(
        node.command("node", "tests/client/independent_server.mjs"),
        cwd=ROOT,
        env=environment(authority),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    with process:
        process.stdin.write(json.dumps(given) + "\n")
        process.stdin.flush()
        yield Beside(process.stdout.readline().strip(), authority, key)
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_the_client_discovers_gets_a_token_and_proves_possession_at_a_server_of_others(
    beside: Beside,
) -> None:
    with beside.client(beside.key) as client:
        (seen,) = client.incidents.list()
    claims = seen["claims"]
    assert claims["client_id"] == CLIENT_ID
    assert claims["cnf"]["jkt"]
    detail = {
        "type": "urn:mpex:access",
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "actions": [ACTION],
    }
    assert claims["authorization_details"] == [detail]


def test_a_key_that_the_other_server_does_not_know_gets_no_token(beside: Beside) -> None:
    with beside.client(SigningKey.generate()) as client, pytest.raises(errors.TokenRefusedError) as caught:
        list(client.incidents.list())
    assert caught.value.code == "invalid_client"
