"""Partners that do not keep to the standard: their answers are refused, and nothing here stops for them."""

from typing import Any

import httpx2
import pytest
from mpex_server.kit import strict_json
from mpex_server.kit.ids import new_id
from mpex_server.peers import signatures
from mpex_server.peers.wire import Answer
from mpex_server.recalls import delivery
from mpex_server.release_requests import proofs, statements

from tests.server.exchange.test_events import claims_of, outbox, push, signed
from tests.server.exchange.town import REQUESTS, Town, node_id, partner_search, released, sealed, sought
from tests.server.world import World

Body = dict[str, Any]


class Odd:
    """Stands for a partner that answers a request for a token with `token`."""

    def __init__(self, token: Any, seconds: Any = 300) -> None:
        self._body = strict_json.dumps({"access_token": token, "expires_in": seconds})

    def send(self, method: str, url: str, *, headers: Any, content: bytes | None = None) -> Answer:
        httpx2.Request(method, url, headers=headers, content=content)
        return Answer(200, self._body)

    def close(self) -> None:
        """Nothing to release."""


@pytest.mark.parametrize("token", ["line\nbreak", "عربي", "", " ", None, 5, "x" * 20_000])
def test_a_token_that_no_header_can_carry_is_no_answer(town: Town, token: Any) -> None:
    person, _ = sought(town)
    town.nodes["alpha"].node.peers._wire = Odd(token)
    assert partner_search(town, person)["results"][0]["state"] == "unreachable"


def test_events_to_others_are_delivered_whatever_one_partner_does(world: World) -> None:
    for partner in ("one", "two"):
        claims = claims_of(world, iss=world.identities[partner].client_id)
        assert push(world, signed(world, claims, partner=partner), partner).status_code == 202
    one = world.identities["one"].client_id

    class Raising:
        def call(self, partner: Any, *_: Any, **__: Any) -> Answer:
            if partner.node_id == one:
                raise RuntimeError("nobody thought of this")
            return Answer(202, b"")

        def close(self) -> None:
            """Nothing to release."""

    object.__setattr__(world.node, "peers", Raising())
    assert delivery.deliver(world.node) == 2
    assert {row.partner: row.last_error for row in outbox(world)} == {
        one: "RuntimeError",
        world.identities["two"].client_id: None,
    }


ODD_CLAIMS: list[Body] = [
    {"validUntil": None},
    {"validUntil": "soon"},
    {"digests": []},
    {"digests": {"names": 5}},
    {"origin": {}},
    {"obligations": "none"},
    {"jti": "x" * 100},
    {"extra": 1},
]


@pytest.mark.parametrize("members", ODD_CLAIMS, ids=lambda members: str(members)[:24])
def test_a_release_with_odd_claims_is_refused(town: Town, members: Body) -> None:
    assert _refused(town, members, salt="A" * 22) == (502, "urn:mpex:problem:partnerFailed")


def test_a_release_with_an_odd_salt_is_refused(town: Town) -> None:
    assert _refused(town, {}, salt="A" * 25) == (502, "urn:mpex:problem:partnerFailed")


def _refused(town: Town, members: Body, *, salt: str) -> tuple[int, str]:
    received, _, _ = released(town)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    (request,) = _requests(town)
    sound: Body = {
        "iss": node_id(town, "beta"),
        "aud": node_id(town, "alpha"),
        "jti": new_id("release"),
        "iat": beta.now(),
        "purpose": "searchLiving",
        "caseReference": "case-1",
        "validUntil": "2026-12-01T00:00:00Z",
        "obligations": received["obligations"],
        "origin": {"custodian": node_id(town, "beta"), "record": received["record"], "version": 1},
        "digests": {"names": [statements.digest({"salt": "A" * 22, "value": {}})]},
    }
    claims = sound | members
    whole = {"origin": sound["origin"] | claims["origin"], "digests": sound["digests"]}
    statement = signatures.sign(beta.node.keys, statements.TYPE, claims)
    release = {
        "statement": statement,
        "proof": proofs.made(beta.node.keys, claims | whole),
        "disclosures": {"names": {"values": [{"salt": salt, "value": {}}]}},
    }
    package, wire = sealed(town, release, sound["jti"]), alpha.node.peers._wire

    class Bent:
        def send(self, method: str, url: str, **options: Any) -> Answer:
            bent = url.endswith("/release")
            return Answer(200, strict_json.dumps(package)) if bent else wire.send(method, url, **options)

        def close(self) -> None:
            """Nothing to release."""

    alpha.node.peers._wire = Bent()
    answer = alpha.call("caseWorker", "POST", f"{REQUESTS}/{request}/collection")
    return answer.status_code, answer.json()["type"]


def _requests(town: Town) -> list[str]:
    node = town.nodes["alpha"].node
    with node.engine.connect() as conn:
        return list(
            conn.exec_driver_sql("SELECT id FROM document WHERE kind = 'partnerReleaseRequest'").scalars()
        )
