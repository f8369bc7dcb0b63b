"""Cases of the trust vectors about statements and chains: what is right, and everything that is not."""

from collections.abc import Iterator
from typing import Any

from tools.generators._trust_changes import (
    DAY,
    ELSEWHERE,
    SECONDS,
    Case,
    Spoil,
    above,
    above_that,
    both,
    claims,
    header,
    keyed,
    metadata_of,
    own,
    said,
)
from tools.generators._trust_ground import Entity, Federation, Json, key_of, public


def _jwk(name: str, **members: Any) -> Json:
    changed: Json = public(key_of(name))["keys"][0] | members
    return {member: value for member, value in changed.items() if value is not None}


def _own_jwk(**members: Any) -> Json:
    return _jwk("node", **members)


def _enrolled_with(*names: str) -> Spoil:
    def enrol(federation: Federation) -> None:
        federation.region.below[federation.node.name]["jwks"] = public(*map(key_of, names))

    return enrol


def _publishing(*names: str) -> Spoil:
    return lambda federation: setattr(federation.node, "keys", [key_of(name) for name in names])


def _other_key(who: str) -> Spoil:
    return lambda federation: setattr(getattr(federation, who), "keys", [key_of("another")])


def _second_key(who: str, what: str) -> Spoil:
    """Let a superior sign a kind of token with a second key, for which nobody above it vouches."""

    def spoil(federation: Federation) -> None:
        superior: Entity = getattr(federation, who)
        superior.keys = [*superior.keys, key_of("another")]
        superior.signers[what] = key_of("another")

    return spoil


def _forged(what: str, who: str) -> Spoil:
    """Sign a token of an entity with the key of another under the `kid` that is expected."""

    def spoil(federation: Federation) -> None:
        entity: Entity = getattr(federation, who)
        entity.signers[what] = key_of("another")
        entity.odd[what] = header(kid=entity.keys[0].kid)

    return spoil


def _deep(superiors: int) -> Spoil:
    """Put as many superiors between the node and the anchor, the anchor among them."""

    def spoil(federation: Federation) -> None:
        above = federation.region
        for number in range(superiors - 2):
            below = Entity(f"https://deep-{number}.example", (above.name,))
            above.enrol(below, intermediate=True)
            federation.entities.append(below)
            above = below
        above.enrol(federation.node)
        federation.node.superiors = (above.name,)

    return spoil


def _below_the_anchor(federation: Federation) -> None:
    federation.anchor.enrol(federation.node)
    federation.node.superiors = (federation.anchor.name,)


def _forgotten(federation: Federation) -> None:
    del federation.region.below[federation.node.name]
    federation.region.below[ELSEWHERE] = {"jwks": public(key_of("another"))}


def _region_forgotten(federation: Federation) -> None:
    federation.anchor.below[federation.region.name] = {"jwks": public(key_of("another"))}


def _path(who: str, longest: Any) -> Spoil:
    return said("configuration", claims(constraints={"max_path_length": longest}), who)


def _two_superiors(federation: Federation) -> None:
    other = Entity("https://other.example", (federation.anchor.name,))
    federation.anchor.enrol(other, intermediate=True)
    other.enrol(federation.node)
    other.odd["subordinate"] = claims(exp=SECONDS - 60, iat=SECONDS - 120)
    federation.entities.append(other)
    federation.node.superiors = (other.name, federation.region.name)


def _hints(*superiors: str) -> Spoil:
    return lambda federation: setattr(federation.node, "superiors", superiors)


def _listed_and_beside(federation: Federation) -> None:
    federation.node.superiors = (ELSEWHERE, federation.region.name)


def _in_a_circle(federation: Federation) -> None:
    second = Entity("https://second.example", (federation.region.name,))
    federation.region.enrol(second, intermediate=True)
    second.enrol(federation.region, intermediate=True)
    federation.region.superiors = (second.name,)
    federation.entities.append(second)


def _silent(who: str) -> Spoil:
    return lambda federation: federation.silent.add(getattr(federation, who).name)


def good() -> Iterator[Case]:
    """Yield what is trusted, at the edge of what is not."""
    yield Case("a node below a region below the anchor", "TRUST-002", lambda _: None)
    yield Case("a node just below the anchor", "TRUST-002", _below_the_anchor)
    yield Case("three superiors", "TRUST-002", _deep(3))
    yield Case("a clock ten seconds ahead", "TRUST-003", own(iat=SECONDS + 10, exp=SECONDS + 60))
    yield Case("a clock ten seconds behind", "TRUST-003", own(iat=SECONDS - 60, exp=SECONDS - 9))
    yield Case("valid for a day", "TRUST-003", own(exp=SECONDS + DAY))
    yield Case("the region's word ends first", "TRUST-010", above(exp=SECONDS + 60))
    yield Case("the anchor's word ends first", "TRUST-010", above_that(exp=SECONDS + 60))
    ending = said("configuration", claims(exp=SECONDS + 60), "anchor")
    yield Case("what the anchor says of itself ends first", "TRUST-010", ending)
    yield Case(
        "one superior between, as the anchor allows",
        "TRUST-004",
        above_that(constraints={"max_path_length": 1}),
    )
    yield Case("a path of one below the anchor", "TRUST-004", _path("anchor", 1))
    yield Case("one of two superiors fails", "TRUST-002", _two_superiors)
    yield Case("an address beside the superior that nobody lists", "TRUST-012", _listed_and_beside)
    yield Case(
        "five superiors are named",
        "TRUST-002",
        _hints("https://region.example", *(f"https://h{number}.example" for number in range(4))),
    )
    yield Case(
        "a new key beside the old one, before the superior has it", "TRUST-017", _publishing("node", "node-2")
    )
    yield Case(
        "both keys are vouched for, and the old one signs",
        "TRUST-017",
        both(_publishing("node", "node-2"), _enrolled_with("node", "node-2")),
    )
    yield Case(
        "both keys are vouched for, and the new one signs",
        "TRUST-017",
        both(_publishing("node-2"), _enrolled_with("node", "node-2")),
    )
    ten = [key_of(f"node-{number}") for number in range(2, 11)]
    yield Case("ten keys", "TRUST-003", keyed(_own_jwk(), *public(*ten)["keys"]))


def statements() -> Iterator[Case]:
    """Yield statements that are refused for what they are."""
    wrong: Json = {
        "another typ": (header(typ="JWT"), "wrongType"),
        "no typ": (header(typ=None), "wrongType"),
        "no algorithm": (header(alg="none"), "malformed"),
        "the algorithm of a shared secret": (header(alg="HS256"), "malformed"),
        "an algorithm that the profile leaves out": (header(alg="RS256"), "malformed"),
        "an algorithm that is not the key's": (header(alg="PS256"), "badSignature"),
        "a kid that nobody has": (header(kid="another"), "unvouchedKey"),
        "no kid": (header(kid=None), "unvouchedKey"),
        "a critical header": (header(crit=["b64"]), "malformed"),
        "another issuer": (claims(iss=ELSEWHERE), "wrongIssuer"),
        "no issuer": (claims(iss=None), "wrongIssuer"),
        "another subject": (claims(sub=ELSEWHERE), "wrongSubject"),
        "no subject": (claims(sub=None), "wrongSubject"),
        "dated in the future": (claims(iat=SECONDS + 11, exp=SECONDS + 60), "notYetValid"),
        "expired": (claims(iat=SECONDS - 60, exp=SECONDS - 10), "expired"),
        "valid for more than a day": (claims(exp=SECONDS + DAY + 1), "livesTooLong"),
        "no date": (claims(iat=None), "malformed"),
        "no end": (claims(exp=None), "malformed"),
        "a word for a time": (claims(exp="tomorrow"), "malformed"),
        "true for a time": (claims(iat=True), "malformed"),
        "a fraction for a time": (claims(exp=SECONDS + 0.5), "malformed"),
        "a time before all others": (claims(iat=-1), "malformed"),
        "a time after all others": (claims(exp=2**33), "malformed"),
        "critical claims": (claims(crit=["jti"]), "unknownCritical"),
        "no keys": (claims(jwks={"keys": []}), "malformed"),
        "no key set": (claims(jwks=None), "malformed"),
        "a key set that is a list": (claims(jwks=[]), "malformed"),
        "keys that are no list": (claims(jwks={"keys": {}}), "malformed"),
        "a key that is no object": (claims(jwks={"keys": ["key"]}), "malformed"),
    }
    for name, (change, fault) in wrong.items():
        yield Case(f"what the node says: {name}", "TRUST-003", said("configuration", change), fault)
        if name != "a kid that nobody has":
            by_region = said("subordinate", change, "region")
            yield Case(f"what the region says: {name}", "TRUST-003", by_region, fault, "region")
    forged = _forged("subordinate", "region")
    yield Case(
        "what the node says is signed by another",
        "TRUST-003",
        _forged("configuration", "node"),
        "badSignature",
    )
    yield Case("what the region says is signed by another", "TRUST-003", forged, "badSignature", "region")
    yield Case(
        "what the anchor says of itself is expired",
        "TRUST-003",
        said("configuration", claims(iat=SECONDS - 60, exp=SECONDS - 10), "anchor"),
        "noAnchor",
    )


def shapes() -> Iterator[Case]:
    """Yield statements with members of another form."""
    many = [_jwk(f"node-{number}") for number in range(2, 12)]
    private = key_of("another").as_dict(private=True) | {"kid": "private"}
    for name, keys in {
        "a key without kid": [_own_jwk(), _jwk("another", kid=None)],
        "a kid that is no word": [_own_jwk(), _jwk("another", kid=5)],
        "two keys of one kid": [_own_jwk(), _jwk("another", kid="node")],
        "eleven keys": [_own_jwk(), *many],
        "a private key": [_own_jwk(), private],
        "a shared secret for a key": [_own_jwk(), {"kty": "oct", "k": "AAAA", "kid": "secret"}],
        "a key of another curve": [_own_jwk(), {"kty": "OKP", "crv": "X25519", "x": "A" * 43, "kid": "x"}],
    }.items():
        yield Case(name, "TRUST-003", keyed(*keys), "malformed")
    yield Case("superiors that are no list", "TRUST-003", own(authority_hints="all"), "malformed")
    yield Case("a superior that is no address", "TRUST-003", own(authority_hints=[5]), "malformed")
    yield Case(
        "six superiors",
        "TRUST-003",
        _hints("https://region.example", *(f"https://h{number}.example" for number in range(5))),
        "malformed",
    )
    yield Case("metadata that are no object", "TRUST-003", own(metadata=[]), "malformed")
    yield Case(
        "metadata of a type that are no object", "TRUST-003", own(metadata={"mpex_node": 5}), "malformed"
    )
    yield Case("constraints that are no object", "TRUST-004", own(constraints=[]), "constraintBroken")
    for longest in (-1, "1", True, 0.5):
        yield Case(
            f"a path of {longest!r}",
            "TRUST-004",
            above(constraints={"max_path_length": longest}),
            "malformed",
            "region",
        )


def policies() -> Iterator[Case]:
    """Yield what the profile leaves out."""
    for name in ("metadata_policy", "metadata_policy_crit"):
        yield Case(f"the node has {name}", "TRUST-004", own(**{name: {}}), "policyRefused")
        yield Case(f"the region has {name}", "TRUST-004", above(**{name: {}}), "policyRefused", "region")
        yield Case(f"the anchor has {name}", "TRUST-004", above_that(**{name: {}}), "policyRefused", "anchor")
    yield Case(
        "the region lays down metadata",
        "TRUST-004",
        above(metadata={"mpex_node": {}}),
        "policyRefused",
        "region",
    )
    names = {"naming_constraints": {"permitted": ["example"]}}
    yield Case(
        "the region constrains names", "TRUST-004", above(constraints=names), "constraintBroken", "region"
    )
    types = {"allowed_entity_types": ["mpex_node"]}
    yield Case("the node constrains types", "TRUST-004", own(constraints=types), "constraintBroken")
    yield Case(
        "more superiors than the anchor allows the region",
        "TRUST-004",
        both(_deep(3), above_that(constraints={"max_path_length": 1})),
        "constraintBroken",
        "anchor",
    )
    yield Case(
        "more superiors than the anchor allows everybody",
        "TRUST-004",
        _path("anchor", 0),
        "constraintBroken",
        "anchor",
    )
    no_superior = above(constraints={"max_path_length": 0})
    yield Case(
        "the region lets a node vouch for nobody",
        "TRUST-004",
        both(_deep(3), no_superior),
        "constraintBroken",
        "region",
    )


def chains() -> Iterator[Case]:
    """Yield chains that do not hold."""
    yield Case("four superiors", "TRUST-002", _deep(4), "tooDeep")
    yield Case("superiors in a circle", "TRUST-002", _in_a_circle, "noAnchor", "region")
    yield Case("no superior", "TRUST-002", _hints(), "noAnchor")
    yield Case("a superior that nobody lists", "TRUST-012", _hints(ELSEWHERE), "noAnchor")
    yield Case("the region vouches for it no more", "TRUST-010", _forgotten, "notEnrolled", "region")
    yield Case(
        "the anchor vouches for the region's key no more",
        "TRUST-002",
        _region_forgotten,
        "unvouchedKey",
        "region",
    )
    yield Case(
        "the node does not answer",
        "TRUST-009",
        _silent("node"),
        "unreachable",
        "https://node.example/.well-known/openid-federation",
    )
    yield Case(
        "the region does not answer",
        "TRUST-009",
        _silent("region"),
        "unreachable",
        "https://region.example/.well-known/openid-federation",
    )
    yield Case(
        "the old key, when it is vouched for no more", "TRUST-017", _enrolled_with("node-2"), "unvouchedKey"
    )
    yield Case("a key of the node's own making", "TRUST-002", _other_key("node"), "unvouchedKey")
    yield Case(
        "a region with a key of its own making", "TRUST-002", _other_key("region"), "unvouchedKey", "region"
    )
    yield Case("an anchor with a key that was not chosen", "TRUST-002", _other_key("anchor"), "noAnchor")
    yield Case(
        "the region vouches with a key that the anchor does not vouch for",
        "TRUST-002",
        _second_key("region", "subordinate"),
        "unvouchedKey",
        "region",
    )
    yield Case(
        "the anchor vouches with a key that was not chosen",
        "TRUST-002",
        _second_key("anchor", "subordinate"),
        "unvouchedKey",
        "anchor",
    )
    for name, place in {
        "nowhere": None,
        "elsewhere": f"{ELSEWHERE}/fetch",
        "at a number": 5,
        "at a name that only begins like its own": "https://region.example.elsewhere.example/fetch",
    }.items():
        spoil = metadata_of("region", federation_fetch_endpoint=place)
        yield Case(f"the region answers {name}", "TRUST-012", spoil, "malformed", "region")


def cases() -> Iterator[Case]:
    """Yield every case of a chain."""
    for group in (good, statements, shapes, policies, chains):
        yield from group()
