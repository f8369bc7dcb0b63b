"""Nodes follow the logs of those above them: with two histories none is believed (TRUST-025, TRUST-026)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from mpex_server.audit import repository as log
from mpex_server.audit.leaves import Vouched
from mpex_server.domain import checkpoint
from mpex_server.domain.checkpoint import Checkpoint
from mpex_server.domain.merkle import MemoryNodes, MerkleTree, leaf_hash
from mpex_server.federation import followed, logs, mandate
from mpex_server.kit import strict_json
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients

from tests.server.exchange.town import PURPOSES, released
from tests.server.federation.answers import answering, held
from tests.server.federation.realm import (
    ALPHA,
    NORTH,
    ON_SQLITE,
    SOUTH,
    WATCH,
    WORLD,
    Realm,
    look,
    partners,
    reasons,
)

GAMMA = "https://gamma.example"
LOG = f"https://{NORTH}.example/federation/log"
pytestmark = ON_SQLITE


def showing(realm: Realm, name: str, entries: list[dict[str, Any]]) -> Callable[[str], str | None]:
    """Return the answers of an anchor that shows a log of these entries, signed as it signs."""
    keys, log = realm.nodes[name].node.keys, f"https://{name}.example/federation/log"
    verifier = checkpoint.Verifier(f"mpex/{realm.nodes[name].node.settings.node_id}", keys.log_public_key())
    tree = MerkleTree(MemoryNodes())
    tree.extend(leaf_hash(strict_json.canonical(entry)) for entry in entries)
    text = Checkpoint(verifier.name, tree.size, tree.root()).text
    note = checkpoint.sign(text, verifier, keys.sign_log)

    def answer(url: str) -> str | None:
        if url == f"{log}/checkpoint":
            return note
        if url.startswith(f"{log}/entries?start="):
            start = int(url.partition("start=")[2].partition("&")[0])
            return strict_json.dumps({"items": entries[start:]}).decode()
        return None

    return answer


def shown(realm: Realm, name: str) -> list[dict[str, Any]]:
    """Return the entries that an anchor shows to everybody."""
    found: list[dict[str, Any]] = realm.nodes[name].raw("GET", "/federation/log/entries").json()["items"]
    return found


def told(realm: Realm, name: str) -> list[str]:
    """Return what the log of a node says that it learnt of logs."""
    said = [leaf.get("reason", "") for leaf in realm.nodes[name].leaves()]
    return [reason for reason in said if reason.startswith("log")]


def rewritten(realm: Realm) -> Callable[[str], str | None]:
    """Return the log of the region in the north without what it decided first."""
    return showing(realm, NORTH, [*shown(realm, NORTH)[1:], {"leaf": "leaf:a"}, {"leaf": "leaf:b"}])


def cut(realm: Realm) -> Callable[[str], str | None]:
    """Return the log of the region in the north as it was before its last decision."""
    return showing(realm, NORTH, shown(realm, NORTH)[:-1])


@pytest.mark.parametrize("otherwise", [rewritten, cut])
def test_who_shows_two_histories_makes_nobody_a_partner_and_prolongs_nobody(
    realm: Realm, monkeypatch: pytest.MonkeyPatch, otherwise: Callable[[Realm], Any]
) -> None:
    released(realm)
    answering(realm, monkeypatch, otherwise(realm))
    realm.node("gamma", NORTH)
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
    assert reasons(realm, "beta") == {ALPHA: "logForked", GAMMA: "logForked"}
    realm.wait(hours=12)
    realm.look("alpha", "beta")
    assert (partners(realm, "beta"), held(realm)) == ({}, ["active"])
    realm.wait(hours=12)
    realm.look("alpha", "beta")
    assert held(realm) == ["erased"]
    assert told(realm, "beta") == ["logForked"]


def test_a_log_that_continues_again_is_believed_again(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        answering(realm, patch, cut(realm))
        look(realm, "beta")
        look(realm, "beta")
    realm.node("gamma", NORTH)
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True, GAMMA: True}
    assert told(realm, "beta") == ["logForked", "logContinued"]


def test_silence_after_a_second_history_mends_nothing(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        answering(realm, patch, rewritten(realm))
        look(realm, "beta")
    realm.node("gamma", NORTH)
    answering(realm, monkeypatch, lambda url: "<html>" if url.startswith(LOG) else None)
    look(realm, "beta")
    assert reasons(realm, "beta") == {ALPHA: "logForked", GAMMA: "logForked"}
    realm.wait(hours=24)
    realm.look("alpha", "gamma", "beta")
    assert partners(realm, "beta") == {}


def test_another_way_to_an_anchor_goes_before_one_with_two_histories(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    superiors = (f"https://{NORTH}.example", f"https://{SOUTH}.example")
    gamma = realm.add("gamma", realm._fresh(), realm._folder, superiors=superiors)
    said = {"nodeId": gamma.node.settings.node_id, "recipientClass": "humanitarian", "purposes": PURPOSES}
    for region in (NORTH, SOUTH):
        realm.enrol(region, "gamma")
        realm.show("gamma", region, mandate.TRACING, mandate=said)
    realm.show("gamma", WATCH, mandate.NO_ENFORCEMENT)
    answering(realm, monkeypatch, rewritten(realm))
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True, GAMMA: True}
    assert reasons(realm, "beta") == {ALPHA: "logForked"}


def test_who_shows_two_histories_gives_nobody_other_keys(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither to one whom staff keep out, and who sees its recalls to their end."""
    alpha = realm.nodes["alpha"].node.settings.node_id
    with realm.working("beta") as work:
        assert clients.suspend_partner(work.conn, alpha, at=instant(work.now()), kept_out=True)
    answering(realm, monkeypatch, rewritten(realm))
    new = realm.new_key("alpha", "signing")
    look(realm, "beta")
    assert new not in former_keys(realm, alpha)
    monkeypatch.undo()
    look(realm, "beta")
    assert new in former_keys(realm, alpha)


def former_keys(realm: Realm, node_id: str) -> list[str]:
    """Return the keys by which beta knows one whose access has ended."""
    with realm.working("beta") as work:
        found = clients.find_former(work.conn, node_id, work.now())
    assert found is not None
    return [key["kid"] for key in found.jwks["keys"]]


def test_another_key_is_another_log(realm: Realm) -> None:
    keys = realm.nodes[NORTH].node.keys
    with realm.working("beta") as work:
        before = followed.known(work.conn)[f"https://{NORTH}.example"]
    (realm.nodes[NORTH].node.settings.key_dir / "log.key").write_bytes(bytes(32))
    realm.restart(NORTH)
    assert realm.nodes[NORTH].node.keys.log_public_key() != keys.log_public_key()
    assert reasons(realm, "beta") == {ALPHA: "logForked"}
    assert before == replace(before, size=len(shown(realm, NORTH)))


@pytest.mark.parametrize("page", ["<html>We are back soon</html>", "{}", '{"items": [5]}'])
def test_a_log_that_cannot_be_read_ends_nobody(
    realm: Realm, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    realm.node("gamma", NORTH)
    answering(realm, monkeypatch, lambda url: page if url.startswith(LOG) else None)
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
    assert reasons(realm, "beta") == {GAMMA: "notLogged"}
    assert told(realm, "beta") == []
    realm.wait(hours=12)
    realm.look("beta")
    assert partners(realm, "beta") == {ALPHA: True}


def test_a_mark_is_taken_back_by_somebody_with_two_histories_too(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(realm, monkeypatch, showing(realm, WATCH, []))
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
    realm.revoke("alpha", WATCH, mandate.NO_ENFORCEMENT)
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: False}


def entered(realm: Realm, about: Vouched) -> None:
    realm.decide(NORTH, "entityEnrolled", about)


def withdrawn(realm: Realm, about: Vouched) -> None:
    realm.decide(NORTH, "entityWithdrawn", about)


def revoked(realm: Realm, about: Vouched) -> None:
    (given,) = (entry for entry in shown(realm, WATCH) if entry["entity"] == about.entity)
    realm.decide(WATCH, "markRevoked", Vouched(about.entity, given["markType"], given["mark"]))


def of_another(realm: Realm, about: Vouched) -> None:
    """Show the mark as one that was given to somebody else."""
    (given,) = (entry for entry in shown(realm, WATCH) if entry["entity"] == about.entity)
    realm.decide(WATCH, "markGiven", Vouched("https://harmless.example", given["markType"], given["mark"]))


def of_another_type(realm: Realm, about: Vouched) -> None:
    (given,) = (entry for entry in shown(realm, WATCH) if entry["entity"] == about.entity)
    realm.decide(WATCH, "markGiven", Vouched(about.entity, mandate.CONFORMANCE, given["mark"]))


@pytest.mark.parametrize("write", [entered, withdrawn, revoked, of_another, of_another_type])
def test_what_a_log_does_not_show_makes_nobody_a_partner(
    realm: Realm, write: Callable[[Realm, Vouched], None]
) -> None:
    realm.node("gamma", NORTH)
    write(realm, Vouched(GAMMA, keys=("A" * 43,) if write is entered else ()))
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
    assert reasons(realm, "beta") == {GAMMA: "notLogged"}


def test_whoever_vouches_for_others_is_an_intermediate_in_the_log(realm: Realm) -> None:
    realm.node("gamma", NORTH)
    keys = tuple(key["kid"] for key in realm.nodes[NORTH].node.keys.federation_jwks()["keys"])
    realm.decide(WORLD, "entityEnrolled", Vouched(f"https://{NORTH}.example", keys=keys))
    look(realm, "beta")
    assert reasons(realm, "beta") == {ALPHA: "notLogged", GAMMA: "notLogged"}
    assert partners(realm, "beta") == {ALPHA: True}


def test_a_log_with_too_much_in_it_lets_nobody_in(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST_BYTES", 100)
    realm.node("gamma", NORTH)
    look(realm, "beta")
    assert reasons(realm, "beta") == {GAMMA: "notLogged"}
    assert partners(realm, "beta") == {ALPHA: True}


def test_what_is_logged_later_counts_from_then_on(realm: Realm) -> None:
    realm.node("gamma", NORTH)
    realm.decide(NORTH, "entityWithdrawn", Vouched(GAMMA))
    look(realm, "beta")
    realm.enrol(NORTH, "gamma")
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True, GAMMA: True}


def test_the_logs_of_all_above_a_partner_are_followed(realm: Realm) -> None:
    with realm.working("beta") as work:
        assert {f"https://{name}.example" for name in (WORLD, NORTH, WATCH)} <= followed.known(
            work.conn
        ).keys()


def test_a_log_that_was_lost_is_read_again_by_a_decision_of_the_staff(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"https://{NORTH}.example"
    answering(realm, monkeypatch, showing(realm, NORTH, shown(realm, NORTH)))
    realm.node("gamma", NORTH)
    look(realm, "beta")
    monkeypatch.undo()
    (realm.nodes[NORTH].node.settings.key_dir / "log.key").write_bytes(bytes(32))
    realm.restart(NORTH)
    look(realm, "beta")
    assert (partners(realm, "beta"), told(realm, "beta")) == ({ALPHA: True}, ["logForked"])
    with realm.working("beta") as work:
        assert "another log" in str(followed.fault(work.conn, name))
        keys = realm.nodes[NORTH].node
        followed.begin_again(work.conn, name, str(log.verifier(keys.settings, keys.keys)))
        assert followed.decisions(work.conn, name) == {}
    realm.decide(NORTH, "markGiven", Vouched(ALPHA))
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True, GAMMA: True}
    with realm.working("beta") as work:
        assert len(followed.decisions(work.conn, name, since=1)) == len(shown(realm, NORTH)) - 1
