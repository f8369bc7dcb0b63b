"""The seven steps of the story, in order. Each talks HTTP through the SDK, prints and checks."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from mpex_client import Client, RetryPolicy
from mpex_client.errors import ProblemError, TokenRefusedError
from mpex_client.outbox import Outbox

from demo import people
from demo.narrate import answered, asked, because, expect, step
from demo.nodes import Node

MINISTRY = "Ministry of Interior of Exampleland"
NOWHERE = "http://127.0.0.1:9"
_PATIENCE_SECONDS = 30.0


@dataclass
class Case:
    """What the story has learnt so far: identifiers only."""

    society: Node
    institute: Node
    reception: Node
    ids: dict[str, str] = field(default_factory=dict)


def _until(what: str, ready: Callable[[], Any]) -> Any:
    """Waits for what a node does by itself (delivery of events)."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = ready()
        if found:
            return found
        time.sleep(0.2)
    expect(False, f"{what} within {_PATIENCE_SECONDS:.0f} s")
    return None


def one_register_offline(case: Case) -> None:
    """A volunteer records the mother's request without a network; it syncs later."""
    with step(1, "A mother asks; a volunteer records it offline, with her consent"):
        _record_and_sync(case)
        with case.society.client("registrar", "searchLiving") as client:
            kept = client.persons.get(case.ids["person"])
            names = [name["text"] for name in kept["contributions"][0]["sections"]["names"]["names"]]
            expect("مثال تجريبي الوهمي" in names, "names stay in their own script (REC-007)")
            directive = client.directives.create(people.mothers_directive(MINISTRY))["directiveId"]
            brother = client.persons.create(people.sought_brother(directive, "enquirer-9"))["recordId"]
            client.search_requests.create(people.search_request(brother, directive, "sister"))
        case.ids["brother"] = brother
        because("names are kept as given, Arabic and Ethiopic script, each part with its kind")


def _record_and_sync(case: Case) -> None:
    """Directive, person and search request wait in an outbox for a network, then go once."""
    outbox = Outbox(case.society.directory / "field.outbox")

    def record(operation: str, document: dict[str, Any], member: str) -> str:
        kept = outbox.put(operation, document, purpose="searchLiving", legal_basis="consent")
        return str(kept[member])

    directive = record("createDirective", people.mothers_directive(MINISTRY), "directiveId")
    person = record("createPerson", people.sought_son(directive, "enquirer-7"), "recordId")
    request = record("createSearchRequest", people.search_request(person, directive, "mother"), "requestId")
    asked("volunteer", "the outbox to keep a directive, a sought person, a search request: no network")
    identity = case.society.profile.identity("registrar")
    with Client(replace(identity, url=NOWHERE), retry=RetryPolicy(retries=0)) as offline:
        expect(offline.flush(outbox).waiting == 3, "nothing is lost without a network")
    answered("outbox", "3 entries wait, sealed; their identifiers are made on the device")
    with Client(identity) as online:
        expect(online.flush(outbox).sent == 3, "every entry is taken")
        expect(online.flush(outbox).sent == 0, "a second flush has no second effect (WIRE-007)")
    answered("node A", "took 3 entries, once")
    case.ids |= {"directive": directive, "person": person, "request": request}


def two_holders(case: Case) -> None:
    """The institute keeps a body, the reception service a living man."""
    with step(2, "Node B holds an unidentified body, node C a living man"):
        with case.institute.client("registrar", "identifyDeceased", "publicInterest") as client:
            directive = client.directives.create(people.institutes_directive())["directiveId"]
            case.ids["remains"] = client.remains.create(people.remains(directive))["recordId"]
        asked("node B", "its own register to keep remains with post-mortem data and a ring")
        with case.reception.client("registrar", "searchLiving") as client:
            directive = client.directives.create(people.own_directive())["directiveId"]
            case.ids["alive"] = client.persons.create(people.found_alive(directive))["recordId"]
        asked("node C", "its own register to keep a man found alive, with his own directive")
        answered("B and C", "stored, each under a key of its own; nothing left the nodes")
        because("custody is federated: there is no central store to breach")


def three_search(case: Case) -> None:
    """A searches B and C; B answers by reference, C's living man decides himself."""
    with step(3, "Node A searches B and C under the purposes that the families agreed to"):
        with case.society.client("caseWorker", "identifyDeceased") as client:
            search = client.partner_searches.create(
                {
                    "person": case.ids["person"],
                    "searchRequest": case.ids["request"],
                    "purpose": "identifyDeceased",
                    "legalBasis": "consent",
                    "caseReference": "CASE-A-0001",
                    "releaseSet": "summary",
                    "partners": [case.institute.node_id],
                }
            )
        asked("node A", "node B, for identifyDeceased, for the set summary")
        result = search["results"][0]["result"]
        expect(result["outcome"] == "possibleHit", "B finds the remains (SRCH-001)")
        hit = result["hits"][0]
        shown = ", ".join(f"{e['category']} {e['agreement']}" for e in hit.get("evidence", []))
        answered(
            "node B", f"possible hit, {hit.get('band', 'no band')}: {shown}; a reference, no name, no place"
        )
        because("the institute's mandate permits identifyDeceased to humanitarian services")
        case.ids |= {"partnerSearch": search["partnerSearchId"], "hit": hit["reference"]}
        _silent_hit(case)


def _silent_hit(case: Case) -> None:
    with case.society.client("caseWorker", "searchLiving") as client:
        search = client.partner_searches.create(
            {
                "person": case.ids["brother"],
                "purpose": "searchLiving",
                "legalBasis": "consent",
                "caseReference": "CASE-A-0002",
                "releaseSet": "summary",
                "partners": [case.reception.node_id],
            }
        )
        asked("node A", "node C, for searchLiving, about another person")
        expect(
            search["results"][0]["result"]["outcome"] == "noHit", "a living person is a silent hit (SRCH-002)"
        )
        answered("node C", "no hit")
        because("a hit from C would already say: alive, in C; only he may say so")
        with case.reception.client("caseWorker", "searchLiving") as holder:
            tasks = [
                t
                for t in holder.tasks.list()
                if t["kind"] == "silentHit" and t["subject"] == case.ids["alive"]
            ]
            expect(len(tasks) == 1, "the holder has a task (SRCH-003)")
            answered("node C", "to its own staff: a task, ask him what may be told")
            expect(
                client.partner_searches.get(search["partnerSearchId"])["news"] == [], "A has learnt nothing"
            )
            holder.persons.record_choice(
                case.ids["alive"], {"mayTell": "aliveOnly", "decidedBy": "person", "task": tasks[0]["taskId"]}
            )
        asked("the man", "node C to tell that he is alive, and no more")
        news = _until("news at A", lambda: client.partner_searches.get(search["partnerSearchId"])["news"])
        expect(
            news[0]["choice"] == "aliveOnly" and "message" not in news[0], "only what he allows (CASE-004)"
        )
        answered("node A", "to its case worker: alive; no place, no contact")


def four_release(case: Case) -> None:
    """A asks for more; a person at B decides on a reduced set."""
    with step(4, "Node A asks B to release more; a person at B decides"):
        with case.society.client("caseWorker", "identifyDeceased") as client:
            request = client.partner_release_requests.create(
                {
                    "partnerSearch": case.ids["partnerSearch"],
                    "partner": case.institute.node_id,
                    "hitReference": case.ids["hit"],
                    "categories": ["physical", "clothingEffects", "dna", "remainsLocation"],
                    "reason": "Ring and scar as the family describes them; laboratory reference needed.",
                }
            )
            asked("node A", "physical, clothingEffects, dna, remainsLocation")
            expect(request["status"]["state"] == "pending", "nothing is released without a person (REL-001)")
            with case.institute.client("releaseOfficer", "identifyDeceased", "publicInterest") as officer:
                waiting = next(c for c in officer.release_cases.list(state="pending"))
                answered(
                    "node B", f"to its officer: consent permits {', '.join(waiting['permittedCategories'])}"
                )
                officer.release_cases.decide(
                    waiting["releaseRequestId"],
                    {"decision": "approveReduced", "categories": ["physical", "clothingEffects", "dna"]},
                )
            answered("officer", "approves a reduced set: physical, clothingEffects, dna")
            received = client.partner_release_requests.collect(request["partnerReleaseRequestId"])
        got = set(received["categories"])
        expect(
            "remainsLocation" not in got and {"physical", "clothingEffects"} <= got, "only approved (REL-006)"
        )
        statement = received["obligations"]
        answered(
            "node A", f"holds {', '.join(sorted(got))}, signed by B, valid until {received['validUntil']}"
        )
        because(
            f"it travels with its conditions: delete by {statement['deleteBy']}, onward {statement['onward']}"
        )
        case.ids["received"] = received["receivedReleaseId"]
        _ante_mortem(case)


def _ante_mortem(case: Case) -> None:
    """The institute asks in turn for what the family told, so that both decide on the same evidence."""
    with case.institute.client("caseWorker", "identifyDeceased", "publicInterest") as client:
        search = client.partner_searches.create(
            {
                "person": case.ids["remains"],
                "purpose": "identifyDeceased",
                "legalBasis": "publicInterest",
                "caseReference": "CASE-B-0001",
                "releaseSet": "summary",
                "partners": [case.society.node_id],
            }
        )
        result = search["results"][0]["result"]
        expect(result["outcome"] == "possibleHit", "A finds the sought person (SRCH-001)")
        request = client.partner_release_requests.create(
            {
                "partnerSearch": search["partnerSearchId"],
                "partner": case.society.node_id,
                "hitReference": result["hits"][0]["reference"],
                "categories": ["physical", "clothingEffects"],
                "reason": "Ante-mortem description for the reconciliation.",
            }
        )
        asked("node B", "node A, in turn, for the ante-mortem description that the family gave")
        with case.society.client("releaseOfficer", "identifyDeceased") as officer:
            waiting = next(c for c in officer.release_cases.list(state="pending"))
            officer.release_cases.decide(waiting["releaseRequestId"], {"decision": "approve"})
        received = client.partner_release_requests.collect(request["partnerReleaseRequestId"])
    answered(
        "node A",
        f"its officer approves {', '.join(sorted(received['categories']))}; B holds it under its conditions",
    )
    case.ids["receivedByInstitute"] = received["receivedReleaseId"]


def five_identify(case: Case) -> None:
    """Both nodes record their decision; nothing tells of the death before the family was told."""
    with step(5, "A and B record the identity; the family is told by a trained person, first"):
        with case.society.client("caseWorker", "identifyDeceased") as client:
            client.matches.create(
                {
                    "subjects": [{"record": case.ids["person"]}, {"receivedRelease": case.ids["received"]}],
                    "decision": "leadsTo",
                    "evidence": [
                        {"category": "clothingEffects", "agreement": "agrees"},
                        {"category": "physical", "agreement": "agrees"},
                    ],
                }
            )
        asked("node A", "to keep the match decision: leads to an identification")
        decision = {
            "methods": ["dna", "effects"],
            "evidence": ["EX-LAB-0042 against reference sample EX-LAB-0043"],
            "competentAuthority": people.OFFICE_B["organisation"],
            "state": "confirmed",
            "conclusion": "deceased",
            "decidedAt": "2026-11-18T12:00:00Z",
        }
        with case.institute.client("releaseOfficer", "identifyDeceased", "publicInterest") as client:
            client.identifications.create({**decision, "remains": [case.ids["remains"]]})
        with case.society.client("releaseOfficer", "identifyDeceased") as client:
            identity = client.identifications.create(
                {**decision, "persons": [case.ids["person"]], "receivedReleases": [case.ids["received"]]}
            )
        expect(identity["embargoed"] is True, "a death is embargoed until the family was told (CASE-002)")
        answered("A and B", "identification recorded: DNA and effects, confirmed; under embargo")
        with case.society.client("caseWorker", "notifyFamily") as client:
            report = client.search_requests.access_report(case.ids["request"])
            expect(
                "identification" not in str(report) and "deceased" not in str(report),
                "no report tells it first",
            )
            because("no list, search or access report may tell of a death before a trained person has")
            told = client.identifications.notify(
                identity["identificationId"],
                {
                    "at": "2026-11-19T15:00:00Z",
                    "notifier": "Trained notifier of the society",
                    "personTold": "sister, then mother",
                    "language": "ar",
                    "inPerson": True,
                },
            )
        expect(told["embargoed"] is False, "the notification lifts the embargo")
        answered("node A", "notification recorded, in person, in Arabic, in the order the family asked for")


def six_withdraw(case: Case) -> None:
    """The mother withdraws one purpose; every recipient acts and signs a receipt; she sees who had what."""
    with step(6, "The mother withdraws one purpose; every recipient is told"):
        with case.society.client("registrar", "identifyDeceased") as client:
            client.directives.withdraw(case.ids["directive"], purposes=["identifyDeceased"])
            asked("mother", "node A to stop the use for identifyDeceased")

            def acknowledged() -> Any:
                mine = [r for r in client.recalls.list() if r.get("directive") == case.ids["directive"]]
                rows = [row for recall in mine for row in recall["recipients"]]
                return rows if rows and all(row["state"] == "acknowledged" for row in rows) else None

            rows = _until("receipts of every recipient", acknowledged)
        for row in rows:
            answered("node B", f"{row['kind']} {row['outcome']}; signed receipt of {row['receivedAt']}")
        because("a query is a disclosure too: its terms are recalled like any data")
        with case.institute.client("caseWorker", "identifyDeceased", "publicInterest") as client:
            left = client.received_releases.get(case.ids["receivedByInstitute"])
        expect(left["state"] == "erased" and "disclosures" not in left, "recalled data are gone (RECL-003)")
        answered("node B", "of the release nothing is left but its number and its dates")
        with case.society.client("caseWorker", "notifyFamily") as client:
            report = client.search_requests.access_report(case.ids["request"])
        for entry in report["entries"]:
            who = entry.get("recipient", entry["recipientClass"])
            answered("report", f"{entry['at']}  {who}  {entry['kind']}  {entry['purpose']}  {entry['state']}")
        expect(bool(report["entries"]), "she can see who had what (CASE-003)")
        expect(
            all(e["state"] != "active" for e in report["entries"] if e["purpose"] == "identifyDeceased"),
            "all ended",
        )


def seven_refuse(case: Case) -> None:
    """A rogue purpose is refused at token and at request and logged; existence is never told."""
    with step(7, "A rogue request for return procedures is refused, and stays in the log"):
        with case.society.client("auditor", "searchLiving", "publicInterest") as auditor:

            def refusals() -> int:
                return sum(1 for entry in auditor.log.entries() if entry.get("reason") == "prohibitedPurpose")

            before = refusals()
            with case.society.client("caseWorker", "returnProcedure", "legalObligation") as rogue:
                _refused(lambda: rogue.persons.get(case.ids["person"]), "token endpoint", "PURP-001")
            with case.society.client("caseWorker", "searchLiving") as rogue:
                _refused(lambda: rogue.searches.create(_rogue_search()), "search", "PURP-002")
            after = _until(
                "both refusals in the log (PURP-003)", lambda: (n := refusals()) >= before + 2 and n
            )
            answered("log", f"{after - before} new entries, reason prohibitedPurpose, no personal data")
        _nobody(case)


def _rogue_search() -> dict[str, Any]:
    return {
        "purpose": "returnProcedure",
        "legalBasis": "legalObligation",
        "caseReference": "ROGUE-1",
        "releaseSet": "existence",
        "query": {"names": {"names": [{"text": "Anybody Placeholder"}]}},
    }


def _refused(call: Callable[[], Any], where: str, rule: str) -> None:
    asked("rogue", f"{where}: returnProcedure")
    try:
        call()
    except TokenRefusedError as refusal:
        answered("node A", f"no token: {refusal.code}")
    except ProblemError as problem:
        answered("node A", f"{problem.status}: {problem.title}")
    else:
        expect(False, f"{rule}: a prohibited purpose is refused")
    because(f"{rule}: the purpose is prohibited whatever the records are")


def _nobody(case: Case) -> None:
    """The institute asks the society about a person it may no longer know about, and about nobody."""

    def ask(person: str, case_reference: str) -> dict[str, Any]:
        with case.reception.client("caseWorker", "searchLiving") as client:
            body: dict[str, Any] = client.partner_searches.create(
                {
                    "person": person,
                    "purpose": "searchLiving",
                    "legalBasis": "consent",
                    "caseReference": case_reference,
                    "releaseSet": "existence",
                    "partners": [case.institute.node_id],
                }
            )
            result: dict[str, Any] = body["results"][0]["result"]
            return result

    with case.reception.client("registrar", "searchLiving") as client:
        directive = client.directives.create(people.mothers_directive(MINISTRY))["directiveId"]
        known = client.persons.create(people.sought_son(directive, "enquirer-c1"))["recordId"]
        unknown = client.persons.create(people.sought_brother(directive, "enquirer-c2"))["recordId"]
    one, other = ask(known, "CASE-C-0001"), ask(unknown, "CASE-C-0002")
    asked("node C", "node B, for searchLiving, about the dead man and about nobody B knows")
    expect(
        one["outcome"] == other["outcome"] == "noHit" and one.keys() == other.keys(),
        "refusal looks like no hit",
    )
    answered("node B", "no hit, and no hit: the same answer in form and size")
    because("B's mandate does not permit searchLiving on remains; refusal must not tell that a record exists")


STEPS: tuple[Callable[[Case], None], ...] = (
    one_register_offline,
    two_holders,
    three_search,
    four_release,
    five_identify,
    six_withdraw,
    seven_refuse,
)
