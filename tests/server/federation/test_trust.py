"""Chains and marks: the published vectors, and what they cannot show because it happens over time."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpex_server.federation import asking, directory, logs, mandate, marks, showing, statements
from mpex_server.federation.asking import Inquiry
from mpex_server.federation.chains import Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.kit.clock import ManualClock
from mpex_spec import codelist, requirements, root

from tools.generators import trust
from tools.generators._trust_changes import claims
from tools.generators._trust_ground import NOW, Entity, Federation, key_of

Json = dict[str, Any]
ABOVE = "https://above.example"
RESULTS = {"chains": "chain", "marks": "partner"}
DOCUMENTS = {
    name: json.loads((root() / "vectors" / "trust" / f"{name}.json").read_text(encoding="utf-8"))
    for name in RESULTS
}
CASES = [
    pytest.param(name, case, id=f"{name}: {case['name']}")
    for name, document in DOCUMENTS.items()
    for case in trust.whole(document)
]
# An anchor that cannot be found says this, and so do logs; no document that is published does.
NOT_IN_VECTORS = {"notFound", "logForked", "notLogged"}


@pytest.fixture
def federation() -> Federation:
    return Federation()


def resolver(federation: Federation, **kept: Any) -> Resolver:
    made = Resolver(federation.chosen, federation.fetch, lambda: NOW, **kept)
    directory.read(made, federation.fetch)
    return made


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_node_makes_of_what_is_published_what_the_vectors_say(name: str, case: Json) -> None:
    made = trust.read(case, RESULTS[name])
    assert made == {member: case[member] for member in made}
    assert not {"chain", "partner", "fault", "withoutAccess"} & case.keys() - made.keys()


def test_the_vectors_show_every_fault_and_only_rules_that_there_are() -> None:
    cases = [case for document in DOCUMENTS.values() for case in document["cases"]]
    faults = [fault for case in cases if (fault := case.get("fault") or case.get("withoutAccess"))]
    assert {fault["code"] for fault in faults} == codelist("trustFaults").keys() - NOT_IN_VECTORS
    assert {case["shows"] for case in cases} <= requirements().keys()


def test_the_directory_lists_the_nodes_of_every_superior(federation: Federation) -> None:
    other = Entity("https://other.example", (federation.anchor.name,))
    federation.entities.append(other)
    federation.anchor.enrol(other)
    by = Resolver(federation.chosen, federation.fetch, lambda: NOW)
    found = directory.read(by, federation.fetch)
    assert set(found.nodes) == {other.name, federation.node.name}
    assert (found.faults, found.whole) == ((), True)
    assert by.superiors == {federation.anchor.name, federation.region.name, federation.witness.name}


@pytest.mark.parametrize("text", [None, "", "{}", "[5]", "<html>"])
def test_a_superior_without_a_list_hides_nobody_else_and_ends_nobody(
    federation: Federation, text: str | None
) -> None:
    def fetch(url: str) -> str:
        if not url.startswith("https://witness.example"):
            return federation.fetch(url)
        if text is None:
            raise TrustError("unreachable", url, "nobody answers")
        return text if "/list" in url else federation.fetch(url)

    federation.witness.enrol(federation.node)
    found = directory.read(Resolver(federation.chosen, fetch, lambda: NOW), fetch)
    assert list(found.nodes) == [federation.node.name]
    assert [fault.reason for fault in found.faults] == ["unreachable" if text is None else "malformed"]
    assert not found.whole


def test_a_superior_that_lists_more_than_can_be_read_hides_nobody_else(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rogue, below, deep = (Entity(f"https://{name}.example") for name in ("rogue", "below", "deep"))
    for superior, entity in ((federation.anchor, rogue), (federation.region, below)):
        federation.entities.append(entity)
        entity.superiors = (superior.name,)
        superior.enrol(entity, intermediate=True)
    below.enrol(deep)
    kept = {federation.node.name: federation.fetch(federation.node.address)}
    many = orjson.dumps([f"https://{at}.example" for at in range(100)]).decode()
    further = orjson.dumps([f"https://below-{at}.rogue.example" for at in range(20)]).decode()
    each, levels, placed = asking.each, list[list[str]](), dict[str, Collection[str]]()

    def fetch(url: str) -> str:
        if ".rogue.example" in url:
            raise TrustError("unreachable", url, "nobody answers")
        if url.startswith(f"{rogue.name}/") and "/list" in url:
            return further if "intermediate" in url else many
        return federation.fetch(url)

    def asked(
        read: Callable[[str], Any], branches: Mapping[str, Collection[str]], entities: list[str]
    ) -> list[Any]:
        levels.append(entities)
        placed.update(branches)
        return each(read, branches, entities)

    monkeypatch.setattr(directory, "_MOST_IN_ALL", 20)
    monkeypatch.setattr(asking, "each", asked)
    looks = [directory.read(Resolver(federation.chosen, fetch, lambda: NOW, kept), fetch) for _ in range(3)]
    for found in looks:
        assert next(iter(found.nodes)) == federation.node.name, "who is known is never left out"
        assert deep.name in found.nodes
        assert len(found.nodes) == 20
    assert len({tuple(found.nodes) for found in looks}) > 1, "each look leaves out others"
    lowest = [level for level in levels if below.name in level]
    assert [len(level) for level in lowest] == [21] * 3
    assert all(level.index(below.name) < 3 for level in lowest), "who lists many takes no more turns"
    assert placed[below.name] == {federation.region.name}, "each is in the branch of who lists it"
    assert {*placed[rogue.name], *placed["https://below-1.rogue.example"]} == {rogue.name}


def test_a_superior_for_whom_nobody_vouches_lists_nobody(federation: Federation) -> None:
    federation.region.keys = [key_of("another")]
    found = directory.read(Resolver(federation.chosen, federation.fetch, lambda: NOW), federation.fetch)
    assert (found.nodes, [fault.reason for fault in found.faults]) == ({}, ["unvouchedKey"])
    assert found.whole


def test_nobody_is_asked_whom_no_superior_lists(federation: Federation) -> None:
    federation.node.superiors = ("https://elsewhere.example", federation.region.name)
    assert resolver(federation).resolve(federation.node.name).anchor.subject == federation.anchor.name
    assert not [url for url in federation.asked if "elsewhere" in url]


def test_who_does_not_answer_is_judged_by_what_it_said_while_that_holds(federation: Federation) -> None:
    said = federation.fetch(federation.node.address)
    federation.silent.add(federation.node.name)
    kept = {federation.node.name: said}
    assert resolver(federation, kept=kept).resolve(federation.node.name).entity == federation.node.name
    ended = Resolver(federation.chosen, federation.fetch, lambda: NOW + timedelta(hours=25), kept)
    with pytest.raises(TrustError, match="expired"):
        ended.configuration(federation.node.name)


def shown(federation: Federation, text: str | None = None) -> str | None:
    """Return why it cannot be verified that a mark of the node was given to it."""
    text = text or federation.node.claims["trust_marks"][1]["trust_mark"]
    mark = marks.read(text, federation.node.name, now=NOW)
    inquiry = Inquiry(federation.fetch, federation.ask, ManualClock(NOW))
    fault = showing.unverified(text, mark, federation.chosen, inquiry)
    return None if fault is None else fault.reason


def test_a_mark_is_verified_as_far_as_the_chosen_anchors_lead(federation: Federation) -> None:
    assert shown(federation) is None
    federation.silent.add(federation.witness.name)
    assert shown(federation) == "unreachable"
    federation.silent.clear()
    federation.anchor.claims["trust_mark_issuers"] = {}
    assert shown(federation) == "markNotAccredited"
    federation.chosen = {}
    assert shown(federation) == "noAnchor"


def test_a_mark_that_is_forged_or_taken_back_is_not_shown(federation: Federation) -> None:
    text = federation.node.claims["trust_marks"][1]["trust_mark"]
    with pytest.raises(TrustError, match="badSignature"):
        shown(federation, text.rpartition(".")[0] + "." + "A" * 86)
    federation.witness.withdrawn.add(federation.node.name)
    with pytest.raises(TrustError, match="markNotActive"):
        shown(federation)


def test_an_entity_by_the_name_of_a_mark_is_no_mark() -> None:
    standing: logs.Standing = {}
    name = "a" * 43
    logs.stand(standing, [{"reason": "entityEnrolled", "entity": "mark:a", "keys": [name]}])
    ground = logs.Ground("https://north.example", ("mark", "mark:a"), frozenset((name,)), "entityEnrolled")
    with pytest.raises(TrustError, match="notLogged"):
        logs.check(ground, standing)


@pytest.mark.parametrize("word", [logs.BETWEEN, "", "a" * 42, 5, None])
def test_a_key_that_is_called_as_a_role_makes_no_intermediate(word: Any) -> None:
    standing: logs.Standing = {}
    logs.stand(standing, [{"reason": "entityEnrolled", "entity": ABOVE, "keys": ["a" * 43, word]}])
    keys = frozenset(("a" * 43,))
    logs.check(logs.Ground("https://north.example", ("entity", ABOVE), keys), standing)
    for wrong in (
        logs.Ground("https://north.example", ("entity", ABOVE), keys, logs.BETWEEN),
        logs.Ground("https://north.example", ("entity", ABOVE), keys | {str(word)}),
    ):
        with pytest.raises(TrustError, match="notLogged"):
            logs.check(wrong, standing)


@pytest.mark.parametrize("name", [None, 5, ["None"]])
def test_a_mark_without_an_identifier_is_in_no_log(federation: Federation, name: Any) -> None:
    federation.witness.odd["mark"] = claims(jti=name)
    federation.show()
    made = resolver(federation)
    chain = made.resolve(federation.node.name)
    found = marks.find(chain, mandate.NO_ENFORCEMENT, made, federation.ask)
    (ground,) = (one for one in found.grounds if one.about[0] == "mark")
    for mark in (name, str(name)):
        entry = {"reason": "markGiven", "entity": chain.entity, "markType": mandate.NO_ENFORCEMENT}
        standing: logs.Standing = {}
        logs.stand(standing, [entry, entry | {"mark": mark}])
        with pytest.raises(TrustError, match="notLogged"):
            logs.check(ground, standing)


@pytest.mark.parametrize(
    "name", ["https://" + "x" * 293, "http://far.example", "https://far.example/", "https://a b", ""]
)
def test_who_is_listed_by_no_identifier_is_nobody(federation: Federation, name: str) -> None:
    others = resolver(federation)
    fetch, lists = federation.fetch, f"{federation.anchor.name}/list?"

    def listing(url: str) -> str:
        return json.dumps([*json.loads(fetch(url)), name]) if url.startswith(lists) else fetch(url)

    made = Resolver(federation.chosen, listing, lambda: NOW)
    assert name not in directory.read(made, listing).nodes
    assert made.superiors == others.superiors


def test_only_those_to_whom_a_chain_leads_are_superiors_whose_log_is_followed(federation: Federation) -> None:
    stranger = Entity("https://stranger.example", (federation.anchor.name,))
    federation.entities.append(stranger)
    fetch, lists = federation.fetch, f"{federation.anchor.name}/list?"

    def listing(url: str) -> str:
        return json.dumps([*json.loads(fetch(url)), stranger.name]) if url.startswith(lists) else fetch(url)

    made = Resolver(federation.chosen, listing, lambda: NOW)
    found = directory.read(made, listing)
    assert stranger.name in made.superiors
    above = (federation.anchor, federation.region, federation.witness)
    assert found.superiors == {one.name: one.name for one in above}


def test_a_statement_has_at_most_65_536_characters(federation: Federation) -> None:
    federation.node.odd["configuration"] = claims(filler="a" * 65_536)
    with pytest.raises(TrustError, match="malformed"):
        statements.configuration(
            federation.fetch(federation.node.address), entity=federation.node.name, now=NOW
        )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=3,
)
SAID = ("configuration", "subordinate", "mark", "status")


@given(st.sampled_from(("anchor", "region", "node", "witness")), st.sampled_from(SAID), st.data())
def test_whatever_somebody_says_is_judged(who: str, what: str, data: st.DataObject) -> None:
    """One who says what nobody expects must not keep a node from reading what others say."""

    def change(_header: Json, said: Json) -> None:
        place, steps = said, data.draw(st.integers(0, 3))
        for _ in range(steps):
            inner = [member for member in place.values() if isinstance(member, dict) and member]
            place = data.draw(st.sampled_from(inner)) if inner else place
        place[data.draw(st.sampled_from(sorted(place)))] = data.draw(ANYTHING)

    federation = Federation()
    entity: Entity = getattr(federation, who)
    entity.odd[what] = change
    if what == "mark":
        federation.show()
    case = {
        "now": NOW.isoformat(),
        "entity": federation.node.name,
        "anchors": federation.chosen,
        "published": federation.published(),
        "statuses": federation.statuses(),
        "silent": [],
    }
    assert trust.read(case, "partner").keys() & {"fault", "partner"}
