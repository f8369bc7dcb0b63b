"""A boat is lost: a list of those aboard, two who ask for the same woman, and what may be found by whom."""

from typing import Any

from demo import documents as d
from demo.narrate import answered, asked, because, expect, step
from demo.nodes import Plan
from demo.stage import Stage, until
from demo.story import Story

_WOMAN = {"names": d.name("Ficta Ejemplar Inventada"), "summary": {"sex": "female"}}
_AGE = {"min": 27, "max": 29, "asOf": "2026-11"}
_BOAT = {
    "points": [{"type": "departure", "place": {"name": "Sample Bay", "country": "XD"}, "date": "2026-10"}]
}


def one_the_list(stage: Stage) -> None:
    """Survivors tell who was aboard; a list is taken row by row."""
    with step(1, "Survivors at node C say who was aboard; the list is taken row by row"):
        with stage["C"].client("registrar", "searchLiving", "publicInterest") as client:
            group = client.groups.create(
                {
                    "type": "boat",
                    "name": "Blue boat of October",
                    "sizes": [
                        {"min": 27, "max": 30, "source": "survivor", "certainty": "estimated"},
                        {"min": 24, "max": 24, "source": "authority", "certainty": "stated"},
                    ],
                }
            )
            answered("node C", "keeps both accounts of how many they were: 27 to 30, and 24")
            expect(len(group["sizes"]) == 2, "no account replaces another (GRP-001)")
            outcomes = _take_list(client, group["groupId"])
            answered("node C", "row by row: " + ", ".join(outcome["outcome"] for outcome in outcomes))
            expect(
                [o["outcome"] for o in outcomes] == ["created", "created", "rejected"],
                "one bad row (GRP-003)",
            )
            again = _take_list(client, group["groupId"])
            expect([o["outcome"] for o in again][:2] == ["unchanged"] * 2, "a list taken twice (GRP-004)")
        because("those who are only mentioned have not been asked: nothing of them is open to anybody else")
        stage.ids |= {
            "group": group["groupId"],
            "woman": outcomes[0]["memberId"],
            "man": outcomes[1]["memberId"],
        }


def two_two_ask(stage: Stage) -> None:
    """Her mother and a man who travelled with her ask for the same woman, and do not see one another."""
    with step(2, "Her mother and a fellow traveller ask at node A for the same woman"):
        with stage["A"].client("registrar", "searchLiving") as client:
            given = {role: _directive(client, role) for role in ("mother", "coTraveller")}
            told = [
                d.contribution(
                    "enquirer-1", given["mother"], "family", _WOMAN | {"birth": {"date": "1998-03"}}
                ),
                d.contribution("enquirer-2", given["coTraveller"], "witness", _WOMAN | {"journey": _BOAT}),
            ]
            record = client.persons.create(d.person("soughtPerson", stage["A"].plan.name, "XA", *told))
            stage.ids["sought"] = record["recordId"]
            for role, directive in given.items():
                enquirer = {
                    "enquirer": {
                        "role": "family" if role == "mother" else "coTraveller",
                        "relationship": role,
                    }
                }
                body = d.search_request(record["recordId"], directive, role) | enquirer
                stage.ids[role] = client.search_requests.create(body)["requestId"]
            report = client.search_requests.access_report(stage.ids["mother"])
        expect(stage.ids["coTraveller"] not in str(report), "no enquirer sees another (ENQ-005)")
        answered("node A", "one record, two contributions, each under the word of the one who gave it")


def three_mentioned_is_not_found(stage: Stage) -> None:
    """A asks C, where she is only mentioned; then she has a record of her own there, and may be found."""
    with step(3, "Node A asks node C, first while she is only mentioned there"):
        expect(
            _ask(stage, "C", "searchLiving")["outcome"] == "noHit", "a mention is not searchable (GRP-002)"
        )
        answered("node C", "no hit")
        with stage["C"].client("registrar", "searchLiving") as client:
            directive = _directive(client, "coTraveller")
            told = d.contribution("survivor-1", directive, "witness", _WOMAN | {"journey": _BOAT})
            record = client.persons.create(d.person("soughtPerson", stage["C"].plan.name, "XC", told))
            client.groups.promote_member(stage.ids["group"], stage.ids["woman"], record["recordId"])
        asked("survivor", "node C to look for her as well, and lets humanitarian services ask")
        result = _ask(stage, "C", "searchLiving")
        expect(result["outcome"] == "possibleHit", "with a basis of its own she is found (SRCH-001)")
        answered("node C", "perhaps: another service seeks the same woman")


def four_assistance(stage: Stage) -> None:
    """A asks C to do what only somebody on the spot can do."""
    with step(4, "Node A asks node C to hear the survivor once more"):
        with stage["A"].client("caseWorker", "searchLiving") as client:
            request = client.assistance_requests.create(
                {
                    "type": "other",
                    "to": stage["C"].node_id,
                    "purpose": "searchLiving",
                    "legalBasis": "consent",
                    "caseReference": "CASE-A-11",
                    "text": "Please ask the survivor where she was last seen.",
                    "language": "en",
                }
            )
            number = request["assistanceId"]
            asked("node A", "node C to ask the survivor where she was last seen")
            right = "identifications:read"  # such a request may tell of a death, so its task is not for all
            with stage["C"].client("caseWorker", "searchLiving", "consent", right) as other:
                until(
                    "the request at C",
                    lambda: [r for r in other.assistance_requests.list() if _is(r, number)],
                )
                expect(bool(_tasks(other, "assistanceRequest")), "it is a task there (MSG-002)")
                other.assistance_requests.answer(number, {"answer": "accept"})
                told = {"answer": "complete", "text": "Elle était à l'avant du bateau.", "language": "fr"}
                other.assistance_requests.answer(number, told)
            done = until("the result", lambda: _completed(client.assistance_requests.get(number)))
        answered("node C", f"accepts, and reports in its own language: {done['answers'][-1]['text']}")


def five_the_institute(stage: Stage) -> None:
    """B holds remains of the boat; A asks under the purpose that the mother allowed."""
    with step(5, "Node B has recovered remains near Sample Bay; node A asks under its other purpose"):
        with stage["B"].client("registrar", "identifyDeceased", "publicInterest") as client:
            grant = d.permit(["identifyDeceased"], ["summary", "searchDetail"], d.HUMANITARIAN)
            directive = client.directives.create(d.directive({"authority": "institution"}, "remains", grant))
            found = {"summary": {"sex": "female", "age": _AGE}, "journey": _BOAT, "names": _WOMAN["names"]}
            told = d.contribution("institute-b", directive["directiveId"], "examination", found)
            body = d.person("remainsUnit", stage["B"].plan.name, "XB", told | {"certainty": "presumed"})
            stage.ids["remains"] = client.remains.create(body | _UNIT)["recordId"]
        result = _ask(stage, "B", "identifyDeceased")
        expect(result["outcome"] == "possibleHit", "B finds the remains (SRCH-001)")
        answered("node B", f"perhaps, {result['hits'][0]['band']}: a name was sewn into the coat")
        because("a name on a coat is a presumption; software proposes, it never identifies")


def six_one_asks_to_be_forgotten(stage: Stage) -> None:
    """The man who was mentioned has arrived elsewhere and wants to be on no list."""
    with step(6, "A man on the list turns up and wants to be on no list"):
        with stage["C"].client("registrar", "searchLiving", "publicInterest") as client:
            client.groups.erase_member(stage.ids["group"], stage.ids["man"])
            asked("the man", "node C to strike him off")
            left = [member["row"] for member in client.groups.members(stage.ids["group"])]
            again = _take_list(client, stage.ids["group"])
        expect("2" not in left and again[1]["outcome"] == "rejected", "an erased row stays erased (GRP-005)")
        answered("node C", "his row is gone, the others are whole; the same list taken again leaves him out")


_UNIT = {
    "condition": "complete",
    "minimumIndividuals": 1,
    "commingled": False,
    "legalBasis": "publicInterest",
}


def _take_list(client: Any, group: str) -> list[Any]:
    rows: list[d.Document] = [
        {"row": "1", "mention": {"name": _WOMAN["names"]["names"][0], "sex": "female"}},
        {"row": "2", "mention": {"name": {"text": "Fictio de Muestra", "script": "Latn"}, "sex": "male"}},
        {"row": "3", "mention": {}},
    ]
    members = [row | {"source": "survivor", "certainty": "stated"} for row in rows]
    return list(client.groups.import_members(group, members)["outcomes"])


def _directive(client: Any, relationship: str) -> str:
    grant = d.permit(["searchLiving", "identifyDeceased"], ["searchDetail"], ("humanitarian", "forensic"))
    given_by = {"authority": "enquirer", "relationship": relationship}
    return str(client.directives.create(d.directive(given_by, "enquirer", grant))["directiveId"])


def _ask(stage: Stage, letter: str, purpose: str) -> Any:
    asked("node A", f"node {letter} whether it knows of her")
    with stage["A"].client("caseWorker", purpose) as client:
        body = d.partner_search(stage.ids["sought"], purpose, "CASE-A-11", "summary", stage[letter].node_id)
        return client.partner_searches.create(body)["results"][0]["result"]


def _tasks(client: Any, kind: str) -> list[Any]:
    return [task for task in client.tasks.list() if task["kind"] == kind]


def _is(request: Any, number: str) -> bool:
    return bool(request["assistanceId"] == number)


def _completed(request: Any) -> Any:
    return request if request["state"] == "completed" else None


STORY = Story(
    "boat",
    "A boat is lost",
    (
        Plan("A", "Example National Society", "humanitarian", "XA", ("searchLiving", "identifyDeceased")),
        Plan("B", "Example Forensic Institute", "forensic", "XB", ("identifyDeceased", "searchLiving")),
        Plan(
            "C",
            "Example Red Cross Reception Service",
            "humanitarian",
            "XC",
            ("searchLiving", "identifyDeceased"),
        ),
    ),
    (
        one_the_list,
        two_two_ask,
        three_mentioned_is_not_found,
        four_assistance,
        five_the_institute,
        six_one_asks_to_be_forgotten,
    ),
)
