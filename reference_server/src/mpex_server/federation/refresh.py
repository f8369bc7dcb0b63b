"""Keeps the partners as the chosen anchors have them today (TRUST-009, TRUST-010)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from mpex_server.disclosures.work import OwnWork
from mpex_server.federation import asking, directory, entries, mandate, renewal, repository
from mpex_server.federation.chains import Chain, Fetch, Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.federation.mandate import Trusted
from mpex_server.federation.marks import Ask
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.oauth import clients
from mpex_server.oauth.clients import Said
from mpex_server.recalls import causes
from mpex_server.storage.engine import transaction

Json = dict[str, Any]
_log = structlog.get_logger("mpex.trust")


@dataclass
class Findings:
    """What the anchors say: nodes with a mandate by node id, and why an entity or a superior is not trusted.

    `texts` is what entities said of themselves, and `vouched` are those with a chain, with a mandate or not.
    Not `complete` means that a superior could not be asked.
    """

    trusted: dict[str, Trusted] = field(default_factory=dict)
    faults: dict[str, TrustError] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    vouched: dict[str, Chain] = field(default_factory=dict)
    complete: bool = True

    def unknown(self, entity: str) -> bool:
        """Whether nothing could be learnt of an entity that was trusted before."""
        if any(trusted.entry["url"] == entity for trusted in self.trusted.values()):
            return False
        fault = self.faults.get(entity)
        return fault.is_silence if fault else not self.complete


def refresh(node: Node) -> int:
    """Read the anchors when they are due, and let the partners be whom they vouch for; 0 when none is due."""
    now = node.clock.now()
    due = now + timedelta(seconds=node.settings.trust_seconds)
    with transaction(node.engine) as conn:
        if not repository.claim(conn, now=instant(now), due=instant(due)):
            return 0
        anchors, kept = repository.anchors(conn), clients.configurations(conn)
    fetch, ask = (asking.bounded(each, node.clock) for each in (node.peers.fetch, node.peers.ask_status))
    found = read(anchors, fetch, ask, now, kept)
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        for entity, fault in sorted(found.faults.items()):
            # The anchor of a sandbox answers only while a conformance suite runs.
            usual = node.settings.sandbox and fault.is_silence
            say = _log.debug if usual else _log.warning
            say("not trusted", entity=entity, reason=fault.reason, at=fault.entity)
        if apply(work, found):
            entries.learnt(work, "trustChanged")
    return 1


def read(
    anchors: dict[str, Json], fetch: Fetch, ask: Ask, now: datetime, kept: Mapping[str, str]
) -> Findings:
    """Return what each anchor says by itself: marks are accredited by the anchor to which the chain leads."""
    found = Findings()
    for entity, jwks in anchors.items():
        resolver = Resolver({entity: jwks}, fetch, now, kept)
        listed = directory.read(resolver, fetch)
        found.faults |= {fault.entity: fault for fault in listed.faults}
        found.complete &= listed.whole
        # Those known first: no stranger takes from them the time, or the identifier of one of them.
        names = sorted(listed.nodes, key=lambda name: name not in kept)
        for name, made in zip(
            names, asking.each(partial(_one, found, resolver, ask, now), names), strict=True
        ):
            if isinstance(made, TrustError):
                found.faults.setdefault(name, made)
            else:
                _add(found, name, made)
        for name in filter(found.unknown, kept):
            try:
                mandate.check_standing(kept[name], name, resolver, ask, now=now)
            except TrustError as error:
                # What has ended by itself meanwhile was never taken back, and has nothing recalled.
                if error.reason == "markNotActive":
                    found.faults[name] = error
        found.texts |= resolver.texts
    return found


def _one(found: Findings, resolver: Resolver, ask: Ask, now: datetime, name: str) -> Trusted | TrustError:
    try:
        found.vouched[name] = resolver.resolve(name)
        return mandate.read(found.vouched[name], resolver, ask, now=now)
    except TrustError as error:
        return error


def apply(work: OwnWork, found: Findings) -> bool:
    """Make the partners whom the anchors vouch for, and end the rest; return whether anything changed.

    One of whom nothing could be learnt stays until what was learnt last ends; one that staff keep out stays
    out.
    """
    now, changed = work.now(), False
    known = {entry["nodeId"]: entry for entry in clients.federated(work.conn)}
    places = clients.addresses(work.conn)
    others = {name: one for name, one in found.trusted.items() if name != work.settings.node_id}
    for node_id, trusted in others.items():
        before = known.pop(node_id, None)
        if places.get(node_id, trusted.entry["url"]) != trusted.entry["url"]:
            found.faults[trusted.entry["url"]] = _taken(trusted)
            continue
        said = found.texts[trusted.entry["url"]]
        term = {"at": instant(now), "until": instant(trusted.until)}
        fault = trusted.unmarked.reason if trusted.unmarked else None
        if clients.admit(work.conn, trusted.entry, said, fault=fault, **term):
            changed |= before != trusted.entry
            if not trusted.entry["noImmigrationEnforcement"]:
                causes.lose_trust(work, node_id)
    for node_id, entry in known.items():
        if not found.unknown(entry["url"]):
            reason = found.faults.get(entry["url"])
            told = reason.reason if reason else "notEnrolled"
            clients.suspend_partner(work.conn, node_id, at=instant(now), fault=told)
            causes.lose_trust(work, node_id)
            changed = True
    return _renew_former(work, found) or changed


def _renew_former(work: OwnWork, found: Findings) -> bool:
    """Learn the keys of those whose access has ended, and who see their recalls to their end (TRUST-019)."""
    changed = False
    for known in clients.former(work.conn):
        url = known.entry["url"]
        if url in found.vouched:
            try:
                entry = renewal.with_keys(known.entry, found.vouched[url].configuration)
            except TrustError as error:
                found.faults.setdefault(url, error)
                continue
            clients.renew(work.conn, known, Said(entry, found.texts[url]), at=instant(work.now()))
            changed |= entry != known.entry
    return changed


def _add(found: Findings, name: str, trusted: Trusted) -> None:
    """Enter a node, unless another entity has a mandate for the same."""
    node_id = trusted.entry["nodeId"]
    other = found.trusted.get(node_id)
    if other is not None and other.entry["url"] != name:
        found.faults[name] = _taken(trusted)
    elif other is None or other.until < trusted.until:
        found.trusted[node_id] = trusted
        found.faults.pop(name, None)


def _taken(trusted: Trusted) -> TrustError:
    return TrustError("wrongSubject", trusted.entry["url"], "its node id belongs to another entity")
