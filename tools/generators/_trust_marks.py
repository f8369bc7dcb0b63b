"""Cases of the trust vectors about marks and their status, and about the partner entry that they make."""

from collections.abc import Iterator
from typing import Any

from mpex_server.domain.purposes import PROHIBITED, PROHIBITED_CLASSES
from mpex_server.federation.directory import NODE
from mpex_server.federation.mandate import CONFORMANCE, NO_ENFORCEMENT, TRACING

from tools.generators._trust_changes import (
    DAY,
    ELSEWHERE,
    SECONDS,
    Case,
    Spoil,
    both,
    claims,
    header,
    metadata_of,
    own,
    said,
)
from tools.generators._trust_ground import MANDATE, Change, Entity, Federation, Json, key_of, public

_YEAR = 366 * DAY
_GIVERS = {"witness": NO_ENFORCEMENT, "region": TRACING}


def given(change: Change, who: str = "witness") -> Spoil:
    """Let an organisation change the mark before it signs it."""
    return both(said("mark", change, who), Federation.show)


def status(change: Change) -> Spoil:
    """Let the witness change what it says of its mark today."""
    return said("status", change, "witness")


def shows(*marks: Any) -> Spoil:
    """Let the node show other entries beside its mandate."""

    def spoil(federation: Federation) -> None:
        federation.node.claims["trust_marks"] = [federation.node.claims["trust_marks"][0], *marks]

    return spoil


def mandate(**members: Any) -> Spoil:
    """Let the region attest another mandate; None leaves a member out."""
    other = {name: value for name, value in (MANDATE | members).items() if value is not None}
    return given(claims(mandate=other), "region")


def about(**members: Any) -> Spoil:
    """Let the node say something else of itself as a node; None leaves a member out."""

    def change(_header: Json, said: Json) -> None:
        node = said["metadata"][NODE] | members
        said["metadata"][NODE] = {name: value for name, value in node.items() if value is not None}

    return said("configuration", change)


def accredits(**issuers: Any) -> Spoil:
    """Let the anchor accredit others for the mark of no immigration enforcement."""

    def spoil(federation: Federation) -> None:
        federation.anchor.claims["trust_mark_issuers"] |= {NO_ENFORCEMENT: issuers["listed"]}

    return spoil


def _by_the_region(**members: Any) -> Spoil:
    """Let the region give the mark of no immigration enforcement as well."""

    def spoil(federation: Federation) -> None:
        mark = federation.region.mark(NO_ENFORCEMENT, federation.node.name, **members)
        federation.node.claims["trust_marks"][1] = mark

    return spoil


def _of_another_node(federation: Federation) -> None:
    federation.node.claims["trust_marks"][1] = federation.witness.mark(NO_ENFORCEMENT, ELSEWHERE)


def _of_another_type(federation: Federation) -> None:
    mark = federation.witness.mark(TRACING, federation.node.name)
    federation.node.claims["trust_marks"][1] = mark | {"trust_mark_type": NO_ENFORCEMENT}


def _taken_back(who: str) -> Spoil:
    return lambda federation: getattr(federation, who).withdrawn.add(federation.node.name)


def _under_another_anchor(federation: Federation) -> None:
    other = Entity("https://other.example")
    other.enrol(federation.witness, intermediate=True)
    federation.entities.append(other)
    federation.chosen[other.name] = public(*other.keys)
    federation.witness.superiors = (other.name,)


def _unvouched(federation: Federation) -> None:
    federation.witness.keys = [key_of("witness"), key_of("another")]
    federation.witness.signers["mark"] = key_of("another")
    federation.show()


def _unvouched_status(federation: Federation) -> None:
    federation.witness.keys = [key_of("witness"), key_of("another")]
    federation.witness.signers["status"] = key_of("another")


def _forged(what: str) -> Spoil:
    def spoil(federation: Federation) -> None:
        federation.witness.signers[what] = key_of("another")
        federation.witness.odd[what] = header(kid="witness")
        federation.show()

    return spoil


def _old_and_new(federation: Federation) -> None:
    federation.witness.odd["mark"] = claims(iat=SECONDS - 60, exp=SECONDS - 10)
    old = federation.witness.mark(NO_ENFORCEMENT, federation.node.name)
    federation.witness.odd.clear()
    federation.node.claims["trust_marks"].insert(0, old)


def _taken_back_and_forged(federation: Federation) -> None:
    """Show a mark that was taken back, and after it one in the name of somebody who does not answer."""
    _taken_back("witness")(federation)
    silent = Entity("https://silent.example", (federation.anchor.name,))
    federation.anchor.enrol(silent, intermediate=True)
    federation.entities.append(silent)
    federation.silent.add(silent.name)
    federation.anchor.claims["trust_mark_issuers"][NO_ENFORCEMENT].append(silent.name)
    federation.node.claims["trust_marks"].append(silent.mark(NO_ENFORCEMENT, federation.node.name))


def _taken_back_beside_invalid(order: int) -> Spoil:
    """Show a mark of which its issuer knows nothing, and one that was taken back, in an order."""

    def spoil(federation: Federation) -> None:
        invalid = federation.node.claims["trust_marks"].pop()
        federation.witness.odd["status"] = claims(status="invalid")
        federation.anchor.claims["trust_mark_issuers"][NO_ENFORCEMENT].append(federation.anchor.name)
        _taken_back("anchor")(federation)
        taken_back = federation.anchor.mark(NO_ENFORCEMENT, federation.node.name)
        federation.node.claims["trust_marks"] += [invalid, taken_back][::order]

    return spoil


def _twenty(before: int) -> Spoil:
    """Show as many entries that are nothing before the mark."""

    def spoil(federation: Federation) -> None:
        shown = federation.node.claims["trust_marks"]
        federation.node.claims["trust_marks"] = [shown[0], *[{}] * before, shown[1]]

    return spoil


def _attested(federation: Federation) -> None:
    """Show a mark of conformance by somebody who is not accredited for it."""
    federation.node.claims["trust_marks"].append(federation.witness.mark(CONFORMANCE, federation.node.name))


def _attested_badly(federation: Federation) -> None:
    federation.node.claims["trust_marks"].append({"trust_mark_type": CONFORMANCE, "trust_mark": "a"})


def _with_both_keys(federation: Federation) -> None:
    """Let the witness exchange its keys: statements by the old one, marks by the new one."""
    federation.witness.keys = [key_of("witness"), key_of("witness-2")]
    federation.anchor.below[federation.witness.name]["jwks"] = public(*federation.witness.keys)
    federation.witness.signers["mark"] = key_of("witness-2")
    federation.show()


def _after_the_exchange(federation: Federation) -> None:
    """Let the witness have ended the key with which it gave the mark."""
    federation.witness.keys = [key_of("witness-2")]
    federation.anchor.below[federation.witness.name]["jwks"] = public(*federation.witness.keys)
    federation.witness.signers["mark"] = key_of("witness")
    federation.show()


def good() -> Iterator[Case]:
    """Yield what holds, at the edge of what does not."""
    yield Case("two marks by different organisations", "TRUST-005", lambda _: None)
    yield Case("the chain ends first", "TRUST-010", own(exp=SECONDS + 60))
    for who in _GIVERS:
        ends = said("configuration", claims(exp=SECONDS + 60), who)
        yield Case(f"the mark of the {who} ends first", "TRUST-010", given(claims(exp=SECONDS + 60), who))
        yield Case(f"what the {who} says of itself ends first", "TRUST-010", ends)
    yield Case("a mark for a year", "TRUST-006", given(claims(exp=SECONDS + _YEAR)))
    yield Case("a mark that does not hold hides none that does", "TRUST-006", _old_and_new)
    yield Case("a status ten seconds old", "TRUST-007", status(claims(iat=SECONDS - 10)))
    yield Case("a status ten seconds ahead", "TRUST-007", status(claims(iat=SECONDS + 10)))
    yield Case("twenty marks", "TRUST-006", _twenty(18))
    for name, spoil in {
        "that nobody is accredited for": _attested,
        "that is no token": _attested_badly,
    }.items():
        yield Case(f"a mark of conformance {name}", "TRUST-032", spoil)
    yield Case("a mandate of a border authority", "TRUST-031", mandate(recipientClass="borderAuthority"))
    yield Case(
        "what the node says of its own mandate counts nothing", "TRUST-005", about(recipientClass="police")
    )
    yield Case("marks by a new key beside the old one", "TRUST-017", _with_both_keys)


def marks() -> Iterator[Case]:
    """Yield marks that do not hold: of the second mark, the node is known and has no access."""
    wrong: Json = {
        "another typ": (header(typ="JWT"), "wrongType", "node"),
        "no algorithm": (header(alg="none"), "malformed", "node"),
        "a kid that nobody has": (header(kid="another"), "unvouchedKey", None),
        "expired": (claims(iat=SECONDS - 60, exp=SECONDS - 10), "expired", None),
        "dated in the future": (claims(iat=SECONDS + 11), "notYetValid", None),
        "no end": (claims(exp=None), "malformed", None),
        "for more than a year": (claims(exp=SECONDS + _YEAR + 1), "livesTooLong", None),
        "of another type inside": (
            claims(trust_mark_type="urn:mpex:mark:conformance"),
            "wrongSubject",
            "node",
        ),
        "for another node inside": (claims(sub=ELSEWHERE), "wrongSubject", "node"),
        "in the name of somebody else": (claims(iss=ELSEWHERE), "markNotAccredited", "node"),
        "in nobody's name": (claims(iss=None), "markNotAccredited", "node"),
    }
    for name, (change, fault, at) in wrong.items():
        for who in _GIVERS:
            yield Case(f"the mark of the {who}: {name}", "TRUST-006", given(change, who), fault, at or who)
    yield Case("no second mark", "TRUST-006", shows(), "markMissing")
    yield Case(
        "a mark that is no text",
        "TRUST-006",
        shows({"trust_mark_type": NO_ENFORCEMENT, "trust_mark": 5}),
        "markMissing",
    )
    yield Case(
        "a mark that is no token",
        "TRUST-006",
        shows({"trust_mark_type": NO_ENFORCEMENT, "trust_mark": "a"}),
        "malformed",
    )
    yield Case("an entry that is no object", "TRUST-006", shows("mark"), "malformed")
    yield Case("marks that are no list", "TRUST-006", own(trust_marks={}), "malformed")
    yield Case("no marks", "TRUST-006", own(trust_marks=None), "markMissing")
    yield Case("more than twenty marks", "TRUST-006", _twenty(19), "markMissing")
    yield Case("a mark for another node", "TRUST-006", _of_another_node, "wrongSubject")
    yield Case("a mark of another type", "TRUST-006", _of_another_type, "wrongSubject")
    yield Case("an issuer whom nobody accredits for it", "TRUST-006", _by_the_region(), "markNotAccredited")
    yield Case("an empty list of issuers", "TRUST-006", accredits(listed=[]), "markNotAccredited")
    yield Case(
        "issuers that are no list",
        "TRUST-006",
        accredits(listed="https://witness.example or any"),
        "markNotAccredited",
    )
    yield Case(
        "an issuer under another anchor", "TRUST-006", _under_another_anchor, "markNotAccredited", "witness"
    )
    yield Case(
        "the region signs in the name of the witness",
        "TRUST-006",
        _by_the_region(iss="https://witness.example"),
        "unvouchedKey",
        "witness",
    )
    yield Case("a key that nobody vouches for", "TRUST-006", _unvouched, "unvouchedKey", "witness")
    yield Case("a mark that was changed", "TRUST-006", _forged("mark"), "badSignature", "witness")
    yield Case(
        "both marks by one organisation",
        "TRUST-008",
        both(accredits(listed=["https://region.example"]), _by_the_region()),
        "markSameIssuer",
    )
    yield Case(
        "a mark by a key that its issuer has ended",
        "TRUST-017",
        _after_the_exchange,
        "unvouchedKey",
        "witness",
    )


def statuses() -> Iterator[Case]:
    """Yield what issuers say of their marks today."""
    wrong: Json = {
        "of another mark": (claims(trust_mark="another"), "wrongSubject"),
        "of another issuer": (claims(iss=ELSEWHERE), "wrongSubject"),
        "eleven seconds old": (claims(iat=SECONDS - 11), "notYetValid"),
        "eleven seconds ahead": (claims(iat=SECONDS + 11), "notYetValid"),
        "without a date": (claims(iat=None), "notYetValid"),
        "of another typ": (header(typ="JWT"), "wrongType"),
        "by no algorithm": (header(alg="none"), "malformed"),
        "expired": (claims(status="expired"), "markNotActive"),
        "invalid": (claims(status="invalid"), "markNotActive"),
        "no word of the list": (claims(status="fine"), "markNotActive"),
        "without a word": (claims(status=None), "markNotActive"),
    }
    for name, (change, fault) in wrong.items():
        yield Case(f"a status {name}", "TRUST-007", status(change), fault, "witness")
    for who in _GIVERS:
        yield Case(f"the {who} has taken its mark back", "TRUST-007", _taken_back(who), "markNotActive", who)
    yield Case("a status that was changed", "TRUST-007", _forged("status"), "badSignature", "witness")
    yield Case(
        "a status by a key that nobody vouches for", "TRUST-007", _unvouched_status, "unvouchedKey", "witness"
    )
    yield Case(
        "who has taken a mark back is not outdone by who does not answer",
        "TRUST-007",
        _taken_back_and_forged,
        "markNotActive",
        "witness",
    )
    for order, words in {1: "after", -1: "before"}.items():
        yield Case(
            f"a mark that was taken back, {words} one that is invalid",
            "TRUST-007",
            _taken_back_beside_invalid(order),
            "markNotActive",
            "anchor",
        )
    yield Case(
        "an issuer that does not answer",
        "TRUST-021",
        lambda federation: federation.silent.add(federation.witness.name),
        "unreachable",
        "https://witness.example/.well-known/openid-federation",
    )
    for name, place in {"nowhere": None, "elsewhere": f"{ELSEWHERE}/status"}.items():
        spoil = metadata_of("witness", federation_trust_mark_status_endpoint=place)
        yield Case(f"an issuer that answers {name}", "TRUST-012", spoil, "malformed", "witness")


def entries() -> Iterator[Case]:
    """Yield mandates and metadata that make no partner."""
    key = public(key_of("messages"))["keys"][0]
    for name, spoil in {
        "a mandate without purposes": mandate(purposes=None),
        "a mandate with a class that no list has": mandate(recipientClass="everybody"),
        "a mandate with a member that the schema lacks": mandate(noImmigrationEnforcement=True),
        "no mandate in the mark": given(claims(mandate=None), "region"),
        "a mandate that is no object": given(claims(mandate="any"), "region"),
        "a node without name": about(name=None),
        "a node without keys": about(jwks=None),
        "keys of the node that are no object": about(jwks=[]),
        "keys of the node that are no list": about(jwks={"keys": 5}),
        "a key of the node that is no object": about(jwks={"keys": ["key"]}),
        "a private key of the node": about(jwks={"keys": [key | {"d": "AAAA"}]}),
        "a key of the node that cannot be sealed to": about(jwks={"keys": [key | {"use": "enc"}]}),
    }.items():
        yield Case(name, "TRUST-005", spoil, "malformed")
    for code in sorted(PROHIBITED):
        spoil = mandate(purposes=[*MANDATE["purposes"], code])
        yield Case(f"a mandate that is for {code} as well", "TRUST-031", spoil, "mandateProhibited")
    for code in sorted(PROHIBITED_CLASSES):
        spoil = mandate(recipientClass=code)
        yield Case(f"a mandate of the class {code}", "TRUST-031", spoil, "mandateProhibited")
    other = f"node:{'other':a<26}"
    yield Case("a mandate for another node", "TRUST-011", mandate(nodeId=other), "wrongSubject")
    yield Case("a node that calls itself another", "TRUST-011", about(nodeId=other), "wrongSubject")
    yield Case("an entity that is no node", "TRUST-011", own(metadata={}), "wrongSubject")


def cases() -> Iterator[Case]:
    """Yield every case of marks and of what they make."""
    for group in (good, marks, statuses, entries):
        yield from group()
