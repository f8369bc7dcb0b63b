"""How long access lasts after it was ended: a mark, an enrolment, a decision of the node's own staff."""

from collections.abc import Callable
from typing import Any

import pytest
from mpex_server.anchor import repository as anchors
from mpex_server.anchor import service as anchor
from mpex_server.audit.sequencer import sequence
from mpex_server.federation import mandate, marks, own
from mpex_server.federation import repository as chosen
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.peers import signatures
from mpex_server.peers.client import Access, Partner
from mpex_server.peers.errors import RefusedError
from mpex_server.recalls import causes

from tests.server.exchange.town import RECEIVED, made, node_id, released
from tests.server.federation.realm import ALPHA, NORTH, ON_SQLITE, WATCH, WORLD, Realm, look, partners

OPEN = {"a token": True, "a token that it has": True, "an event": True}
SHUT = dict.fromkeys(OPEN, False)
ANEW = OPEN | {"a token that it has": False}
"""What is open to who was let in again: a token from before is not, since it may be stolen (AUTH-019)."""
CHECKPOINT = Access("searchLiving", "vitalInterest", ("log:read",))
EVENTS = Access("searchLiving", "legalObligation", ("events:receive",))


def ways(realm: Realm) -> dict[str, bool]:
    """Return what of beta is open to alpha, which has had a token for some time."""
    beta = realm.nodes["beta"]
    sequence(beta.node)
    peers, partner = realm.nodes["alpha"].node.peers, Partner(realm.entry("beta"))
    event = {"content": news(realm).encode(), "media_type": "application/secevent+jwt"}
    answer = peers._attempt(partner, "GET", "/v1/log/checkpoint", CHECKPOINT, {}, None)
    return {
        "a token": allowed(peers._new_token, partner, CHECKPOINT),
        "a token that it has": answer.status == 200,
        "an event": allowed(peers.call, partner, "POST", "/v1/events", EVENTS, **event),
    }


def news(realm: Realm) -> str:
    """Return a signed event of alpha for beta."""
    alpha, search = realm.nodes["alpha"], new_id("search")
    claims = {
        "iss": node_id(realm, "alpha"),
        "aud": node_id(realm, "beta"),
        "jti": new_id("event"),
        "iat": alpha.now(),
        "sub_id": {"format": "opaque", "id": search},
        "sequence": 1,
        "events": {"urn:mpex:event:news": {"searchId": search, "choice": "aliveOnly"}},
    }
    return signatures.sign(alpha.node.keys, "secevent+jwt", claims)


def allowed(ask: Callable[..., Any], *asked: Any, **said: Any) -> bool:
    """Return whether beta does what it is asked."""
    try:
        ask(*asked, **said)
    except RefusedError:
        return False
    return True


def end(realm: Realm, how: str) -> None:
    """Let somebody end the trust in alpha."""
    if how == "enrolment":
        with realm.working(NORTH) as work:
            assert anchors.withdraw(work.conn, ALPHA)
    else:
        kinds = {NORTH: mandate.TRACING, WATCH: mandate.NO_ENFORCEMENT}
        realm.revoke("alpha", how, kinds[how])


def let_in_again(realm: Realm) -> None:
    """Give alpha its second mark anew, and let beta look at once: alpha still has a token from before."""
    realm.show("alpha", WATCH, mandate.NO_ENFORCEMENT)
    realm.choose("beta", WORLD)
    realm.look("beta")


def held(realm: Realm) -> list[str]:
    """Return the states of what alpha has received."""
    items = made(realm.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"]
    return [entry["state"] for entry in items]


def test_what_is_taken_back_ends_access_within_the_time_that_is_published(realm: Realm) -> None:
    """The mark that was issued by another organisation, while tokens and their cache are warm."""
    stated = made(realm.nodes["beta"].raw("GET", "/.well-known/mpex-node"), 200)["limits"]["trustSeconds"]
    released(realm)
    realm.wait(seconds=stated - 60)
    assert ways(realm) == OPEN
    end(realm, WATCH)
    assert ways(realm) == OPEN, "nobody has looked yet"
    realm.wait(seconds=60)
    realm.work()
    assert ways(realm) == SHUT
    assert held(realm) == ["erased"]
    let_in_again(realm)
    assert ways(realm) == ANEW


@ON_SQLITE
@pytest.mark.parametrize("how", [NORTH, pytest.param("enrolment", marks=pytest.mark.deep)])
def test_so_does_a_mandate_and_an_enrolment(realm: Realm, how: str) -> None:
    released(realm)
    realm.wait(minutes=14)
    assert ways(realm) == OPEN
    end(realm, how)
    realm.wait(minutes=1)
    realm.work()
    assert ways(realm) == SHUT
    # Who is not enrolled today may be tomorrow, and is asked to erase after half a day (RECL-018).
    assert held(realm) == (["erased"] if how == NORTH else ["active"])


def test_the_nodes_own_veto_holds_at_once(realm: Realm) -> None:
    assert ways(realm) == OPEN
    with realm.working("beta") as work:
        alpha = node_id(realm, "alpha")
        assert clients.suspend_partner(work.conn, alpha, at="2026-11-21T10:00:00Z", kept_out=True)
        causes.lose_trust(work, alpha)
    assert ways(realm) == SHUT
    with realm.working("beta") as work:
        assert clients.let_in(work.conn, alpha, at="2026-11-21T10:00:00Z")
    let_in_again(realm)
    assert ways(realm) == ANEW


@ON_SQLITE
@pytest.mark.parametrize("issuer", [WATCH, pytest.param(NORTH, marks=pytest.mark.deep)])
def test_whoever_lost_a_mark_confirms_the_recall_that_follows_and_can_do_nothing_else(
    realm: Realm, issuer: str
) -> None:
    released(realm)
    end(realm, issuer)
    look(realm, "beta")
    realm.deliver()
    assert held(realm) == ["erased"]
    realm.deliver()
    (recall,) = made(realm.nodes["beta"].call("releaseOfficer", "GET", "/v1/recalls"), 200)["items"]
    assert [one["state"] for one in recall["recipients"]] == ["acknowledged"]
    peers, partner = realm.nodes["alpha"].node.peers, Partner(realm.entry("beta"))
    event = {"content": news(realm).encode(), "media_type": "application/secevent+jwt"}
    assert allowed(peers._new_token, partner, EVENTS)
    assert not allowed(peers.call, partner, "POST", "/v1/events", EVENTS, **event)
    assert not allowed(peers._new_token, partner, CHECKPOINT)


@ON_SQLITE
@pytest.mark.parametrize("away", [WATCH, pytest.param(WORLD, marks=pytest.mark.deep)])
def test_who_cannot_be_reached_prolongs_what_was_said_before_by_half_a_day_at_most(
    realm: Realm, away: str
) -> None:
    end(realm, WATCH)
    realm.down.add(away)
    realm.wait(hours=11, minutes=56)
    realm.work()
    assert ways(realm) == OPEN
    realm.wait(minutes=4)
    assert ways(realm) == SHUT
    realm.down.clear()
    let_in_again(realm)
    assert ways(realm) == ANEW


@ON_SQLITE
def test_that_its_superior_is_silent_hides_no_mark_that_another_took_back(realm: Realm) -> None:
    realm.wait(minutes=14)
    assert ways(realm) == OPEN
    realm.down |= {NORTH, "alpha"}
    end(realm, WATCH)
    realm.wait(minutes=1)
    realm.work()
    assert ways(realm) == SHUT


def rubbish(realm: Realm, issuer: str, kind: str) -> dict[str, str]:
    """Return what is no mark in ways that only its own form shows, or the signature of who gave it."""
    with realm.working(issuer) as work:
        claims = anchor.mark_claims(work, ALPHA, mandate.NO_ENFORCEMENT, days=90, said={})
        claims["trust_mark_type"] = kind
        iat = int(work.now().timestamp())
        past = own.signed_to_last(work.keys, marks.TYP, claims | {"iat": iat - 120, "exp": iat - 60})
        other = own.signed_to_last(work.keys, "JWT", claims)
        good = own.signed_to_last(work.keys, marks.TYP, claims)
    return {"no token": "x", "expired": past, "another typ": other, "forged": good[:-8] + "AAAAAAAA"}


def show_in_its_place(realm: Realm, kind: str, text: str) -> None:
    """Let alpha show a text in the place of its mark."""
    with realm.working("alpha") as work:
        chosen.keep_mark(work.conn, kind, text, until="2099-01-01T00:00:00Z")


@ON_SQLITE
@pytest.mark.parametrize(
    ("issuer", "what"),
    [
        (WATCH, "no token"),
        (WATCH, "forged"),
        (NORTH, "no token"),
        pytest.param(WATCH, "expired", marks=pytest.mark.deep),
        pytest.param(WATCH, "another typ", marks=pytest.mark.deep),
    ],
)
def test_rubbish_in_the_place_of_a_mark_hides_none_that_was_taken_back(
    realm: Realm, issuer: str, what: str
) -> None:
    kind = {NORTH: mandate.TRACING, WATCH: mandate.NO_ENFORCEMENT}[issuer]
    released(realm)
    realm.wait(minutes=14)
    assert ways(realm) == OPEN
    shown = rubbish(realm, issuer, kind)[what]
    end(realm, issuer)
    show_in_its_place(realm, kind, shown)
    realm.wait(minutes=1)
    realm.work()
    assert ways(realm) == SHUT
    assert held(realm) == ["erased"]


@ON_SQLITE
@pytest.mark.parametrize("issuer", [WATCH, NORTH])
def test_nor_does_rubbish_that_came_with_a_new_key_between_two_looks(realm: Realm, issuer: str) -> None:
    kind = {NORTH: mandate.TRACING, WATCH: mandate.NO_ENFORCEMENT}[issuer]
    shown = rubbish(realm, issuer, kind)["forged"]
    realm.wait(minutes=14)
    end(realm, issuer)
    show_in_its_place(realm, kind, shown)
    realm.new_key("alpha", "signing")
    assert ways(realm) == OPEN, "beta has looked at alpha alone, and asked nobody about its marks"
    realm.wait(minutes=1)
    realm.work()
    assert ways(realm) == SHUT


@ON_SQLITE
@pytest.mark.parametrize("what", ["no token", "expired"])
def test_who_shows_no_mark_that_holds_loses_access_and_has_half_a_day_to_mend_it(
    realm: Realm, what: str
) -> None:
    released(realm)
    show_in_its_place(realm, mandate.NO_ENFORCEMENT, rubbish(realm, WATCH, mandate.NO_ENFORCEMENT)[what])
    look(realm, "beta")
    realm.deliver()
    assert (partners(realm, "beta"), held(realm)) == ({ALPHA: False}, ["active"])
    let_in_again(realm)
    assert partners(realm, "beta") == {ALPHA: True}


@ON_SQLITE
@pytest.mark.parametrize(
    "away", [WATCH, *(pytest.param(name, marks=pytest.mark.deep) for name in (NORTH, WORLD))]
)
def test_an_outage_stops_nobody_for_half_a_day_and_has_nothing_recalled(realm: Realm, away: str) -> None:
    released(realm)
    realm.down.add(away)
    for hours in (1, 5, 5):
        realm.wait(hours=hours)
        realm.look("alpha", "beta")
        realm.deliver()
    assert partners(realm, "beta") == {ALPHA: True}
    assert held(realm) == ["active"]
    realm.wait(hours=14)
    realm.look("alpha", "beta")
    assert partners(realm, "beta") == {}
    assert not allowed(realm.nodes["alpha"].node.peers._new_token, Partner(realm.entry("beta")), CHECKPOINT)
    realm.down.clear()
    look(realm)
    assert partners(realm, "beta") == {ALPHA: True}
    assert held(realm) == ["active"]
