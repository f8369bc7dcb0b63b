"""Metrics and traces tell who runs a node how it does, and nobody what it holds or whom it deals with."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from mpex_server import __version__, workers
from mpex_server.observation import listener, traces
from mpex_server.observation.metrics import FILES, Metrics
from mpex_server.observation.otel import OpenTelemetry
from mpex_server.observation.state import State
from mpex_server.recalls.delivery import deliver
from mpex_server.setup import serve
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.exchange.town import SECTIONS, Town, made, released
from tests.server.records import samples
from tests.server.world import World
from tools import ports

RUNBOOK = Path(__file__).parents[3] / "docs/guide/runbook.md"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What every node of the test traces."""
    kept = InMemorySpanExporter()
    monkeypatch.setattr(traces, "of", lambda _settings: OpenTelemetry(SimpleSpanProcessor(kept)))
    yield kept
    kept.shutdown()


def samples_of(text: str) -> Samples:
    """Return the samples of a page of metrics by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def page(world: World) -> str:
    """Return the metrics of a node as Prometheus reads them."""
    waiting = CollectorRegistry()
    waiting.register(State(world.node))
    return (generate_latest(world.node.metrics.registry) + generate_latest(waiting)).decode()


def counted(world: World, name: str, **labels: str) -> float:
    return samples_of(page(world)).get((name, tuple(sorted(labels.items()))), 0.0)


def words(value: Any) -> Iterator[str]:
    """Yield every string in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        yield from (
            word for part in (value.values() if isinstance(value, Mapping) else value) for word in words(part)
        )


class Listening:
    """A way to partners that notes the names of the headers that are sent."""

    def __init__(self, wire: Any, heads: set[str]) -> None:
        self.wire, self.heads = wire, heads

    def send(self, method: str, url: str, *, headers: Mapping[str, str], **given: Any) -> Any:
        self.heads.update(name.lower() for name in headers)
        return self.wire.send(method, url, headers=headers, **given)

    def close(self) -> None:
        self.wire.close()


def withdrawn(town: Town, directive: str) -> None:
    """Let beta's directive be withdrawn, so that alpha is told."""
    made(town.nodes["beta"].call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_of_an_exchange_is_in_metrics_or_spans(spans: InMemorySpanExporter, town: Town) -> None:
    heads = set[str]()
    for world in town.nodes.values():
        world.node.peers._wire = Listening(world.node.peers._wire, heads)
    received, _, directive = released(town)
    withdrawn(town, directive)
    town.work()
    observed = "".join(map(page, town.nodes.values())) + "".join(
        span.to_json() for span in spans.get_finished_spans()
    )
    planted = {*words(SECTIONS), *words(received), *(w.node.settings.node_id for w in town.nodes.values())}
    planted |= {identity.client_id for w in town.nodes.values() for identity in w.identities.values()}
    planted |= {world.node.settings.name for world in town.nodes.values()} | {"alpha.example", "beta.example"}
    assert len(planted) > 30
    # What is shorter is a code, as `female`, or a number.
    assert [word for word in planted if len(word) > 8 and word in observed] == []
    assert heads & {"traceparent", "tracestate", "baggage"} == set()
    assert {"authorization", "dpop"} <= heads


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_spans_say_what_ran_and_nothing_of_searches_of_partners(
    spans: InMemorySpanExporter, town: Town
) -> None:
    released(town)
    finished = [json.loads(span.to_json()) for span in spans.get_finished_spans()]
    named = {span["context"]["span_id"]: span for span in finished}
    assert {span["name"] for span in finished} == {"request", "transaction", "partner call"}
    allowed = {"http.response.status_code", "mpex.operation"}
    assert {key for span in finished for key in span["attributes"]} <= allowed
    assert all(not span["events"] and not span["links"] for span in finished)
    outer = [named[span["parent_id"]] for span in finished if span["name"] == "transaction"]
    inside = Counter(span["attributes"].get("mpex.operation") for span in outer)
    assert inside["createPerson"] == 2
    assert "createPartnerSearch" in inside
    assert "createSearch" not in inside
    asked = Counter(span["attributes"].get("mpex.operation") for span in finished)
    assert asked["createSearch"] == 1
    # A request of a partner begins a trace of its own, whoever called.
    assert {span["parent_id"] for span in finished if span["name"] == "request"} == {None}


def test_counts_are_those_of_what_was_asked(world: World) -> None:
    for _ in range(3):
        samples.made(world, "registrar", "/v1/persons", samples.person())
    assert world.call("registrar", "POST", "/v1/persons", {}).status_code == 422
    assert world.call("auditor", "GET", "/v1/persons").status_code == 403
    assert world.raw("GET", "/v1/persons").status_code == 401
    assert world.raw("GET", "/nowhere").status_code == 404
    asked = "mpex_requests_total"
    assert counted(world, asked, operation="createPerson", status="2xx") == 3
    assert counted(world, asked, operation="createPerson", status="4xx") == 1
    assert counted(world, asked, operation="listPersons", status="4xx") == 2
    assert counted(world, asked, operation="none", status="4xx") == 1
    assert counted(world, "mpex_request_seconds_count", operation="createPerson") == 4
    # What leaves on the time grid has no time.
    assert counted(world, "mpex_request_seconds_count", operation="none") == 0
    assert counted(world, "mpex_refusals_total", problem="schemaViolation") == 1
    assert counted(world, "mpex_refusals_total", problem="actionNotAllowed") == 1
    assert counted(world, "mpex_refusals_total", problem="notFound") == 1
    committed = counted(world, "mpex_transactions_total", outcome="commit")
    world.call("registrar", "GET", "/v1/persons")
    assert counted(world, "mpex_transactions_total", outcome="commit") > committed
    assert counted(world, "mpex_database_connections") == 0
    assert counted(world, "mpex_database_up") == 1


def test_what_waits_is_counted_and_how_long(town: Town) -> None:
    beta = town.nodes["beta"]
    _, _, directive = released(town)
    town.down.add("alpha")
    withdrawn(town, directive)
    town.wait(minutes=3)
    assert counted(beta, "mpex_outbox_events") >= 1
    assert counted(beta, "mpex_outbox_partners") == 1
    assert counted(beta, "mpex_outbox_oldest_seconds") == 180
    assert counted(beta, "mpex_log_waiting_entries") > 1
    assert counted(beta, "mpex_log_oldest_waiting_seconds") >= 180
    beta.sequence()
    assert counted(beta, "mpex_log_waiting_entries") == counted(beta, "mpex_log_oldest_waiting_seconds") == 0
    assert counted(beta, "mpex_tasks_overdue") == 0
    town.wait(days=400)
    assert counted(beta, "mpex_tasks_overdue") > 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_jobs_say_when_they_last_succeeded_and_a_database_that_is_away_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_node: Any) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(workers, "JOBS", [(deliver, 1.0, 1), (failing, 1.0, 1)])

    async def work() -> None:
        async with workers.Workers(world.node):
            while not counted(world, "mpex_job_failures_total", job="failing"):
                await asyncio.sleep(0.01)

    asyncio.run(work())
    now = world.clock.now().timestamp()
    assert counted(world, "mpex_job_last_success_timestamp_seconds", job="deliver") == now
    assert counted(world, "mpex_job_last_success_timestamp_seconds", job="failing") == 0
    with transaction(world.node.engine) as conn:
        t.outbox.drop(conn)
    assert counted(world, "mpex_database_up") == 0
    assert ("mpex_outbox_events", ()) not in samples_of(page(world))


def test_metrics_have_an_address_of_their_own_that_several_processes_share(world: World) -> None:
    port = ports.free()
    settings = world.node.settings.model_copy(update={"metrics_port": port})
    object.__setattr__(world.node, "settings", settings)
    other = replace(world.node, metrics=Metrics())
    world.raw("GET", "/health/live")
    with listener.offered(world.node), listener.offered(other):
        found = samples_of(httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text)
    assert found["mpex_build_info", (("version", __version__),)] == 1
    assert found["mpex_database_up", ()] == 1
    assert world.raw("GET", "/metrics").status_code == 404


_PROCESS = """
import os
from prometheus_client import generate_latest
from mpex_server.observation.metrics import Metrics
metrics = Metrics()
metrics.request("getLiveness", 200, None, 0.01)
metrics.job_ended("sequence", float(os.environ["AT"]))
print(generate_latest(metrics.of_all_processes()).decode())
"""


def test_counts_of_several_processes_are_added_up(tmp_path: Path) -> None:
    for at in ("7", "5"):
        environment = {**os.environ, FILES: str(tmp_path), "AT": at}
        printed = subprocess.check_output([sys.executable, "-c", _PROCESS], env=environment, text=True)
    found = samples_of(printed)
    assert found["mpex_requests_total", (("operation", "getLiveness"), ("status", "2xx"))] == 2
    assert found["mpex_request_seconds_count", (("operation", "getLiveness"),)] == 2
    assert found["mpex_job_last_success_timestamp_seconds", (("job", "sequence"),)] == 7


def test_the_alerts_of_the_runbook_ask_for_metrics_that_there_are(world: World) -> None:
    (rules,) = re.findall(r"```yaml\n(groups:.*?)```", RUNBOOK.read_text("utf-8"), re.DOTALL)
    asked = {
        name
        for group in yaml.safe_load(rules)["groups"]
        for rule in group["rules"]
        for name in re.findall(r"mpex_\w+", rule["expr"])
    }
    assert len(asked) > 5
    # Without a partner of a term or a mark none ends, and what has a label shows when it is first counted.
    known = {line.split()[2] for line in page(world).splitlines() if line.startswith("# TYPE")}
    assert asked - known == {"mpex_partner_expiry_timestamp_seconds", "mpex_mark_expiry_timestamp_seconds"}


def test_a_process_that_was_killed_has_no_present_state(tmp_path: Path) -> None:
    mine, dead = (tmp_path / f"gauge_livesum_{pid}.db" for pid in (os.getpid(), 2**22 + 1))
    counts = tmp_path / f"counter_{2**22 + 1}.db"
    for file in (mine, dead, counts):
        file.touch()
    listener.forget_the_dead(tmp_path)
    assert {*tmp_path.iterdir()} == {mine, counts}


def test_a_node_that_cannot_be_watched_as_asked_says_so_and_does_not_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as sock, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = world.node.settings.model_copy(update={"metrics_port": taken.getsockname()[1]})
        with pytest.raises(SystemExit, match="MPEX_METRICS_PORT"):
            serve.run(settings, sock)
        with listener.listening(0, CollectorRegistry()) as port:
            settings = world.node.settings.model_copy(update={"metrics_port": port})
            with pytest.raises(SystemExit, match="MPEX_METRICS_PORT"):
                serve.run(settings, sock)
        monkeypatch.setitem(sys.modules, "mpex_server.observation.otel", None)
        settings = world.node.settings.model_copy(update={"traces": True})
        with pytest.raises(SystemExit, match=r"mpex-server\[otel\]"):
            serve.run(settings, sock)
    with pytest.raises(traces.MissingExtraError):
        traces.of(settings)
