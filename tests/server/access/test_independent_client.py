"""A client and resource server of others (oauth4webapi) use a node over TLS as the RFCs say."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from mpex_server.app import create_app
from mpex_server.http.edge import Edge
from mpex_server.kit.clock import SystemClock, instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.settings import Settings
from mpex_server.setup import serve
from mpex_server.storage.engine import transaction

from tests import beside
from tests.certificates import certify
from tests.server.world import Identity

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DETAILS = {
    "type": "urn:mpex:access",
    "purpose": "searchLiving",
    "legalBasis": "consent",
    "actions": ["incidents:read"],
}


@pytest.fixture
def app(settings: Settings, tmp_path: Path) -> Iterator[Edge]:
    """A node that uvicorn serves over TLS, with a certificate of `authority.pem`."""
    certify(tmp_path)
    sock = serve.bind("127.0.0.1", 0)
    url = f"https://127.0.0.1:{sock.getsockname()[1]}"
    app = create_app(settings.model_copy(update={"public_url": url}), clock=SystemClock())
    files = (tmp_path / "node.key", tmp_path / "node.pem")
    config = uvicorn.Config(app, log_config=None, ws="none", ssl_keyfile=files[0], ssl_certfile=files[1])
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([sock],))
    thread.start()
    yield app
    server.should_exit = True
    thread.join(60)


def _registered(app: Edge, key: Key) -> str:
    identity = Identity(new_id("client"), key)
    at = instant(SystemClock().now())
    with transaction(app.node.engine) as conn:
        clients.register_staff(conn, identity.client_id, roles=("registrar",), jwks=identity.jwks, at=at)
    return identity.client_id


def test_who_knows_only_the_rfcs_discovers_gets_a_token_uses_it_and_finds_it_sound(
    app: Edge, tmp_path: Path
) -> None:
    keys: dict[str, Key] = {
        "ES256": ECKey.generate_key("P-256", auto_kid=True),
        "PS256": RSAKey.generate_key(2048, auto_kid=True),
        "Ed25519": OKPKey.generate_key("Ed25519", auto_kid=True),
    }
    parties = [
        {"clientId": _registered(app, key), "key": key.as_dict(private=True), "alg": alg, "details": DETAILS}
        for alg, key in keys.items()
    ]
    url = app.node.settings.public_url
    seen = beside.ask(
        "tests/server/access/independent_client.mjs",
        authority=tmp_path / "authority.pem",
        issuer=url,
        path="/v1/incidents",
        parties=parties,
    )
    assert seen["server"]["issuer"] == seen["resource"]["resource"] == url
    assert seen["resource"]["authorization_servers"] == [url]
    for party, use in zip(parties, seen["uses"], strict=True):
        assert use["granted"]["authorization_details"] == [DETAILS]
        assert use["granted"]["token_type"] == "dpop"
        assert use["claims"]["authorization_details"] == [DETAILS]
        assert use["claims"]["client_id"] == party["clientId"]
        assert (use["status"], use["refused"]) == (200, True)
