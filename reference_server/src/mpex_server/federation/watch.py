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

    `readings` are those that were read on, `faults` why another was not; all by entity.
    """

    def __init__(self, known: Mapping[str, Followed], standing: Mapping[str, Standing], fetch: Fetch) -> None:
        self._known = known
        self._standing = dict(standing)
        self._fetch = fetch
        self.readings: dict[str, Reading] = {}
        self.faults: dict[str, TrustError] = {}

    def read(self, superiors: Iterable[str], resolver: Resolver) -> None:
        """Read on in the logs of superiors, each once in a look."""
        new = sorted(set(superiors) - self.readings.keys() - self.faults.keys())
        for name, made in zip(new, asking.each(partial(self._one, resolver), new), strict=True):
            if isinstance(made, TrustError):
                self.faults[name] = made
            else:
                self.readings[name] = made
                logs.stand(self._standing.setdefault(name, {}), made.entries.values())

    def checked(self, made: Trusted | TrustError) -> Trusted | TrustError:
        """Return what was made of a node, or why a decision on which it rests counts for nothing today."""
        if isinstance(made, TrustError):
            return made
        try:
            for ground in sorted(made.grounds, key=lambda one: (one.superior, one.what)):
                self._check(ground)
        except TrustError as error:
            return error
        return made

    def _check(self, ground: Ground) -> None:
        fault = self.faults.get(ground.superior)
        if fault is not None and fault.reason == "logForked":
            raise fault
        logs.check(ground, self._standing.get(ground.superior))

    def _one(self, resolver: Resolver, superior: str) -> Reading | TrustError:
        try:
            return logs.read_on(resolver.configuration(superior), self._known.get(superior), self._fetch)
        except TrustError as error:
            return error
