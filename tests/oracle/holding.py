"""What the staff of a holder do: register, write down wishes, decide, ask the living, tell families."""

from random import Random
from typing import Any

from tests.oracle import documents, drawing
from tests.oracle.documents import Character
from tests.oracle.ledger import LIVING, Account, Record, Request
from tests.oracle.scene import LeakError, Scene

Json = dict[str, Any]
ERASURES = "/v1/erasure-requests"


class Holding:
    """The acts of holders."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ledger = scene.ledger
        self.choices: list[tuple[str, str, str, str]] = []

    def register(self, draw: Random, node: str, who: Character, kind: str) -> None:
        """Register a record with one or two accounts, each under the directive of its own enquirer."""
        accounts = [self._account(draw, node, who) for _ in range(draw.choice((1, 1, 2)))]
        body = documents.record(kind, [content for content, _ in accounts])
        kept = self.scene.made(node, "registrar", "POST", path_of(kind), body)
        record = Record(kept["recordId"], node, kind, who.name, who.country, {})
        self._enter(record, kept, [account for _, account in accounts])

    def contribute(self, draw: Random, record: Record, who: Character) -> None:
        """Let another enquirer add an account."""
        content, account = self._account(draw, record.node, who)
        with self.ledger.change(self.scene.ground.now()):
            kept = self._change(record, lambda body: body["contributions"].append(content))
            self._enter(record, kept, [account])

    def deny(self, draw: Random, record: Record) -> None:
        """Let the person or a protector forbid something for the whole record."""
        name = self._directive(record.node, drawing.denial(draw, self._nodes()))
        with self.ledger.change(self.scene.ground.now()):
            self._change(record, lambda body: body.setdefault("directives", []).append(name))
            record.named.append(name)
        self.scene.count("denied")

    def withdraw(self, node: str, directive: str, purposes: list[str]) -> None:
        """Let somebody change their mind, for all purposes or for some."""
        at = self.scene.ground.now()
        body = {"purposes": purposes} if purposes else {}
        with self.ledger.change(at):
            self.scene.made(node, "registrar", "POST", f"/v1/directives/{directive}/withdrawals", body)
            kept = self.ledger.directives[directive]
            kept["withdrawals"] = [*kept.get("withdrawals", ()), {"at": at, **body}]
        self.scene.count("withdrawn")

    def retire(self) -> None:
        """Withdraw everything, so that nobody of this try is found in another."""
        for record in self.ledger.records.values():
            for directive in record.given:
                self.withdraw(record.node, directive, [])

    def ask_erasure(self, record: Record) -> None:
        """Let the person ask that the record be erased; nothing of it is used from then on (ERA-001)."""
        body = {
            "record": record.identifier,
            "asker": "person",
            "identityProof": {"method": "document", "checkedBy": "desk-7"},
            "coercionCheck": {"by": "desk-7", "outcome": "noSign"},
        }
        asked = self.scene.made(record.node, "registrar", "POST", ERASURES, body)
        record.erasure = asked["erasureId"]
        self.scene.count("erasure asked")

    def end_erasure(self, draw: Random, record: Record) -> None:
        """Confirm an erasure as a second person if it may be by now, or revoke it."""
        path, check = f"{ERASURES}/{record.erasure}", {"by": "desk-9", "outcome": "noSign"}
        if draw.random() < 0.3:
            proof = {"identityProof": {"method": "document", "checkedBy": "desk-7"}}
            self.scene.made(record.node, "registrar", "POST", f"{path}/revocation", proof)
            record.erasure = ""
            return
        with self.ledger.change(self.scene.ground.now()):
            body = {"coercionCheck": check}
            answer = self.scene.call(record.node, "releaseOfficer", "POST", f"{path}/confirmation", body)
            record.erased = answer.is_success
        if record.erased:
            self.scene.count("erased")

    def decide(self, draw: Random, request: Request) -> None:
        """Decide on a release request as a release officer."""
        decision = draw.choice(("approve", "approve", "approve", "approveReduced", "refuse", "needMore"))
        asked = request.requested
        body: Json = {"decision": decision}
        if decision == "approveReduced":
            body["categories"] = sorted(draw.sample(sorted(asked), draw.randint(1, len(asked))))
        if decision == "refuse":
            body["cause"] = "safety"
        if decision == "needMore":
            body["question"] = "Which year?"
        path = f"/v1/release-cases/{request.identifier}"
        answer = self.scene.call(request.holder, "releaseOfficer", "POST", f"{path}/decision", body)
        if not answer.is_success:
            return
        self.scene.count(decision)
        request.refused |= decision == "refuse"
        if decision.startswith("approve"):
            request.granted = frozenset(answer.json()["grantedCategories"])
            assert request.granted <= set(body.get("categories", asked))

    def identify(self, record: Record, *, state: str) -> None:
        """Let a competent authority say that somebody is dead; nobody outside may learn of it (CASE-002)."""
        secret = documents.mark()
        self.ledger.told_at[secret] = record.node
        body = {
            "persons" if record.kind != "remainsUnit" else "remains": [record.identifier],
            "methods": ["dna"],
            "evidence": [secret],
            "competentAuthority": "Invented Court No. 1",
            "state": state,
            "conclusion": "deceased",
            "decidedAt": "2026-11-20T09:00:00Z",
        }
        before = self._read(record)
        made = self.scene.made(record.node, "releaseOfficer", "POST", "/v1/identifications", body)
        record.identified, record.embargoed = made["identificationId"], True
        if self._read(record) != before:
            raise LeakError("a record told its readers of a death under embargo")
        self.scene.count("identified")

    def notify(self, record: Record) -> None:
        """Tell the family."""
        at = self.scene.ground.now()
        told = {
            "at": at,
            "notifier": "trained volunteer",
            "personTold": "sibling",
            "language": "ar",
            "inPerson": True,
        }
        path = f"/v1/identifications/{record.identified}/notification"
        with self.ledger.change(at):
            self.scene.made(record.node, "releaseOfficer", "POST", path, told)
            record.embargoed, record.dead = False, record.kind != "remainsUnit"

    def check_tasks(self, node: str) -> None:
        """Nobody is asked any more about a query that was called back (RECL-008)."""
        names = {entry["nodeId"]: name for name, entry in self.ledger.parties.items()}
        for task in self.tasks(node):
            if task["subject"] in self.ledger.records and not self.ledger.asks(
                names[task["partner"]], node, task["purpose"], task["subject"]
            ):
                raise LeakError(f"{node} kept a query that was called back")

    def tasks(self, node: str) -> list[Json]:
        """Return the open tasks on living persons."""
        return self.scene.waiting(node, "silentHit")

    def choose(self, draw: Random, node: str) -> set[tuple[str, str]]:
        """Write down what a living person lets an asker know; return who answered whom."""
        tasks = [task for task in self.tasks(node) if task["subject"] in self.ledger.records]
        if not tasks:
            return set()
        task = draw.choice(tasks)
        assert self.ledger.records[task["subject"]].kind in LIVING
        told = draw.choice(("contact", "messageOnly", "aliveOnly", "nothing"))
        message = f"Invented words {documents.mark()}" if told in ("contact", "messageOnly") else ""
        body = {"mayTell": told, "decidedBy": "person", "task": task["taskId"]}
        path = f"/v1/persons/{task['subject']}/choice"
        answer = self.scene.call(
            node, "caseWorker", "POST", path, body | ({"message": message} if message else {})
        )
        if answer.is_success and told != "nothing":
            self.choices.append((node, task["partner"], told, message))
            for mark in documents.marks(message):
                self.ledger.told_at[mark] = node
        self.scene.count("chosen")
        names = {entry["nodeId"]: name for name, entry in self.ledger.parties.items()}
        return {(task["subject"], names[task["partner"]])}

    def _account(self, draw: Random, node: str, who: Character) -> tuple[Json, Account]:
        directive = None
        if draw.random() < 0.95:
            wish = drawing.directive(draw, self._nodes(), self.scene.ground.now())
            directive = self._directive(node, wish)
        spoken = {name for name in documents.CATEGORIES if draw.random() < 0.6} | documents.ALWAYS
        given = {name: documents.mark() for name in documents.CATEGORIES}
        content = documents.sections(who, spoken, given)
        given |= {"summary": ""}
        return documents.contribution(content, directive), Account(
            directive, {"existence": ""} | {name: given[name] for name in spoken}
        )

    def _directive(self, node: str, body: Json) -> str:
        kept = self.scene.made(node, "registrar", "POST", "/v1/directives", body)
        self.ledger.directives[kept["directiveId"]] = body | {"directiveId": kept["directiveId"]}
        return str(kept["directiveId"])

    def thaw(self, node: str) -> None:
        """Look at the records that are frozen because one partner asked again and again (SRCH-018)."""
        for task in self.scene.waiting(node, "frozenRecord", "supervisor"):
            path = f"/v1/tasks/{task['taskId']}/completion"
            self.scene.made(node, "supervisor", "POST", path, {"note": "Looked at."})

    def _read(self, record: Record) -> tuple[str, Json]:
        read = self.scene.call(record.node, "registrar", "GET", f"{path_of(record.kind)}/{record.identifier}")
        return read.headers["etag"], read.json()

    def _change(self, record: Record, edit: Any) -> Json:
        path, (tag, body) = f"{path_of(record.kind)}/{record.identifier}", self._read(record)
        edit(body)
        return self.scene.made(record.node, "registrar", "PUT", path, body, match=tag)

    def _enter(self, record: Record, kept: Json, added: list[Account]) -> None:
        """Enter what is new; of what was there before, a record that changed hands may have lost some."""
        names = [entry["contributionId"] for entry in kept["contributions"]]
        new = [name for name in names if name not in record.accounts]
        record.accounts |= zip(new, added, strict=True)
        self.ledger.register(record)

    def _nodes(self) -> list[str]:
        return [entry["nodeId"] for entry in self.ledger.parties.values()]


def path_of(kind: str) -> str:
    """Return where records of a kind are."""
    return "/v1/remains" if kind == "remainsUnit" else "/v1/persons"
