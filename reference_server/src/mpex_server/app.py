"""The map of the server: which resources there are, what surrounds them, and how a node starts and stops."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from types import ModuleType

import mpex_server.access_reports.routes
import mpex_server.anchor.routes
import mpex_server.assistance.routes
import mpex_server.audit.routes
import mpex_server.case_messages.routes
import mpex_server.custody.routes
import mpex_server.directives.routes
import mpex_server.erasures.routes
import mpex_server.events.routes
import mpex_server.federation.routes
import mpex_server.groups.routes
import mpex_server.identifications.routes
import mpex_server.identity_errors.routes
import mpex_server.incidents.routes
import mpex_server.matches.routes
import mpex_server.meta.routes
import mpex_server.oauth.metadata
import mpex_server.oauth.token
import mpex_server.onward.routes
import mpex_server.partner_release_requests.routes
import mpex_server.partner_searches.routes
import mpex_server.partners.routes
import mpex_server.persons.routes
import mpex_server.proposals.routes
import mpex_server.recalls.routes
import mpex_server.received_releases.routes
import mpex_server.reference_samples.routes
import mpex_server.release_requests.routes
import mpex_server.remains.routes
import mpex_server.search_requests.routes
import mpex_server.search_surges.routes
import mpex_server.searches.routes
import mpex_server.tasks.routes
from mpex_server import office
from mpex_server.federation import renewal
from mpex_server.http import logs, spec
from mpex_server.http.edge import Edge
from mpex_server.http.endpoint import PathEndpoint
from mpex_server.http.operations import REGISTRY, Registration
from mpex_server.http.paths import Paths
from mpex_server.keys import KeyProvider, open_keys
from mpex_server.kit.clock import Clock
from mpex_server.node import Node
from mpex_server.observation import listener, traces
from mpex_server.peers.client import Peers
from mpex_server.settings import Settings
from mpex_server.setup import arenas
from mpex_server.storage.engine import make_engine
from mpex_server.threads import Threads
from mpex_server.workers import Workers

RESOURCES: tuple[ModuleType, ...] = (
    mpex_server.meta.routes,
    mpex_server.anchor.routes,
    mpex_server.federation.routes,
    mpex_server.oauth.metadata,
    mpex_server.oauth.token,
    mpex_server.audit.routes,
    mpex_server.directives.routes,
    mpex_server.identifications.routes,
    mpex_server.incidents.routes,
    mpex_server.identity_errors.routes,
    mpex_server.matches.routes,
    mpex_server.partners.routes,
    mpex_server.persons.routes,
    mpex_server.proposals.routes,
    mpex_server.remains.routes,
    mpex_server.access_reports.routes,
    mpex_server.events.routes,
    mpex_server.assistance.routes,
    mpex_server.case_messages.routes,
    mpex_server.custody.routes,
    mpex_server.groups.routes,
    mpex_server.onward.routes,
    mpex_server.partner_release_requests.routes,
    mpex_server.partner_searches.routes,
    mpex_server.recalls.routes,
    mpex_server.received_releases.routes,
    mpex_server.release_requests.routes,
    mpex_server.search_surges.routes,
    mpex_server.searches.routes,
    mpex_server.tasks.routes,
    mpex_server.search_requests.routes,
)
"""Modules with handlers; importing one registers them."""


class IncompleteError(RuntimeError):
    """Handlers and OpenAPI document do not fit each other."""


def make_node(settings: Settings, *, clock: Clock | None = None, keys: KeyProvider | None = None) -> Node:
    """Build what handlers need from the settings; the caller closes it."""
    clock, keys = clock or settings.clock(), keys or open_keys(settings)
    spans, sandbox = traces.of(settings), settings.sandbox
    node = Node(
        settings=settings,
        clock=clock,
        keys=keys,
        peers=Peers(node_id=settings.node_id, keys=keys, clock=clock, sandbox=sandbox, traces=spans),
        engine=make_engine(settings.database_url, settings.node_id, threads=settings.threads),
        threads=Threads(settings.threads),
        traces=spans,
    )
    node.peers.look = partial(renewal.look, node)
    node.metrics.watch(node.engine)
    spans.watch(node.engine)
    return node


def create_app(settings: Settings, *, clock: Clock | None = None, keys: KeyProvider | None = None) -> Edge:
    """Return the ASGI application of a node; its lifespan runs the background workers."""
    logs.configure(settings.log_level)
    office.of(settings)
    node = make_node(settings, clock=clock, keys=keys)
    return Edge(node, Paths(_endpoints(node)), partial(_life, node))


def _endpoints(node: Node) -> dict[str, PathEndpoint]:
    paths: dict[str, dict[str, tuple[spec.Operation, Registration]]] = {}
    for operation in spec.operations().values():
        registration = _registration(operation)
        if node.settings.role in operation.roles:
            paths.setdefault(operation.path, {})[operation.method] = (operation, registration)
    if surplus := REGISTRY.keys() - spec.operations().keys():
        raise IncompleteError(f"unknown operations: {', '.join(sorted(surplus))}")
    return {path: PathEndpoint(node, operations) for path, operations in paths.items()}


def _registration(operation: spec.Operation) -> Registration:
    registration = REGISTRY.get(operation.operation_id)
    if registration is None:
        raise IncompleteError(f"no handler for {operation.operation_id}")
    if (registration.public is None) != (operation.action is not None):
        raise IncompleteError(f"{operation.operation_id} is public in one place only")
    if (registration.replay is not None) != operation.needs_idempotency_key:
        raise IncompleteError(f"{operation.operation_id} needs `replay` exactly with an Idempotency-Key")
    return registration


@asynccontextmanager
async def _life(node: Node) -> AsyncIterator[None]:
    with listener.offered(node):
        async with Workers(node):
            yield
    node.close()


def from_environment() -> Edge:
    """Return the application of the node that `MPEX_…` variables describe; a server process calls it."""
    arenas.shared()
    app = create_app(Settings())
    # What was loaded stays for good: walking it at every full collection costs requests their time.
    gc.collect()
    gc.freeze()
    return app
