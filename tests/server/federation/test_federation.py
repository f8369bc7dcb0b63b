"""Nodes that know one another by anchors: who is a partner, from when, and until when."""

import shutil
from pathlib import Path

import pytest
from mpex_server.anchor import repository as anchors
from mpex_server.federation import mandate, repository
from mpex_server.kit import jws
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients

from tests.server.exchange.town import RECEIVED, made, node_id, released
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
    rename,
)


def test_nodes_of_two_regions_know_one_another_by_the_anchor_that_both_have_chosen(realm: Realm) -> None:
    assert (partners(realm, "alpha"), partners(realm, "beta")) == ({BETA: True}, {ALPHA: True})
    received, _, _ = released(realm)
    assert received["state"] == "active"


@ON_SQLITE
def test_nobody_is_a_partner_without_a_chosen_anchor(realm: Realm) -> None:
    with realm.working("alpha") as work:
        assert repository.drop(work.conn, "https://world.example", at=instant(work.now()))
    realm.choose("alpha", WATCH)
    look(realm)
    assert partners(realm, "alpha") == {}
    assert reasons(realm, "alpha") == {BETA: "noAnchor"}


@ON_SQLITE
def test_a_mark_that_is_taken_back_ends_access_with_the_next_look_and_recalls_what_was_released(
    realm: Realm,
) -> None:
    released(realm)
    realm.revoke("alpha", WATCH, mandate.NO_ENFORCEMENT)
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: False}
    assert reasons(realm, "beta") == {ALPHA: "markNotActive"}
    realm.deliver()
    held = made(realm.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"]
    assert [entry["state"] for entry in held] == ["erased"]
    assert asked(realm) != "answered"


@ON_SQLITE
def test_silence_is_no_way_out_of_a_revocation(realm: Realm) -> None:
    realm.revoke("alpha", NORTH, mandate.TRACING)
    realm.down.add("alpha")
    look(realm, "beta")
    assert partners(realm, "beta") == {}


@ON_SQLITE
def test_an_outage_of_an_anchor_ends_nobody_before_its_statements_do(realm: Realm) -> None:
    realm.down |= {WORLD, SOUTH}
    look(realm, "alpha")
    assert BETA in partners(realm, "alpha")
    realm.wait(hours=12)
    realm.look("alpha")
    assert partners(realm, "alpha") == {}


@ON_SQLITE
def test_who_is_enrolled_no_more_is_a_partner_no_more(realm: Realm) -> None:
    with realm.working(SOUTH) as work:
        assert anchors.withdraw(work.conn, BETA)
    look(realm, "alpha")
    assert partners(realm, "alpha") == {}


@ON_SQLITE
def test_a_node_without_the_second_mark_is_known_and_told_what_is_missing(realm: Realm) -> None:
    realm.node("gamma", NORTH, marked=False)
    look(realm, "beta")
    gamma = "https://gamma.example"
    assert partners(realm, "beta") == {ALPHA: True, gamma: False}
    assert reasons(realm, "beta") == {gamma: "markMissing"}


@ON_SQLITE
def test_both_marks_by_one_organisation_give_no_access(realm: Realm) -> None:
    realm.accredit(mandate.NO_ENFORCEMENT, NORTH)
    realm.show("alpha", NORTH, mandate.NO_ENFORCEMENT)
    look(realm, "beta")
    assert reasons(realm, "beta") == {ALPHA: "markSameIssuer"}
    assert partners(realm, "beta") == {ALPHA: False}


@ON_SQLITE
def test_one_of_two_anchors_is_enough_and_the_other_leaves_no_fault(realm: Realm) -> None:
    realm.choose("beta", NORTH)
    assert reasons(realm, "beta") == {}
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
    with realm.working("beta") as work:
        assert repository.drop(work.conn, "https://world.example", at=instant(work.now()))
    look(realm, "beta")
    assert reasons(realm, "beta") == {ALPHA: "markNotAccredited"}
    assert partners(realm, "beta") == {}


@ON_SQLITE
def test_nobody_takes_the_place_of_another_node(realm: Realm) -> None:
    realm.node("gamma", NORTH)
    rename(realm, "gamma", node_id(realm, "alpha"))
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}


@ON_SQLITE
def test_nor_of_one_whose_access_has_ended_unless_staff_say_that_it_has_moved(realm: Realm) -> None:
    alpha, gamma = node_id(realm, "alpha"), "https://gamma.example"
    realm.revoke("alpha", NORTH, mandate.TRACING)
    look(realm, "beta")
    realm.node("gamma", NORTH)
    rename(realm, "gamma", alpha)
    look(realm, "beta")
    assert partners(realm, "beta") == {}
    with realm.working("beta") as work:
        assert clients.move(work.conn, alpha, gamma, at="2026-11-20T12:00:00Z")
    look(realm, "beta")
    assert partners(realm, "beta") == {gamma: True}


@ON_SQLITE
def test_one_whom_staff_keep_out_stays_out_whoever_vouches_for_it(realm: Realm) -> None:
    alpha = realm.nodes["alpha"].node.settings.node_id
    with realm.working("beta") as work:
        assert clients.suspend_partner(work.conn, alpha, at="2026-11-20T12:00:00Z", kept_out=True)
    look(realm, "beta")
    assert partners(realm, "beta") == {}
    with realm.working("beta") as work:
        assert clients.let_in(work.conn, alpha, at="2026-11-20T12:00:00Z")
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}


@ON_SQLITE
@pytest.mark.parametrize("name", ["alpha", "gamma"])
def test_nor_comes_it_back_with_another_identifier(realm: Realm, name: str) -> None:
    """At the same address, or with the key of its federation at another one."""
    alpha = node_id(realm, "alpha")
    with realm.working("beta") as work:
        assert clients.suspend_partner(work.conn, alpha, at="2026-11-20T12:00:00Z", kept_out=True)
    if name == "gamma":
        folders = [world.node.settings.key_dir for world in (realm.nodes["alpha"], realm.node(name, NORTH))]
        stolen, own = (next(folder.glob("federation-*.jwk")) for folder in folders)
        own.unlink()
        shutil.copy(stolen, folders[1])
        realm.restart(name)
        with realm.working(NORTH) as work:
            assert anchors.withdraw(work.conn, "https://gamma.example")
        realm.enrol(NORTH, name)
    rename(realm, name, new_id("node"))
    look(realm, "beta")
    assert partners(realm, "beta") == {}
    with realm.working("beta") as work:
        assert clients.let_in(work.conn, alpha, at="2026-11-20T12:00:00Z")
    look(realm, "beta")
    assert f"https://{name}.example" in partners(realm, "beta")


def with_key(realm: Realm, name: str, key: Path) -> None:
    """Add a node whose federation key is that of another."""
    own = realm.node(name, NORTH).node.settings.key_dir
    next(own.glob("federation-*.jwk")).unlink()
    shutil.copy(key, own / f"{key.stem}.jwk")
    realm.restart(name)
    with realm.working(NORTH) as work:
        assert anchors.withdraw(work.conn, f"https://{name}.example")
    realm.enrol(NORTH, name)


@ON_SQLITE
def test_who_shares_a_key_with_one_whom_staff_keep_out_is_a_partner_no_more(realm: Realm) -> None:
    (key,) = realm.nodes["alpha"].node.settings.key_dir.glob("federation-*.jwk")
    with_key(realm, "gamma", key)
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True, "https://gamma.example": True}
    with realm.working("beta") as work:
        alpha, at = node_id(realm, "alpha"), instant(work.now())
        assert clients.suspend_partner(work.conn, alpha, at=at, kept_out=True)
    look(realm, "beta")
    assert partners(realm, "beta") == {}


@ON_SQLITE
def test_nor_with_a_key_that_it_has_exchanged_since(realm: Realm) -> None:
    alpha = node_id(realm, "alpha")
    with realm.working("beta") as work:
        assert clients.suspend_partner(work.conn, alpha, at="2026-11-20T12:00:00Z", kept_out=True)
    realm.new_key("alpha", "federation")
    realm.enrol(NORTH, "alpha")
    old = realm.end_key("alpha", "federation")
    realm.enrol(NORTH, "alpha")
    look(realm, "beta")
    with_key(realm, "gamma", old)
    look(realm, "beta")
    assert partners(realm, "beta") == {}
    with realm.working("beta") as work:
        assert clients.let_in(work.conn, alpha, at="2026-11-20T12:00:00Z")
    look(realm, "beta")
    assert "https://gamma.example" in partners(realm, "beta")


@ON_SQLITE
def test_who_is_left_at_the_address_from_which_a_partner_has_moved_has_no_access(realm: Realm) -> None:
    alpha = node_id(realm, "alpha")
    with realm.working("beta") as work:
        before = clients.find(work.conn, alpha, work.now())
        assert clients.move(work.conn, alpha, "https://gamma.example", at=instant(work.now()))
        after = clients.find(work.conn, alpha, work.now())
    assert before is not None
    assert not before.former
    assert after is None or after.former


@ON_SQLITE
def test_a_look_that_another_has_overtaken_changes_nothing(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    peers = realm.nodes["beta"].node.peers
    ask = peers.ask_status

    def late(place: str, mark: str) -> str:
        told: str = ask(place, mark)
        if f"https://{WATCH}.example/" in place and jws.parse(mark).claims["sub"] == ALPHA:
            monkeypatch.setattr(peers, "ask_status", ask)
            realm.revoke("alpha", WATCH, mandate.NO_ENFORCEMENT)
            # Another anchor is due at once, and so all are.
            realm.choose("beta", NORTH)
            realm.look("beta")
            assert partners(realm, "beta") == {ALPHA: False}
        return told

    monkeypatch.setattr(peers, "ask_status", late)
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: False}


@ON_SQLITE
def test_the_mandate_and_not_the_node_says_what_it_may(realm: Realm) -> None:
    narrow = {
        "nodeId": realm.nodes["alpha"].node.settings.node_id,
        "recipientClass": "police",
        "purposes": ["identifyDeceased"],
    }
    realm.show("alpha", NORTH, mandate.TRACING, mandate=narrow)
    look(realm, "beta")
    with realm.working("beta") as work:
        (entry,) = clients.partners(work.conn, work.now())
    assert {name: entry[name] for name in narrow} == narrow
    assert asked(realm) != "answered"
