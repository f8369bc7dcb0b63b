"""Mutants of trust: each takes a function of the reference server and returns one that trusts too easily."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

Original = Any


def keys_unchecked(original: Original) -> Callable[..., Any]:
    """Take a statement whoever signed what lies below it."""
    return lambda self, superior, entity, _used, between: original(
        self, superior, entity, frozenset(), between
    )


def always_in_time(_original: Original) -> Callable[..., tuple[datetime, datetime]]:
    """Take what has expired, or has not begun."""
    return lambda _claims, _entity, *, now, **_term: (now, now + timedelta(hours=1))


def anybodys_words(original: Original) -> Callable[..., Any]:
    """Take a statement for that of whom was asked, on whom was asked about."""

    def verified(parsed: Any, *, issuer: str, subject: str, **others: Any) -> Any:
        claims = {**parsed.claims, "iss": issuer, "sub": subject}
        mended = dataclasses.replace(parsed, claims=claims)
        return original(mended, issuer=issuer, subject=subject, **others)

    return verified


def own_words(original: Original) -> Callable[..., dict[str, Any]]:
    """Take the purposes of a partner from what it says of itself."""

    def entry(chain: Any, tracing: Any) -> dict[str, Any]:
        found = original(chain, tracing)
        said = chain.configuration.metadata("mpex_node")
        return {**found, "purposes": said.get("purposes", found["purposes"])}

    return entry


def anybodys_marks(original: Original) -> Callable[..., Any]:
    """Take a mark by whomever the anchor leads to."""

    def issuer(name: Any, chain: Any, kind: str, resolver: Any) -> Any:
        anchor = dataclasses.replace(chain.anchor, claims={"trust_mark_issuers": {kind: [name]}})
        return original(name, dataclasses.replace(chain, anchor=anchor), kind, resolver)

    return issuer


def reports_needed(original: Original) -> Callable[..., Any]:
    """Take no node for a partner that shows a mark of conformance which does not count."""

    def read(chain: Any, resolver: Any, ask: Any) -> Any:
        kinds = [shown.get("trust_mark_type") for shown in chain.configuration.claims["trust_marks"]]
        if "urn:mpex:mark:conformance" in kinds:
            import_module("mpex_server.federation.marks").find(chain, kinds[-1], resolver, ask)
        return original(chain, resolver, ask)

    return read


def one_is_two(original: Original) -> Callable[..., Any]:
    """Take two marks by one organisation for those of two."""

    def find(chain: Any, kind: str, *rest: Any, **named: Any) -> Any:
        return dataclasses.replace(original(chain, kind, *rest, **named), issuer=kind)

    return find


def last_wins(original: Original) -> Callable[..., None]:
    """Let another than the first with an identifier have it, in each look."""
    first: dict[str, str] = {}

    def add(found: Any, name: str, trusted: Any) -> None:
        node_id = trusted.entry["nodeId"]
        if first.setdefault(node_id, name) == name and node_id in found.trusted:
            return
        found.places = {}
        found.trusted.pop(node_id, None)
        original(found, name, trusted)

    return add


def sent_anywhere(original: Original) -> Callable[..., Any]:
    """Ask whomever an entity names as its superior."""

    def resolve(self: Any, entity: str) -> Any:
        self.superiors.update(self.configuration(entity).hints)
        return original(self, entity)

    return resolve


def one_key_only(original: Original) -> Callable[..., Any]:
    """Take the first key of a set for the only one."""
    return lambda jwks, entity: original({"keys": jwks["keys"][:1]}, entity)


def keys_for_ever(original: Original) -> Callable[..., Any]:
    """Keep every key that a partner ever had."""
    kept: dict[str, dict[str, Any]] = {}

    def admit(conn: Any, entry: dict[str, Any], *rest: Any, **named: Any) -> Any:
        keys = kept.setdefault(entry["nodeId"], {})
        keys |= {key["kid"]: key for key in entry["jwks"]["keys"]}
        return original(conn, {**entry, "jwks": {"keys": [*keys.values()]}}, *rest, **named)

    return admit


def anybody_above(original: Original) -> Callable[..., Any]:
    """Take what anybody says of anybody for what a superior was asked."""

    def subordinate(text: str, *, issuer: Any, subject: str, now: datetime) -> Any:
        said = _claims(text)
        asked = dataclasses.replace(issuer, subject=said.get("iss", issuer.subject))
        read = original(text, issuer=asked, subject=said.get("sub", subject), now=now)
        return dataclasses.replace(read, issuer=issuer.subject, subject=subject)

    return subordinate


def once_active(original: Original) -> Callable[..., None]:
    """Ask for the status of a mark once, and remember the answer."""
    stood: set[str] = set()

    def check(text: str, *rest: Any) -> None:
        if text not in stood:
            original(text, *rest)
            stood.add(text)

    return check


def old_statuses(original: Original) -> Callable[..., None]:
    """Take the answer on a mark whenever it was given."""
    return _believing(original, lambda said, text, _now: (text, datetime.fromtimestamp(said["iat"], UTC)))


def any_status(original: Original) -> Callable[..., None]:
    """Take the answer on one mark for that on another."""
    return _believing(original, lambda said, _text, now: (said["trust_mark"], now))


def forged_statuses(original: Original) -> Callable[..., str]:
    """Take the answer on a mark whoever signed it."""

    def signature(parsed: Any, *rest: Any) -> str:
        asked = parsed.header["typ"].startswith("trust-mark-status")
        return "" if asked else str(original(parsed, *rest))

    return signature


def silence_pays(original: Original) -> Callable[..., Any]:
    """Forget what entities said of themselves before."""

    def read(anchors: Any, inquiry: Any, watch: Any, _kept: Any, places: Any, _judged: Any) -> Any:
        return original(anchors, inquiry, watch, {}, places, {})

    return read


def rubbish_hides(original: Original) -> Callable[..., bool]:
    """Take whoever shows something that is no mark for one of whom nothing was learnt."""

    def apply(work: Any, found: Any) -> bool:
        shown = {url: _claims(text).get("trust_marks", ()) for url, text in found.texts.items()}
        hiding = {url for url, marks in shown.items() if any("." not in one["trust_mark"] for one in marks)}
        found.silent |= hiding
        found.faults = {url: fault for url, fault in found.faults.items() if url not in hiding}
        found.trusted = {
            node: trusted for node, trusted in found.trusted.items() if trusted.entry["url"] not in hiding
        }
        return bool(original(work, found))

    return apply


def forks_believed(_original: Original) -> Callable[..., Any]:
    """Take the word of a superior whatever its log shows."""
    return lambda _self, made: made


def _believing(original: Original, change: Callable[..., tuple[str, datetime]]) -> Callable[..., None]:
    """Check the status of a mark as if the mark and the time were those of the answer."""
    place = "federation_trust_mark_status_endpoint"

    def check(text: str, issuer: Any, ask: Any, now: Callable[[], datetime]) -> None:
        answer = ask(issuer.configuration.metadata("federation_entity")[place], text)
        mark, at = change(_claims(answer), text, now())
        original(mark, issuer, lambda *_: answer, lambda: at)

    return check


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = import_module("mpex_server.kit.jws").parse(token.strip()).claims
    return claims


def redirects_followed(original: Original) -> Callable[..., Any]:
    """Go wherever an answer leads."""

    def send(self: Any, method: str, url: str, **given: Any) -> Any:
        answer = original(self, method, url, **given)
        led = 300 <= answer.status < 400
        return send(self, method, answer.fields["location"], **given) if led else answer

    return send
