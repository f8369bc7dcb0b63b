"""Chains and marks: what is trusted, and everything for which it is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey
from mpex_server.federation import directory, marks
from mpex_server.federation.chains import Chain, Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.keys.material import new_signing_jwk

from tests.server.federation.ground import MANDATE, NO_ENFORCEMENT, NOW, Change, Entity, Federation, Json

Spoil = Callable[[Federation], None]


@pytest.fixture
def federation() -> Federation:
    return Federation()


def resolver(federation: Federation) -> Resolver:
    made = Resolver(federation.chosen, federation.fetch, NOW)
    directory.read(made, federation.fetch)
    return made


def resolved(federation: Federation) -> Chain:
    return resolver(federation).resolve(federation.node.name)


def marked(federation: Federation, kind: str = NO_ENFORCEMENT) -> marks.Mark:
    by = resolver(federation)
    chain = by.resolve(federation.node.name)
    return marks.find(chain, kind, by, federation.ask, now=NOW)


def test_a_chain_leads_through_the_region_to_the_anchor_and_ends_with_its_first_statement(
    federation: Federation,
) -> None:
    chain = resolved(federation)
    assert [entry.issuer for entry in chain.statements] == [federation.region.name, federation.anchor.name]
    assert chain.anchor.subject == federation.anchor.name
    assert chain.expires == NOW + timedelta(hours=12)
    assert list(chain.keys) == [federation.node.key.kid]


def test_the_directory_lists_the_nodes_of_every_superior(federation: Federation) -> None:
    other = Entity("https://other.example", (federation.anchor.name,))
    federation.entities.append(other)
    federation.anchor.enrol(other)
    by = Resolver(federation.chosen, federation.fetch, NOW)
    found = directory.read(by, federation.fetch)
    assert set(found.nodes) == {other.name, federation.node.name}
    assert found.faults == ()
    assert by.superiors == {federation.anchor.name, federation.region.name, federation.witness.name}


def test_a_superior_that_cannot_be_read_hides_nobody_else(federation: Federation) -> None:
    federation.entities.remove(federation.witness)
    by = Resolver(federation.chosen, federation.fetch, NOW)
    found = directory.read(by, federation.fetch)
    assert found.nodes == (federation.node.name,)
    assert [fault.reason for fault in found.faults] == ["unreachable"]


def test_an_anchor_with_another_key_than_the_chosen_one_is_none(federation: Federation) -> None:
    federation.anchor.key = ECKey.import_key(new_signing_jwk())
    by = Resolver(federation.chosen, federation.fetch, NOW)
    found = directory.read(by, federation.fetch)
    assert (found.nodes, [fault.reason for fault in found.faults]) == ((), ["unvouchedKey"])
    with pytest.raises(TrustError, match="noAnchor"):
        by.resolve(federation.node.name)


def test_nobody_is_asked_whom_no_superior_lists(federation: Federation) -> None:
    federation.node.superiors = ("https://elsewhere.example", federation.region.name)
    assert resolved(federation).anchor.subject == federation.anchor.name
    assert not [url for url in federation.asked if "elsewhere" in url]


def test_a_key_that_is_exchanged_is_taken_while_both_are_vouched_for(federation: Federation) -> None:
    before, after = federation.node.key, ECKey.import_key(new_signing_jwk())
    both = {"keys": [key.as_dict(private=False) for key in (before, after)]}
    federation.region.below[federation.node.name]["jwks"] = both
    for key in (before, after):
        federation.node.key = key
        assert list(resolved(federation).keys) == [key.kid]
    federation.region.below[federation.node.name]["jwks"] = {"keys": [after.as_dict(private=False)]}
    assert list(resolved(federation).keys) == [after.kid]
    federation.node.key = before
    with pytest.raises(TrustError, match="unvouchedKey"):
        resolved(federation)


def test_a_key_that_only_the_entity_itself_names_is_not_its_own(federation: Federation) -> None:
    other = ECKey.import_key(new_signing_jwk())
    both = [key.as_dict(private=False) for key in (federation.node.key, other)]
    federation.node.claims["jwks"] = {"keys": both}
    assert list(resolved(federation).keys) == [federation.node.key.kid]


def test_two_marks_of_different_issuers_hold(federation: Federation) -> None:
    issuers = [marked(federation, kind).issuer for kind in (MANDATE, NO_ENFORCEMENT)]
    assert issuers == [federation.region.name, federation.witness.name]


def said(what: str, change: Change, who: str = "node") -> Spoil:
    """Let an entity change a token of a kind before it signs it."""
    return lambda federation: getattr(federation, who).odd.update({what: change})


def claims(**members: Any) -> Change:
    return lambda _header, said: said.update(members)


def header(**members: Any) -> Change:
    return lambda head, _claims: head.update(members)


def vouched(**members: Any) -> Spoil:
    """Let the region say more of the node than it should."""
    return lambda federation: federation.region.below[federation.node.name].update(members)


def stolen_key(federation: Federation) -> None:
    federation.node.key = ECKey.import_key(new_signing_jwk())


def exchanged_region(federation: Federation) -> None:
    federation.region.key = ECKey.import_key(new_signing_jwk())


def too_deep(federation: Federation) -> None:
    above = federation.region
    for number in range(2):
        below = Entity(f"https://deep-{number}.example", (above.name,))
        above.enrol(below, intermediate=True)
        federation.entities.append(below)
        above = below
    above.enrol(federation.node)
    federation.node.superiors = (above.name,)


def short_path(federation: Federation) -> None:
    federation.anchor.below[federation.region.name]["constraints"] = {"max_path_length": 0}


def in_a_circle(federation: Federation) -> None:
    federation.region.superiors = (federation.region.name,)


def not_enrolled(federation: Federation) -> None:
    del federation.region.below[federation.node.name]


def jwks_without_kid(_header: Json, said: Json) -> None:
    del said["jwks"]["keys"][0]["kid"]


SECONDS = int(NOW.timestamp())
REFUSED: dict[str, tuple[Spoil, str]] = {
    "another typ": (said("configuration", header(typ="JWT")), "wrongType"),
    "no algorithm of the profile": (said("configuration", header(alg="none")), "malformed"),
    "the algorithm of a shared secret": (said("configuration", header(alg="HS256")), "malformed"),
    "a key that nobody names": (said("configuration", header(kid="another")), "unvouchedKey"),
    "another issuer": (said("configuration", claims(iss="https://else.example")), "wrongIssuer"),
    "another subject": (said("configuration", claims(sub="https://else.example")), "wrongSubject"),
    "issued in the future": (said("configuration", claims(iat=SECONDS + 11)), "notYetValid"),
    "expired": (said("configuration", claims(iat=SECONDS - 60, exp=SECONDS - 10)), "expired"),
    "valid for more than a day": (said("configuration", claims(exp=SECONDS + 86_401)), "livesTooLong"),
    "no time": (said("configuration", claims(exp="tomorrow")), "malformed"),
    "true for a time": (said("configuration", claims(iat=True)), "malformed"),
    "keys without kid": (said("configuration", jwks_without_kid), "malformed"),
    "no keys": (said("configuration", claims(jwks={"keys": []})), "malformed"),
    "hints that are no list": (said("configuration", claims(authority_hints="all")), "malformed"),
    "too many hints": (said("configuration", claims(authority_hints=["https://a.example"] * 6)), "malformed"),
    "metadata that are no object": (said("configuration", claims(metadata=[])), "malformed"),
    "critical claims": (said("configuration", claims(crit=["jti"])), "unknownCritical"),
    "a critical header": (said("configuration", header(crit=["b64"])), "malformed"),
    "a metadata policy": (vouched(metadata_policy={}), "policyRefused"),
    "metadata from above": (vouched(metadata={"mpex_node": {}}), "policyRefused"),
    "critical policies": (vouched(metadata_policy_crit=["x"]), "policyRefused"),
    "a constraint on names": (vouched(constraints={"naming_constraints": {}}), "constraintBroken"),
    "a negative path": (vouched(constraints={"max_path_length": -1}), "malformed"),
    "more superiors than the path allows": (short_path, "constraintBroken"),
    "a key that the superior does not vouch for": (stolen_key, "unvouchedKey"),
    "a superior with a key of its own making": (exchanged_region, "unvouchedKey"),
    "a superior who speaks of somebody else": (
        said("subordinate", claims(sub="https://else.example"), "region"),
        "wrongSubject",
    ),
    "a superior who speaks as somebody else": (
        said("subordinate", claims(iss="https://else.example"), "region"),
        "wrongIssuer",
    ),
    "a statement of a superior that is past": (
        said("subordinate", claims(iat=SECONDS - 60, exp=SECONDS - 11), "region"),
        "expired",
    ),
    "four superiors": (too_deep, "tooDeep"),
    "superiors in a circle": (in_a_circle, "noAnchor"),
    "no superior": (lambda federation: setattr(federation.node, "superiors", ()), "noAnchor"),
    "a superior who does not know it": (not_enrolled, "unreachable"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_no_chain(federation: Federation, case: str) -> None:
    spoil, reason = REFUSED[case]
    spoil(federation)
    with pytest.raises(TrustError) as refused:
        resolved(federation)
    assert refused.value.reason == reason


def test_a_changed_statement_is_refused(federation: Federation) -> None:
    fetch = federation.fetch

    def changed(url: str) -> str:
        text = fetch(url)
        head, body, tail = text.split(".")
        return f"{head}.{body}.{tail[:-8]}AAAAAAAA" if url.startswith(federation.node.name) else text

    by = Resolver(federation.chosen, changed, NOW)
    directory.read(by, changed)
    with pytest.raises(TrustError, match="badSignature"):
        by.resolve(federation.node.name)


def test_a_clock_may_be_off_by_ten_seconds(federation: Federation) -> None:
    for times in ({"iat": SECONDS + 10, "exp": SECONDS + 60}, {"iat": SECONDS - 60, "exp": SECONDS - 9}):
        federation.node.odd["configuration"] = claims(**times)
        assert resolved(federation).entity == federation.node.name


def given(change: Change) -> Spoil:
    """Let the witness change the mark before it signs it."""

    def spoil(federation: Federation) -> None:
        federation.witness.odd["mark"] = change
        federation.show()

    return spoil


def of_another_issuer(federation: Federation) -> None:
    mark = federation.region.mark(NO_ENFORCEMENT, federation.node.name)
    federation.node.claims["trust_marks"] = [mark]


def of_another_node(federation: Federation) -> None:
    mark = federation.witness.mark(NO_ENFORCEMENT, "https://else.example")
    federation.node.claims["trust_marks"] = [mark]


def taken_back(federation: Federation) -> None:
    federation.witness.withdrawn.add(federation.node.name)


def not_accredited(federation: Federation) -> None:
    federation.anchor.claims["trust_mark_issuers"][NO_ENFORCEMENT] = []


def by_a_key_of_another(federation: Federation) -> None:
    """The region signs in the name of the witness."""
    forged = federation.region.mark(NO_ENFORCEMENT, federation.node.name, iss=federation.witness.name)
    federation.node.claims["trust_marks"] = [forged]


def status(change: Change) -> Spoil:
    return said("status", change, "witness")


UNMARKED: dict[str, tuple[Spoil, str]] = {
    "no mark": (lambda federation: federation.node.claims.pop("trust_marks"), "markMissing"),
    "marks that are no list": (
        lambda federation: federation.node.claims.update(trust_marks={}),
        "malformed",
    ),
    "a mark of another node": (of_another_node, "wrongSubject"),
    "a mark of an issuer whom nobody accredits for it": (of_another_issuer, "markNotAccredited"),
    "an issuer who is accredited no more": (not_accredited, "markNotAccredited"),
    "a mark in another's name": (by_a_key_of_another, "unvouchedKey"),
    "a mark of another type inside": (given(claims(trust_mark_type=MANDATE)), "wrongSubject"),
    "another typ": (given(header(typ="JWT")), "wrongType"),
    "past": (given(claims(iat=SECONDS - 60, exp=SECONDS - 10)), "expired"),
    "without end": (given(lambda _header, said: said.pop("exp")), "malformed"),
    "for more than a year": (given(claims(exp=SECONDS + 367 * 86_400)), "livesTooLong"),
    "taken back": (taken_back, "markNotActive"),
    "a status of another mark": (status(claims(trust_mark="another")), "wrongSubject"),
    "a status of another issuer": (status(claims(iss="https://else.example")), "wrongSubject"),
    "a status of yesterday": (status(claims(iat=SECONDS - 86_400)), "notYetValid"),
    "a status of another typ": (status(header(typ="JWT")), "wrongType"),
    "a status that is no word of the list": (status(claims(status="fine")), "markNotActive"),
    "an issuer with an endpoint elsewhere": (
        lambda federation: federation.witness.claims.update(
            metadata={
                "federation_entity": {
                    "federation_trust_mark_status_endpoint": "https://inside.example/status"
                }
            }
        ),
        "malformed",
    ),
}


@pytest.mark.parametrize("case", UNMARKED)
def test_no_mark(federation: Federation, case: str) -> None:
    spoil, reason = UNMARKED[case]
    spoil(federation)
    with pytest.raises(TrustError) as refused:
        marked(federation)
    assert refused.value.reason == reason


def test_a_mark_that_does_not_hold_hides_none_that_does(federation: Federation) -> None:
    federation.witness.odd["mark"] = claims(iat=SECONDS - 60, exp=SECONDS - 10)
    old = federation.witness.mark(NO_ENFORCEMENT, federation.node.name)
    federation.witness.odd.clear()
    federation.node.claims["trust_marks"].insert(0, old)
    assert marked(federation).issuer == federation.witness.name
