"""Watches the logs of superiors in one look: one history, and all in it (TRUST-025, TRUST-026, TRUST-028)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from random import SystemRandom

from mpex_server.federation import asking, logs
from mpex_server.federation.chains import Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.federation.logs import Followed, Ground, Reading, Standing
from mpex_server.federation.mandate import Trusted
from mpex_server.federation.statements import Fetch

MOST_STANDING = 50_000
"""Decisions that stand by one log; nodes are listed by 10,000 at most, and marks end within a year."""
_MOST_BYTES = 64 * 1024 * 1024
"""New decisions of all logs that one look keeps; of those of one branch a quarter."""


class Watch:
    """The logs that are followed: `known` from before with what was `standing`, and what a look finds.

    `readings` are those that were read on, `faults` why another was not, and `frozen` whose log did not
    continue when it was read last, in this look or before: that it gives no answer now mends nothing. All by
    entity. `reached` are all superiors whom somebody listed or on whom somebody rests.
    """

    def __init__(
        self,
        known: Mapping[str, Followed],
        standing: Mapping[str, Standing],
        frozen: Mapping[str, TrustError],
        fetch: Fetch,
    ) -> None:
        self.known = known
        self._standing = dict(standing)
        self._fetch = fetch
        self._taken = Counter[str]()
        self.frozen = dict(frozen)
        self.readings: dict[str, Reading] = {}
        self.faults: dict[str, TrustError] = {}
        self.reached: set[str] = set()

    def read(self, superiors: Mapping[str, str], resolver: Resolver) -> None:
        """Read on in the logs of superiors, each once in a look; each is given with the branch it is in."""
        self.reached |= resolver.superiors | superiors.keys()
        new = superiors.keys() - self.readings.keys() - self.faults.keys()
        names = sorted(new, key=partial(self._turn, resolver.anchors))
        branches = {name: (superiors[name],) for name in names}
        found = asking.each(partial(self._one, resolver), branches, names)
        for name, made in zip(names, found, strict=True):
            read = self._stood(superiors[name], name, made) if isinstance(made, Reading) else made
            if isinstance(read, Reading):
                self.readings[name] = read
                self.frozen.pop(name, None)
                continue
            self.faults[name] = read
            if read.reason == "logForked":
                self.frozen[name] = read

    def checked(self, made: Trusted | TrustError) -> Trusted | TrustError:
        """Return what was made of a node, or why a decision on which it rests counts for nothing today."""
        return made if isinstance(made, TrustError) else self.fault(made.grounds) or made

    def fault(self, grounds: Iterable[Ground]) -> TrustError | None:
        """Return why one of several decisions counts for nothing today; None when all count."""
        try:
            for ground in sorted(grounds, key=lambda one: (one.superior, one.about)):
                if ground.superior in self.frozen:
                    return self.frozen[ground.superior]
                logs.check(ground, self._standing.get(ground.superior))
        except TrustError as error:
            return error
        return None

    def _turn(self, anchors: frozenset[str], name: str) -> tuple[int, str, float]:
        """Return when to read a log: anchors, then who answered last time, longest ago first, then the rest.

        By chance else: nobody comes first in each look by its name, or by a new one.
        """
        known = self.known.get(name)
        answers = known.answers if known is not None else None
        group = 0 if name in anchors else 2 if answers is None else 1
        return group, answers or "", SystemRandom().random()

    def _stood(self, branch: str, name: str, reading: Reading) -> Reading | TrustError:
        """Let what is new in a log stand, unless it is more than is kept."""
        standing = dict(self._standing.get(name, {}))
        logs.stand(standing, reading.entries.values())
        if len(standing) > MOST_STANDING:
            return TrustError("malformed", name, f"more than {MOST_STANDING} decisions stand by its log")
        of_all, of_branch = self._taken.total() + reading.length, self._taken[branch] + reading.length
        if of_all > _MOST_BYTES or of_branch > _MOST_BYTES // 4:
            return TrustError("unreachable", name, "the logs have more that is new than one look reads")
        self._taken[branch] = of_branch
        self._standing[name] = standing
        return reading

    def _one(self, resolver: Resolver, superior: str) -> Reading | TrustError:
        try:
            return logs.read_on(resolver.configuration(superior), self.known.get(superior), self._fetch)
        except TrustError as error:
            return error
