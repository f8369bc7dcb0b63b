"""The published vectors of the wire conventions, against the schemas and against the reference server."""

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from mpex_client.sealed import SealError, open_custody_package, open_release
from mpex_conformance import digests as suite_digests
from mpex_conformance.wire import sealing as suite
from mpex_server.custody import sealing as custody_sealing
from mpex_server.custody.packages import Terms
from mpex_server.kit import hpke, ids, strict_json, timegrid
from mpex_server.release_requests import proofs, sealing, statements
from mpex_spec import codelist, requirements, root
from mpex_spec.files import SCHEMA_BASE, Spec

FOLDER = root() / "vectors" / "wire"
DEFINITIONS = {
    "identifiers": "anyId",
    "instants": "instant",
    "partial-dates": "partialDate",
    "decimals": "decimal",
}


def _cases(name: str) -> list[Any]:
    document = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{name}: {case['name']}") for case in document["cases"]]


def _defined() -> Iterator[Any]:
    for name, definition in DEFINITIONS.items():
        for case in _cases(name):
            yield pytest.param(definition, case.values[0], id=case.id)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_vectors_name_requirements_and_problem_types_that_exist(path: Any) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert set(document) == {"description", "requirements", "cases"}
    assert set(document["requirements"]) <= set(requirements())
    names = [case["name"] for case in document["cases"]]
    assert len(set(names)) == len(names)
    for case in document["cases"]:
        if "problem" in case:
            assert codelist("problemTypes")[case["problem"]]["httpStatus"] == str(case["status"])


@pytest.mark.parametrize(("definition", "case"), list(_defined()))
def test_definitions_decide_as_published(definition: str, case: Any) -> None:
    assert _judge(definition).is_valid(case["value"]) is case["valid"]


@pytest.mark.parametrize("case", _cases("identifiers"))
def test_the_server_reads_identifiers_as_published(case: Any) -> None:
    assert bool(ids.PATTERN.fullmatch(case["value"])) is case["valid"]


@pytest.mark.parametrize("case", _cases("strict-json"))
def test_the_server_reads_json_as_published(case: Any) -> None:
    body = base64.b64decode(case["bodyBase64"])
    if case["accepted"]:
        strict_json.loads(body)
    else:
        with pytest.raises(strict_json.StrictJsonError):
            strict_json.loads(body)


@pytest.mark.parametrize("case", _cases("limits"))
def test_the_server_bounds_json_as_published(case: Any) -> None:
    depth = case.get("nesting", 0)
    body = b"[" * depth + b"]" * depth if depth else json.dumps([0] * case["items"]).encode()
    if case["accepted"]:
        strict_json.loads(body)
    else:
        with pytest.raises(strict_json.StrictJsonError):
            strict_json.loads(body)


@pytest.mark.parametrize("case", _cases("canonical-json"))
def test_the_server_writes_canonical_json_as_published(case: Any) -> None:
    text = strict_json.canonical(case["value"])
    assert text.decode() == case["canonical"]
    assert _base64url(hashlib.sha256(text).digest()) == case["sha256"]


@pytest.mark.parametrize("case", _cases("padding"))
def test_the_server_pads_as_published(case: Any) -> None:
    assert len(timegrid.padded(b"x" * case["length"], case["unit"])) == case["padded"]


@pytest.mark.parametrize("case", _cases("time-grid"))
def test_the_server_keeps_the_time_grid_as_published(case: Any) -> None:
    leaves = timegrid.departure(0.0, case["ready"] / 1000, case["grid"] / 1000)
    assert round(leaves * 1000) == case["leaves"]


@pytest.mark.parametrize("case", _cases("release-digests"))
def test_release_digests_are_as_published(case: Any) -> None:
    assert len(base64.urlsafe_b64decode(case["entry"]["salt"] + "==")) >= 16
    assert statements.digest(case["entry"]) == suite_digests.value_digest(case["entry"]) == case["digest"]
    assert proofs.digest(case["category"], case["digest"]) == case["proofDigest"]
    stated = {"digests": {case["category"]: [case["digest"]]}}
    assert suite_digests.proof_digests(stated) == [case["proofDigest"]]


@pytest.mark.parametrize(
    ("case", "what"),
    [(case.values[0], "release") for case in _cases("sealed-releases")]
    + [(case.values[0], "transfer") for case in _cases("sealed-custody-packages")],
    ids=lambda value: value["name"] if isinstance(value, dict) else value,
)
def test_server_suite_and_client_open_what_is_sealed_as_published(case: Any, what: str) -> None:
    terms, package = case["terms"], case["sealed"]
    issuer, audience, purpose = (terms[name] for name in ("iss", "aud", "purpose"))
    if what == "release":
        info, opening = sealing.info(issuer, audience, purpose, terms[what]), open_release
    else:
        info = custody_sealing.info(Terms(terms[what], audience, purpose), issuer=issuer)
        opening = open_custody_package
    assert info.decode() == case["info"]
    private = suite.private_key(case["recipientKey"])
    parts = [base64.urlsafe_b64decode(package[name] + "==") for name in ("enc", "ciphertext")]
    assert hpke.unseal(private, parts[0], parts[1], info).decode() == case["plaintext"]
    assert suite.unseal(package, private, terms, what) == case["plaintext"].encode()
    opened = opening(package, case["recipientKey"], issuer=issuer, audience=audience, purpose=purpose)
    assert opened == json.loads(case["plaintext"])
    with pytest.raises(SealError):
        opening(package, case["recipientKey"], issuer=issuer, audience=audience, purpose="statistics")


@pytest.mark.parametrize("case", [case for case in _cases("proof-of-possession") if "ath" in case.values[0]])
def test_token_hashes_are_as_published(case: Any) -> None:
    assert _base64url(hashlib.sha256(case["accessToken"].encode()).digest()) == case["ath"]


@cache
def _judge(definition: str) -> jsonschema_rs.Draft202012Validator:
    spec = Spec(root())
    documents = [spec.metaschema, *spec.schemas.values()]
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"{SCHEMA_BASE}common.json#/$defs/{definition}"},
        registry=jsonschema_rs.Registry([(document["$id"], document) for document in documents]),
        validate_formats=True,
    )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e25, 1e25) | st.text(),
        lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    )
)
def test_the_quick_writer_of_canonical_json_agrees_with_the_library(value: Any) -> None:
    assert strict_json.canonical(value) == rfc8785.dumps(value)
