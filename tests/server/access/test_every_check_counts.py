"""Without any one check of assertions, proofs and tokens, or with a bound moved, vectors fall out otherwise.

A line that the standard leaves to the node is judged by the node's own cases beside the published ones.
"""

from collections import OrderedDict
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from mpex_server.http import runner
from mpex_server.kit import jws
from mpex_server.oauth import assertion, dpop, principal
from mpex_server.oauth.clients import Client

from tests.server.access import edges
from tests.server.access.conftest import challenged, document
from tests.server.checks_out import Tree, decides, loaded, moved_bounds, mutants, unchanged
from tests.server.world import URL, World

ASSERTIONS, PROOFS, TOKENS = (document(name) for name in ("assertions", "proofs", "tokens"))
WITHOUT_VERDICT = {
    "jws: len(token) > max_chars": "bounds the work",
    "dpop: one == other": "saves work",
    "dpop: normal is not None": "no node has an address that is none; `test_dpop.py` shows it",
    "dpop: '/'": "there is nothing at the root of a node; the vectors of addresses show it",
    "jws: public.key_size >= _MIN_RSA_BITS": "no text of that length is shorter by more than seven bits",
    "jws: isinstance(public.curve, ec.SECP256R1)": "signatures by other curves have another length",
    "assertion: isinstance(kid, str)": "says whether new keys are looked for",
    "assertion: raise UnknownKeyError('the signature is by no registered key of the client')": "likewise",
}
BOUNDS_WITHOUT_VERDICT = {
    "jws: _MIN_RSA_CHARS by -1": "what is one character shorter has too few bits as well",
    "jws: _MIN_RSA_BITS by -1": "no text of that length is shorter by more than seven bits",
    "principal: claims.keys() >= _NEEDED as claims.keys() > _NEEDED": "a token names its issuer besides",
}
BY_EDGE = {"assertions": edges.assertions(), "proofs": edges.proofs()}
KNOWN = Client(ASSERTIONS["clientId"], (), ASSERTIONS["jwks"], None)


def _assertion_accepted(judge: Any, case: dict[str, Any]) -> bool:
    try:
        claimed = judge.parse(case["assertion"])
        judge.verify(claimed, KNOWN, issuer=ASSERTIONS["issuer"], now=ASSERTIONS["now"])
    except judge.AssertionRefusedError:
        return False
    return bool(claimed.client_id.casefold() == KNOWN.client_id)


def _proof_accepted(judge: Any, case: dict[str, Any]) -> bool:
    asked = PROOFS | case
    try:
        judge.verify(
            asked["proofs"],
            method=asked["method"],
            url=asked["url"],
            now=asked["now"],
            token=asked["accessToken"],
        )
    except judge.ProofError:
        return False
    return True


def _right(accepted: Any, judge: Any, case: dict[str, Any]) -> bool:
    return bool(accepted(judge, case) is (case["accepted"] or case.get("error") == "invalid_token"))


def _decided(judges: dict[str, Any]) -> bool:
    by_assertion = partial(_right, _assertion_accepted, judges["assertion"])
    by_proof = partial(_right, _proof_accepted, judges["dpop"])
    return decides(by_assertion, ASSERTIONS["cases"] + BY_EDGE["assertions"]) and decides(
        by_proof, PROOFS["cases"] + BY_EDGE["proofs"]
    )


@pytest.mark.parametrize(
    ("module", "tree"),
    [
        pytest.param(module, tree, id=place)
        for module in (assertion, dpop, jws)
        for place, tree in (*mutants(module), *moved_bounds(module))
        if place not in WITHOUT_VERDICT | BOUNDS_WITHOUT_VERDICT
    ],
)
def test_a_vector_needs(module: ModuleType, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _decided_by(module, loaded(module, tree), monkeypatch)


@pytest.mark.parametrize("module", [assertion, dpop, jws])
def test_with_all_checks_the_vectors_are_decided_as_published(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _decided_by(module, unchanged(module), monkeypatch)


def _decided_by(module: ModuleType, changed: ModuleType, monkeypatch: pytest.MonkeyPatch) -> bool:
    if module is jws:
        monkeypatch.setattr(assertion, "jws", changed)
        monkeypatch.setattr(dpop, "jws", changed)
    name = module.__name__.rpartition(".")[2]
    return _decided({"assertion": assertion, "dpop": dpop, name: changed})


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(tree, id=place)
        for place, tree in (
            *mutants(principal, "read_credentials", "_token_claims", "_verified", "_is_bound"),
            *moved_bounds(principal),
        )
        if place not in BOUNDS_WITHOUT_VERDICT
    ],
)
def test_a_vector_of_tokens_needs(tree: Tree, judge: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _answered_by(loaded(principal, tree), judge, monkeypatch)


def test_with_all_checks_tokens_are_answered_as_published(
    judge: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _answered_by(unchanged(principal), judge, monkeypatch)


def _answered_by(changed: ModuleType, judge: World, monkeypatch: pytest.MonkeyPatch) -> bool:
    # The same proofs are used for each.
    changed.__dict__["replay"] = SimpleNamespace(first_use=lambda *_, **__: True)
    monkeypatch.setattr(runner, "oauth", changed)
    monkeypatch.setattr(judge.node.tokens, "_claims", OrderedDict())
    return decides(partial(_presented, judge), TOKENS["cases"])


def _presented(judge: World, case: dict[str, Any]) -> bool:
    """Tell whether a token is answered as published."""
    fields = [("DPoP", proof) for proof in case["proofs"]]
    fields += [("Authorization", given) for given in [case["authorization"]] if given is not None]
    response = judge.raw(TOKENS["method"], TOKENS["url"].removeprefix(URL), headers=fields)
    status = 200 if case["accepted"] else TOKENS["status"]
    return (response.status_code, challenged(response)) == (status, case.get("error"))
