"""Keeps the partners as the chosen anchors have them today (TRUST-009, TRUST-010)."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DataError

from mpex_server.disclosures.work import OwnWork
from mpex_server.federation import (
    directory,
    entries,
    followed,
    mandate,
    recalling,
    renewal,
    repository,
    statements,
)
from mpex_server.federation.asking import Inquiry, each, longest, mixed
from mpex_server.federation.chains import Chain, Resolver
from mpex_server.federation.faults import RevokedError, TrustError
from mpex_server.federation.findings import Findings
from mpex_server.federation.logs import Reading
from mpex_server.federation.mandate import Trusted
from mpex_server.federation.marks import Ask
from mpex_server.federation.watch import Watch
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.oauth import clients, vetoes
from mpex_server.oauth.clients import Said
from mpex_server.storage.engine import transaction

Json = dict[str, Any]
TakenBack = Callable[[Iterable[str], str], RevokedError | None]
"""Returns that a mark of some kinds was taken back that an entity showed when it was judged last."""
_log = structlog.get_logger("mpex.trust")
_LISTS, _LOGS, _NODES, _ISSUERS, _STANDING = 0.25, 0.15, 0.4, 0.1, 0.1
"""Shares of a look: lists, logs of who lists, nodes, logs of who gave them marks, marks judged before.

Who lists many, or answers late, takes no time from what is asked after it.
"""
_WRITING_SECONDS = 60
"""How long what a look has found may take to be written down."""
_UNLISTED = ("",)
"""Branch of those whom nobody lists."""


def refresh(node: Node) -> int:
    """Read the anchors when they are due, and let the partners be whom they vouch for; 0 when none is due."""
    now = node.clock.now()
    seconds = longest(node.settings.trust_seconds)
    # Another process takes on what a dead one began, once it could have written down what it found.
    lease = instant(now + timedelta(seconds=seconds + _WRITING_SECONDS))
    inquiry = Inquiry.by(node.peers, node.clock, seconds)
    with transaction(node.engine) as conn:
        if not repository.claim(conn, now=instant(now), until=lease):
            return _end_without_anchors(node, conn)
        anchors, kept = repository.anchors(conn), clients.configurations(conn)
        places, judged = clients.addresses(conn), clients.judged(conn)
        watch = followed.watch(conn, inquiry.fetch)
    found = read(anchors, inquiry, watch, kept, places, judged)
    with transaction(node.engine) as conn:
        due = now + timedelta(seconds=node.settings.trust_seconds)
        if not repository.plan(conn, claimed=lease, due=instant(due)):
            _log.info("what was found is older than another look")
            return 0
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        for entity, fault in found.left_out():
            # The anchor of a sandbox answers only while a conformance suite runs.
            usual = node.settings.sandbox and fault.is_silence
            say = _log.debug if usual else _log.warning
            event = "no word of today" if found.without_word(entity) else "not trusted"
            say(event, entity=entity, reason=fault.reason, at=fault.entity)
        if apply(work, found):
            entries.learnt(work, "trustChanged")
        _keep_logs(work, watch)
    return 1


def _end_without_anchors(node: Node, conn: Connection) -> int:
    """End all partners once the last anchor was dropped; 0 while there is one, or nobody is left to end."""
    if repository.anchors(conn) or not clients.federated(conn):
        return 0
    work = OwnWork(conn, node.keys, node.clock, node.settings)
    if apply(work, Findings(clients.addresses(conn))):
        entries.learnt(work, "trustChanged")
    return 1


def read(
    anchors: dict[str, Json],
    inquiry: Inquiry,
    watch: Watch,
    kept: Mapping[str, str],
    places: Mapping[str, str],
    judged: Mapping[str, str],
) -> Findings:
    """Return what each anchor says by itself: marks are accredited by the anchor to which the chain leads.

    What no log shows, or one with two histories, makes nobody a partner, and ends nobody.
    `kept` is what entities said before, `judged` what they said when their marks were judged last, which no
    exchange of keys between two looks replaces, and `places` where each known node is.
    """
    found = Findings(places)
    for entity, jwks in anchors.items():
        resolver = Resolver({entity: jwks}, inquiry.fetch, inquiry.now, kept)
        inquiry.allow(_LISTS / len(anchors))
        listed = directory.read(resolver, inquiry.fetch)
        found.faults |= {fault.entity: fault for fault in listed.faults}
        inquiry.allow(_LOGS / len(anchors))
        watch.read(listed.superiors, resolver)
        resolver.frozen = watch.frozen
        inquiry.allow(_NODES / len(anchors))
        # Those known first: no stranger takes from them the time, or the identifier of one of them.
        names = [*mixed(kept), *(name for name in listed.nodes if name not in kept)]
        branches = {name: listed.nodes.get(name, _UNLISTED) for name in {*names, *judged}}
        vouched = dict[str, Chain]()
        read_now = each(partial(_one, vouched, resolver, inquiry.ask, listed.nodes), branches, names)
        inquiry.allow(_ISSUERS / len(anchors))
        issuers = {name: listed.superiors.get(name, name) for name in _superiors(read_now)}
        watch.read(issuers, resolver)
        found.vouched |= {name: chain for name, chain in vouched.items() if not watch.fault(chain.grounds)}
        for name, made in zip(names, map(watch.checked, read_now), strict=True):
            if isinstance(made, Trusted):
                found.add(name, made)
            else:
                found.blame(name, made, whole=listed.whole)
        inquiry.allow(_STANDING / len(anchors))
        _check_standing(found, partial(_taken_back, judged, resolver, inquiry.ask), judged, branches)
        found.texts |= resolver.texts
    found.logs = watch.faults
    return found


def _superiors(judged: Iterable[Trusted | TrustError]) -> set[str]:
    return {ground.superior for made in judged if isinstance(made, Trusted) for ground in made.grounds}


def _one(
    vouched: dict[str, Chain], resolver: Resolver, ask: Ask, listed: Container[str], name: str
) -> Trusted | TrustError:
    """Read one node; of one that nobody lists what it said before, since nobody unlisted is asked."""
    try:
        chain = resolver.resolve(name) if name in listed else resolver.recall(name)
        vouched[name] = chain
        return mandate.read(chain, resolver, ask)
    except TrustError as error:
        return error


def _check_standing(
    found: Findings,
    taken_back: TakenBack,
    judged: Mapping[str, str],
    branches: Mapping[str, Collection[str]],
) -> None:
    """Ask about the marks that were judged last, where nobody says today whether they stand.

    Neither silence nor rubbish in the place of a mark hides that it was taken back (TRUST-007).
    """
    names = list(filter(found.to_ask, judged))
    either = partial(taken_back, mandate.FOR_ACCESS)
    for name, error in zip(names, each(either, branches, names), strict=True):
        if error is not None:
            found.faults[name] = error
    places = {one.entry["url"]: at for at, one in found.trusted.items() if found.to_ask_for_second(one)}
    names = list(filter(places.__contains__, judged))
    second = partial(taken_back, (mandate.NO_ENFORCEMENT,))
    for name, error in zip(names, each(second, branches, names), strict=True):
        if error is not None:
            found.trusted[places[name]] = replace(found.trusted[places[name]], unmarked=error)


def _taken_back(
    judged: Mapping[str, str], resolver: Resolver, ask: Ask, kinds: Iterable[str], name: str
) -> RevokedError | None:
    try:
        mandate.check_standing(judged[name], name, resolver, ask, *kinds)
    except RevokedError as error:
        return error
    except TrustError:
        # What it said before has ended by itself, and its access with it.
        return None
    return None


def _keep_logs(work: OwnWork, watch: Watch) -> None:
    """Keep what was read of logs; one that cannot be kept undoes nothing else that a look has found."""
    followed.try_again(work.conn, watch.known.keys() & watch.reached, at=work.now())
    for name, reading in watch.readings.items():
        try:
            with work.conn.begin_nested():
                _keep_log(work, watch, name, reading)
        except DataError:
            _log.warning("a log cannot be kept", entity=name)
    for name, fault in watch.faults.items():
        if fault.reason == "logForked" and followed.blame(work.conn, name, watch.known[name], fault.detail):
            entries.learnt(work, "logForked")


def _keep_log(work: OwnWork, watch: Watch, name: str, reading: Reading) -> None:
    kept = followed.keep(work.conn, name, watch.known.get(name), reading, at=work.now())
    if kept and followed.blame(work.conn, name, reading.followed, None):
        entries.learnt(work, "logContinued")


def apply(work: OwnWork, found: Findings) -> bool:
    """Make the partners whom the anchors vouch for, and end the rest; return whether anything changed.

    One of whom nothing could be learnt stays until what was learnt last ends; one that staff keep out stays
    out.
    """
    now = work.now()
    known = {entry["nodeId"]: entry for entry in clients.federated(work.conn)}
    said = clients.configurations(work.conn)
    changed = False
    for node_id, trusted in found.trusted.items():
        before = known.get(node_id)
        if node_id != work.settings.node_id and not (before and found.unsure(trusted)):
            changed |= _admit(work, found, trusted, before, said) and before != trusted.entry
    for node_id, entry in known.items():
        if vetoes.covers(work.conn, entry, said.get(entry["url"])):
            changed |= clients.suspend_partner(work.conn, node_id, at=instant(now), kept_out=True)
        elif found.ends(entry):
            fault = found.faults.get(entry["url"])
            told, end = fault.reason if fault else "notEnrolled", _end(found, fault, entry["url"], now)
            clients.suspend_partner(work.conn, node_id, at=instant(now), fault=told, recall_at=end)
            changed = True
    changed |= _renew_former(work, found)
    recalling.recall(work)
    return changed


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


def _admit(
    work: OwnWork, found: Findings, trusted: Trusted, before: Json | None, said: Mapping[str, str]
) -> bool:
    """Make a node a partner, with the keys that it named last: it may have been looked at meanwhile."""
    now, url, unmarked = work.now(), trusted.entry["url"], trusted.unmarked
    entry, text = trusted.entry, found.texts[url]
    if before and url in said and statements.issued(said[url]) >= statements.issued(text):
        entry, text = entry | {"jwks": before["jwks"]}, said[url]
    return clients.admit(
        work.conn,
        entry,
        text,
        judged=found.texts[url],
        at=instant(now),
        until=instant(trusted.until),
        fault=unmarked.reason if unmarked else None,
        recall_at=_end(found, unmarked, url, now) if unmarked else None,
    )


def _end(found: Findings, fault: TrustError | None, entity: str, now: datetime) -> str:
    """Return when to call back what a partner holds."""
    return instant(now + found.grace(fault, entity))
