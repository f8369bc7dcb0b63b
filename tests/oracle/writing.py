"""Case messages in the run: the addressee reads them until they are called back, and nobody else does."""

from dataclasses import dataclass
from random import Random

from tests.oracle import documents
from tests.oracle.scene import Scene

MESSAGES = "/v1/case-messages"


@dataclass
class Written:
    """A message with its mark."""

    identifier: str
    sender: str
    to: str
    mark: str
    recalled: bool = False


class Writing:
    """The acts of those who write to other nodes."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ledger = scene.ledger
        self.written: list[Written] = []

    def write(self, draw: Random, sender: str) -> None:
        """Write to another node."""
        to, mark = draw.choice(sorted(self.ledger.parties.keys() - {sender})), documents.mark()
        self.ledger.told_at[mark] = sender
        body = {
            "to": self.ledger.parties[to]["nodeId"],
            "purpose": "searchLiving",
            "caseReference": f"case-{draw.randint(1, 3)}",
            "language": "en",
            "text": f"Invented words {mark}",
        }
        kept = self.scene.made(sender, "caseWorker", "POST", MESSAGES, body)
        self.written.append(Written(kept["messageId"], sender, to, mark))
        self.scene.count("written")

    def recall(self, written: Written) -> None:
        """Call a message back (MSG-009)."""
        path = f"{MESSAGES}/{written.identifier}/recall"
        self.scene.made(written.sender, "caseWorker", "POST", path)
        written.recalled = True
        self.scene.count("unwritten")

    def on_their_way(self) -> dict[str, set[str]]:
        """Return the marks that nodes may hear: a message and its recall go one after the other."""
        return {
            name: {entry.mark for entry in self.written if entry.to == name} for name in self.ledger.parties
        }

    def check(self, node: str) -> None:
        """Try to read at a node whatever was written to anybody, once everything has arrived."""
        for entry in self.written:
            if entry.sender != node:
                shown = self.scene.call(node, "caseWorker", "GET", f"{MESSAGES}/{entry.identifier}").content
                due = {entry.mark} if entry.to == node and not entry.recalled else set()
                self.scene.knows(node, shown, due, "a case message")
                assert due <= documents.marks(shown), "a message did not arrive"
