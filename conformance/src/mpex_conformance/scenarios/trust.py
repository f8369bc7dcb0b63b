"""What a node says of itself to its federation."""

from mpex_conformance import expect
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import CheckFailedError
from mpex_conformance.registry import check
from mpex_conformance.vouching import Vouching
from mpex_conformance.wire import jose
from mpex_conformance.wire.anonymous import get_public

_LONGEST_SECONDS = 24 * 3600
_LOOKS_SECONDS = 3600


@check("trust-001", requirements=["TRUST-001"])
def entity_configuration(lab: Lab) -> None:
    """The entity configuration is signed with a key that it names, and ends within a day."""
    answer = expect.status(get_public(lab.wire, "getEntityConfiguration"), 200)
    text = answer.body.decode("ascii", "replace").strip()
    try:
        head, said = jose.header(text), jose.claims(text)
    except ValueError as error:
        raise CheckFailedError(f"the entity configuration cannot be read: {error}") from None
    expect.that(head.get("typ") == "entity-statement+jwt", "typ is not entity-statement+jwt")
    keys = said.get("jwks", {})
    own = [key for key in keys.get("keys", ()) if key.get("kid") == head.get("kid")]
    expect.that(own and jose.verified(text, {"keys": own}), "no key that it names has signed it")
    expect.that(all("d" not in key for key in keys["keys"]), "a private key is published")
    expect.that(
        said.get("iss") == said.get("sub") == lab.profile.url, "iss and sub are not the node's address"
    )
    lives = said.get("exp", 0) - said.get("iat", 0)
    expect.that(0 < lives <= _LONGEST_SECONDS, "it is valid for more than 24 hours")
    node = said.get("metadata", {}).get("mpex_node", {})
    known = expect.status(get_public(lab.wire, "getNodeMetadata"), 200).at("nodeId")
    expect.that(node.get("nodeId") == known, "its metadata name another node")


@check("net-002", requirements=["NET-002"])
def no_redirects(lab: Lab) -> None:
    """An entity or a superior that leads elsewhere lets nobody in, and the other place is not called."""
    with Vouching(lab) as realm:
        moved, led = realm.node("moved"), realm.enrolled("led", by=realm.anchor, intermediate=True)
        below = realm.node("below-led", by=led)
        realm.lead_elsewhere(moved.entity)
        realm.lead_elsewhere(led)
        realm.refused({"that leads elsewhere": moved, "below a superior that leads elsewhere": below})
        expect.that(not any("/elsewhere" in path for path in realm.asked), "a redirect is followed")


@check("trust-022", requirements=["TRUST-022"], needs=["partner.unmarked"])
def told_what_is_missing(lab: Lab) -> None:
    """A partner without the mark learns why it gets no token, and whoever only uses its name does not."""
    actor = lab.partner("unmarked")
    refused = expect.oauth_error(actor.ask_token(actions=["log:read"])[0], why="no mark")
    expect.that(refused.at("trust_fault") == "markMissing", "it is not told that it has no mark")
    forged = actor.assertion(key=jose.new_key())
    stranger = expect.oauth_error(
        actor.ask_token(actions=["log:read"], assertion=forged)[0], why="another key"
    )
    expect.that("trust_fault" not in stranger.json, "whoever only uses its name is told as well")


@check("trust-023", requirements=["TRUST-023"])
def revocation_time(lab: Lab) -> None:
    """The metadata say how long access lasts after a mark was taken back, and it is an hour at most."""
    limits = expect.status(get_public(lab.wire, "getNodeMetadata"), 200).at("limits")
    expect.that(0 < limits.get("trustSeconds", 0) <= _LOOKS_SECONDS, "trustSeconds is not 1 to 3600")
