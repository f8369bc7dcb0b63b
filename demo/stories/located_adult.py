"""A man is found alive and does not wish to be found: who learns what is his to decide, and decide anew."""

from typing import Any

from demo import documents as d
from demo.narrate import answered, asked, because, expect, step
from demo.nodes import Plan
from demo.stage import Stage, until
from demo.story import Story

_SUMMARY = {"sex": "male", "age": {"min": 31, "max": 32, "asOf": "2026-11"}}
_ORIGIN = {"points": [{"type": "origin", "place": {"name": "Mockville", "country": "XK"}}]}


def one_he_is_found(stage: Stage) -> None:
    """A sister asks at A; the man is registered at C with a directive of his own."""
    with step(1, "A sister asks at node A; the man whom she seeks is received at node C"):
        stage.ids["sought"] = _sought(stage, "A", "enquirer-1", "sibling")
        asked("sister", "node A to look for her brother among humanitarian services")
        grant = d.permit(["searchLiving", "familyReunification"], ["summary", "identity"], d.HUMANITARIAN)
        with stage["C"].client("registrar", "searchLiving") as client:
            directive = client.directives.create(d.directive({"authority": "self"}, "livingPerson", grant))
            told = d.contribution(
                "reception-c", directive["directiveId"], "self", _sections("Fictio Inventado")
            )
            found = client.persons.create(d.person("foundAlive", stage["C"].plan.name, "XC", told))
            stage.ids["found"] = found["recordId"]
        asked("the man", "node C for shelter; he lets humanitarian services ask, and is told what that means")


def two_nothing_is_told(stage: Stage) -> None:
    """A asks C and hears nothing, before and after the man chose that nothing be told."""
    with step(2, "Node A asks node C; the man decides that nobody learns anything"):
        stage.ids["search"] = _no_hit(stage, "A", stage.ids["sought"], "CASE-A-1")
        (task,) = _waiting(stage)
        answered(
            "node C", "to its own staff: somebody asks for a man of your register; ask him what may be told"
        )
        _choose(stage, {"mayTell": "nothing", "decidedBy": "person", "task": task["taskId"]})
        asked("the man", "node C to tell nothing to anybody")
        again = _no_hit(stage, "A", stage.ids["sought"], "CASE-A-1")
        expect(
            _news(stage) == [] and _news(stage, again) == [], "nothing is told but what he allows (CASE-004)"
        )
        because("`no hit` means that there is nothing to tell; a family never hears it as `he is not there`")


def three_his_consulate_asks(stage: Stage) -> None:
    """The consulate of the country that he left asks, and nobody even has to ask him."""
    with step(3, "The consulate of the country that he left asks, too"):
        before = len(_waiting(stage))
        sought = _sought(stage, "K", "consulate", "other")
        _no_hit(stage, "K", sought, "CASE-K-1")
        expect(len(_waiting(stage)) == before, "no authority of his country is considered (CONS-008)")
        because("CONS-008: nothing of a living person goes to an authority of a country he may have fled")


def four_a_message(stage: Stage) -> None:
    """Weeks later he lets a message go out, and no more than that."""
    with step(4, "Weeks later he changes his mind: a message, and no more"):
        stage.let_pass(days=20)
        asked("the man", "node C to pass on a message: I am well, do not look for me")
        words = "I am well. Please do not look for me."
        _choose(stage, {"mayTell": "messageOnly", "decidedBy": "person", "message": words})
        news = until("the message at A", lambda: [n for n in _news(stage) if n.get("message") == words])
        expect(set(news[0]) <= {"partner", "at", "choice", "message"}, "only what he allows (CASE-004)")
        answered("node A", "to its case worker: his words; no place, no address, no number")


def five_taken_back(stage: Stage) -> None:
    """He takes it back; what was told is dropped where it was told."""
    with step(5, "He takes it back; node A drops what it was told"):
        _choose(stage, {"mayTell": "nothing", "decidedBy": "person"})
        asked("the man", "node C to tell nothing any more")
        until("the retraction at A", lambda: not [n for n in _news(stage) if "message" in n])
        answered("node A", "the message is gone; what the sister has heard she has heard")
        because("SRCH-015: a later choice goes to everybody who was told something by an earlier one")


def _sections(name: str) -> d.Document:
    return {"names": d.name(name), "summary": _SUMMARY, "journey": _ORIGIN}


def _sought(stage: Stage, letter: str, contributor: str, relationship: str) -> str:
    grant = d.permit(["searchLiving"], ["searchDetail"], d.HUMANITARIAN)
    with stage[letter].client("registrar", "searchLiving") as client:
        given_by = {"authority": "enquirer", "relationship": relationship}
        directive = client.directives.create(d.directive(given_by, "enquirer", grant))["directiveId"]
        told = d.contribution(contributor, directive, "family", _sections("Fictio Inventado"))
        office = stage[letter].plan
        record = client.persons.create(d.person("soughtPerson", office.name, office.territory, told))
        client.search_requests.create(d.search_request(record["recordId"], directive, relationship))
        return str(record["recordId"])


def _no_hit(stage: Stage, letter: str, record: str, case: str) -> str:
    """Ask C from a node; the answer must be `noHit`. Returns the identifier of the search."""
    asked(f"node {letter}", "node C whether it knows of him")
    with stage[letter].client("caseWorker", "searchLiving") as client:
        body = d.partner_search(record, "searchLiving", case, "identity", stage["C"].node_id)
        search = client.partner_searches.create(body)
    outcome = search["results"][0]["result"]["outcome"]
    expect(outcome == "noHit", "a living person is never a hit (SRCH-002)")
    answered("node C", "no hit")
    return str(search["partnerSearchId"])


def _waiting(stage: Stage) -> list[Any]:
    with stage["C"].client("caseWorker", "searchLiving") as client:
        return [task for task in client.tasks.list() if task["kind"] == "silentHit"]


def _choose(stage: Stage, choice: d.Document) -> None:
    with stage["C"].client("caseWorker", "searchLiving") as client:
        client.persons.record_choice(stage.ids["found"], choice)


def _news(stage: Stage, search: str | None = None) -> list[Any]:
    with stage["A"].client("caseWorker", "searchLiving") as client:
        return list(client.partner_searches.get(search or stage.ids["search"])["news"])


STORY = Story(
    "located-adult",
    "A man who does not wish to be found",
    (
        Plan("A", "Example National Society", "humanitarian", "XA", ("searchLiving", "notifyFamily")),
        Plan("C", "Example Red Cross Reception Service", "humanitarian", "XC", ("searchLiving",)),
        Plan("K", "Example Consulate of Exampleland", "consular", "XK", ("searchLiving",)),
    ),
    (one_he_is_found, two_nothing_is_told, three_his_consulate_asks, four_a_message, five_taken_back),
)
