"""The published vectors of access, each case a test: what is accepted, and with which error what is not.

A1 grants, one way to authenticate, a parameter once, content type: `test_token_endpoint.py`.
A2 assertions (algorithms, keys, `aud`, `iss`, `sub`, `jti`, times): `assertions.json`; used twice:
`test_used_once.py` and `test_foundation.py`.
A3 proofs (the list `dpop-negative-tests` of FAPI 2.0, and what it ignores or normalises): `proofs.json`;
Bearer and other schemes: `tokens.json`; used twice, elsewhere or after a restart: `test_used_once.py`.
A4 authorization details, A5 prohibited purposes: `authorization-details.json`; that these are logged, and
purposes outside a mandate: `test_token_endpoint.py`.
A6 tokens (expired, altered, of another key, make or audience): `tokens.json`; what one holds:
`test_token_endpoint.py`; one that is remembered and expires, or whose client is ended: `test_dpop.py`.
A7 metadata: `test_metadata_is_true.py`.
What the standard leaves to the node: `edges.py`.
That no check can be left out and no bound moved: `test_every_check_counts.py`.
"""

import json
from typing import Any

import pytest
from mpex_spec import codelist, requirements

from tests.server.access import edges
from tests.server.access.conftest import cases, challenged, document, named
from tests.server.world import URL, World

PROOFS, TOKENS = document("proofs"), document("tokens")
DETAILS = json.dumps(
    [
        {
            "type": "urn:mpex:access",
            "purpose": "searchLiving",
            "legalBasis": "consent",
            "actions": ["incidents:read"],
        }
    ]
)


@pytest.mark.parametrize("name", ["assertions", "proofs", "tokens", "authorization-details"])
def test_vectors_name_requirements_and_each_case_once(name: str) -> None:
    published = document(name)
    assert set(published["requirements"]) <= set(requirements())
    names = [case["name"] for case in published["cases"]]
    assert len(set(names)) == len(names)


def test_every_prohibited_purpose_is_among_the_vectors() -> None:
    texts = " ".join(str(case["authorizationDetails"]) for case in document("authorization-details")["cases"])
    prohibited = [code for code, row in codelist("purposes").items() if row["prohibited"] == "true"]
    assert prohibited
    assert all(f'"{code}"' in texts for code in prohibited)


@pytest.mark.parametrize("case", [*cases("assertions"), *named(edges.assertions())])
def test_assertion(judge: World, case: dict[str, Any]) -> None:
    form = {"client_assertion": case["assertion"], "authorization_details": DETAILS}
    response = judge.token_response("client", form)
    if case["accepted"]:
        assert response.status_code == 200, response.text
    else:
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("case", [*cases("proofs"), *named(edges.proofs())])
def test_proof(judge: World, case: dict[str, Any]) -> None:
    asked = PROOFS | case
    fields = [("DPoP", proof) for proof in asked["proofs"]]
    if asked["accessToken"] is None:
        (proof,) = asked["proofs"]
        response = judge.token_response("client", {"authorization_details": DETAILS}, proof=proof)
        said = response.json().get("error")
    else:
        fields.append(("Authorization", f"DPoP {asked['accessToken']}"))
        response = judge.raw(asked["method"], asked["url"].removeprefix(URL), headers=fields)
        said = challenged(response)
    assert (response.status_code, said) == (case.get("status", 200), case.get("error"))


@pytest.mark.parametrize("case", cases("tokens"))
def test_token(judge: World, case: dict[str, Any]) -> None:
    fields = [("DPoP", proof) for proof in case["proofs"]]
    if case["authorization"] is not None:
        fields.append(("Authorization", case["authorization"]))
    response = judge.raw(TOKENS["method"], TOKENS["url"].removeprefix(URL), headers=fields)
    assert response.status_code == (200 if case["accepted"] else TOKENS["status"]), response.text
    assert challenged(response) == case.get("error")


@pytest.mark.parametrize("case", cases("authorization-details"))
def test_authorization_details(judge: World, case: dict[str, Any]) -> None:
    response = judge.token_response("client", {"authorization_details": case["authorizationDetails"]})
    if case["accepted"]:
        assert response.json()["authorization_details"] == json.loads(case["authorizationDetails"])
    else:
        assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")
