"""Keys are exchanged through an overlap: the new one is announced, both hold, and the old one is refused."""

from contextlib import ExitStack
from typing import Any

import pytest
from mpex_server.anchor import repository as anchors
from mpex_server.anchor import service as anchor
from mpex_server.federation import mandate, own
from mpex_server.federation.directory import NODE
from mpex_server.federation.faults import TrustError
from mpex_server.keys.material import new_signing_jwk
from mpex_server.kit.ids import new_id
from mpex_server.node import LOOKS_AT_ONCE
from mpex_server.oauth import clients
from mpex_server.peers.client import Access, Partner
from mpex_server.peers.wire import Answer

from tests.server.exchange.town import RECEIVED, made, node_id, partner_search, released, sought
from tests.server.federation.realm import (
    ALPHA,
    BETA,
    NORTH,
    ON_SQLITE,
    SOUTH,
    WATCH,
    WORLD,
    Realm,
    asked,
    look,
    partners,
    reasons,
)
from tests.server.records import samples

EVENTS = Access("searchLiving", "legalObligation", ("events:receive",))
CONFIGURATION = "/.well-known/openid-federation"


def asks(realm: Realm, of: str) -> int:
    """Return how often a node was asked what it says of itself."""
    return realm.sent.count((of, CONFIGURATION))


def search(realm: Realm, person: str) -> str:
    """Let alpha ask beta for a person, and return what became of it."""
    return str(partner_search(realm, person)["results"][0]["state"])


@ON_SQLITE
def test_the_federation_key_of_a_node(realm: Realm) -> None:
    realm.new_key("alpha", "federation")
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
    realm.enrol(NORTH, "alpha")
    stolen = realm.end_key("alpha", "federation")
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
    realm.enrol(NORTH, "alpha")
    realm.steal("alpha", stolen)
    look(realm, "beta")
    assert reasons(realm, "beta") == {ALPHA: "unvouchedKey"}
    assert partners(realm, "beta") == {}
    for superior, fault in ((NORTH, "unvouchedKey"), (SOUTH, "noAnchor")):
        with pytest.raises(TrustError, match=fault):
            realm.enrol(superior, "alpha")


@ON_SQLITE
def test_an_older_configuration_brings_no_key_back_to_an_anchor(realm: Realm) -> None:
    """It is signed with a key that is still vouched for, by whoever kept it or has stolen the key."""
    fetch = realm.nodes[NORTH].node.peers.fetch
    older = fetch(ALPHA + CONFIGURATION)
    realm.wait(seconds=1)
    realm.new_key("alpha", "federation")
    realm.enrol(NORTH, "alpha")
    with realm.working(NORTH) as work, pytest.raises(TrustError, match="has said something else since"):
        anchor.enrol(work, older, ALPHA)
    realm.enrol(NORTH, "alpha")


@ON_SQLITE
@pytest.mark.deep
def test_a_federation_key_that_was_ended_before_a_superior_had_the_new_one(realm: Realm) -> None:
    realm.new_key("alpha", "federation")
    realm.end_key("alpha", "federation")
    look(realm, "beta")
    assert reasons(realm, "beta") == {ALPHA: "unvouchedKey"}
    assert partners(realm, "beta") == {}


@ON_SQLITE
def test_the_key_of_an_anchor(realm: Realm) -> None:
    realm.new_key(WORLD, "federation")
    realm.choose("alpha", WORLD)
    look(realm)
    assert (partners(realm, "alpha"), partners(realm, "beta")) == ({BETA: True}, {ALPHA: True})
    stolen = realm.end_key(WORLD, "federation")
    look(realm)
    assert partners(realm, "alpha") == {BETA: True}
    assert partners(realm, "beta") == {}, "beta has not chosen the anchor with its new key"
    realm.choose("alpha", WORLD)
    look(realm, "alpha")
    realm.steal(WORLD, stolen)
    look(realm, "alpha")
    assert partners(realm, "alpha") == {}


@ON_SQLITE
def test_the_key_of_an_intermediate_and_the_marks_that_it_gave(realm: Realm) -> None:
    """Marks are given with the new key while the old one still signs, so that they outlive it."""
    realm.new_key(WATCH, "federation")
    realm.enrol(WORLD, WATCH)
    realm.show("alpha", WATCH, mandate.NO_ENFORCEMENT)
    look(realm)
    assert (partners(realm, "alpha"), partners(realm, "beta")) == ({BETA: True}, {ALPHA: True})
    realm.end_key(WATCH, "federation")
    look(realm)
    assert partners(realm, "beta") == {ALPHA: True}
    assert partners(realm, "alpha") == {BETA: False}, "the mark of beta is by the key that was ended"
    assert reasons(realm, "alpha") == {BETA: "unvouchedKey"}


def test_the_key_of_messages(realm: Realm) -> None:
    person, _ = sought(realm)
    assert search(realm, person) == "answered"
    realm.wait(minutes=6)
    realm.new_key("alpha", "signing")
    assert search(realm, person) == "answered", "beta has looked at alpha when it met the new key"
    realm.new_key("beta", "signing")
    realm.wait(minutes=1)
    assert search(realm, person) == "answered", "alpha has looked at beta when it met the new key"
    for name in ("alpha", "beta"):
        stolen = realm.end_key(name, "signing")
        look(realm)
        assert search(realm, person) == "answered"
        realm.steal(name, stolen)
        assert search(realm, person) == "answered", "the newest key signs"


@ON_SQLITE
def test_a_release_is_collected_and_recalled_over_an_exchange_of_the_holders_key(realm: Realm) -> None:
    realm.new_key("beta", "signing")
    received, _, _ = released(realm)
    assert received["state"] == "active"
    realm.end_key("beta", "signing")
    realm.wait(minutes=6)
    realm.revoke("alpha", WATCH, mandate.NO_ENFORCEMENT)
    look(realm, "beta")
    realm.deliver()
    held = made(realm.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"]
    assert [entry["state"] for entry in held] == ["erased"]


@ON_SQLITE
def test_a_custodian_that_has_just_changed_its_key_is_known_at_once(realm: Realm) -> None:
    """The news are signed by beta; alpha looks at gamma, which signed that it has taken the record over."""
    gamma = realm.node("gamma", NORTH)
    look(realm, "alpha", "beta", "gamma")
    received, _, _ = released(realm)
    realm.new_key("gamma", "signing")
    body = samples.transfer(received["record"], node_id(realm, "gamma"))
    transfers = "/v1/custody-transfers"
    transfer = made(realm.nodes["beta"].call("releaseOfficer", "POST", transfers, body))["transferId"]
    realm.deliver()
    made(gamma.call("releaseOfficer", "POST", f"{transfers}/{transfer}/answer", samples.TAKE), 200)
    realm.deliver()
    (held,) = made(realm.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"]
    assert held["custodian"] == node_id(realm, "gamma")


@ON_SQLITE
def test_an_ended_key_is_refused_with_the_next_look(realm: Realm) -> None:
    alpha = realm.nodes["alpha"].node
    stolen = alpha.keys
    realm.new_key("alpha", "signing")
    assert asked(realm) == "answered"
    assert stolen.signing_kid() in kids(realm, "beta")
    realm.end_key("alpha", "signing")
    alpha.peers._keys = stolen
    assert asked(realm) == "answered", "beta has not looked yet"
    look(realm, "beta")
    assert stolen.signing_kid() not in kids(realm, "beta")
    assert asked(realm) != "answered"
    realm.restart("alpha")
    assert asked(realm) == "answered"


@ON_SQLITE
def test_a_look_at_the_anchors_in_between_keeps_no_new_key_out(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    peers = realm.nodes["beta"].node.peers
    fetch = peers.fetch

    def late(url: str) -> str:
        text: str = fetch(url)
        if url == ALPHA + CONFIGURATION:
            monkeypatch.setattr(peers, "fetch", fetch)
            realm.choose("beta", WORLD)
            realm.look("beta")
        return text

    realm.wait(seconds=1)
    realm.new_key("alpha", "signing")
    monkeypatch.setattr(peers, "fetch", late)
    assert realm.nodes["alpha"].node.peers.ask_token(Partner(realm.entry("beta")), EVENTS).status == 200


@ON_SQLITE
def test_an_older_configuration_that_still_holds_brings_no_ended_key_back(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, beta = realm.nodes["alpha"].node, realm.nodes["beta"].node
    stolen, original = alpha.keys, beta.peers._wire.send
    older = Answer(200, beta.peers.fetch(ALPHA + CONFIGURATION).encode(), {})
    realm.wait(seconds=1)
    realm.new_key("alpha", "signing")
    realm.end_key("alpha", "signing")
    look(realm, "beta")

    def shown_again(method: str, url: str, **sent: Any) -> Answer:
        return older if url == ALPHA + CONFIGURATION else original(method, url, **sent)

    monkeypatch.setattr(beta.peers._wire, "send", shown_again)
    look(realm, "beta")
    assert asked(realm) == "answered", "what alpha said last still holds"
    alpha.peers._keys = stolen
    assert asked(realm) != "answered"


@ON_SQLITE
@pytest.mark.parametrize("enrolled", [True, False])
def test_so_is_one_of_a_node_whose_access_has_ended(realm: Realm, enrolled: bool) -> None:
    """Its superior still vouches for its keys; or nobody does, and they end with what it last said."""
    alpha, partner = realm.nodes["alpha"].node, Partner(realm.entry("beta"))
    stolen = alpha.keys
    realm.revoke("alpha", NORTH, mandate.TRACING)
    look(realm, "beta")
    assert alpha.peers.ask_token(partner, EVENTS).status == 200
    if not enrolled:
        with realm.working(NORTH) as work:
            assert anchors.withdraw(work.conn, ALPHA)
    realm.new_key("alpha", "signing")
    realm.end_key("alpha", "signing")
    realm.wait(hours=0 if enrolled else 24)
    look(realm, "beta")
    assert alpha.peers.ask_token(partner, EVENTS).status == (200 if enrolled else 401)
    alpha.peers._keys = stolen
    assert alpha.peers.ask_token(partner, EVENTS).status == 401


def kids(realm: Realm, name: str) -> set[str]:
    """Return the kids of the one partner of a node."""
    with realm.working(name) as work:
        (entry,) = clients.partners(work.conn, work.now())
    return {key["kid"] for key in entry["jwks"]["keys"]}


@ON_SQLITE
def test_a_partner_is_looked_at_once_a_minute_whatever_kid_is_sent(realm: Realm) -> None:
    person, _ = sought(realm)
    before = asks(realm, "alpha")
    for _ in range(3):
        realm.new_key("alpha", "signing")
        search(realm, person)
    assert asks(realm, "alpha") == before + 1
    realm.wait(minutes=1)
    assert search(realm, person) == "answered"
    assert asks(realm, "alpha") == before + 2
    entries = [leaf for leaf in realm.nodes["beta"].leaves() if leaf.get("reason") == "partnerKeysRenewed"]
    assert [leaf["event"] for leaf in entries] == ["administration"] * 2


@ON_SQLITE
def test_nobody_is_looked_at_who_is_no_partner_by_an_anchor(realm: Realm) -> None:
    alpha, person = node_id(realm, "alpha"), sought(realm)[0]
    realm.new_key("alpha", "signing")
    before, at = asks(realm, "alpha"), "2026-11-21T10:00:00Z"
    with realm.working("beta") as work:
        (entry,) = clients.partners(work.conn, work.now())
        clients.suspend_partner(work.conn, alpha, at=at)
    assert search(realm, person) != "answered"
    with realm.working("beta") as work:
        clients.suspend_partner(work.conn, alpha, at=at, kept_out=True)
    assert search(realm, person) != "answered"
    with realm.working("beta") as work:
        clients.register_partner(work.conn, entry, at=at)
    assert search(realm, person) != "answered"
    assert asks(realm, "alpha") == before


@ON_SQLITE
def test_while_a_partner_is_looked_at_it_is_told_to_come_again_and_others_are_looked_at(realm: Realm) -> None:
    looking, partner = realm.nodes["beta"].node.looking, Partner(realm.entry("beta"))
    ask = realm.nodes["alpha"].node.peers.ask_token
    realm.new_key("alpha", "signing")
    with looking.take(node_id(realm, "alpha")) as free:
        assert free
        waiting = ask(partner, EVENTS)
    assert (waiting.status, waiting.fields["retry-after"]) == (503, "1")
    with looking.take("node:another") as free:
        assert free
        assert ask(partner, EVENTS).status == 200
    realm.wait(minutes=1)
    realm.new_key("alpha", "signing")
    with ExitStack() as others:
        assert all(others.enter_context(looking.take(f"node:{number}")) for number in range(LOOKS_AT_ONCE))
        assert ask(partner, EVENTS).status == 503
    assert ask(partner, EVENTS).status == 200


@ON_SQLITE
def test_a_look_brings_no_keys_by_a_federation_key_that_nobody_above_vouches_for(realm: Realm) -> None:
    known = kids(realm, "beta")
    realm.new_key("alpha", "signing")
    realm.new_key("alpha", "federation")
    realm.end_key("alpha", "federation")
    assert asked(realm) != "answered"
    assert kids(realm, "beta") == known


WRONG: list[dict[str, Any]] = [
    {"jwks": {"keys": 5}},
    {"jwks": {"keys": [new_signing_jwk()]}},
    {"jwks": []},
    {"nodeId": new_id("node")},
]


@ON_SQLITE
def test_a_look_brings_nothing_that_makes_no_partner(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    original, person = own.node_claims, sought(realm)[0]
    known, before = kids(realm, "beta"), asks(realm, "alpha")
    realm.new_key("alpha", "signing")
    for looks, wrong in enumerate(WRONG, start=1):

        def said(*of: Any, wrong: dict[str, Any] = wrong) -> dict[str, Any]:
            claims = original(*of)
            claims["metadata"][NODE] |= wrong
            return claims

        monkeypatch.setattr(own, "node_claims", said)
        assert search(realm, person) != "answered"
        assert (kids(realm, "beta"), asks(realm, "alpha")) == (known, before + looks)
        realm.wait(minutes=1)
