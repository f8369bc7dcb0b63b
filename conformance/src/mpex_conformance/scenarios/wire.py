"""Wire conventions: strict JSON, sizes, problems, idempotency, versions, cursors, instants."""

import json
import re
from typing import Any

from mpex_spec import codelist

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire import contract, signatures
from mpex_conformance.wire.anonymous import knock
from mpex_conformance.wire.exchange import PROBLEM_PREFIX, Answer
from mpex_conformance.wire.proofs import unique

_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def _person() -> dict[str, Any]:
    content = samples.sections(scenes.fictitious_name())
    return samples.person([samples.contribution(content)])


@check("wire-001", requirements=["WIRE-001"])
def strict_json(lab: Lab) -> None:
    """JSON that two parsers would read differently is refused."""
    text = json.dumps(_person())
    for what, raw in (
        ("a duplicate member", text.replace('"status"', '"status": "closed", "status"', 1)),
        ("NaN", text[:-1] + ', "extra": NaN}'),
        ("Infinity", text[:-1] + ', "extra": -Infinity}'),
        ("a lone surrogate", text[:-1] + ', "extra": "\\ud83d"}'),
        ("the character U+0000", text[:-1] + ', "extra": "\\u0000"}'),
    ):
        answer = lab.staff("createPerson", {}, raw=raw.encode(), wrong=True)
        expect.problem(answer, 400, "malformedJson", why=what)


@check("wire-002", requirements=["WIRE-002"])
def body_too_large(lab: Lab) -> None:
    """A body larger than the published limit is refused, one just below it is read."""
    limit = lab.limit("bodyBytes")
    large = json.dumps({"padding": "x" * limit}).encode()
    expect.problem(lab.staff("createPerson", {}, raw=large, wrong=True), 413, why="limit exceeded")
    right = json.dumps(_person()).encode()
    spaced = right + b" " * (limit - len(right))
    expect.status(lab.staff("createPerson", {}, raw=spaced, wrong=True), 201, why="exactly at the limit")


@check("wire-003", requirements=["WIRE-003"])
def nesting_and_length(lab: Lab) -> None:
    """A body beyond the published depth or number of items is refused; one at both limits is not."""
    depth, items = lab.limit("jsonDepth"), lab.limit("arrayItems")
    large = {f"m{number}": 0 for number in range(items + 1)}
    # The body itself is the first level.
    for what, extra in (("depth", _nested(depth)), ("array", [0] * (items + 1)), ("object", large)):
        answer = lab.staff("createPerson", {**_person(), "conformanceExtra": extra}, wrong=True)
        expect.problem(answer, 400, why=what)
    body = {**_person(), "conformanceExtra": _nested(depth - 1), "conformanceList": [0] * items}
    expect.status(lab.staff("createPerson", body), 201, why="at the limits")


def _nested(levels: int) -> Any:
    value: Any = "bottom"
    for _ in range(levels):
        value = {"in": value}
    return value


@check("wire-004", requirements=["WIRE-004"])
def problem_documents(lab: Lab) -> None:
    """Every error is a problem document of a listed type, whatever caused it."""
    operation = contract.operations()["createPerson"]
    expect.status(lab.staff("createPerson", _person()), 201, why="control")
    missing = samples.identifier("person")
    stale = {"If-Match": '"no-such-version"'}
    causes: list[tuple[str, Answer]] = [
        ("no token", knock(lab.wire, operation)),
        ("not JSON", lab.staff("createPerson", {}, raw=b"{", wrong=True)),
        ("media type", lab.staff("createPerson", _person(), headers={"Content-Type": "text/csv"})),
        ("schema", lab.staff("createPerson", {"type": "soughtPerson"}, wrong=True)),
        ("unknown record", lab.staff("getPerson", recordId=missing)),
        ("unknown record changed", lab.staff("replacePerson", _person(), recordId=missing, headers=stale)),
        ("parameter", lab.staff("listPersons", query={"limit": "none"})),
    ]
    for why, answer in causes:
        expect.that(400 <= answer.status < 500, f"{answer.operation} answered {answer.status} to: {why}")
        expect.problem(answer, answer.status, why=why)
        expect.that(
            str(answer.at("type")).startswith(PROBLEM_PREFIX) and answer.problem in codelist("problemTypes"),
            f"{answer.operation} gave a problem type that is not of the list, for: {why}",
        )
        expect.that(answer.at("status") == answer.status, f"status of the problem differs, for: {why}")


@check("wire-005", requirements=["WIRE-005"])
def places_without_values(lab: Lab) -> None:
    """A schema problem points at each wrong place and repeats no value."""
    secret, other = samples.word(6), samples.word(6)
    body = {**_person(), "status": secret, "reviewDue": other}
    answer = expect.problem(lab.staff("createPerson", body, wrong=True), 422, "schemaViolation")
    pointers = {error["pointer"] for error in answer.at("errors")}
    expect.that({"/status", "/reviewDue"} <= pointers, "the problem does not point at each wrong place")
    expect.absent(answer, [secret, other], "a value of the refused body")


@check("wire-006", requirements=["WIRE-006"])
def idempotency_key_required(lab: Lab) -> None:
    """A creating POST without an Idempotency-Key is refused."""
    bodies = {
        "createPerson": _person(),
        "createDirective": samples.directive([]),
        "createIncident": samples.incident(unique()),
    }
    for operation_id, body in bodies.items():
        answer = lab.staff(operation_id, body, headers={"Idempotency-Key": None})
        expect.problem(answer, 400, why="no Idempotency-Key")


@check("wire-007", requirements=["WIRE-007"])
def repetition_has_no_second_effect(lab: Lab) -> None:
    """The same key with the same body answers again and creates nothing."""
    headers, body = {"Idempotency-Key": unique()}, _person()
    first = expect.status(lab.staff("createPerson", body, headers=dict(headers)), 201)
    again = expect.status(lab.staff("createPerson", body, headers=dict(headers)), 201, why="repetition")
    expect.that(first.at("recordId") == again.at("recordId"), "the repetition created a second record")
    expect.that(again.at("version") == 1, "the repetition changed the record")


@check("wire-008", requirements=["WIRE-008"])
def key_bound_to_body(lab: Lab) -> None:
    """The same key with another body is refused, and the key stays usable on another operation."""
    headers = {"Idempotency-Key": unique()}
    expect.status(lab.staff("createPerson", _person(), headers=dict(headers)), 201)
    other = lab.staff("createPerson", _person(), headers=dict(headers))
    expect.problem(other, 422, "idempotencyKeyReused")
    elsewhere = lab.staff("createDirective", samples.directive([]), headers=dict(headers))
    expect.status(elsewhere, 201, why="same key, other operation")


@check("wire-009", requirements=["WIRE-009"])
def changes_name_a_version(lab: Lab) -> None:
    """A change without If-Match gets 428, one on another version 412, one on the current version passes."""
    body = _person()
    created = expect.status(lab.staff("createPerson", body), 201)
    record, etag = str(created.at("recordId")), created.headers.get("etag", "")
    expect.problem(lab.staff("replacePerson", body, recordId=record), 428)
    for stale in ('"another-version"', f"W/{etag}x"):
        answer = lab.staff("replacePerson", body, recordId=record, headers={"If-Match": stale})
        expect.problem(answer, 412)
    changed = lab.staff("replacePerson", body, recordId=record, headers={"If-Match": etag})
    expect.status(changed, 200, why="current version")
    late = lab.staff("replacePerson", body, recordId=record, headers={"If-Match": etag})
    expect.problem(late, 412, why="the version has changed since")


@check("wire-010", requirements=["WIRE-010"])
def cursors_are_personal(lab: Lab) -> None:
    """A cursor works for the client that received it and for no other."""
    for _ in range(2):
        lab.create("createIncident", samples.incident(unique()))
    readers = [actor for actor in lab.actors.values() if actor.may("searchLiving", "incidents:read")]
    expect.that(len(readers) >= 2, "fewer than two identities of the profile may read incidents")
    own, stranger = readers[:2]
    page = expect.status(own.call("listIncidents", query={"limit": "1"}), 200)
    query = {"limit": "1", "cursor": str(page.at("nextCursor"))}
    expect.status(own.call("listIncidents", query=query), 200, why="own cursor")
    expect.problem(stranger.call("listIncidents", query=query), 400, why="cursor of another client")


@check("wire-011", requirements=["WIRE-011"])
def closed_messages(lab: Lab) -> None:
    """A message with a member that its schema does not name is refused."""
    directive = {**samples.directive([]), "conformanceExtra": True}
    expect.problem(lab.staff("createDirective", directive, wrong=True), 422, "schemaViolation")
    search = {**samples.search(samples.query("Nemo Ficta"), scenes.PURPOSE), "conformanceExtra": True}
    answer = lab.staff("importIncidents", {"incidents": [{}], "conformanceExtra": 1}, wrong=True)
    expect.problem(answer, 422, "schemaViolation")
    if lab.partners:
        asked = lab.partner(next(iter(lab.partners))).call("createSearch", search, wrong=True)
        expect.problem(asked, 422, "schemaViolation")


@check("wire-012", requirements=["WIRE-012"])
def nothing_is_cached(lab: Lab) -> None:
    """Every response that is not a public document forbids caching."""
    created = lab.staff("createPerson", _person())
    answers = [
        created,
        lab.staff("getPerson", recordId=str(created.at("recordId"))),
        lab.staff("listPersons"),
        lab.staff("getPerson", recordId=samples.identifier("person")),
        lab.staff("createPerson", {}, wrong=True),
        knock(lab.wire, contract.operations()["listPersons"]),
        next(iter(lab.actors.values())).ask_token()[0],
    ]
    for answer in answers:
        cache = answer.headers.get("cache-control", "")
        expect.that("no-store" in cache, f"{answer.operation} {answer.status} has no Cache-Control: no-store")


@check("wire-013", requirements=["WIRE-013"])
def instants(lab: Lab) -> None:
    """Instants go out in UTC with whole seconds and Z, and no other form is taken."""
    created = lab.create("createPerson", _person())
    for member in ("createdAt", "updatedAt"):
        expect.that(_INSTANT.match(str(created.get(member))), f"{member} is not an instant of the wire")
    wrong = (
        "2026-01-01T10:00:00+00:00",
        "2026-01-01T10:00:00.5Z",
        "2026-01-01T10:00:00",
        "2026-02-30T10:00:00Z",
    )
    for text in wrong:
        body = _person()
        body["contributions"][0]["assertedAt"] = text
        expect.problem(lab.staff("createPerson", body, wrong=True), 422, why="not an instant of the wire")


@check("wire-014", requirements=["WIRE-014"])
def bodies_have_digests(lab: Lab) -> None:
    """Every response that has a body says its digest, signed or not, public or not."""
    created = lab.staff("createPerson", _person())
    answers = [
        created,
        lab.staff("getPerson", recordId=str(created.at("recordId"))),
        lab.staff("getPerson", recordId=samples.identifier("person")),
        knock(lab.wire, contract.operations()["getNodeMetadata"]),
        knock(lab.wire, contract.operations()["listPersons"]),
        next(iter(lab.actors.values())).ask_token()[0],
    ]
    for answer in filter(lambda answer: answer.body, answers):
        digest = answer.headers.get("content-digest")
        of = f"{answer.operation} {answer.status}"
        expect.that(digest == signatures.digest(answer.body), f"{of} has not the Content-Digest of its body")
