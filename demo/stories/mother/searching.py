"""Steps 1 to 3: a request is taken, two nodes hold somebody, and one asks the others."""

from dataclasses import replace
from typing import Any

from mpex_client import Client, RetryPolicy
from mpex_client.outbox import Outbox

from demo.narrate import answered, asked, because, expect, plain, step
from demo.stage import Stage, until
from demo.stories.mother import people
from demo.stories.mother.people import MINISTRY

NOWHERE = "http://127.0.0.1:9"


def one_register_offline(stage: Stage) -> None:
    """A volunteer records the mother's request without a network; it syncs later."""
    with step(1, "A mother asks; a volunteer records it offline, with her consent"):
        _record_and_sync(stage)
        with stage["A"].client("registrar", "searchLiving") as client:
            kept = client.persons.get(stage.ids["person"])
            names = [name["text"] for name in kept["contributions"][0]["sections"]["names"]["names"]]
            expect("مثال تجريبي الوهمي" in names, "names stay in their own script (REC-007)")
            directive = client.directives.create(people.mothers_directive(MINISTRY))["directiveId"]
            brother = client.persons.create(people.sought_brother(directive, "enquirer-9"))["recordId"]
            client.search_requests.create(people.search_request(brother, directive, "sister"))
        stage.ids["brother"] = brother
        because("names are kept as given, Arabic and Ethiopic script, each part with its kind")


def _record_and_sync(stage: Stage) -> None:
    """Directive, person and search request wait in an outbox for a network, then go once."""
    outbox = Outbox(stage["A"].directory / "field.outbox")

    def record(operation: str, document: dict[str, Any], member: str) -> str:
        kept = outbox.put(operation, document, purpose="searchLiving", legal_basis="consent")
        return str(kept[member])

    directive = record("createDirective", people.mothers_directive(MINISTRY), "directiveId")
    person = record("createPerson", people.sought_son(directive, "enquirer-7"), "recordId")
    request = record("createSearchRequest", people.search_request(person, directive, "mother"), "requestId")
    asked("volunteer", "the outbox to keep a directive, a sought person, a search request: no network")
    identity = stage["A"].profile.identity("registrar")
    with Client(replace(identity, url=NOWHERE), retry=RetryPolicy(retries=0)) as offline:
        expect(offline.flush(outbox).waiting == 3, "nothing is lost without a network")
    answered("outbox", "3 entries wait, sealed; their identifiers are made on the device")
    with Client(identity) as online:
        expect(online.flush(outbox).sent == 3, "every entry is taken")
        expect(online.flush(outbox).sent == 0, "a second flush has no second effect (WIRE-007)")
    answered("node A", "took 3 entries, once")
    stage.ids |= {"directive": directive, "person": person, "request": request}


def two_holders(stage: Stage) -> None:
    """The institute keeps a body, the reception service a living man."""
    with step(2, "Node B holds an unidentified body, node C a living man"):
        with stage["B"].client("registrar", "identifyDeceased", "publicInterest") as client:
            directive = client.directives.create(people.institutes_directive())["directiveId"]
            stage.ids["remains"] = client.remains.create(people.remains(directive))["recordId"]
        asked("node B", "its own register to keep remains with post-mortem data and a ring")
        with stage["C"].client("registrar", "searchLiving") as client:
            directive = client.directives.create(people.own_directive())["directiveId"]
            stage.ids["alive"] = client.persons.create(people.found_alive(directive))["recordId"]
        asked("node C", "its own register to keep a man found alive, with his own directive")
        answered("B and C", "stored, each under a key of its own; nothing left the nodes")
        because("custody is federated: there is no central store to breach")


def three_search(stage: Stage) -> None:
    """A searches B and C; B answers by reference, C's living man decides himself."""
    with step(3, "Node A searches B and C under the purposes that the families agreed to"):
        with stage["A"].client("caseWorker", "identifyDeceased") as client:
            search = client.partner_searches.create(
                {
                    "person": stage.ids["person"],
                    "searchRequest": stage.ids["request"],
                    "purpose": "identifyDeceased",
                    "legalBasis": "consent",
                    "caseReference": "CASE-A-0001",
                    "releaseSet": "summary",
                    "partners": [stage["B"].node_id],
                }
            )
        asked("node A", "node B whether it holds him, in order to identify the dead")
        result = search["results"][0]["result"]
        expect(result["outcome"] == "possibleHit", "B finds the remains (SRCH-001)")
        hit = result["hits"][0]
        shown = plain("categories", (e["category"] for e in hit.get("evidence", [])))
        answered("node B", f"perhaps; compared: {shown or 'nothing that may be told'}")
        answered("node B", "no name and no place, only a reference under which more can be asked for")
        because("the institute's mandate lets humanitarian services ask in order to identify the dead")
        stage.ids |= {"partnerSearch": search["partnerSearchId"], "hit": hit["reference"]}
        _silent_hit(stage)


def _silent_hit(stage: Stage) -> None:
    with stage["A"].client("caseWorker", "searchLiving") as client:
        search = client.partner_searches.create(
            {
                "person": stage.ids["brother"],
                "purpose": "searchLiving",
                "legalBasis": "consent",
                "caseReference": "CASE-A-0002",
                "releaseSet": "summary",
                "partners": [stage["C"].node_id],
            }
        )
        asked("node A", "node C about another person, in order to find him alive")
        expect(
            search["results"][0]["result"]["outcome"] == "noHit", "a living person is a silent hit (SRCH-002)"
        )
        answered("node C", "no hit")
        because("a hit from C would already say: alive, in C; only he may say so")
        with stage["C"].client("caseWorker", "searchLiving") as holder:
            tasks = [
                t
                for t in holder.tasks.list()
                if t["kind"] == "silentHit" and t["subject"] == stage.ids["alive"]
            ]
            expect(len(tasks) == 1, "the holder has a task (SRCH-003)")
            answered("node C", "to its own staff: a task, ask him what may be told")
            expect(
                client.partner_searches.get(search["partnerSearchId"])["news"] == [], "A has learnt nothing"
            )
            holder.persons.record_choice(
                stage.ids["alive"],
                {"mayTell": "aliveOnly", "decidedBy": "person", "task": tasks[0]["taskId"]},
            )
        asked("the man", "node C to tell that he is alive, and no more")
        news = until("news at A", lambda: client.partner_searches.get(search["partnerSearchId"])["news"])
        expect(
            news[0]["choice"] == "aliveOnly" and "message" not in news[0], "only what he allows (CASE-004)"
        )
        answered("node A", "to its case worker: alive; no place, no contact")
