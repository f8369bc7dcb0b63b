"""The standard agrees with itself, and each fault that the checks are for is found."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mpex_spec import root
from mpex_spec.files import Spec
from mpex_spec.lint import Finding, lint
from mpex_spec.lint.access import check_access
from mpex_spec.lint.annotations import check_categories, check_codelist_use
from mpex_spec.lint.codelists import check_codelists
from mpex_spec.lint.documents import check_links, check_requirements
from mpex_spec.lint.examples import check_examples, check_invalid_examples
from mpex_spec.lint.interface import check_openapi
from mpex_spec.lint.refusals import check_refusals
from mpex_spec.lint.schemas import check_schemas

Check = Callable[[Spec], Iterator[Finding]]
PERSON = "schemas/person-record.json"
SECTIONS = "schemas/sections.json"


def test_the_standard_is_clean() -> None:
    assert [str(finding) for finding in lint(Spec(root()))] == []


def _status(document: Any) -> Any:
    return document["properties"]["status"]


def _sections(document: Any) -> Any:
    return document["$defs"]["sections"]["properties"]


SPOILED_SCHEMAS: dict[str, tuple[Check, str, Callable[[Any], object], str]] = {
    "a misspelt keyword": (check_schemas, PERSON, lambda d: d.update(requred=["type"]), "metaschema"),
    "a misspelt keyword deep inside": (
        check_schemas,
        SECTIONS,
        lambda d: d["$defs"]["name"]["properties"]["text"].update(maxlength=3),
        "metaschema",
    ),
    "a misspelt keyword of ours": (
        check_schemas,
        PERSON,
        lambda d: _status(d).update({"x-mpex-categroy": "existence"}),
        "metaschema",
    ),
    "an unknown format": (check_schemas, PERSON, lambda d: _status(d).update(format="iri"), "metaschema"),
    "an unknown category": (
        check_schemas,
        PERSON,
        lambda d: _status(d).update({"x-mpex-category": "gossip"}),
        "metaschema",
    ),
    "a category without sensitivity": (
        check_schemas,
        PERSON,
        lambda d: _status(d).pop("x-mpex-sensitivity"),
        "metaschema",
    ),
    "a codelist that is neither open nor closed": (
        check_schemas,
        PERSON,
        lambda d: _status(d).pop("x-mpex-openCodelist"),
        "metaschema",
    ),
    "a required list that is no list": (
        check_schemas,
        PERSON,
        lambda d: d.update(required="type"),
        "metasch",
    ),
    "a reference that leads nowhere": (
        check_schemas,
        PERSON,
        lambda d: d["properties"].update(version={"$ref": "common.json#/$defs/nothing"}),
        "leads nowhere",
    ),
    "another name than the file": (check_schemas, PERSON, lambda d: d.update({"$id": "urn:x"}), "must be"),
    "no description": (check_schemas, PERSON, lambda d: d.pop("description"), "has no description"),
    "a codelist that does not exist": (
        check_codelist_use,
        PERSON,
        lambda d: _status(d).update({"x-mpex-codelist": "moods"}),
        "there is no codelist",
    ),
    "a code too many": (check_codelist_use, PERSON, lambda d: _status(d)["enum"].append("lost"), "repeat"),
    "a code too few": (check_codelist_use, PERSON, lambda d: _status(d)["enum"].pop(), "repeat"),
    "a closed list that is said to be open": (
        check_codelist_use,
        PERSON,
        lambda d: _status(d).update({"x-mpex-openCodelist": True}),
        "is closed",
    ),
    "a metaschema without a category": (
        check_codelist_use,
        "metaschema/mpex-metaschema.json",
        lambda d: d["properties"]["x-mpex-category"]["enum"].pop(),
        "must repeat categories",
    ),
    "a field without category": (
        check_categories,
        PERSON,
        lambda d: [_status(d).pop(key) for key in ("x-mpex-category", "x-mpex-sensitivity")],
        "has no data category",
    ),
    "a field with two categories": (
        check_categories,
        SECTIONS,
        lambda d: d["$defs"]["birth"]["properties"]["date"].update({"x-mpex-category": "names"}),
        "covers it",
    ),
    "a section under the wrong category": (
        check_categories,
        SECTIONS,
        lambda d: _sections(d)["dental"].update({"x-mpex-category": "medical"}),
        "named after",
    ),
    "a section of another sensitivity": (
        check_categories,
        SECTIONS,
        lambda d: _sections(d)["dna"].update({"x-mpex-sensitivity": "basic"}),
        "sensitivity differs",
    ),
    "an example that does not validate": (
        check_examples,
        "examples/person-record.max.json",
        lambda d: d.update(version=0),
        "less than the minimum",
    ),
    "a step of the story that does not validate": (
        check_examples,
        "examples/story/01-asking-consent-directive.json",
        lambda d: d["instance"].pop("grants"),
        "required",
    ),
    "a wrong example that is right": (
        check_invalid_examples,
        "examples/invalid/a-grant-without-purpose.json",
        lambda d: d["instance"]["grants"][0]["purposes"].append("searchLiving"),
        "fails for nothing",
    ),
    "a wrong example that is wrong twice": (
        check_invalid_examples,
        "examples/invalid/a-grant-without-purpose.json",
        lambda d: d["instance"].pop("method"),
        "fails for (root) required",
    ),
    "a wrong example with another reason": (
        check_invalid_examples,
        "examples/invalid/a-grant-without-purpose.json",
        lambda d: d["reason"].update(keyword="type"),
        "states /grants/0/purposes type",
    ),
}


@pytest.mark.parametrize("case", SPOILED_SCHEMAS)
def test_a_spoiled_document_is_found(case: str, copy: Any) -> None:
    check, file, change, expected = SPOILED_SCHEMAS[case]
    copy.edit(file, change)
    found = [str(finding) for finding in check(copy.spec)]
    assert any(expected in finding and finding.startswith(file) for finding in found), found


REQUIREMENTS, PROSE, API, TABLE = "requirements.yaml", "spec.md", "openapi.yaml", "access.csv"
FORBIDDEN = """    Forbidden:
      description: The requester, its purpose or its action is refused.
      content:
        """
SPOILED_TEXTS: dict[str, tuple[Check, str, str, str, str]] = {
    "a title without translation": (
        check_codelists,
        "codelists/purposes.csv",
        "Rechercher une personne vivante",
        "",
        "title_fr is empty",
    ),
    "a code that is not camelCase": (
        check_codelists,
        "codelists/purposes.csv",
        "searchLiving,",
        "search_living,",
        "camelCase",
    ),
    "an unknown status of a code": (check_codelists, "codelists/bands.csv", "active", "new", "status"),
    "a successor that does not exist": (
        check_codelists,
        "codelists/bands.csv",
        "active,1.0,,",
        "deprecated,1.0,mighty,",
        "replacedBy",
    ),
    "a missing column": (check_codelists, "codelists/bands.csv", "title_es", "titulo", "columns must begin"),
    "a list that is not listed": (
        check_codelists,
        "codelists/codelists.csv",
        "\nbands,",
        "\nbonds,",
        "bonds",
    ),
    "two keywords in one requirement": (
        check_requirements,
        REQUIREMENTS,
        "A node MUST refuse a body larger",
        "A node MUST and SHOULD refuse a body larger",
        "exactly one keyword",
    ),
    "a keyword of another level": (
        check_requirements,
        REQUIREMENTS,
        "A node MUST refuse a body larger",
        "A node SHOULD refuse a body larger",
        "exactly one keyword",
    ),
    "two sentences in one requirement": (
        check_requirements,
        REQUIREMENTS,
        "with status 413.",
        "with status 413. It says so.",
        "one sentence",
    ),
    "a MUST without check and without reason": (
        check_requirements,
        REQUIREMENTS,
        "  checks:\n  - wire-002\n",
        "",
        "needs checks",
    ),
    "another text in the prose": (
        check_requirements,
        PROSE,
        "with status 413.",
        "with status 400.",
        "differs",
    ),
    "a requirement that only the prose has": (
        check_requirements,
        PROSE,
        '<a id="WIRE-002"></a>**WIRE-002**',
        '<a id="WIRE-902"></a>**WIRE-902**',
        "missing here",
    ),
    "a requirement in another chapter": (
        check_requirements,
        PROSE,
        '<a id="incidents"></a>',
        '<a id="accidents"></a>',
        "differs",
    ),
    "a number that two requirements have": (
        check_requirements,
        REQUIREMENTS,
        "- id: WIRE-002",
        "- id: WIRE-001",
        "requirements.yaml#/WIRE-001: the number is used twice",
    ),
    "a number that stands twice in the prose": (
        check_requirements,
        PROSE,
        '<a id="WIRE-002"></a>**WIRE-002**',
        '<a id="WIRE-001"></a>**WIRE-001**',
        "spec.md#/WIRE-001: the number is used twice",
    ),
    "an unknown conformance class": (
        check_requirements,
        REQUIREMENTS,
        "class: core",
        "class: gold",
        "conformanceClasses",
    ),
    "a refusal that nobody is told": (
        check_refusals,
        REQUIREMENTS,
        "  refusal: [{status: 400, error: invalid_request}]\n",
        "",
        "#/AUTH-018/refusal: needs the status and code",
    ),
    "a mark that does not count without a fault": (
        check_refusals,
        REQUIREMENTS,
        "  refusal: [{fault: markSameIssuer}]\n",
        "",
        "#/TRUST-008/refusal: needs the status and code",
    ),
    "a refusal with an unknown error": (
        check_refusals,
        REQUIREMENTS,
        "error: unauthorized_client",
        "error: access_denied",
        "access_denied is not in the codelist oauthErrors",
    ),
    "an error with the status of another": (
        check_refusals,
        REQUIREMENTS,
        "{status: 400, error: invalid_request}",
        "{status: 401, error: invalid_request}",
        "invalid_request is told with status 400",
    ),
    "a refusal with an unknown problem type": (
        check_refusals,
        REQUIREMENTS,
        "problem: signatureStale",
        "problem: signatureOld",
        "signatureOld is not in the codelist problemTypes",
    ),
    "a problem with the status of another": (
        check_refusals,
        REQUIREMENTS,
        "{status: 401, problem: signatureStale}",
        "{status: 403, problem: signatureStale}",
        "signatureStale is told with status 401",
    ),
    "an unknown challenge": (
        check_refusals,
        REQUIREMENTS,
        "challenge: insufficient_scope",
        "challenge: too_little",
        "the challenge is one of",
    ),
    "an unknown fault of trust": (
        check_refusals,
        REQUIREMENTS,
        "fault: markSameIssuer",
        "fault: markTwice",
        "markTwice is not in the codelist trustFaults",
    ),
    "a fault with a status": (
        check_refusals,
        REQUIREMENTS,
        "{fault: markSameIssuer}",
        "{status: 401, fault: markSameIssuer}",
        "markSameIssuer is told with no status",
    ),
    "a refusal with two codes": (
        check_refusals,
        REQUIREMENTS,
        "{fault: markSameIssuer}",
        "{fault: markSameIssuer, problem: conflict}",
        "names one of error, problem and fault",
    ),
    "another refusal in the prose": (
        check_requirements,
        PROSE,
        "*Refusal: 400 `invalid_request`.*",
        "*Refusal: 400 `invalid_client`.*",
        "#/AUTH-018: differs",
    ),
    "a link that leads nowhere": (check_links, PROSE, "(normative.md)", "(normal.md)", "leads nowhere"),
    "a scope that says something else": (check_openapi, API, "Read person records of this", "See", "scopes"),
    "an operation without id": (check_openapi, API, "operationId: listPersons", "x-id: a", "operationId"),
    "two operations with one id": (check_openapi, API, "listPersons", "getPerson", "operationId"),
    "an operation that does not say what it does": (
        check_openapi,
        API,
        "summary: Returns a person record.",
        "summary: One record",
        "summary",
    ),
    "an unknown action": (check_openapi, API, "- persons:read", "- persons:guess", "persons:guess"),
    "an operation without action": (
        check_openapi,
        API,
        "- mpex:\n        - persons:read",
        "- mpex: []",
        "action",
    ),
    "a schema that does not exist": (
        check_openapi,
        API,
        "schemas/person-page.json",
        "schemas/people.json",
        "leads nowhere",
    ),
    "an operation without the answer 403": (check_openapi, API, "'403':", "'402':", "no response for 403"),
    "an operation without success": (check_openapi, API, "'200':", "'300':", "no success"),
    "an error in plain JSON": (
        check_openapi,
        API,
        FORBIDDEN + "application/problem+json",
        FORBIDDEN + "text/plain",
        "is not application/problem+json",
    ),
    "a caller that nobody is": (check_access, TABLE, "registrar,", "registrant,", "the caller is neither"),
    "a purpose that is prohibited": (
        check_access,
        TABLE,
        ",any,",
        ",borderControl,",
        "that is not prohibited",
    ),
    "a class that does not exist": (check_access, TABLE, "health rescue", "healers", "a class of recipients"),
    "classes for staff": (check_access, TABLE, ",read,any,,", ",read,any,any,", "named for partners"),
    "something beside the table": (check_access, TABLE, "own purpose", "mood", "chapter 8.2"),
    "a row for nobody's sake": (check_access, TABLE, ",ACC-001", ",", "needs requirements"),
    "an action of nobody": (check_access, TABLE, "deaths,assert", "deaths,deny", "open to nobody"),
    "a row said twice": (check_access, TABLE, "registrar,erasures,write", "registrar,erasures,read", "twice"),
    "a table of other columns": (check_access, TABLE, "caller,", "who,", "the columns must be"),
}


@pytest.mark.parametrize("case", SPOILED_TEXTS)
def test_a_spoiled_text_is_found(case: str, copy: Any) -> None:
    check, file, old, new, expected = SPOILED_TEXTS[case]
    copy.replace(file, old, new)
    found = [str(finding) for finding in check(copy.spec)]
    assert any(expected in finding for finding in found), found


def test_a_missing_example_is_found(copy: Any) -> None:
    (copy.folder / "examples" / "match.min.json").unlink()
    assert [finding.message for finding in check_examples(copy.spec)] == ["is missing"]


def test_an_example_of_nothing_is_found(copy: Any) -> None:
    (copy.folder / "examples" / "ghost.min.json").write_text("{}")
    assert ["must be named" in finding.message for finding in check_examples(copy.spec)] == [True]


@pytest.mark.parametrize(
    "path", sorted((root() / "examples" / "invalid").glob("*.json")), ids=lambda p: p.stem
)
def test_every_wrong_example_states_its_reason(path: Path) -> None:
    example = json.loads(path.read_text(encoding="utf-8"))
    assert set(example) == {"schema", "reason", "instance"}
    assert set(example["reason"]) == {"pointer", "keyword"}
