"""Releases are sealed: the recipient alone opens them, for what they were made, under a key it may renew."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from mpex_server.federation.faults import TrustError
from mpex_server.federation.mandate import check_entry
from mpex_server.keys import FileKeys
from mpex_server.keys.material import new_encryption_jwk, new_signing_jwk, public_jwk
from mpex_server.kit import hpke
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.peers.sealing import key_of
from mpex_server.release_requests import sealing, statements
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import RECEIVED, Body, Town, made, released, sealed
from tests.server.records import samples
from tests.server.world import START, World, partner_entry


def test_a_partner_without_a_key_for_encryption_collects_nothing_whatever_it_asks(world: World) -> None:
    identity = world.identities["one"]
    entry = partner_entry(identity, jwks={"keys": [public_jwk(dict(identity.key.as_dict(private=True)))]})
    with transaction(world.node.engine) as conn:
        clients.register_partner(conn, entry, at=instant(START))
    release = f"/v1/release-requests/{new_id('releaseRequest')}/release"
    for path in (release, f"/v1/custody-transfers/{new_id('transfer')}/record"):
        assert samples.refusal(world.call("one", "GET", path)) == (409, "encryptionKeyMissing")


@pytest.mark.parametrize(
    ("bound", "says"),
    [
        ({"purpose": "statistics"}, "not sealed to this node for this use"),
        ({"audience": f"node:{'b' * 26}"}, "not sealed to this node for this use"),
        ({"kid": "another"}, "a key that this node does not have"),
        ({"enc": "A" * 43}, "not sealed to this node for this use"),
        ({"clear": True}, "does not follow its schema"),
        ({"name": f"release:{'c' * 26}"}, "under the name of another"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_not_sealed_for_this_use_is_not_taken(
    town: Town, monkeypatch: pytest.MonkeyPatch, bound: Body, says: str
) -> None:
    def wrong(release: Body, _key: Body) -> Body:
        if "clear" in bound:
            return release
        outer = {name: bound[name] for name in ("kid", "enc") if name in bound}
        inner = {name: bound[name] for name in ("purpose", "audience") if name in bound}
        return sealed(town, release, bound.get("name", _name(release)), **inner) | outer

    monkeypatch.setattr(sealing, "sealed", wrong)
    monkeypatch.setattr("tests.server.exchange.town.judge", lambda *_: None)
    with pytest.raises(AssertionError, match=says):
        released(town)
    assert made(town.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"] == []


def _name(release: Body) -> str:
    return str(statements.claims_of(release["statement"])["jti"])


def test_what_was_sealed_to_the_key_before_is_opened_after_a_new_one_came(tmp_path: Path) -> None:
    keys = FileKeys.create(tmp_path / "keys")
    old = _sealing_key(keys)
    (tmp_path / "keys" / "encryption-0002.jwk").write_bytes(orjson.dumps(new_encryption_jwk()))
    renewed = FileKeys(tmp_path / "keys")
    assert _sealing_key(renewed)["kid"] != old["kid"]
    assert old in renewed.public_jwks()["keys"]
    enc, ciphertext = hpke.seal(hpke.public_key(old), b"kept", b"use")
    assert renewed.unseal(old["kid"], enc, ciphertext, b"use") == b"kept"


def _sealing_key(keys: FileKeys) -> Body:
    return key_of({"jwks": keys.public_jwks()})


@pytest.mark.parametrize(
    "key",
    [
        public_jwk(new_signing_jwk()) | {"use": "enc"},
        new_encryption_jwk(),
        public_jwk(new_encryption_jwk()) | {"x": "AA"},
        public_jwk(new_encryption_jwk()) | {"kid": 7},
        public_jwk(new_encryption_jwk()) | {"x": "A" * 43},
    ],
    ids=["signing", "private", "short", "unnamed", "lowOrder"],
)
def test_a_registry_with_a_key_to_which_nothing_can_be_sealed_is_refused(world: World, key: Any) -> None:
    entry = partner_entry(world.identities["one"])
    check_entry(entry, entry["url"])
    with pytest.raises(TrustError, match="a key of the node"):
        check_entry(entry | {"jwks": {"keys": [*entry["jwks"]["keys"], key]}}, entry["url"])
