"""When the key of an anchor was stolen: the steps of the runbook, by its commands, and what partners lose."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mpex_server.federation import mandate, recalling
from mpex_server.peers.client import Peers
from mpex_server.settings import Settings
from mpex_server.setup import command, folder

from tests.server.commands.calls import ended, run
from tests.server.exchange.town import made, node_id, released
from tests.server.federation.answers import held
from tests.server.federation.realm import ALPHA, BETA, NORTH, ON_SQLITE, WORLD, Realm, look, partners, reasons

ANCHOR, STRANGER, GAMMA = f"https://{WORLD}.example", "https://stranger.example", "https://gamma.example"
NODES = ("alpha", "beta")
Says = Callable[..., str]


@pytest.fixture
def says(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> Says:
    """Return what runs a command of `mpex-server` at one of the realm, and returns what it says."""
    nodes = realm.nodes

    @contextmanager
    def asking(settings: Settings) -> Iterator[Peers]:
        (peers,) = (each.node.peers for each in nodes.values() if each.url == settings.public_url)
        yield peers

    monkeypatch.setattr(folder, "load", lambda where: nodes[where.name].node.settings)
    monkeypatch.setattr(command, "asking", asking)
    monkeypatch.setattr(Settings, "clock", lambda _settings: realm.clock)
    return lambda name, *words: run(*words, "--dir", Path(name))


@pytest.fixture
def robbed(realm: Realm) -> Realm:
    """A realm in which a thief lets the anchor vouch for a stranger, who lets somebody in."""
    realm.anchor("stranger", (WORLD,))
    realm.enrol(WORLD, "stranger", intermediate=True)
    realm.accredit(mandate.TRACING, "stranger")
    realm.accredit(mandate.NO_ENFORCEMENT, WORLD)
    realm.node("gamma", "stranger", marked=False)
    realm.show("gamma", WORLD, mandate.NO_ENFORCEMENT)
    look(realm)
    assert partners(realm, "beta") == {ALPHA: True, GAMMA: True}
    return realm


def handed_over(says: Says, folder: Path) -> Path:
    """Return the file with the keys of the anchor that its people hand to those of the nodes."""
    file = folder / "anchor.jwks"
    file.write_text(says(WORLD, "anchor", "keys"), encoding="utf-8")
    return file


def dropped(realm: Realm, says: Says) -> None:
    """Let each node print what the anchor decided, choose it no more, and look."""
    for name in NODES:
        read = says(name, "trust", "log", ANCHOR)
        assert f"vouches for {STRANGER}, which may vouch for others" in read
        assert f"lets {STRANGER} give marks {mandate.TRACING}" in read
        assert f"gave {GAMMA} the mark {mandate.NO_ENFORCEMENT}" in read
        foretold = says(name, "trust", "anchors", "remove", ANCHOR, "--dry-run")
        assert f"{node_id(realm, 'gamma')}  {GAMMA}  would be a partner no more" in foretold
        says(name, "trust", "anchors", "remove", ANCHOR)
    look(realm)
    assert [partners(realm, name) for name in NODES] == [{}, {}]
    assert "vouches for" in says("beta", "trust", "log", ANCHOR), "the log is to go on from what was read"


def made_sound(realm: Realm, says: Says) -> Path:
    """Exchange the key of the anchor, and end what nobody decided; return the key that was ended."""
    before = realm.nodes[WORLD].node.keys
    says(WORLD, "new-key", "federation")
    assert f"{STRANGER}  intermediate" in says(WORLD, "anchor", "list")
    says(WORLD, "anchor", "accredit", mandate.TRACING, STRANGER, "--end")
    says(WORLD, "anchor", "accredit", mandate.NO_ENFORCEMENT, ANCHOR, "--end")
    says(WORLD, "anchor", "withdraw", STRANGER)
    said = ended("keys", "remove", "federation-0001", "--dir", Path(WORLD))
    assert "1 marks are still under federation-0001" in said
    says(WORLD, "anchor", "revoke", mandate.NO_ENFORCEMENT, GAMMA)
    stolen = realm.nodes[WORLD].node.settings.key_dir / "federation-0001.jwk"
    kept = stolen.read_bytes()
    says(WORLD, "keys", "remove", "federation-0001")
    realm.restart(WORLD)
    assert before.federation_jwks() != realm.nodes[WORLD].node.keys.federation_jwks()
    ended_key: Path = stolen.with_suffix(".ended")
    ended_key.write_bytes(kept)
    return ended_key


@ON_SQLITE
def test_nodes_come_back_to_an_anchor_with_another_key_and_strangers_do_not(
    robbed: Realm, says: Says, tmp_path: Path
) -> None:
    released(robbed)
    assert held(robbed) == ["active"]
    dropped(robbed, says)
    stolen = made_sound(robbed, says)
    keys = handed_over(says, tmp_path)
    (kid,) = (key["kid"] for key in json.loads(keys.read_text(encoding="utf-8"))["keys"])
    for name in NODES:
        assert kid in says(name, "trust", "anchors", "add", ANCHOR, keys)
        assert says(name, "trust", "anchors", "list") == f"{ANCHOR}  {kid}\n"
    look(robbed)
    assert (partners(robbed, "alpha"), partners(robbed, "beta")) == ({BETA: True}, {ALPHA: True})
    robbed.wait(hours=12)
    look(robbed)
    assert held(robbed) == ["active"], "who is back in time keeps what it was given"
    robbed.steal(WORLD, stolen)
    look(robbed, "beta")
    assert reasons(robbed, "beta")[ANCHOR] == "unvouchedKey"
    assert partners(robbed, "beta") == {}, "who has the stolen key can stop the anchor, and let nobody in"


@ON_SQLITE
def test_what_partners_hold_is_called_back_when_12_hours_were_not_enough_and_reaches_them_when_they_are_back(
    robbed: Realm, says: Says, tmp_path: Path
) -> None:
    released(robbed)
    dropped(robbed, says)
    robbed.wait(hours=11)
    recalling.recall_due(robbed.nodes["beta"].node)
    assert recalls(robbed) == []
    robbed.wait(hours=1)
    recalling.recall_due(robbed.nodes["beta"].node)
    assert (recalls(robbed), held(robbed)) == ([["pending"]], ["active"]), "alpha believes no key of beta now"
    made_sound(robbed, says)
    keys = handed_over(says, tmp_path)
    for name in NODES:
        says(name, "trust", "anchors", "add", ANCHOR, keys)
    look(robbed)
    robbed.wait(hours=6)
    assert held(robbed) == ["erased"]
    assert recalls(robbed) == [["acknowledged"]]


def recalls(realm: Realm) -> list[list[str]]:
    """Return for each recall of beta how far each recipient is."""
    items = made(realm.nodes["beta"].call("releaseOfficer", "GET", "/v1/recalls"), 200)["items"]
    return [[one["state"] for one in recall["recipients"]] for recall in items]


@ON_SQLITE
def test_a_node_that_nobody_reached_trusts_nobody_by_the_anchor_with_another_key(
    robbed: Realm, says: Says
) -> None:
    made_sound(robbed, says)
    look(robbed, "beta")
    assert partners(robbed, "beta") == {}


@ON_SQLITE
def test_an_intermediate_with_another_key_is_enrolled_as_a_new_one_and_gives_its_marks_anew(
    realm: Realm, says: Says, tmp_path: Path
) -> None:
    region = realm.nodes[NORTH].url
    says(WORLD, "anchor", "withdraw", region)
    look(realm, "beta")
    assert partners(realm, "beta") == {}
    says(NORTH, "new-key", "federation")
    realm.restart(NORTH)
    asked, given = tmp_path / "mandate.json", tmp_path / "tracing.jwt"
    asked.write_text(says("alpha", "trust", "request"), encoding="utf-8")
    mark = says(NORTH, "anchor", "issue-mark", mandate.TRACING, ALPHA, "--mandate", asked)
    given.write_text(mark.splitlines()[-1], encoding="utf-8")
    says("alpha", "trust", "marks", "add", given)
    says(NORTH, "keys", "remove", "federation-0001")
    realm.restart(NORTH)
    (kid,) = (key["kid"] for key in json.loads(says(NORTH, "anchor", "keys"))["keys"])
    says(WORLD, "anchor", "enrol", region, "--intermediate", "--key", kid)
    look(realm, "beta")
    assert partners(realm, "beta") == {ALPHA: True}
