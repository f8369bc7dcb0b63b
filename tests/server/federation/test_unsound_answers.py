"""What comes in place of an answer ends nobody and has nothing recalled (TRUST-021, RECL-018)."""

from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest
from mpex_server.federation import refresh
from mpex_server.federation.asking import Inquiry
from mpex_server.federation.faults import RevokedError, TrustError
from mpex_server.federation.findings import Findings
from mpex_server.federation.mandate import NO_ENFORCEMENT
from mpex_server.kit.clock import ManualClock

from tests.server.exchange.town import released
from tests.server.federation.answers import Answer, Unwatched, answering, held
from tests.server.federation.realm import ALPHA, NORTH, ON_SQLITE, WATCH, Realm, look, partners
from tools.generators._trust_ground import NOW, Entity, Federation


def page_at(place: str) -> Answer:
    """Return a maintenance page in place of what is at an address."""
    return lambda url: "<html>We are back soon</html>" if place in url else None


@ON_SQLITE
@pytest.mark.parametrize("place", [f"{ALPHA}/", f"https://{WATCH}.example/federation/", "/federation/"])
def test_a_page_in_place_of_an_answer_is_silence(
    realm: Realm, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    released(realm)
    answering(realm, monkeypatch, page_at(place))
    look(realm, "beta")
    assert (partners(realm, "beta"), held(realm)) == ({ALPHA: True}, ["active"])


@ON_SQLITE
def test_a_look_that_takes_its_time_judges_each_answer_when_it_comes(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(url: str) -> None:
        if url.startswith(f"https://{WATCH}.example/federation/list"):
            realm.wait(seconds=11)

    released(realm)
    answering(realm, monkeypatch, slowly)
    look(realm, "beta")
    assert (partners(realm, "beta"), held(realm)) == ({ALPHA: True}, ["active"])


@ON_SQLITE
def test_who_is_vouched_for_no_more_loses_access_at_once_and_after_half_a_day_what_it_holds(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(url: str) -> str:
        if url.startswith(f"https://{NORTH}.example/federation/list"):
            return "[]"
        if url.startswith(f"https://{NORTH}.example/federation/fetch"):
            raise TrustError("notFound", url, "nothing is there")
        return ""

    released(realm)
    answering(realm, monkeypatch, nobody)
    look(realm, "beta")
    assert (partners(realm, "beta"), held(realm)) == ({}, ["active"])
    monkeypatch.undo()
    look(realm, "beta")
    assert (partners(realm, "beta"), held(realm)) == ({ALPHA: True}, ["active"])
    answering(realm, monkeypatch, nobody)
    look(realm)
    realm.wait(hours=11)
    look(realm)
    assert held(realm) == ["active"]
    realm.wait(hours=1)
    look(realm)
    assert held(realm) == ["erased"]


@ON_SQLITE
def test_another_anchor_that_vouches_for_less_ends_nobody(realm: Realm) -> None:
    released(realm)
    realm.choose("beta", NORTH)
    look(realm, "beta")
    realm.down.add("world")
    look(realm, "beta")
    assert (partners(realm, "beta"), held(realm)) == ({ALPHA: True}, ["active"])


def read(federation: Federation, kept: str = "", fetch: Callable[[str], str] | None = None) -> Findings:
    """Look at the anchors of a federation in memory; `kept` is what its node said before."""
    statuses = dict(said for entity in federation.entities for said in entity.statuses())

    def ask(url: str, mark: str) -> str:
        federation.ask(url, "") if any(url.startswith(name) for name in federation.silent) else None
        return statuses[mark]

    inquiry = Inquiry(fetch or federation.fetch, ask, ManualClock(NOW))
    texts = {federation.node.name: kept} if kept else {}
    return refresh.read(federation.chosen, inquiry, Unwatched(), texts, {}, texts)


def test_a_mark_of_another_entity_hides_none_that_was_taken_back() -> None:
    federation = Federation()
    other = Entity("https://other.example", vouches=False)
    marks = federation.node.claims["trust_marks"]
    federation.node.claims["trust_marks"] = [federation.witness.mark(NO_ENFORCEMENT, other.name), *marks]
    said = federation.published()[federation.node.address]
    federation.witness.withdrawn.add(federation.node.name)
    federation.silent.add(federation.region.name)
    found = read(federation, said)
    assert isinstance(found.faults[federation.node.name], RevokedError)


def test_rubbish_beside_a_mark_whose_issuer_is_silent_ends_nobody() -> None:
    """In whichever order the two are shown (TRUST-021)."""
    for place in (1, 2):
        federation = Federation()
        said = federation.published()[federation.node.address]
        rubbish = {"trust_mark_type": NO_ENFORCEMENT, "trust_mark": "x"}
        federation.node.claims["trust_marks"].insert(place, rubbish)
        federation.silent.add(federation.witness.name)
        found = read(federation, said)
        assert found.unknown(federation.node.name)
        federation.silent.clear()
        (trusted,) = read(federation, said).trusted.values()
        assert trusted.unmarked is None


def test_a_list_without_end_hides_nobody() -> None:
    federation = Federation()
    said = federation.published()[federation.node.address]
    strangers = orjson.dumps([f"https://{number}.example" for number in range(10_001)]).decode()

    def fetch(url: str) -> str:
        return strangers if url.startswith(f"{federation.witness.name}/list") else federation.fetch(url)

    found = read(federation, said, fetch)
    assert [one.entry["url"] for one in found.trusted.values()] == [federation.node.name]
    assert found.faults[federation.witness.name].reason == "malformed"
    assert not any(entity.startswith("https://1") for entity in found.faults)


def test_both_marks_by_one_anchor_count_for_more_than_a_longer_term_by_another() -> None:
    federation = Federation()
    (marked,) = read(federation).trusted.values()
    federation.node.claims["trust_marks"].pop()
    (unmarked,) = read(federation).trusted.values()
    longer = replace(unmarked, until=marked.until.replace(hour=23))
    for order in ((marked, longer), (longer, marked)):
        found = Findings({})
        for trusted in order:
            found.add(federation.node.name, trusted)
        assert list(found.trusted.values()) == [marked]
