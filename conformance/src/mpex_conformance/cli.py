"""Command line of mpex-conformance: does a node do what the standard says?

Exit codes: 0 conformant, 1 not conformant, 2 wrong use or configuration, 3 the suite itself broke,
4 the target cannot be reached.
"""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn
from rich.console import Console
from rich.status import Status

from mpex_conformance import config as configuration
from mpex_conformance import scanning, session
from mpex_conformance.config import Config, ConfigError
from mpex_conformance.doctor import examine
from mpex_conformance.explain import explain as explanation
from mpex_conformance.lab import Lab, open_lab
from mpex_conformance.mutants import catalogue, gates
from mpex_conformance.outcomes import CheckFailedError, Outcome
from mpex_conformance.partner.asgi import IDLE_SECONDS
from mpex_conformance.plan import PlanError, make
from mpex_conformance.profile import ProfileError, read
from mpex_conformance.proxy import Proxy
from mpex_conformance.report.terminal import QUIET, line, show
from mpex_conformance.runner import CheckResult

CONFORMANT, NOT_CONFORMANT, USAGE, HARNESS, UNREACHABLE = range(5)

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

ConfigFile = Annotated[Path | None, typer.Option("--config", help="YAML file with the keys of `init`.")]
ProfileFlag = Annotated[str | None, typer.Option("--profile", help="The target's profile.toml.")]
ClassFlag = Annotated[str | None, typer.Option("--class", help="core or exchange.")]
LevelFlag = Annotated[str | None, typer.Option("--level", help="MUST or SHOULD.")]
OnlyFlag = Annotated[
    list[str] | None, typer.Option("--only", help="Id of a check or requirement; repeatable.")
]
VerboseFlag = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show every check and requirement, not only what is wrong.")
]
DisableFlag = Annotated[list[str] | None, typer.Option("--disable", help="Id to switch off; repeatable.")]


def _load(path: Path | None, **flags: Any) -> Config:
    try:
        return configuration.load(path, {name: value for name, value in flags.items() if value})
    except ConfigError as error:
        raise _stop(str(error), USAGE) from None


def _stop(text: str, code: int) -> typer.Exit:
    errors.print(text, markup=False)
    return typer.Exit(code)


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path("mpex-conformance.yaml"),
) -> None:
    """Write a commented configuration file."""
    if path.exists():
        raise _stop(f"{path.name} exists already; nothing was written", USAGE)
    path.write_text(configuration.template(), "utf-8")
    console.print(f"wrote {path.name}", markup=False)


@app.command()
def doctor(config: ConfigFile = None, profile: ProfileFlag = None) -> None:
    """Say whether the target can be tested: address, clock, tokens."""
    settings = _load(config, profile=profile)
    try:
        findings = list(examine(settings, read(Path(settings.profile))))
    except ProfileError as error:
        raise _stop(str(error), USAGE) from None
    for finding in findings:
        console.print(f"{'ok  ' if finding.well else 'BAD '} {finding.text}", markup=False)
        if not finding.well and finding.remedy:
            console.print(f"     {finding.remedy}", markup=False)
    if not findings[0].well:
        raise typer.Exit(UNREACHABLE)
    if not all(finding.well for finding in findings):
        raise typer.Exit(NOT_CONFORMANT)


@app.command("list")
def list_checks(
    config: ConfigFile = None, conformance_class: ClassFlag = None, level: LevelFlag = None
) -> None:
    """List the checks of the plan."""
    settings = _load(config, conformance_class=conformance_class, level=level)
    for check in make(settings).checks:
        console.print(f"{check.id:<10} {', '.join(check.requirements):<22} {check.title}", markup=False)


@app.command()
def run(
    config: ConfigFile = None,
    profile: ProfileFlag = None,
    conformance_class: ClassFlag = None,
    level: LevelFlag = None,
    only: OnlyFlag = None,
    disable: DisableFlag = None,
    results: Annotated[str | None, typer.Option("--results", "-o", help="Folder of the results.")] = None,
    environment: Annotated[str | None, typer.Option(help="sandbox or production.")] = None,
    timeout_seconds: Annotated[float | None, typer.Option(help="Longest wait for one answer.")] = None,
    event_seconds: Annotated[
        float | None, typer.Option(help="Longest wait for an event or log entry.")
    ] = None,
    verbose: VerboseFlag = False,
) -> None:
    """Run the suite against a node and write results.json."""
    settings = _load(
        config,
        profile=profile,
        conformance_class=conformance_class,
        level=level,
        only=only,
        disable=disable,
        results=results,
        environment=environment,
        timeout_seconds=timeout_seconds,
        event_seconds=event_seconds,
    )
    tree = _run(settings, verbose)
    folder = Path(settings.results)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(tree, indent=1, ensure_ascii=False) + "\n", "utf-8")
    show(tree, console, verbose=verbose)
    raise typer.Exit(exit_code(tree))


def _run(settings: Config, verbose: bool) -> dict[str, Any]:
    try:
        with console.status("checking") as status:
            return session.run(settings, lambda result: _progress(result, status, verbose))
    except (ProfileError, PlanError, session.UnsafeError) as error:
        raise _stop(str(error), USAGE) from None
    except session.UnreachableError as error:
        raise _stop(str(error), UNREACHABLE) from None


def _progress(result: CheckResult, status: Status, verbose: bool) -> None:
    status.update(f"{result.check.id} done")
    if verbose or result.outcome.value not in QUIET:
        console.print(line(result.outcome.value, result.check.id, result.message or result.check.title))


def exit_code(tree: dict[str, Any]) -> int:
    """Return the exit code that a result tree stands for."""
    if any(check["outcome"] == Outcome.ERROR for check in tree["checks"]):
        return HARNESS
    return CONFORMANT if tree["verdict"]["conformant"] else NOT_CONFORMANT


@app.command()
def report(
    results: Annotated[Path, typer.Argument(help="A results.json.")] = Path("results/results.json"),
    verbose: VerboseFlag = False,
) -> None:
    """Show the results of an earlier run."""
    try:
        tree = json.loads(results.read_text("utf-8"))
        show(tree, console, verbose=verbose)
    except (OSError, ValueError, KeyError):
        raise _stop(f"{results.name} is not a result of this suite", USAGE) from None
    raise typer.Exit(exit_code(tree))


@app.command()
def explain(requirement: Annotated[str, typer.Argument(help="Id, such as SRCH-004.")]) -> None:
    """Explain a requirement and how it is checked."""
    lines = explanation(requirement)
    if lines is None:
        raise _stop(f"there is no requirement {requirement}", USAGE)
    console.print("\n".join(lines), markup=False)


@app.command()
def proxy(
    port: Annotated[int, typer.Option(help="Loopback port to listen on.")],
    config: ConfigFile = None,
    profile: ProfileFlag = None,
) -> None:
    """Sign the requests of ordinary scanners: header X-Test-Identity names the identity to sign as."""
    lab = _lab(_load(config, profile=profile))
    console.print(f"signing for http://127.0.0.1:{port}, identities {', '.join(lab.actors | lab.partners)}")
    uvicorn.run(
        Proxy(lab),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        lifespan="on",
        timeout_keep_alive=IDLE_SECONDS,
    )


@app.command()
def scan(
    config: ConfigFile = None,
    profile: ProfileFlag = None,
    paths: Annotated[str, typer.Option(help="Regular expression of the paths to scan.")] = "",
    seed: Annotated[int, typer.Option(help="Another number, other random requests.")] = 1,
    results: Annotated[str | None, typer.Option("--results", "-o", help="Folder of the results.")] = None,
) -> None:
    """Let Schemathesis, an ordinary scanner, try every operation with all that it can make up."""
    if find_spec("schemathesis") is None:
        raise _stop("the scanner is not here; install mpex-conformance[scan]", USAGE)
    settings = _load(config, profile=profile, results=results)
    lab = _lab(settings)
    try:
        session.safe(settings, lab.profile, lab)
        folder = Path(settings.results) / "scan"
        folder.mkdir(parents=True, exist_ok=True)
        scanned = scanning.scan(lab, folder, typer.echo, paths=paths, seed=seed)
    except session.UnsafeError as error:
        raise _stop(str(error), USAGE) from None
    finally:
        lab.close()
    console.print(f"{scanned.cases} requests made up, {'all' if scanned.sound else 'not all'} answers sound")
    raise typer.Exit(CONFORMANT if scanned.sound else NOT_CONFORMANT)


def _lab(settings: Config) -> Lab:
    try:
        return open_lab(settings, read(Path(settings.profile)))
    except ProfileError as error:
        raise _stop(str(error), USAGE) from None
    except CheckFailedError as error:
        raise _stop(str(error), UNREACHABLE) from None


@app.command("self-test")
def self_test(
    mutant: Annotated[list[str] | None, typer.Option("--mutant", help="Id of a mutant; repeatable.")] = None,
) -> None:
    """Prove that the suite can fail: break the reference server in every way of the catalogue."""
    chosen = [entry for entry in catalogue.entries() if not mutant or entry.id in mutant]
    report = gates.self_test(chosen if mutant else None, lambda text: console.print(text, markup=False))
    for title, found in (
        ("the reference server fails", report.failing),
        ("mutants that survive", report.surviving),
        ("mutants that fit no more", report.stale),
        ("checks that kill nothing", report.idle),
        ("requirements that no mutant breaks", report.unmutated),
        ("nodes that do nothing right and pass", report.fooled),
    ):
        for item in found:
            console.print(f"{title}: {item}", markup=False)
    console.print(f"{len(report.kills) - len(report.surviving)} of {len(report.kills)} mutants killed")
    raise typer.Exit(CONFORMANT if report.passed else NOT_CONFORMANT)
