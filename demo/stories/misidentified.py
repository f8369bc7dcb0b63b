"""A body is given the wrong name: how the error is found, undone and told, and what cannot be undone."""

from typing import Any

from mpex_client import Client
from mpex_client.errors import ProblemError

from demo import documents as d
from demo.narrate import answered, asked, because, expect, step
from demo.nodes import Plan
from demo.stage import Stage
from demo.story import Story

_RING = {"category": "jewellery", "description": "Silver ring", "inscription": "EXAMPLE-2003"}
_SCAR = {"kind": "scar", "bodyLocation": "forearm", "side": "left", "observed": True}
_BUILT = {"heightCm": {"min": 174, "max": 178}, "marks": [_SCAR]}
_LAST = {"type": "lastKnown", "place": {"name": "Port Placeholder", "country": "XD"}, "date": "2026-09-14"}
_JOURNEY = {"route": "centralMediterranean", "points": [_LAST]}
_CLASSES = ("humanitarian", "forensic")
_SONS = {"first": "Fictio Primero Inventado", "second": "Fictio Segundo Inventado"}


def one_two_families(stage: Stage) -> None:
    """A knows two sons of the same age, B a body with a ring."""
    with step(1, "Two families ask at node A for two young men; node B keeps a body with a ring"):
        grant = d.permit(["identifyDeceased"], ["summary", "searchDetail"], _CLASSES)
        with stage["A"].client("registrar", "identifyDeceased") as client:
            for son in _SONS:
                given = d.directive({"authority": "enquirer", "relationship": "mother"}, "enquirer", grant)
                directive = client.directives.create(given)["directiveId"]
                told = d.contribution(f"mother-{son}", directive, "family", _ante_mortem(son))
                record = client.persons.create(d.person("soughtPerson", stage["A"].plan.name, "XA", told))
                stage.ids[son] = record["recordId"]
                wishes = {"notificationWishes": {"inPerson": True, "language": "es"}}
                request = d.search_request(record["recordId"], directive, "mother", **wishes)
                stage.ids[f"{son} request"] = client.search_requests.create(request)["requestId"]
        with stage["B"].client("registrar", "identifyDeceased", "publicInterest") as client:
            given = d.directive({"authority": "institution"}, "remains", grant)
            directive = client.directives.create(given)["directiveId"]
            sections = _post_mortem() | {"clothingEffects": {"items": [_RING]}}
            told = d.contribution("institute-b", directive, "examination", sections)
            body = d.person("remainsUnit", stage["B"].plan.name, "XB", told) | _UNIT
            stage.ids["body"] = client.remains.create(body)["recordId"]
        asked("two mothers", "node A for their sons, who left together and were of one height and age")
        answered("node B", "keeps a young man with a ring, not identified")


def two_the_wrong_name(stage: Stage) -> None:
    """B sees both descriptions and decides, by the ring, for the first: wrongly."""
    with step(2, "Node B asks for both descriptions and decides by the ring for the first son"):
        for received in _obtain(stage):
            son = next(name for name in _SONS if stage.ids[name] == received["record"])
            stage.ids[f"{son} release"] = received["receivedReleaseId"]
        answered("node A", "releases what the two mothers told, each after a decision by a person")
        stage.ids["wrong at B"] = _identify(
            stage, "B", {"remains": [stage.ids["body"]]}, "first", ["effects"]
        )
        stage.ids["wrong at A"] = _identify(stage, "A", {"persons": [stage.ids["first"]]}, None, ["effects"])
        because("a ring alone is weak: it can be lent, sold or found")
        _tell(stage, "A", stage.ids["wrong at A"], "first")
        expect(_fate(stage, "first") == "deceased", "a death that was told stands in the record (CASE-006)")


def three_doubt(stage: Stage) -> None:
    """The laboratory's result fits the other family; two truths about one body are refused."""
    with step(3, "The laboratory reports: the samples fit the other family"):
        asked("laboratory", "node B to look again: the profile supports the second mother, not the first")
        try:
            _identify(stage, "B", {"remains": [stage.ids["body"]]}, "second", ["dna"])
        except ProblemError as problem:
            answered("node B", f"{problem.status}: {problem.title}")
            because("REM-005: one body is of one person; the error is revoked before another name is given")
        else:
            expect(False, "one body is not of two persons (REM-005)")


def four_undone(stage: Stage) -> None:
    """Both nodes revoke; the first son is sought again, and his mother must hear it from a person."""
    with step(4, "Both nodes revoke; the first son is sought again"):
        for letter in ("B", "A"):
            with _officer(stage, letter) as client:
                wrong = client.identifications.get(stage.ids[f"wrong at {letter}"])
                wrong["state"] = "revoked"
                client.identifications.replace(wrong)
            answered(
                f"node {letter}", "the identification is revoked and stays in the history, with its reason"
            )
        expect(_fate(stage, "first") != "deceased", "a record is open again (CASE-007)")
        with stage["A"].client("registrar", "identifyDeceased") as client:
            expect(client.persons.get(stage.ids["first"])["status"] == "open", "sought again (CASE-007)")
        answered("node A", "the first son is sought again; a trained person visits his mother, not a letter")


def five_the_right_name(stage: Stage) -> None:
    """The body gets its name; nothing tells of it before the second mother was told."""
    with step(5, "The body gets its name; the second mother is told before any system tells"):
        _identify(stage, "B", {"remains": [stage.ids["body"]]}, "second", ["dna", "effects"])
        identity = _identify(stage, "A", {"persons": [stage.ids["second"]]}, None, ["dna", "effects"])
        expect(_fate(stage, "second") is None, "under embargo a record says what it said before (CASE-002)")
        answered("A and B", "DNA and effects, confirmed; under embargo, the record says what it said before")
        _tell(stage, "A", identity, "second")
        expect(_fate(stage, "second") == "deceased", "now it may be told (CASE-006)")
        because(
            "what a mother was told wrongly cannot be taken back; that it never happens in silence can be"
        )


_UNIT = {
    "condition": "complete",
    "minimumIndividuals": 1,
    "commingled": False,
    "legalBasis": "publicInterest",
}


def _ante_mortem(son: str) -> d.Document:
    ring = {"clothingEffects": {"items": [_RING]}} if son == "first" else {}
    return {"names": d.name(_SONS[son]), **_post_mortem(), **ring}


def _post_mortem() -> d.Document:
    age = {"min": 21, "max": 23, "asOf": "2026-09"}
    return {"summary": {"sex": "male", "age": age}, "physical": _BUILT, "journey": _JOURNEY}


def _obtain(stage: Stage) -> list[Any]:
    """Let B ask A about the body and collect what A's officer approves of every hit."""
    received = []
    with stage["B"].client("caseWorker", "identifyDeceased", "publicInterest") as client:
        search = client.partner_searches.create(
            d.partner_search(stage.ids["body"], "identifyDeceased", "CASE-B-3", "summary", stage["A"].node_id)
            | {"legalBasis": "publicInterest"}
        )
        hits = search["results"][0]["result"]["hits"]
        expect(len(hits) == len(_SONS), "A finds both (SRCH-001)")
        asked("node B", f"node A about the body: {len(hits)} possible hits, by reference only")
        for hit in hits:
            request = client.partner_release_requests.create(
                {
                    "partnerSearch": search["partnerSearchId"],
                    "partner": stage["A"].node_id,
                    "hitReference": hit["reference"],
                    "categories": ["physical", "clothingEffects"],
                    "reason": "Ante-mortem description for the reconciliation.",
                }
            )
            with stage["A"].client("releaseOfficer", "identifyDeceased") as officer:
                waiting = next(iter(officer.release_cases.list(state="pending")))
                officer.release_cases.decide(waiting["releaseRequestId"], {"decision": "approve"})
            received.append(client.partner_release_requests.collect(request["partnerReleaseRequestId"]))
    return received


def _identify(stage: Stage, letter: str, of: d.Document, son: str | None, methods: list[str]) -> str:
    body = of | {
        "methods": methods,
        "evidence": ["EX-LAB-0077" if "dna" in methods else "ring with inscription"],
        "competentAuthority": "Example Forensic Institute",
        "state": "confirmed",
        "conclusion": "deceased",
        "decidedAt": stage.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if son:
        body["receivedReleases"] = [stage.ids[f"{son} release"]]
    with _officer(stage, letter) as client:
        return str(client.identifications.create(body)["identificationId"])


def _officer(stage: Stage, letter: str) -> Client:
    """An officer with the right to say that somebody is dead, or is so no more (CASE-005)."""
    return stage[letter].client("releaseOfficer", "identifyDeceased", "publicInterest", "deaths:assert")


def _tell(stage: Stage, letter: str, identification: str, son: str) -> None:
    told = {
        "at": stage.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "notifier": "Trained notifier of the society",
        "personTold": "mother",
        "language": "es",
        "inPerson": True,
    }
    with stage[letter].client("caseWorker", "notifyFamily") as client:
        client.identifications.notify(identification, told)
    answered(f"node {letter}", f"a trained person tells the mother of the {son} son, in person, in Spanish")


def _fate(stage: Stage, son: str) -> str | None:
    with stage["A"].client("registrar", "identifyDeceased") as client:
        fate = client.persons.get(stage.ids[son]).get("fate", {})
    return fate.get("value") if fate.get("certaintyState") != "revoked" else None


STORY = Story(
    "misidentified",
    "A body is given the wrong name",
    (
        Plan("A", "Example National Society", "humanitarian", "XA", ("identifyDeceased", "notifyFamily")),
        Plan("B", "Example Forensic Institute", "forensic", "XB", ("identifyDeceased",)),
    ),
    (one_two_families, two_the_wrong_name, three_doubt, four_undone, five_the_right_name),
)
