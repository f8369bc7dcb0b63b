"""A slow entity holds up no other, and a look at the anchors ends."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event

import pytest
from mpex_server.federation import asking, refresh
from mpex_server.federation.faults import RevokedError, TrustError
from mpex_server.federation.mandate import NO_ENFORCEMENT, TRACING
from mpex_server.kit.clock import ManualClock

from tests.server.federation.answers import Unwatched
from tools.generators import _trust_ground as trust_ground
from tools.generators._trust_ground import MANDATE, NOW, Entity, Federation


def test_entities_are_asked_at_once_and_answer_in_their_order() -> None:
    together = Barrier(asking.AT_ONCE, timeout=30)

    def read(entity: str) -> str:
        together.wait()
        return entity.upper()

    names = [chr(ord("a") + number) for number in range(asking.AT_ONCE)]
    branches = dict.fromkeys(names, ("one",))
    assert asking.each(read, branches, names) == [name.upper() for name in names]


def test_one_branch_holds_up_no_other() -> None:
    """However many are in it, however late they answer, and though it lists the others as well."""
    heard = Event()
    rogues, honest = [f"a-{number}" for number in range(20)], [f"z-{number}" for number in range(20)]
    branches = dict.fromkeys(rogues, ("rogue",)) | dict.fromkeys(honest, ("rogue", "honest"))
    left = set(honest)

    def read(entity: str) -> bool:
        if entity in left:
            left.discard(entity)
            if not left:
                heard.set()
            return True
        return heard.wait(timeout=30)

    assert all(asking.each(read, branches, [*rogues, *honest]))


@pytest.mark.parametrize(
    "late", [1, 2], ids=["when it is judged", "when its marks of before are asked about"]
)
def test_nodes_that_answer_late_hide_no_revocation_in_another_branch(late: int) -> None:
    """However many an intermediate has enrolled, and known for however long (TRUST-007)."""
    federation, heard, asked = Federation(), Event(), Counter[str]()
    rogue = Entity("https://rogue.example", (federation.anchor.name,))
    federation.anchor.enrol(rogue, intermediate=True)
    below = [Entity(f"https://a{number}.example", (rogue.name,), vouches=False) for number in range(20)]
    federation.entities += [rogue, *below]
    for entity in below:
        rogue.enrol(entity)
        entity.claims["trust_marks"] = [federation.region.mark(TRACING, entity.name, mandate=MANDATE)]
    federation.witness.withdrawn.add(federation.node.name)
    published = federation.published()
    statuses = {mark: said for entity in federation.entities for mark, said in entity.statuses()}
    first, second = (shown["trust_mark"] for shown in federation.node.claims["trust_marks"])

    def ask(url: str, mark: str) -> str:
        asked[mark] += 1
        if mark == second:
            heard.set()
        elif mark != first and asked[mark] == late:
            assert heard.wait(30), "the other branch is not asked meanwhile"
        if mark == second or (mark == first and late == 1):
            return statuses[mark]
        raise TrustError("unreachable", url, "nobody answers")

    kept = {entity.name: published[entity.address] for entity in (*below, federation.node)}
    inquiry = asking.Inquiry(lambda url: trust_ground.found(published, set(), url), ask, ManualClock(NOW))
    found = refresh.read(federation.chosen, inquiry, Unwatched(), kept, {}, kept)
    judged = [trusted.unmarked for trusted in found.trusted.values()] or [found.faults[federation.node.name]]
    assert [type(fault) for fault in judged] == [RevokedError]


def test_no_exchange_lasts_longer_than_what_is_asked_in() -> None:
    clock, given = ManualClock(NOW), list[float]()

    @contextmanager
    def within(seconds: float) -> Iterator[None]:
        given.append(seconds)
        yield

    inquiry = asking.Inquiry(lambda url: url, lambda url, _mark: url, clock, 240, within=within)
    inquiry.allow(0.25)
    inquiry.fetch("https://one.example")
    clock.advance(timedelta(seconds=50))
    inquiry.ask("https://one.example", "a")
    assert given == [60, 10]


def test_who_cannot_be_read_at_all_ends_the_look_and_blocks_no_thread() -> None:
    def read(entity: str) -> str:
        raise ZeroDivisionError(entity)

    with pytest.raises(ZeroDivisionError):
        asking.each(read, dict.fromkeys("abcdefgh", ("one",)), "abcdefgh")


def test_what_was_not_asked_in_time_counts_as_silent() -> None:
    clock = ManualClock(NOW)
    inquiry = asking.Inquiry(lambda url: f"of {url}", lambda url, mark: f"{mark} by {url}", clock, 240)
    inquiry.allow(0.25)
    clock.advance(timedelta(seconds=60))
    assert inquiry.fetch("https://one.example") == "of https://one.example"
    clock.advance(timedelta(seconds=1))
    with pytest.raises(TrustError, match="no time left") as raised:
        inquiry.fetch("https://two.example")
    assert (raised.value.reason, raised.value.is_silence) == ("unreachable", True)
    with pytest.raises(TrustError, match="no time left"):
        inquiry.ask("https://two.example", "a")


def test_no_stranger_takes_the_identifier_of_one_that_is_known() -> None:
    federation = Federation()
    node, thief = federation.node, Entity("https://a-thief.example", (federation.region.name,), vouches=False)
    federation.entities.append(thief)
    federation.region.below.clear()
    for entity in (thief, node):
        federation.region.enrol(entity)
    mandate = federation.region.mark(TRACING, thief.name, mandate=MANDATE)
    marks = [mandate, federation.witness.mark(NO_ENFORCEMENT, thief.name)]
    thief.claims |= node.claims | {"trust_marks": marks}
    statuses = dict(said for entity in federation.entities for said in entity.statuses())

    inquiry = asking.Inquiry(federation.fetch, lambda _url, mark: statuses[mark], ManualClock(NOW))

    def holder(**kept: str) -> str:
        texts = {entity.name: kept[entity.host] for entity in (node, thief) if entity.host in kept}
        found = refresh.read(federation.chosen, inquiry, Unwatched(), texts, {}, texts)
        (trusted,) = found.trusted.values()
        refused = {entity: fault.reason for entity, fault in found.faults.items()}
        assert refused == {({node.name, thief.name} - {trusted.entry["url"]}).pop(): "wrongSubject"}
        return str(trusted.entry["url"])

    said = federation.published()
    assert holder(node=said[node.address]) == node.name
    assert holder(**{"a-thief": said[thief.address]}) == thief.name
