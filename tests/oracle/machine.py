"""The randomised run: people do things in any order, and after each the oracle judges what became known."""

from collections.abc import Callable
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.oracle import documents
from tests.oracle.asking import Asking
from tests.oracle.ground import NAMES
from tests.oracle.holding import Holding
from tests.oracle.ledger import Record, Request
from tests.oracle.moving import Moving
from tests.oracle.passing import Passing
from tests.oracle.scene import Ground, Scene
from tests.oracle.writing import Writing

_seeds = st.integers(0, 2**64 - 1)
_KINDS = ("soughtPerson",) * 5 + ("remainsUnit", "foundAlive", "unidentifiedLiving")
_PROHIBITED = ("immigrationEnforcement", "borderControl", "returnProcedure", "commercial")


class Run(RuleBasedStateMachine):
    """Acts of holders and askers; `ground` makes the nodes, `done` sums up what had an effect."""

    ground: ClassVar[Callable[[], Ground]]
    leave: ClassVar[Callable[[Ground], None]]
    done: ClassVar[dict[str, int]]

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(type(self).ground())
        self.ledger = self.scene.ledger
        self.holders, self.askers = Holding(self.scene), Asking(self.scene)
        self.passing, self.moving = Passing(self.scene), Moving(self.scene)
        self.writing = Writing(self.scene)
        self.people: dict[str, documents.Character] = {}

    def teardown(self) -> None:
        """Judge once more, when all that was under way has arrived."""
        try:
            self.settle()
            if self.scene.ground.lasting:
                self.holders.retire()
            for act, count in self.scene.done.items():
                self.done[act] = self.done.get(act, 0) + count
        finally:
            type(self).leave(self.scene.ground)

    @initialize(seed=_seeds)
    def begin(self, seed: int) -> None:
        """Two people, each known at every node."""
        draw = Random(seed)
        for number in range(2):
            who = documents.character(number)
            self.people[who.name] = who
            for node in NAMES:
                self.holders.register(draw, node, who, draw.choice(_KINDS))

    @rule(seed=_seeds)
    def act(self, seed: int) -> None:
        """Do one thing; each has its own seed, so that a failure is reduced by leaving things out."""
        if seed:  # all are nought in the first try of hypothesis, which would do one thing over and over
            draw = Random(seed)
            self.scene.count("acts")
            draw.choices(list(_ACTS), list(_ACTS.values()))[0](self, draw)

    def register(self, draw: Random) -> None:
        """Register one more record of somebody."""
        if node := self._node(draw):
            who = draw.choice(list(self.people.values()))
            self.holders.register(draw, node, who, draw.choice(_KINDS))

    def contribute(self, draw: Random) -> None:
        """Add an account."""
        if record := self._record(draw):
            self.holders.contribute(draw, record, self.people[record.who])

    def deny(self, draw: Random) -> None:
        """Forbid something, rather for a record of which something was released."""
        if record := self._record(draw, released=draw.random() < 0.6):
            self.holders.deny(draw, record)

    def withdraw(self, draw: Random) -> None:
        """Withdraw what an account rests on, rather one of which something was released."""
        record = self._record(draw, released=draw.random() < 0.6)
        if record and record.given:
            purposes = draw.choice(([], [], ["searchLiving"]))
            self.holders.withdraw(record.node, draw.choice(record.given), purposes)

    def search(self, draw: Random) -> None:
        """Ask partners."""
        if record := self._record(draw):
            self.askers.search(draw, record)
            for node in filter(self._up, NAMES):
                self.holders.thaw(node)

    def play(self, draw: Random) -> None:
        """Search, ask for a hit, decide and collect without a pause."""
        known = len(self.askers.hits)
        self.search(draw)
        for hit in self.askers.hits[known:]:
            requests = len(self.ledger.requests)
            self.askers.request(draw, hit)
            for request in list(self.ledger.requests.values())[requests:]:
                self.holders.decide(draw, request)
                self.askers.collect(request)

    def request(self, draw: Random) -> None:
        """Ask for a release."""
        hit = draw.choice(self.askers.hits) if self.askers.hits else None
        if hit and self._up(hit.asked.asker, hit.holder):
            self.askers.request(draw, hit)

    def decide(self, draw: Random) -> None:
        """Decide on a request."""
        request = self._request(draw)
        if request and self._up(request.holder):
            self.holders.decide(draw, request)

    def collect(self, draw: Random) -> None:
        """Collect, approved or not."""
        request = self._request(draw)
        if request and self._up(request.asker):
            self.askers.collect(request)

    def pass_on(self, draw: Random) -> None:
        """Pass a release on, let the origin decide if it must be asked, and collect at the third node."""
        held = [
            entry
            for entry in self.ledger.holdings.values()
            if self._up(entry.request.asker)
            and self.ledger.records[entry.request.record].node != entry.request.asker
        ]
        if held:
            self.passing.offer(draw, draw.choice(held[-5:]))
            self.settle()
            self.passing.decide(draw)
            self.settle()
            self.passing.collect()
            self.settle()

    def hand_over(self, draw: Random) -> None:
        """Hand a record over, rather one of which something was released."""
        self.settle()
        record = self._record(draw, released=draw.random() < 0.5)
        if record and not record.identified and (offered := self.moving.offer(draw, record)):
            self.settle()
            may = self.moving.answer(draw, record, *offered)
            self.settle()
            self.moving.settle(record, *offered, may)

    def write(self, draw: Random) -> None:
        """Write to another node, or call back what was written."""
        if draw.random() < 0.4 and self.writing.written:
            written = draw.choice(self.writing.written)
            if self._up(written.sender) and not written.recalled:
                self.writing.recall(written)
        elif node := self._node(draw):
            self.writing.write(draw, node)

    def erase(self, draw: Random) -> None:
        """Ask that a record be erased, or go on with what was asked."""
        waiting = [
            record
            for record in self.ledger.records.values()
            if record.waits and not record.erased and self._up(record.node)
        ]
        if waiting and draw.random() < 0.7:
            self.holders.end_erasure(draw, draw.choice(waiting))
        elif (record := self._record(draw, released=True)) and record.kind != "remainsUnit":
            self.holders.ask_erasure(record)

    def choose(self, draw: Random) -> None:
        """Let a living person choose."""
        if node := self._node(draw):
            self.askers.chosen |= self.holders.choose(draw, node)

    def identify_or_notify(self, draw: Random) -> None:
        """Identify somebody dead, or tell a family."""
        if record := self._record(draw):
            if record.embargoed:
                self.holders.notify(record)
            elif not record.identified and record.kind in ("soughtPerson", "remainsUnit"):
                self.holders.identify(record, state=draw.choice(("preliminary", "confirmed")))

    def try_prohibited(self, draw: Random) -> None:
        """Ask for what nobody may ask for."""
        if record := self._record(draw):
            self.askers.try_prohibited(record, draw.choice(_PROHIBITED))

    def pass_time(self, draw: Random) -> None:
        """Let hours or days pass."""
        self.scene.ground.wait(hours=draw.choice((1, 5, 30, 200)))

    def fall(self, draw: Random) -> None:
        """Lose a node for a while."""
        if all(map(self.scene.ground.is_up, NAMES)):
            self.scene.ground.stop(draw.choice(NAMES))

    def settle(self, _draw: Random | None = None) -> None:
        """Let everything arrive; then nobody can read what was called back."""
        self.scene.ground.settle()
        self.scene.overheard(self._messages())
        self.ledger.delivered(self.scene.ground.now())
        for node in NAMES:
            self.askers.read(node)
            self.holders.check_tasks(node)
            self.writing.check(node)
        self.askers.news(self.holders.choices)

    def _messages(self) -> dict[str, set[str]]:
        told = self.writing.on_their_way()
        for _, partner, _, message in self.holders.choices:
            name = next(name for name, entry in self.ledger.parties.items() if entry["nodeId"] == partner)
            told[name] |= documents.marks(message)
        return told

    def _up(self, *names: str) -> bool:
        return all(map(self.scene.ground.is_up, names))

    def _node(self, draw: Random) -> str | None:
        return draw.choice([name for name in NAMES if self._up(name)])

    def _record(self, draw: Random, *, released: bool = False) -> Record | None:
        here = (record for record in self.ledger.records.values() if self._up(record.node))
        records = [record for record in here if not record.waits]
        used = {holding.request.record for holding in self.ledger.holdings.values()}
        wanted = [record for record in records if record.identifier in used] if released else records
        return draw.choice(wanted) if wanted else None

    def _request(self, draw: Random) -> Request | None:
        recent = list(self.ledger.requests.values())[-4:]
        return draw.choice(recent) if recent else None


_ACTS: dict[Callable[[Run, Random], None], int] = {
    Run.play: 7,
    Run.register: 2,
    Run.contribute: 1,
    Run.deny: 1,
    Run.withdraw: 2,
    Run.search: 2,
    Run.request: 1,
    Run.decide: 1,
    Run.collect: 3,
    Run.pass_on: 2,
    Run.hand_over: 2,
    Run.write: 1,
    Run.erase: 1,
    Run.choose: 2,
    Run.identify_or_notify: 1,
    Run.try_prohibited: 1,
    Run.pass_time: 2,
    Run.fall: 1,
    Run.settle: 3,
}
"""What is done, and how often beside the rest."""
