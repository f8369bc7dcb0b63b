"""Watches the logs of superiors in one look: one history, and all in it (TRUST-025, TRUST-026, TRUST-028)."""

from collections.abc import Iterable, Mapping
from functools import partial

from mpex_server.federation import asking, logs
from mpex_server.federation.chains import Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.federation.logs import Followed, Ground, Reading, Standing
from mpex_server.federation.mandate import Trusted
from mpex_server.federation.statements import Fetch


class Watch:
    """The logs that are followed: `known` from before with what was `standing`, and what a look finds.

    `readings` are those that were read on, `faults` why another was not, and `frozen` whose log did not
    continue when it was read last, in this look or before: that it gives no answer now mends nothing. All by
    entity.
    """

    def __init__(
        self,
        known: Mapping[str, Followed],
        standing: Mapping[str, Standing],
        frozen: Mapping[str, TrustError],
        fetch: Fetch,
    ) -> None:
        self._known = known
        self._standing = dict(standing)
        self._fetch = fetch
        self.frozen = dict(frozen)
        self.readings: dict[str, Reading] = {}
        self.faults: dict[str, TrustError] = {}

    def read(self, superiors: Iterable[str], resolver: Resolver) -> None:
        """Read on in the logs of superiors, each once in a look; those first that were read before."""
        new = set(superiors) - self.readings.keys() - self.faults.keys()
        names = sorted(new, key=lambda name: (name not in self._known, name))
        for name, made in zip(names, asking.each(partial(self._one, resolver), names), strict=True):
            if isinstance(made, Reading):
                self.readings[name] = made
                self.frozen.pop(name, None)
                logs.stand(self._standing.setdefault(name, {}), made.entries.values())
                continue
            self.faults[name] = made
            if made.reason == "logForked":
                self.frozen[name] = made

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

    def _one(self, resolver: Resolver, superior: str) -> Reading | TrustError:
        try:
            return logs.read_on(resolver.configuration(superior), self._known.get(superior), self._fetch)
        except TrustError as error:
            return error
