"""Whoever must refuse is told with what: the codes of a refusal exist, and none is forgotten."""

import re
from collections.abc import Iterator

from mpex_spec.files import Refusal, Requirement, Spec
from mpex_spec.lint.finding import Finding

FAMILIES = ("AUTH", "ACC", "SIG", "PURP", "TRUST")
"""Chapters whose refusals a partner meets, and has to tell from one another."""
REFUSES = re.compile(r"MUST (?:refuse|NOT (?:take an?|count)) ")
CHALLENGES = ("invalid_dpop_proof", "invalid_token", "insufficient_scope")
"""What the header field `WWW-Authenticate` may name (RFC 6750, RFC 9449)."""


def check_refusals(spec: Spec) -> Iterator[Finding]:
    """Judge what the requirements name as their refusals."""
    for requirement in spec.listed_requirements:
        where = f"/{requirement.id}/refusal"
        if _must_name_one(requirement) and not requirement.refusal:
            yield Finding("requirements.yaml", where, "needs the status and code, or the fault, that is told")
        for refusal in requirement.refusal:
            for message in _faults(spec, refusal):
                yield Finding("requirements.yaml", where, message)


def _must_name_one(requirement: Requirement) -> bool:
    text = " ".join(requirement.text.split())
    return requirement.id.partition("-")[0] in FAMILIES and REFUSES.search(text) is not None


def _faults(spec: Spec, refusal: Refusal) -> Iterator[str]:
    given = [code for code in (refusal.error, refusal.problem, refusal.fault) if code is not None]
    if len(given) != 1:
        yield "names one of error, problem and fault"
        return
    if refusal.challenge is not None and (refusal.problem is None or refusal.challenge not in CHALLENGES):
        yield f"the challenge is one of {', '.join(CHALLENGES)}, beside a problem"
    if refusal.error is not None:
        codes = {row["oauthError"] for row in spec.codelists["oauthErrors"].values()}
        told = 401 if refusal.error == "invalid_client" else 400
        yield from _of_list(refusal, given[0], "oauthErrors", known=given[0] in codes, status=told)
    elif refusal.problem is not None:
        row = spec.codelists["problemTypes"].get(given[0])
        status = None if row is None else int(row["httpStatus"])
        yield from _of_list(refusal, given[0], "problemTypes", known=row is not None, status=status)
    else:
        known = given[0] in spec.codelists["trustFaults"]
        yield from _of_list(refusal, given[0], "trustFaults", known=known, status=None)


def _of_list(refusal: Refusal, code: str, name: str, *, known: bool, status: int | None) -> Iterator[str]:
    if not known:
        yield f"{code} is not in the codelist {name}"
    elif refusal.status != status:
        yield f"{code} is told with {'no status' if status is None else f'status {status}'}"
