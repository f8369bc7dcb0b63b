"""Mutants inside the reference server: each takes what stands at a path and returns what takes its place.

The server is known by name only; nothing of it is imported here.
"""

import dataclasses
import json
import time
import types
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

Original = Any


def assertions_replayed(original: Original) -> Callable[..., bool]:
    """Take an assertion as often as it comes."""
    return lambda conn, *parts, expires: parts[0] == "assertion" or original(conn, *parts, expires=expires)


def proofs_replayed(original: Original) -> Callable[..., bool]:
    """Take a proof as often as it comes."""
    return lambda conn, *parts, expires: parts[0] == "dpop" or original(conn, *parts, expires=expires)


def audience_ignored(original: Original) -> Callable[..., Any]:
    """Take an assertion for whomever it was made."""

    def verify(assertion: Any, client: Any, *, issuer: str, now: float) -> Any:
        claims = {**assertion.parsed.claims, "aud": issuer}
        read = dataclasses.replace(assertion, parsed=dataclasses.replace(assertion.parsed, claims=claims))
        return original(read, client, issuer=issuer, now=now)

    return verify


def leaves_at_once(_original: Original) -> Callable[..., float]:
    """Send an answer as soon as it is ready."""
    return lambda _arrival, ready, _grid=0.0: float(ready)


def contributions_only(original: Original) -> Callable[..., Any]:
    """Read the directives of contributions and none of the record itself."""
    return lambda body: original({**body, "directives": []})


def compared_with_all(original: Original) -> Callable[..., Any]:
    """Compare a query with whatever is known."""
    return lambda entry, decision, **_rest: original(entry, decision, whole=True)


def pending_counts_as_approved(original: Original) -> Callable[..., Any]:
    """Release what nobody has decided on."""

    def collectable(work: Any, request: Any, requester: Any) -> Any:
        if request.status == "pending":
            body = {**request.body, "grantedCategories": request.body["requestedCategories"]}
            request = dataclasses.replace(request, status="approved", content=json.dumps(body).encode())
        return original(work, request, requester)

    return collectable


def reply_swallowed(_original: Original) -> Callable[..., Any]:
    """Take a reply and leave the request as it was."""
    return lambda _work, request, _text, **_by: request


def due_in_a_year(_original: Original) -> Callable[..., Any]:
    """Take a year for what is due in two days."""
    return lambda _calendar, start, _span: start + timedelta(days=365)


def tried_once(_original: Original) -> Callable[..., timedelta]:
    """Wait a year before an event is tried again."""
    return lambda _pace, _attempts: timedelta(days=365)


def signatures_ignored(_original: Original) -> Callable[..., Any]:
    """Read a statement without looking at who signed it."""
    jws = import_module("mpex_server.kit.jws")
    return lambda token, _jwks, *, typ: jws.parse(token).claims if typ else None


def reference_of_its_own(original: Original) -> Callable[..., str]:
    """Enter a query into the list of recipients under a name that the partner does not know."""

    def add(conn: Any, **members: Any) -> str:
        if members["kind"] == "query":
            members["reference"] = "search:" + 26 * "a"
        return str(original(conn, **members))

    return add


def best_fit_first(_original: Original) -> Callable[..., list[Any]]:
    """Order hits by how much of them agrees."""

    def fit(hit: dict[str, Any]) -> int:
        return -len([entry for entry in hit.get("evidence", ()) if entry["agreement"] == "agrees"])

    return lambda hits: sorted(hits, key=fit)


def successors_left(original: Original) -> Callable[..., list[Any]]:
    """Hand out the directives that a record names and none that follow them."""

    def handed(documents: Any, body: Any, **terms: Any) -> list[Any]:
        named = {entry.get("directive") for entry in body["contributions"]}
        return [document for document in original(documents, body, **terms) if document.id in named]

    return handed


def nothing_ruled_out(_original: Original) -> Callable[..., frozenset[str]]:
    """Offer what the asker has ruled out."""
    return lambda *_: frozenset()


def tasks_unopened(original: Original) -> Any:
    """Open no task where one waits."""
    return types.SimpleNamespace(add=lambda *_, **_named: "", close_of=original.close_of)


def frozen_for_all(original: Original) -> Callable[..., set[str]]:
    """Let a freeze bind every partner."""

    def frozen(work: Any, _partner: str, among: Any) -> set[str]:
        kind = original.__globals__["FROZEN"]
        return {
            task.subject
            for task in original.__globals__["tasks"].open_among(work.conn, work.keys, among, kind)
        }

    return frozen


def frozen_retracted(original: Original) -> Callable[..., Any]:
    """Hand out nothing of a record that is frozen, whenever it was approved."""

    def collectable(work: Any, request: Any, requester: Any) -> Any:
        probing = import_module("mpex_server.searches.probing")
        if probing.frozen(work, requester.node_id, [request.body["record"]]):
            raise import_module("mpex_server.errors").not_found()
        return original(work, request, requester)

    return collectable


def all_held(original: Original) -> Callable[..., Any]:
    """Take every permitted category for one that holds something."""
    return lambda work, request: 2 * original(work, request)[:1]


def nothing_released(original: Original) -> Callable[..., Any]:
    """Hand out a release that holds no value."""

    def collectable(work: Any, request: Any, requester: Any) -> Any:
        own = original.__globals__
        try:
            return original(work, request, requester)
        except own["Problem"]:
            record, body = work.documents.get(request.body["record"]), request.body
            categories = frozenset(body.get("grantedCategories", ()))
            decision = own["decide"](work, record, requester, body["purpose"], categories)
            if not decision.permit:
                raise
            return record, decision, {}

    return collectable


def parts_from_nowhere(original: Original) -> Callable[..., Any]:
    """Take parts from an inventory whether or not it holds them."""
    return lambda parts, taken: original(parts, taken) or []


def untold_stands(original: Original) -> Callable[..., Any]:
    """Count an identification that nobody has been told of among those that stand."""
    return lambda conn, record: [(name, said, "told") for name, said, _ in original(conn, record)]


def rows_forgotten(original: Original) -> Callable[..., str]:
    """Take each row of a member list for somebody new."""
    return lambda keys, group, row: str(original(keys, group, f"{row}{time.monotonic_ns()}"))


def mention_stays(_original: Original) -> Callable[..., Any]:
    """Give a member a record and keep what was mentioned."""

    def promote(work: Any, member: Any, record: str, *, actor: str) -> Any:
        body = {**member.body, "record": record}
        return work.documents.replace(member, body, reason="promoted", actor=actor, status="registered")

    return promote


def last_speaks_for_all(original: Original) -> Callable[..., Any]:
    """Send of every member of a group what may be sent of the last."""

    def plan(work: Any, group: str, asked: Any) -> Any:
        sought = original(work, group, asked)
        return [dataclasses.replace(each, plans=sought[-1].plans) for each in sought]

    return plan


def causes_as_notices(original: Original) -> dict[str, str]:
    """Tell every cause under a notice of its own."""
    return dict(original) | {"missedReview": "withdrawn"}


def requests_uncounted(_original: Original) -> Callable[..., Any]:
    """Take every release request."""
    service = import_module("mpex_server.release_requests.service")
    identifier = import_module("mpex_server.kit.ids").new_id
    return lambda ctx, requester: service.create(ctx, identifier("releaseRequest"), requester, ctx.body)


def lists_go_on(original: Original) -> Callable[..., int]:
    """Let a list of log entries reach beyond where the log ended when it began."""
    return lambda ctx: int(original(ctx)) + 500


def any_dispute(_original: Original) -> Callable[..., bool]:
    """Take one dispute for another."""
    return lambda body: "dispute" in body


def every_account(_original: Original) -> Callable[..., bool]:
    """Take an account that was added for a correction."""
    return lambda before, now, _told: bool(before["contributions"] != now["contributions"])


def for_a_lifetime(_original: Original) -> timedelta:
    """Wait a hundred years."""
    return timedelta(days=36500)


def correspondence_untasked(original: Original) -> Callable[..., str]:
    """Open no task for what partners ask and write."""

    def add(work: Any, *, kind: str, **rest: Any) -> str:
        skipped = kind in {"assistanceRequest", "caseMessage"}
        return "task:" + 26 * "a" if skipped else str(original(work, kind=kind, **rest))

    return add


def answers_untold(original: Original) -> Callable[..., Any]:
    """Keep answers to assistance requests at home."""
    return lambda work, document, partner, kind, event: (
        None if kind == "assistanceAnswer" else original(work, document, partner, kind, event)
    )


def any_answer(_original: Original) -> Callable[..., str]:
    """Take any answer at any time."""
    states = {"accept": "accepted", "decline": "declined", "complete": "completed"}
    return lambda _state, answer: states[answer]


def conditions_dropped(original: Original) -> Callable[..., Any]:
    """Pass on without the exclusions of the first release."""

    def claims(*args: Any) -> Any:
        made = original(*args)
        return {**made, "obligations": {**made["obligations"], "doNotShareWith": []}}

    return claims


def sender_only(_original: Original) -> Callable[..., set[str]]:
    """Let only the node that released something call it back."""
    return lambda body: {body["from"]}


def everybody_speaks(_original: Original) -> Callable[..., set[str]]:
    """Let any sender speak for every node that may call a release back."""
    return lambda body, _node: set(body["disputedBy"])


def used_early(original: Original) -> Callable[..., str]:
    """Bring a record into use while the former custodian has it still."""

    def hold(work: Any, transfer: Any, package: Any, *, version: int) -> str:
        held: str = original(work, transfer, package, version=version)
        shared = original.__globals__
        shared["_keep_directives"](work, transfer, package["directives"])
        body = {"record": package["record"], "version": version}
        shared["_keep_record"](work, transfer.body["record"], body)
        return held

    return hold


def never_back(_original: Original) -> Callable[..., bool]:
    """Take over only what never was here."""
    return lambda work, record: work.documents.get(record) is None


def a_lifetime(_original: Original) -> timedelta:
    """Let a query stand for a hundred years."""
    return timedelta(days=36500)


def whole_contributions(_original: Original) -> Callable[..., Any]:
    """Hand out contributions as they are."""
    return lambda entry, _decided: dict(entry)


def partners_only(original: Original) -> Callable[..., dict[str, Any]]:
    """Plan a search without a word on what would be sent."""
    return lambda plans: {"items": [{"partner": item["partner"]} for item in original(plans)["items"]]}


def whole_examples(_original: Original) -> Callable[..., dict[str, Any]]:
    """Send a partner whatever is known, as long as there is something to send."""
    searched = {"summary", "identity", "names", "birth"}

    def by_example(record: Any, decision: Any) -> dict[str, Any]:
        sections = record.body["contributions"][0]["sections"]
        return {name: sections[name] for name in searched & sections.keys()} if decision.permit else {}

    return by_example


def reasons_unsaid(_original: Original) -> Callable[..., Any]:
    """Plan a search without a word on why a partner fits."""
    return lambda *_: iter(())


def proposals_unsent(original: Original) -> Callable[..., Any]:
    """Keep a proposed identification at home."""
    return _without_event(original, "identificationProposed")


def concurrence_untold(original: Original) -> Callable[..., Any]:
    """Keep the answer to a proposed identification at home."""
    return _without_event(original, "identificationAnswered")


def _without_event(original: Original, kept: str) -> Callable[..., Any]:
    return lambda work, document, kind, event: None if kind == kept else original(work, document, kind, event)


def answers_to_changes_untold(original: Original) -> Callable[..., Any]:
    """Keep what was decided on a proposal at home."""
    return lambda work, proposal, partner, kind, event: (
        None if kind == "changeAnswered" else original(work, proposal, partner, kind, event)
    )


def requests_of_everybody(_original: Original) -> Callable[..., Any]:
    """Hand a release to whoever knows the identifier of its request."""
    requests = import_module("mpex_server.release_requests.requests")
    return lambda work, request_id, _partner: requests.find(work.documents, request_id)


def named_as_given(_original: Original) -> Callable[..., str]:
    """Let a partner choose the identifier of the contribution that its account becomes."""
    return lambda _keys, _sender, name: name


def anything_released(original: Original) -> Callable[..., str]:
    """Take a proposal on nothing for one on the first person of the node."""
    return lambda work, partner, release: (
        original(work, partner, release) or work.documents.listing("person", limit=1)[0].id
    )


def revoked_by_others(original: Original) -> Callable[..., Any]:
    """Revoke the own identification when the other side revokes."""

    def enter(work: Any, proposal: Any, members: Any, *, actor: str) -> Any:
        changed = original(work, proposal, members, actor=actor)
        if "revokedAt" in members and (own := work.documents.get(changed.body.get("identification", ""))):
            work.documents.replace(own, {**own.body, "state": "revoked"}, reason="joint", actor=actor)
        return changed

    return enter


def whatever_was_received(_original: Original) -> Callable[..., Any]:
    """Propose whatever was concluded to whoever released anything."""
    return lambda work, _identification, received: work.documents.get(received)


def valid_for_its_whole_term(_original: Original) -> Callable[..., str]:
    """Keep received data as long as the release is valid, whatever its obligations say."""
    return lambda conditions: str(conditions["validUntil"])
