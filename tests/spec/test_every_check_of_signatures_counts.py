"""Without any one check of signed messages, or with a bound moved, vectors fall out otherwise.

What no form of a field can be read as is judged by cases of this file beside the published ones.
"""

from functools import partial
from typing import Any

import pytest
from mpex_spec import message_signatures

from tests.server.checks_out import Tree, decides, loaded, moved_bounds, mutants, unchanged
from tests.spec.messages import vectors, verifier

WITHOUT_VERDICT = {
    "message_signatures: digest": "a digest of no body is not covered, and nothing rests on it"
}


def _spoilt() -> list[dict[str, Any]]:
    """Return the first vector with a field that is absent or cannot be read."""
    sound = vectors()[0]
    signature = sound["request"]["fields"]["signature"]
    final = signature[-4]  # of 64 bytes: the last character says two bits, and four that must be zero
    changes: dict[str, tuple[str, str | None, str]] = {
        "no signature": ("signature", None, "signatureMissing"),
        "an input of another form": ("signature-input", "mpex=1", "signatureUnsuitable"),
        "base64 without its end": ("signature", signature.replace("==:", ":"), "signatureUnsuitable"),
        "base64 in another spelling": (
            "signature",
            f"{signature[:-4]}{chr(ord(final) + 1)}==:",
            "signatureUnsuitable",
        ),
    }
    return [
        {
            **sound,
            "name": name,
            "accepted": False,
            "problem": problem,
            "request": {**sound["request"], "fields": _with(sound["request"]["fields"], field, value)},
        }
        for name, (field, value, problem) in changes.items()
    ]


def _with(fields: dict[str, str], name: str, value: str | None) -> dict[str, str]:
    others = {key: old for key, old in fields.items() if key != name}
    return others if value is None else {**others, name: value}


CASES = vectors() + _spoilt()


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(tree, id=place)
        for place, tree in (*mutants(message_signatures), *moved_bounds(message_signatures))
        if place not in WITHOUT_VERDICT
    ],
)
def test_a_vector_of_messages_needs(tree: Tree) -> None:
    assert not decides(partial(_as_published, loaded(message_signatures, tree)), CASES)


def test_with_all_checks_messages_are_judged_as_published() -> None:
    assert decides(partial(_as_published, unchanged(message_signatures)), CASES)


def _as_published(judge: Any, case: dict[str, Any]) -> bool:
    asked, answer = case["request"], case.get("response")
    message = judge.Request(asked["method"], asked["targetUri"], asked["fields"], asked["body"].encode())
    if answer is not None:
        message = judge.Response(answer["status"], answer["fields"], answer["body"].encode(), message)
    try:
        judge.verify(message, now=case["now"], verifier=verifier(case["jwk"]))
    except judge.SignatureRefusedError as error:
        return not case["accepted"] and bool(error.code == case.get("problem", error.code))
    return bool(case["accepted"])
