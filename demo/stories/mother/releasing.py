"""Steps 4 to 6: release by a person's decision, identification, withdrawal and recall."""

from typing import Any

from demo.narrate import answered, asked, because, expect, plain, step
from demo.stage import Stage, until
from demo.stories.mother import people


def four_release(stage: Stage) -> None:
    """A asks for more; a person at B decides on a reduced set."""
    with step(4, "Node A asks B to release more; a person at B decides"):
        with stage["A"].client("caseWorker", "identifyDeceased") as client:
            request = client.partner_release_requests.create(
                {
                    "partnerSearch": stage.ids["partnerSearch"],
                    "partner": stage["B"].node_id,
                    "hitReference": stage.ids["hit"],
                    "categories": ["physical", "clothingEffects", "dna", "remainsLocation"],
                    "reason": "Ring and scar as the family describes them; laboratory reference needed.",
                }
            )
            asked("node A", "for the description, the effects, the DNA reference and where the body is kept")
            expect(request["status"]["state"] == "pending", "nothing is released without a person (REL-001)")
            with stage["B"].client("releaseOfficer", "identifyDeceased", "publicInterest") as officer:
                waiting = next(c for c in officer.release_cases.list(state="pending"))
                permitted = plain("categories", waiting["permittedCategories"])
                answered("node B", f"to its officer: consent permits {permitted}")
                officer.release_cases.decide(
                    waiting["releaseRequestId"],
                    {"decision": "approveReduced", "categories": ["physical", "clothingEffects", "dna"]},
                )
            answered("officer", "approves less than was asked: not where the body is kept")
            received = client.partner_release_requests.collect(request["partnerReleaseRequestId"])
        got = set(received["categories"])
        expect(
            "remainsLocation" not in got and {"physical", "clothingEffects"} <= got, "only approved (REL-006)"
        )
        statement = received["obligations"]
        answered("node A", f"holds, signed by B: {plain('categories', got)}")
        passing = {"none": "not allowed", "ask": "only after asking B"}.get(
            statement["onward"], "for this purpose"
        )
        because(f"its conditions travel with it: delete by {statement['deleteBy']}; passing it on: {passing}")
        stage.ids["received"] = received["receivedReleaseId"]
        _ante_mortem(stage)


def _ante_mortem(stage: Stage) -> None:
    """The institute asks in turn for what the family told, so that both decide on the same evidence."""
    with stage["B"].client("caseWorker", "identifyDeceased", "publicInterest") as client:
        search = client.partner_searches.create(
            {
                "person": stage.ids["remains"],
                "purpose": "identifyDeceased",
                "legalBasis": "publicInterest",
                "caseReference": "CASE-B-0001",
                "releaseSet": "summary",
                "partners": [stage["A"].node_id],
            }
        )
        result = search["results"][0]["result"]
        expect(result["outcome"] == "possibleHit", "A finds the sought person (SRCH-001)")
        request = client.partner_release_requests.create(
            {
                "partnerSearch": search["partnerSearchId"],
                "partner": stage["A"].node_id,
                "hitReference": result["hits"][0]["reference"],
                "categories": ["physical", "clothingEffects"],
                "reason": "Ante-mortem description for the reconciliation.",
            }
        )
        asked("node B", "node A, in turn, for the ante-mortem description that the family gave")
        with stage["A"].client("releaseOfficer", "identifyDeceased") as officer:
            waiting = next(c for c in officer.release_cases.list(state="pending"))
            officer.release_cases.decide(waiting["releaseRequestId"], {"decision": "approve"})
        received = client.partner_release_requests.collect(request["partnerReleaseRequestId"])
    answered("node A", f"its officer approves: {plain('categories', received['categories'])}")
    stage.ids["receivedByInstitute"] = received["receivedReleaseId"]


def five_identify(stage: Stage) -> None:
    """Both nodes record their decision; nothing tells of the death before the family was told."""
    with step(5, "A and B record the identity; the family is told by a trained person, first"):
        with stage["A"].client("caseWorker", "identifyDeceased") as client:
            client.matches.create(
                {
                    "subjects": [{"record": stage.ids["person"]}, {"receivedRelease": stage.ids["received"]}],
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
        right = "deaths:assert"
        with stage["B"].client("releaseOfficer", "identifyDeceased", "publicInterest", right) as client:
            client.identifications.create({**decision, "remains": [stage.ids["remains"]]})
        with stage["A"].client("releaseOfficer", "identifyDeceased", "consent", right) as client:
            identity = client.identifications.create(
                {**decision, "persons": [stage.ids["person"]], "receivedReleases": [stage.ids["received"]]}
            )
        expect(identity["embargoed"] is True, "a death is embargoed until the family was told (CASE-002)")
        answered("A and B", "identification recorded: DNA and effects, confirmed; under embargo")
        with stage["A"].client("caseWorker", "notifyFamily") as client:
            report = client.search_requests.access_report(stage.ids["request"])
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


def six_withdraw(stage: Stage) -> None:
    """The mother withdraws one purpose; every recipient acts and signs a receipt; she sees who had what."""
    with step(6, "The mother withdraws one purpose; every recipient is told"):
        with stage["A"].client("registrar", "identifyDeceased") as client:
            client.directives.withdraw(stage.ids["directive"], purposes=["identifyDeceased"])
            asked("mother", "node A that what she told is no longer used to identify the dead")

            def acknowledged() -> Any:
                mine = [r for r in client.recalls.list() if r.get("directive") == stage.ids["directive"]]
                rows = [row for recall in mine for row in recall["recipients"]]
                return rows if rows and all(row["state"] == "acknowledged" for row in rows) else None

            rows = until("receipts of every recipient", acknowledged)
        for row in rows:
            what = plain("disclosureKinds", [row["kind"]])
            answered("node B", f"{what}: {row['outcome']}; signed receipt of {row['receivedAt']}")
        because("a query is a disclosure too: its terms are recalled like any data")
        with stage["B"].client("caseWorker", "identifyDeceased", "publicInterest") as client:
            left = client.received_releases.get(stage.ids["receivedByInstitute"])
        expect(left["state"] == "erased" and "disclosures" not in left, "recalled data are gone (RECL-003)")
        answered("node B", "of the release nothing is left but its number and its dates")
        with stage["A"].client("caseWorker", "notifyFamily") as client:
            report = client.search_requests.access_report(stage.ids["request"])
        for entry in report["entries"]:
            who = entry.get("recipient", entry["recipientClass"])
            kind, state = (
                plain("disclosureKinds", [entry["kind"]]),
                plain("disclosureStates", [entry["state"]]),
            )
            why = plain("purposes", [entry["purpose"]])
            answered("report", f"{entry['at']}  {who}  {kind}  to {why}  {state}")
        expect(bool(report["entries"]), "she can see who had what (CASE-003)")
        expect(
            all(e["state"] != "active" for e in report["entries"] if e["purpose"] == "identifyDeceased"),
            "all ended",
        )
