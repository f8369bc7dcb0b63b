"""The gates: the reference passes everything, every mutant dies, every binding check kills, nothing breaks.

A few processes share the work, each with a node of its own: a check waits more than it computes.
"""

import multiprocessing
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory

from mpex_spec import requirements

from mpex_conformance.mutants import bench
from mpex_conformance.mutants.catalogue import Entry, StaleMutantError, entries
from mpex_conformance.mutants.miniatures import MINIATURES
from mpex_conformance.mutants.trial import trial
from mpex_conformance.outcomes import SATISFIED
from mpex_conformance.registry import all_checks

_PROCESSES = 4


@dataclass(slots=True)
class Report:
    """What the gates found: every list but ``kills`` must be empty."""

    failing: list[str] = field(default_factory=list)
    surviving: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    unmutated: list[str] = field(default_factory=list)
    fooled: list[str] = field(default_factory=list)
    kills: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Return whether all gates are passed."""
        return not (
            self.failing or self.surviving or self.stale or self.idle or self.unmutated or self.fooled
        )


def self_test(
    chosen: Iterable[Entry] | None = None, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """Pass the gates with the mutants of the catalogue, or with a few of them.

    With a few, the gates on the whole (every binding check kills, no miniature passes) are left out.
    """
    mutants = tuple(chosen) if chosen is not None else entries()
    report = Report()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_PROCESSES, mp_context=context, initializer=_start) as pool:
        reference = pool.submit(_reference)
        trials = [pool.submit(trial, name) for name in MINIATURES] if chosen is None else []
        for entry, killers in zip(mutants, pool.map(_kills, mutants), strict=True):
            if isinstance(killers, str):
                report.stale.append(f"{entry.id}: {killers}")
                continue
            report.kills[entry.id] = killers
            words = "; ".join(f"{check}: {message}" for check, message in killers.items())
            progress(f"{entry.id}: {words or 'SURVIVES'}")
        report.failing = reference.result()
        report.fooled = [line for done in trials for line in done.result()]
    report.surviving = [name for name, killers in report.kills.items() if not killers]
    if chosen is None:
        report.idle = _idle(report.kills)
        report.unmutated = _unmutated(mutants)
    return report


def _idle(kills: dict[str, dict[str, str]]) -> list[str]:
    busy = {check for killers in kills.values() for check in killers}
    return [check.id for check in all_checks() if check.level == "MUST" and check.id not in busy]


def _unmutated(mutants: Iterable[Entry]) -> list[str]:
    broken = {entry.requirement for entry in mutants}
    binding = [
        item for item in requirements().values() if item.level.startswith("MUST") and not item.excluded
    ]
    return [item.id for item in binding if item.id not in broken]


_BENCH: list[tuple[bench.Bench, "TemporaryDirectory[str]"]] = []


def _start() -> None:
    _BENCH.append(bench.temporary())


def _reference() -> list[str]:
    results = _BENCH[0][0].run(all_checks())
    return [f"{item.check.id}: {item.message}" for item in results if item.outcome not in SATISFIED]


def _kills(entry: Entry) -> dict[str, str] | str:
    try:
        return _BENCH[0][0].kills(entry)
    except StaleMutantError as error:
        return str(error)
