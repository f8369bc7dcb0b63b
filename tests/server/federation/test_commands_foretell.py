"""What commands say of the next look is what the node then does (TRUST-011, TRUST-013, RECL-018)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mpex_server.anchor import repository as anchors
from mpex_server.federation import followed, mandate, recalling, refresh
from mpex_server.federation.chains import WELL_KNOWN
from mpex_server.http import logs
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.peers.client import Peers
from mpex_server.settings import Settings
from mpex_server.setup import command, folder
from structlog.testing import capture_logs

from tests.server.commands.calls import run
from tests.server.exchange.town import node_id, released
from tests.server.federation.answers import answering, held
from tests.server.federation.realm import (
    ALPHA,
    BETA,
    NORTH,
    ON_SQLITE,
    SOUTH,
    WORLD,
    Realm,
    look,
    partners,
    reasons,
    rename,
)

ANCHOR, GAMMA = f"https://{WORLD}.example", "https://gamma.example"
Says = Callable[..., list[str]]


@pytest.fixture
def beta(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> Says:
    """Return what runs a command of `trust` at beta, and returns the lines that it says."""
    node = realm.nodes["beta"].node

    @contextmanager
    def asking(_settings: Settings) -> Iterator[Peers]:
        yield node.peers

    monkeypatch.setattr(folder, "load", lambda _folder: node.settings)
    monkeypatch.setattr(command, "asking", asking)
    monkeypatch.setattr(Settings, "clock", lambda _settings: realm.clock)
    return lambda *words: run("trust", *words, "--dir", Path("beta")).splitlines()


@ON_SQLITE
def test_a_look_names_whom_the_node_takes_and_whom_staff_keep_out(realm: Realm, beta: Says) -> None:
    (trusted,) = (line for line in beta("look") if ALPHA in line)
    alpha = node_id(realm, "alpha")
    assert trusted.startswith(f"{alpha}  humanitarian  {ALPHA}  until ")
    with realm.working("beta") as work:
        assert clients.suspend_partner(work.conn, alpha, at=instant(realm.clock.now()), kept_out=True)
    said = beta("look")
    assert said[said.index(trusted) + 1] == "  is kept out by staff, until `partners admit`"
    look(realm, "beta")
    assert partners(realm, "beta") == {}


@ON_SQLITE
def test_a_look_says_of_silence_that_it_proves_nothing_and_the_nodes_log_too(
    realm: Realm, beta: Says
) -> None:
    realm.down.add(WORLD)
    said = dict(line.split("  ", 1) for line in beta("look"))
    asked = ANCHOR + WELL_KNOWN
    unknown = "no word of today on it can be believed; what was said before counts while it lasts"
    assert said[ALPHA] == unknown, "to choose its anchor would mend nothing"
    assert said[asked].startswith(f"{unknown}: Not reachable ({asked})")
    assert events_of_a_look(realm)[ALPHA] == "no word of today"
    assert partners(realm, "beta") == {ALPHA: True}


@ON_SQLITE
def test_a_look_names_no_fault_of_a_node_for_which_another_anchor_vouches(realm: Realm, beta: Says) -> None:
    realm.anchor("zenith")
    realm.choose("beta", "zenith")
    assert reasons(realm, "beta")[ALPHA] == "noAnchor"
    assert [line for line in beta("look") if "is not trusted" in line and ALPHA in line] == []
    assert ALPHA not in events_of_a_look(realm)


@ON_SQLITE
@pytest.mark.usefixtures("realm")
def test_a_look_without_an_anchor_says_that_none_is_chosen(beta: Says) -> None:
    beta("anchors", "remove", ANCHOR)
    assert beta("look") == ["No anchor is chosen: `trust anchors add` chooses one."]


@ON_SQLITE
def test_a_look_says_that_nobody_lists_the_node_itself(realm: Realm, beta: Says) -> None:
    unlisted = f"{BETA}  is this node: nobody who answered lists it"
    assert unlisted not in beta("look")
    with realm.working(SOUTH) as work:
        assert anchors.withdraw(work.conn, BETA)
    assert beta("look")[-1] == unlisted


def events_of_a_look(realm: Realm) -> dict[str, str]:
    """Let beta look, and return what its log says of each entity."""
    logs.configure("warning")
    with capture_logs() as said:
        look(realm, "beta")
    return {entry["entity"]: entry["event"] for entry in said if "entity" in entry}


@ON_SQLITE
def test_a_look_gives_no_node_id_to_another_address(realm: Realm, beta: Says) -> None:
    alpha = node_id(realm, "alpha")
    realm.revoke("alpha", NORTH, mandate.TRACING)
    look(realm, "beta")
    realm.node("gamma", NORTH)
    rename(realm, "gamma", alpha)
    (said,) = (line for line in beta("look") if GAMMA in line)
    assert said.startswith(f"{GAMMA}  is not trusted: ")
    assert "its node id belongs to another entity" in said
    look(realm, "beta")
    assert partners(realm, "beta") == {}


@ON_SQLITE
def test_who_chooses_an_anchor_no_more_is_told_what_partners_lose_and_when(realm: Realm, beta: Says) -> None:
    remove, alpha = ("anchors", "remove", ANCHOR), f"{node_id(realm, 'alpha')}  {ALPHA}"
    realm.choose("beta", SOUTH)
    end = f"{ANCHOR} would be no anchor of this node any more."
    assert beta(*remove, "--dry-run") == [
        f"{alpha}  would be a partner no more; recalled in 12 hours",
        end,
    ]
    realm.choose("beta", NORTH)
    realm.down.add(NORTH)
    assert beta(*remove, "--dry-run") == [end], "what was said last counts while that lasts"
    realm.down.remove(NORTH)
    with realm.working(NORTH) as work:
        anchors.accredit(work.conn, mandate.TRACING, f"https://{NORTH}.example")
    lost, _ = beta(*remove, "--dry-run")
    assert lost.startswith(f"{alpha}  would be without access: ")
    realm.revoke("alpha", NORTH, mandate.TRACING)
    assert beta(*remove) == [
        f"{alpha}  is a partner no more; recalled at once",
        f"{ANCHOR} is no anchor of this node any more.",
    ]
    look(realm, "beta")
    assert partners(realm, "beta") == {}


def test_who_drops_the_last_anchor_has_no_partner_at_once_and_recalls_what_they_hold_without_a_look(
    realm: Realm, beta: Says
) -> None:
    released(realm)
    alpha = f"{node_id(realm, 'alpha')}  {ALPHA}"
    assert beta("anchors", "remove", ANCHOR) == [
        f"{alpha}  is a partner no more; recalled in 12 hours",
        f"{ANCHOR} is no anchor of this node any more.",
    ]
    realm.look("beta")
    assert partners(realm, "beta") == {}
    with realm.working("beta") as work:
        assert ANCHOR in followed.known(work.conn), "it may be chosen again, and its log must go on"
    node = realm.nodes["beta"].node
    recalling.recall_due(node)
    assert (refresh.refresh(node), held(realm)) == (0, ["active"])
    realm.wait(hours=12)
    realm.look("alpha")
    recalling.recall_due(node)
    assert held(realm) == ["erased"]


def test_a_look_under_way_brings_nobody_back_by_an_anchor_that_is_dropped_meanwhile(
    realm: Realm, beta: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[list[str]] = []

    def dropping(_url: str) -> None:
        if not dropped:
            dropped.append([])
            dropped.append(beta("anchors", "remove", ANCHOR))

    realm.choose("beta", SOUTH)
    realm.wait(minutes=15)
    answering(realm, monkeypatch, dropping)
    realm.look("beta")
    realm.look("beta")
    assert (len(dropped), partners(realm, "beta")) == (2, {})


@ON_SQLITE
def test_a_look_names_who_attests_that_a_partner_passed_the_suite(realm: Realm, beta: Says) -> None:
    def said() -> str:
        lines = iter(beta("look"))
        next(line for line in lines if line.startswith(alpha))
        return next(line for line in lines if "of conformance" in line)

    alpha = node_id(realm, "alpha")
    assert said() == "  shows no mark of conformance"
    realm.accredit(mandate.CONFORMANCE, NORTH)
    report = {
        "sha256": "0" * 64,
        "nodeId": alpha,
        "environment": "sandbox",
        "conformanceClass": "exchange",
        "specVersion": "1.0-draft",
        "suiteVersion": "1.0.0",
        "finishedAt": "2026-11-21T10:00:00Z",
    }
    realm.show("alpha", NORTH, mandate.CONFORMANCE, report=report)
    until = r"mark of conformance by https://north\.example until \S+: "
    assert re.fullmatch(f"  {until}class exchange, tested 2026-11-21T10:00:00Z \\(sandbox\\)", said())
    realm.revoke("alpha", NORTH, mandate.CONFORMANCE)
    assert said().startswith("  shows no mark of conformance that counts: Mark does not stand")
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
