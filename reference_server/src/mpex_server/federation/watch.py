"""Watches the logs of superiors in one look: none may show two histories (TRUST-025, TRUST-026)."""

from collections.abc import Iterable, Mapping
from functools import partial

from mpex_server.federation import asking, logs
from mpex_server.federation.chains import Fetch, Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.federation.logs import Followed, Reading
from mpex_server.federation.mandate import Trusted


class Watch:
    """The logs that are followed: `known` from before, and what this look makes of them.

    `readings` are those that were read on, `faults` why another was not; both by entity.
    """

    def __init__(self, known: Mapping[str, Followed], fetch: Fetch) -> None:
        self.known = known
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

    def checked(self, made: Trusted | TrustError) -> Trusted | TrustError:
        """Return what was made of a node, or why its superiors' word of today is nobody's."""
        if isinstance(made, Trusted):
            faults = (self.faults.get(name) for name in sorted(made.superiors))
            return next((fault for fault in faults if fault and fault.reason == "logForked"), made)
        return made

    def _one(self, resolver: Resolver, superior: str) -> Reading | TrustError:
        try:
            return logs.read_on(resolver.configuration(superior), self.known.get(superior), self._fetch)
        except TrustError as error:
            return error
