"""Whom a node trusts: the suite is its anchor, and lets chains, marks and nodes be wrong in one way each."""

import time
from typing import Any

from mpex_spec import codelist

from mpex_conformance import clock, expect
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import NotApplicableError, UntestableError
from mpex_conformance.partner.federation import CONFORMANCE, NO_ENFORCEMENT, Bend, Json, StandIn
from mpex_conformance.registry import check
from mpex_conformance.vouching import Vouching
from mpex_conformance.wire import jose
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.anonymous import get_public

_DAY = 24 * 3600
_ADMITTED = (200, 503)
"""What is answered to whoever may see the checkpoint, and when there is none yet."""
# What a look takes beyond the published time: until it begins, and until all was asked.
_LOOK_SECONDS = 5
_SHORTEST_SECONDS = 40.0
"""For a time that the target itself has published it is waited as long as this, however hasty the run."""


@check("trust-002", requirements=["TRUST-002"])
def whole_chains_only(lab: Lab) -> None:
    """A node is let in by a chain of at most three superiors, each signed with a key that is vouched for."""
    with Vouching(lab) as realm:
        own, deep = realm.node("own-key"), realm.anchor
        own.entity.key = jose.new_key()
        impostor = realm.enrolled("impostor", by=realm.anchor, intermediate=True)
        impostor.key = jose.new_key()
        above = realm.node("under-impostor", by=impostor)
        for level in ("first", "second", "third"):
            deep = realm.enrolled(level, by=deep, intermediate=True)
        alone = realm.node("alone")
        alone.entity.superiors = ()
        unknown = realm.node("unknown")
        del realm.region.below[unknown.entity.url]
        realm.refused(
            {
                "signed with a key that nobody vouches for": own,
                "below a superior with a key that nobody vouches for": above,
                "below four superiors": realm.node("deep", by=deep),
                "without a superior": alone,
                "enrolled by nobody": unknown,
            }
        )


def _claims(**members: Any) -> Bend:
    return lambda _header, claims: claims.update(members)


def _typ(header: Json, _claims: Json) -> None:
    header["typ"] = "JWT"


@check("trust-003", requirements=["TRUST-003"])
def statements_of_today(lab: Lab) -> None:
    """A statement of another type, issuer, subject or time than it must be lets nobody in."""
    now = clock.seconds()
    bends: dict[str, Bend] = {
        "of another type": _typ,
        "by another issuer": _claims(iss="https://other.example"),
        "on another subject": _claims(sub="https://other.example"),
        "that has expired": _claims(iat=now - 600, exp=now - 300),
        "of the future": _claims(iat=now + 600, exp=now + 1200),
        "for more than a day": _claims(exp=now + 3 * _DAY),
    }
    with Vouching(lab) as realm:
        nodes = {}
        for at, (wrong, bend) in enumerate(bends.items()):
            node = realm.node(f"bent-{at}")
            node.entity.bends["configuration"] = bend
            superior = realm.enrolled(f"bending-{at}", by=realm.anchor, intermediate=True)
            superior.bends["subordinate"] = bend
            nodes[f"a configuration {wrong}"] = node
            nodes[f"a statement of a superior {wrong}"] = realm.node(f"below-{at}", by=superior)
        realm.refused(nodes)


@check("trust-004", requirements=["TRUST-004"])
def nothing_from_above(lab: Lab) -> None:
    """Policies, metadata from above, critical claims and other constraints let nobody in."""
    said: dict[str, Json] = {
        "a metadata policy": {"metadata_policy": {}},
        "metadata that a superior lays down": {"metadata": {"mpex_node": {}}},
        "critical claims": {"crit": ["jti"]},
        "a constraint on names": {"constraints": {"naming_constraints": {}}},
    }
    with Vouching(lab) as realm:
        nodes = {wrong: realm.node(f"said-{at}", **said[wrong]) for at, wrong in enumerate(said)}
        near = realm.enrolled("near", by=realm.anchor, intermediate=True, constraints={"max_path_length": 0})
        far = realm.enrolled("far", by=near, intermediate=True)
        realm.refused({**nodes, "a chain longer than max_path_length": realm.node("too-far", by=far)})


@check("trust-005", requirements=["TRUST-005"])
def mandates_by_others(lab: Lab) -> None:
    """What a node says of its own purposes and class counts for nothing; its mandate does."""
    with Vouching(lab) as realm:
        boaster, other = realm.node("boaster"), realm.node("other")
        wide = {"recipientClass": "police", "purposes": ["searchLiving", "identifyDeceased"]}
        boaster.entity.claims["metadata"]["mpex_node"] |= wide
        other.entity.claims["metadata"]["mpex_node"]["nodeId"] = boaster.identity.node_id
        realm.refused({"a mandate for another node than it says": other})
        expect.that(realm.lets_in(boaster), "a node with more metadata than it needs gets no access")
        expect.that(
            not realm.lets_in(boaster, "identifyDeceased"), "a node acts for a purpose that it gave itself"
        )


@check("trust-031", requirements=["TRUST-031"])
def nothing_prohibited(lab: Lab) -> None:
    """A mandate for a prohibited purpose beside others, or of an immigration authority, lets nobody in."""
    purposes = codelist("purposes")
    with Vouching(lab) as realm:
        nodes = {
            f"a mandate that names {code} as well": realm.node(
                f"for-{code.lower()}", attested={"purposes": ["searchLiving", code]}
            )
            for code, row in purposes.items()
            if row["prohibited"] == "true"
        }
        authority = realm.node("authority", attested={"recipientClass": "immigrationAuthority"})
        realm.refused({**nodes, "the mandate of an immigration authority": authority})


@check("trust-006", requirements=["TRUST-006"])
def marks_that_count(lab: Lab) -> None:
    """A mark that has expired, is for another, or is by somebody not accredited lets nobody in."""
    now = clock.seconds()
    with Vouching(lab) as realm:
        past, others, anybody = (realm.node(name) for name in ("past", "others", "anybody"))
        past.marks[1] = realm.watch.mark(NO_ENFORCEMENT, past.entity.url, iat=now - 600, exp=now - 300)
        others.marks[1] = realm.watch.mark(NO_ENFORCEMENT, realm.sound.entity.url)
        helper = realm.enrolled("helper", by=realm.anchor, intermediate=True)
        anybody.marks[1] = helper.mark(NO_ENFORCEMENT, anybody.entity.url)
        realm.refused(
            {
                "a mark that has expired": past,
                "the mark of another node": others,
                "a mark by somebody who is not accredited for it": anybody,
            }
        )


@check("trust-032", requirements=["TRUST-032"])
def nobody_needs_a_report(lab: Lab) -> None:
    """A node without a mark of conformance has access, and so has one that shows one by nobody accredited."""
    with Vouching(lab) as realm:
        without, shown = realm.node("untested"), realm.node("tested")
        shown.marks.append(realm.watch.mark(CONFORMANCE, shown.entity.url))
        realm.looked_at()
        expect.that(realm.lets_in(without), "a node is refused for want of a mark of conformance")
        expect.that(realm.lets_in(shown), "a node is refused for a mark of conformance that does not count")


@check("trust-007", requirements=["TRUST-007"])
def marks_taken_back(lab: Lab) -> None:
    """Access ends when either mark is taken back."""
    _taken_back(lab, "loses", "took its mark back")


@check("auth-019", requirements=["AUTH-019"])
def tokens_of_before(lab: Lab) -> None:
    """A token from before access ended is refused when the partner has access again."""
    with Vouching(lab) as realm:
        node = realm.node("returning")
        realm.looked_at()
        actor = Actor(lab.wire, node.identity, lab.doors)
        token = actor.token("searchLiving", "log:read")
        expect.status(actor.call("getCheckpoint", token=token), *_ADMITTED, why="control")
        realm.watch.revoked.add(node.marks[1]["trust_mark"])
        realm.ended(node, "its mark was taken back")
        node.marks[1] = realm.watch.mark(NO_ENFORCEMENT, node.entity.url)
        realm.gains(node)
        if time.monotonic() > token.until:
            raise UntestableError("the token has expired before the partner had access again")
        again = actor.call("getCheckpoint", token=token)
        expect.refused(again, "AUTH-019", why="a token from before access ended")
        renewed = Actor(lab.wire, node.identity, lab.doors).call("getCheckpoint")
        expect.status(renewed, *_ADMITTED, why="a token from after access was given again")


@check("trust-007-status", requirements=["TRUST-007"])
def statuses_of_now(lab: Lab) -> None:
    """An answer on a mark that is old, on another mark or signed by nobody confirms nothing."""
    with Vouching(lab) as realm:
        other = realm.sound.marks[1]["trust_mark"]
        bends = {
            "that is old": _claims(iat=clock.seconds() - 600),
            "on another mark": _claims(trust_mark=other),
        }
        nodes = {}
        for at, wrong in enumerate((*bends, "with a key of nobody")):
            issuer, node = realm.issuer(f"issuer-{at}"), realm.node(f"confirmed-{at}")
            node.marks[1] = issuer.mark(NO_ENFORCEMENT, node.entity.url)
            if wrong in bends:
                issuer.bends["status"] = bends[wrong]
            else:
                issuer.forged.add("status")
            nodes[f"an answer {wrong}"] = node
        realm.refused(nodes)


@check("trust-007-hidden", requirements=["TRUST-007"])
def marks_hidden(lab: Lab) -> None:
    """Rubbish in the place of a mark hides neither of the marks that were taken back."""
    _taken_back(lab, "hides", "took its mark back, for which it shows rubbish", shown="none")


def _taken_back(lab: Lab, name: str, what: str, *, shown: str | None = None) -> None:
    """Let the issuer of each mark take it back; its node may show something else in its place."""
    with Vouching(lab) as realm:
        nodes = [
            (realm.node(f"{name}-{at}"), issuer, at) for at, issuer in enumerate((realm.region, realm.watch))
        ]
        realm.looked_at()
        for node, _, _ in nodes:
            expect.that(realm.lets_in(node), "a node with both marks gets no access")
        given = [node.marks[at]["trust_mark"] for node, _, at in nodes]
        if shown is not None:
            for node, _, at in nodes:
                node.marks[at] = {**node.marks[at], "trust_mark": shown}
            # A look that has read the mark already would ask about it.
            realm.looked_again()
        for (_, issuer, _), mark in zip(nodes, given, strict=True):
            issuer.revoked.add(mark)
        for node, issuer, _ in nodes:
            realm.ended(node, f"the {issuer.url.rpartition('/')[2]} {what}")


@check("trust-023-ends", requirements=["TRUST-023"])
def revocations_in_time(lab: Lab) -> None:
    """Access ends within the published time after a mark was taken back."""
    limits = expect.status(get_public(lab.wire, "getNodeMetadata"), 200).at("limits")
    within = limits["trustSeconds"] + _LOOK_SECONDS
    if lab.config.conformance_class == "core":
        raise NotApplicableError("a node of the class core gives access to no partner")
    if within > max(lab.config.event_seconds, _SHORTEST_SECONDS):
        raise UntestableError(f"trustSeconds needs event_seconds of {within} or more")
    with Vouching(lab) as realm:
        node = realm.node("timed")
        realm.looked_at()
        expect.that(realm.lets_in(node), "a node with both marks gets no access")
        realm.watch.revoked.add(node.marks[1]["trust_mark"])
        realm.ended(node, "its mark was taken back", within=within)


@check("trust-008", requirements=["TRUST-008"])
def marks_by_two(lab: Lab) -> None:
    """Both marks by one organisation, though it is accredited for both, let nobody in."""
    with Vouching(lab) as realm:
        realm.anchor.claims["trust_mark_issuers"][NO_ENFORCEMENT].append(realm.region.url)
        node = realm.node("friend")
        node.marks[1] = realm.region.mark(NO_ENFORCEMENT, node.entity.url)
        realm.refused({"both marks by one organisation": node})


@check("trust-009", requirements=["TRUST-009"])
def silence_changes_nothing(lab: Lab) -> None:
    """A node that falls silent keeps its access, and loses it when a mark is taken back."""
    with Vouching(lab) as realm:
        node = realm.node("quiet")
        realm.looked_at()
        node.entity.silent = True
        realm.looked_again()
        expect.that(realm.lets_in(node), "a node that does not answer loses its access")
        realm.watch.revoked.add(node.marks[1]["trust_mark"])
        realm.ended(node, "its mark was taken back while it was silent")


@check("trust-010", requirements=["TRUST-010"])
def superiors_who_leave(lab: Lab) -> None:
    """Access ends when the superior vouches for a node no more."""
    with Vouching(lab) as realm:
        node = realm.node("leaver")
        realm.looked_at()
        expect.that(realm.lets_in(node), "a node that is vouched for gets no access")
        del realm.region.below[node.entity.url]
        realm.ended(node, "its superior vouches for it no more")


@check("trust-011", requirements=["TRUST-011"])
def one_node_one_address(lab: Lab) -> None:
    """A mandate for the identifier of a partner does not let another address take its place."""
    with Vouching(lab) as realm:
        # Who comes first of two strangers is nobody's business; here one of them is known.
        realm.looked_at()
        thief = realm.node("thief", node_id=realm.sound.identity.node_id)
        realm.looked_at()
        realm.looked_again()
        expect.that(realm.lets_in(realm.sound), "a partner loses its place to another address")
        expect.oauth_error(realm.tried(thief), why="the identifier of another node")


@check("trust-012", requirements=["TRUST-012"])
def nobody_sends_a_node_anywhere(lab: Lab) -> None:
    """A superior whom nobody lists is not asked, whoever names it."""
    with Vouching(lab) as realm:
        node = realm.node("sender")
        node.entity.superiors = (f"{realm.url}/elsewhere", realm.region.url)
        realm.looked_at()
        expect.that(realm.lets_in(node), "a node that names a stranger beside its superior gets no access")
        asked = [path for path in realm.asked if "/elsewhere/" in path]
        expect.that(not asked, "an address is called that only a node names")


@check("trust-017", requirements=["TRUST-017"])
def federation_keys_overlap(lab: Lab) -> None:
    """Both keys count while the superior vouches for both, and the old one no more when it does not."""
    with Vouching(lab) as realm:
        changed, late = realm.node("changed"), realm.node("late")
        before = changed.entity.jwks["keys"]
        changed.entity.key = jose.new_key()
        realm.region.vouch(changed.entity, {"keys": before + changed.entity.jwks["keys"]})
        realm.region.vouch(late.entity, changed.entity.jwks)
        realm.refused({"signed with a key for which its superior vouches no more": late})
        expect.that(realm.lets_in(changed), "a node that exchanges its key through an overlap gets no access")


@check("trust-018", requirements=["TRUST-018"])
def keys_of_today(lab: Lab) -> None:
    """A partner that signs with a key that it has just published is known by it at once."""
    with Vouching(lab) as realm:
        nodes = [realm.node(f"renewed-{at}") for at in range(3)]
        realm.looked_at()
        for node in nodes:
            node.renew(keeping=True)
            expect.that(realm.lets_in(node), "a key that a partner has just published is refused")


@check("trust-019", requirements=["TRUST-019"])
def ended_keys(lab: Lab) -> None:
    """A key that a partner has left out of what it says of itself counts no more."""
    with Vouching(lab) as realm:
        node = realm.node("ender")
        realm.looked_at()
        old = StandIn(node.entity, node.identity)
        node.renew(keeping=False)
        realm.ended(old, "the partner has ended the key")
        expect.that(realm.lets_in(node), "a partner is refused with the only key that it has")


@check("trust-021", requirements=["TRUST-021"])
def silence_is_no_end(lab: Lab) -> None:
    """That the issuer of a mark does not answer ends nobody's access."""
    with Vouching(lab) as realm:
        node = realm.node("spared")
        realm.looked_at()
        realm.watch.silent = True
        realm.looked_again()
        expect.that(realm.lets_in(node), "a node loses its access because somebody else does not answer")


@check("trust-025", requirements=["TRUST-025"])
def logs_are_read(lab: Lab) -> None:
    """The log of each superior of a partner is read with its statements."""
    with Vouching(lab) as realm:
        realm.looked_at()
        for superior in (realm.anchor, realm.region, realm.watch):
            place = superior.url.removeprefix(realm.url) + "/federation/log/checkpoint"
            expect.that(place in realm.asked, f"the log of {superior.url} is not read")


@check("trust-028", requirements=["TRUST-028"])
def in_the_log(lab: Lab) -> None:
    """An enrolment, a key or a mark that no log shows lets nobody in."""
    with Vouching(lab) as realm:
        enrolled, keyed, marked = (realm.node(f"secret-{what}") for what in ("enrolment", "key", "mark"))
        realm.region.log.forget(enrolled.entity.url, "entityEnrolled")
        realm.region.log.forget(keyed.entity.url, "entityEnrolled")
        other = realm.sound.entity.jwks["keys"][0]["kid"]
        realm.region.log.write("entityEnrolled", entity=keyed.entity.url, keys=[other])
        realm.watch.log.forget(marked.entity.url, "markGiven")
        realm.refused(
            {
                "an enrolment that no log shows": enrolled,
                "a key that no log shows": keyed,
                "a mark that no log shows": marked,
            }
        )


@check("trust-026", requirements=["TRUST-026"])
def one_history(lab: Lab) -> None:
    """A superior whose log was rewritten lets nobody in, and those who were let in before stay."""
    with Vouching(lab) as realm:
        realm.looked_at()
        late = realm.node("late")
        realm.region.log.entries[0] = {**realm.region.log.entries[0], "entity": late.entity.url}
        realm.looked_again()
        expect.oauth_error(realm.tried(late), why="a superior whose log was rewritten")
        expect.that(realm.lets_in(realm.sound), "a node loses its access because a log was rewritten")
