"""A record on its way to its new custodian: what the directives permit, signed over a salted digest."""

import hmac
import os
from dataclasses import dataclass
from typing import Any

import mpex_spec

from mpex_server.custody import provenance
from mpex_server.disclosures.decision import decide_record, directive_documents, named_directives
from mpex_server.disclosures.shapes import section_members
from mpex_server.disclosures.work import Work
from mpex_server.domain.consent import Decision
from mpex_server.domain.directives import Directive
from mpex_server.domain.parts import Part
from mpex_server.http.spec import schema_validator
from mpex_server.kit import base64url, jws
from mpex_server.peers import registry, signatures
from mpex_server.release_requests.statements import salted
from mpex_server.storage.documents import Document

TYPE = "mpex-custody-package+jwt"
SCHEMAS = {"person": "person-record", "remains": "remains-unit"}
_SALT_BYTES = 16
# As many again are left to count on, in 32 bits.
_VERSIONS = range(1, (1 << 30) + 1)
_EXISTENCE = "existence"
_OF_THE_FORMER = frozenset({"changeReason", "changeCode"})
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A package (custody-package.json), its digest, whether something is not in it, and its parts."""

    package: Json
    digest: str
    withheld: bool
    parts: frozenset[Part]


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which transfer a record moves, to which node, and for what."""

    transfer: str
    partner: str
    purpose: str


def decision(
    work: Work, record: Document, partner: str, purpose: str, *, to_disclose: bool = False
) -> Decision:
    """Decide what a partner may have of a record at this moment; `to_disclose` as in `decide_record`."""
    return decide_record(
        work.documents,
        record,
        registry.requester(registry.known(work.conn, partner)),
        purpose=purpose,
        categories=categories_of(record) | {_EXISTENCE},
        at=work.now(),
        to_disclose=to_disclose,
    )


def categories_of(record: Document) -> set[str]:
    """Return the categories of which a record has sections."""
    return {name for entry in record.body["contributions"] for name in entry["sections"]}


def withheld(record: Document, decided: Decision) -> set[str]:
    """Return the categories of which a decision keeps something back, be it of one contribution only."""
    kept = {
        category
        for entry in record.body["contributions"]
        for category in entry["sections"].keys()
        - decided.permitted_categories(entry.get("contributionId", ""))
    }
    return kept | (_envelope_categories(record.kind, record.body) - decided.categories - {_EXISTENCE})


def package(work: Work, record: Document, terms: Terms, decided: Decision) -> Made | None:
    """Return what a decision lets move (CUST-015); None when nothing may."""
    moved = _permitted(record, decided)
    if not moved["contributions"]:
        return None
    moved |= _barriers(work, record, moved)
    named = directive_documents(work.documents, moved)
    directives = [{"directiveId": entry.id} | entry.body for entry in named]
    kept_back = bool(withheld(record, decided))
    salt = os.urandom(_SALT_BYTES)
    made = salted(salt, [moved, *directives])
    claims = {
        "iss": work.settings.node_id,
        "aud": terms.partner,
        "jti": terms.transfer,
        "iat": int(work.now().timestamp()),
        "record": record.id,
        "version": record.version,
        "withheld": kept_back,
        "digest": made,
    }
    statement = signatures.sign(work.keys, TYPE, claims)
    shown = {
        "statement": statement,
        "salt": base64url.encode(salt),
        "record": moved,
        "directives": directives,
    }
    return Made(shown | provenance.shown(work, record.id), made, kept_back, _parts(record.kind, moved))


def checked(given: Json, jwks: Json, *, issuer: str, audience: str, transfer: str, record: str) -> Json:
    """Check form, signature, addressee and digest of a partner's package; return its claims.

    Raises JwsError.
    """
    claims = signatures.verified(given["statement"], jwks, typ=TYPE)
    expected = {"iss": issuer, "aud": audience, "jti": transfer, "record": record}
    if any(claims.get(name) != value for name, value in expected.items()):
        raise jws.JwsError("the record is by or for somebody else, or another one")
    try:
        made = salted(base64url.decode(given["salt"]), [given["record"], *given["directives"]])
    except ValueError as error:
        raise jws.JwsError("the salt is not base64url") from error
    if not hmac.compare_digest(made, str(claims.get("digest"))):
        raise jws.JwsError("the record does not fit its digest")
    kind = record.partition(":")[0]
    sound = schema_validator(SCHEMAS[kind]).is_valid(given["record"])
    if not sound or given["record"].get("recordId") != record:
        raise jws.JwsError("the record does not follow its schema")
    if claims.get("version") not in _VERSIONS:
        raise jws.JwsError("its version cannot be counted on")
    return claims


def _parts(kind: str, moved: Json) -> frozenset[Part]:
    """Return what moves by category and account; what the record itself says has no account."""
    of_accounts = {
        Part(category, entry.get("contributionId", ""), entry.get("directive", ""))
        for entry in moved["contributions"]
        for category in entry["sections"]
    }
    return frozenset(of_accounts | {Part(category, "") for category in _envelope_categories(kind, moved)})


def _envelope_categories(kind: str, body: Json) -> set[str]:
    members = mpex_spec.schema(SCHEMAS[kind])["properties"]
    own = (name for name in body.keys() - _OF_THE_FORMER if not members.get(name, {}).get("readOnly"))
    return {category for name in own if (category := members.get(name, {}).get("x-mpex-category"))}


def _permitted(record: Document, decided: Decision) -> Json:
    members = mpex_spec.schema(SCHEMAS[record.kind])["properties"]
    allowed = decided.categories | {_EXISTENCE}
    envelope = {
        name: value
        for name, value in record.body.items()
        if members.get(name, {}).get("x-mpex-category") in allowed
    }
    parts = [_contribution(entry, decided) for entry in record.body["contributions"]]
    moved = [part for part in parts if part["sections"]]
    if record.kind == "person" and not any("names" in part["sections"] for part in moved):
        # What the new custodian may not have is unknown to it.
        envelope["nameUnknown"] = True
    return envelope | {"contributions": moved}


def _barriers(work: Work, record: Document, moved: Json) -> Json:
    """Return the record's own directives, and among them what stood with a contribution that stays behind.

    What the person or a protector forbids binds the whole record, whichever account it came with (CUST-029).
    """
    left = named_directives(record.body) - named_directives(moved)
    named = [entry for entry in directive_documents(work.documents, record.body) if entry.id in left]
    binding = [entry.id for entry in named if _binds_whole_record(entry)]
    every = [*moved.get("directives", ()), *binding]
    return {"directives": every} if every else {}


def _binds_whole_record(directive: Document) -> bool:
    return Directive.from_document({**directive.body, "directiveId": directive.id}).binds_whole_record


def _contribution(entry: Json, decided: Decision) -> Json:
    permitted = decided.permitted_categories(entry.get("contributionId", ""))
    pruned = {
        category: section_members().prune(category, section)
        for category, section in entry["sections"].items()
        if category in permitted
    }
    sections = {category: section for category, section in pruned.items() if section is not None}
    return entry | {"sections": sections}
