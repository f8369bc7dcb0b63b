"""Step 7: prohibited purposes are refused and logged, and a refusal by record looks like no hit."""

from collections.abc import Callable
from typing import Any

from mpex_client.errors import ProblemError, TokenRefusedError

from demo.narrate import answered, asked, because, expect, step
from demo.stage import Stage, until
from demo.stories.mother import people
from demo.stories.mother.people import MINISTRY
from tools import forked


def seven_refuse(stage: Stage) -> None:
    """A rogue purpose is refused at token and at request and logged; existence is never told."""
    with step(7, "A rogue request for return procedures is refused, and stays in the log"):
        with stage["A"].client("auditor", "searchLiving", "publicInterest") as auditor:

            def refusals() -> int:
                return sum(1 for entry in auditor.log.entries() if entry.get("reason") == "prohibitedPurpose")

            before = refusals()
            with stage["A"].client("caseWorker", "returnProcedure", "legalObligation") as rogue:
                _refused(lambda: rogue.persons.get(stage.ids["person"]), "token endpoint", "PURP-001")
            with stage["A"].client("caseWorker", "searchLiving") as rogue:
                _refused(lambda: rogue.searches.create(_rogue_search()), "search", "PURP-002")
            after = until(
                "both refusals in the log (PURP-003)", lambda: (n := refusals()) >= before + 2 and n
            )
            answered("log", f"{after - before} new entries of a prohibited purpose, without personal data")
        _nobody(stage)


def eight_not_trusted(stage: Stage) -> None:
    """A node without the mark of no immigration enforcement gets nothing, and learns what it lacks."""
    with step(8, "A node that nobody attests to keep away from immigration control gets no access"):
        asked("node D", "node B, with a mandate to search and without the second mark")
        node = stage["D"]
        with node.client("registrar", "searchLiving") as client:
            directive = client.directives.create(people.mothers_directive(MINISTRY))["directiveId"]
            sought = client.persons.create(people.sought_brother(directive, "enquirer-d1"))["recordId"]
        with node.client("caseWorker", "searchLiving") as client:
            body = client.partner_searches.create(
                {
                    "person": sought,
                    "purpose": "searchLiving",
                    "legalBasis": "consent",
                    "caseReference": "CASE-D-0001",
                    "releaseSet": "existence",
                    "partners": [stage["B"].node_id],
                }
            )
        expect(body["results"][0]["state"] != "answered", "no answer without both marks (AUTH-013)")
        status, told = forked.tried("trust", "try", "--dir", str(node.directory), stage["B"].url)
        expect(status == 1 and b"Mark is missing" in told, "node D is told what it lacks (TRUST-022)")
        answered("node B", told.decode().strip().partition(" refuses: ")[2])
        because("AUTH-013: two organisations attest a node, and the second is not of the first's State")


def _rogue_search() -> dict[str, Any]:
    return {
        "purpose": "returnProcedure",
        "legalBasis": "legalObligation",
        "caseReference": "ROGUE-1",
        "releaseSet": "existence",
        "query": {"names": {"names": [{"text": "Anybody Placeholder"}]}},
    }


def _refused(call: Callable[[], Any], where: str, rule: str) -> None:
    asked("rogue", f"the {where} for data to prepare a forced return")
    try:
        call()
    except TokenRefusedError as refusal:
        answered("node A", f"no token, so no data ({refusal.code})")
    except ProblemError as problem:
        answered("node A", f"{problem.status}: {problem.title}")
    else:
        expect(False, f"{rule}: a prohibited purpose is refused")
    because(f"{rule}: the purpose is prohibited whatever the records are")


def _nobody(stage: Stage) -> None:
    """The institute asks the society about a person it may no longer know about, and about nobody."""

    def ask(person: str, case_reference: str) -> dict[str, Any]:
        with stage["C"].client("caseWorker", "searchLiving") as client:
            body: dict[str, Any] = client.partner_searches.create(
                {
                    "person": person,
                    "purpose": "searchLiving",
                    "legalBasis": "consent",
                    "caseReference": case_reference,
                    "releaseSet": "existence",
                    "partners": [stage["B"].node_id],
                }
            )
            result: dict[str, Any] = body["results"][0]["result"]
            return result

    with stage["C"].client("registrar", "searchLiving") as client:
        directive = client.directives.create(people.mothers_directive(MINISTRY))["directiveId"]
        known = client.persons.create(people.sought_son(directive, "enquirer-c1"))["recordId"]
        unknown = client.persons.create(people.sought_brother(directive, "enquirer-c2"))["recordId"]
    one, other = ask(known, "CASE-C-0001"), ask(unknown, "CASE-C-0002")
    asked(
        "node C",
        "node B, in order to find them alive, about the dead man and about somebody B never heard of",
    )
    expect(
        one["outcome"] == other["outcome"] == "noHit" and _shape(one) == _shape(other),
        "refusal looks like no hit",
    )
    answered(
        "node B", "no hit, and no hit: the same members with the same content, but for number and signature"
    )
    because("B's mandate covers the dead only; a refusal must not tell that there is a record")


def _shape(answer: dict[str, Any]) -> dict[str, Any]:
    """Returns an answer without the content of what differs from one answer to the next."""
    return {name: None if name in {"searchId", "statement"} else value for name, value in answer.items()}
