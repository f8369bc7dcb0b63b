"""What the package promises to its users."""

import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import Any

import mpex_client
import pytest
from mpex_client import AsyncClient, Client
from mpex_client._generated.operations import OPERATIONS

PUBLIC = [
    "mpex_client",
    "mpex_client.errors",
    "mpex_client.ids",
    "mpex_client.keys",
    "mpex_client.importers.mmp",
    "mpex_client.log_proof",
    "mpex_client.outbox",
    "mpex_client.profile",
    "mpex_client.testing",
    "mpex_client.types",
]
RESOURCES = sorted(name for name, value in vars(Client).items() if isinstance(value, property))


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_module_lists_what_it_offers_and_has_it(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    missing = [each for each in module.__all__ if not hasattr(module, each)]
    assert not missing
    assert len(set(module.__all__)) == len(module.__all__)


def test_the_package_lists_its_names_in_order() -> None:
    assert mpex_client.__all__ == sorted(mpex_client.__all__, key=lambda name: (name.islower(), name))


def test_both_clients_offer_the_same() -> None:
    def offered(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")} - {"aclose", "close"}

    assert offered(AsyncClient) == offered(Client)


@pytest.mark.parametrize("resource", RESOURCES)
def test_both_forms_of_a_resource_have_the_same_verbs(resource: str) -> None:
    name = vars(Client)[resource].fget.__annotations__["return"].__name__
    forms = [importlib.import_module(f"mpex_client.{part}.client") for part in ("_async", "_sync")]
    verbs = [{verb for verb in dir(getattr(form, name)) if not verb.startswith("_")} for form in forms]
    assert verbs[0] == verbs[1]


def test_every_operation_of_a_partner_or_staff_client_can_be_called() -> None:
    elsewhere = {
        "createToken",
        "fetchStatement",
        "getEntityConfiguration",
        "listSubordinates",
        "getAnchorCheckpoint",
        "listAnchorLogEntries",
        "getAnchorInclusionProof",
        "getAnchorConsistencyProof",
        "readMarkStatus",
        "getAuthorizationServerMetadata",
        "getApiDocument",
        "getApiPage",
        "getLiveness",
        "getProtectedResourceMetadata",
        "receiveEvent",
    }
    package = importlib.import_module("mpex_client._sync")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    sources = [importlib.import_module(f"mpex_client._sync.{name}") for name in names]
    classes = [each for source in sources for each in vars(source).values() if isinstance(each, type)]
    text = "".join(Path(source.__file__ or "").read_text(encoding="utf-8") for source in sources)
    generic = {
        f"{verb}{getattr(each, 'names' if verb == 'list' else 'name', '')}"
        for each in classes
        for verb in ("get", "list", "create", "replace")
        if hasattr(each, verb)
    }
    generic |= {
        f"list{each.name}Changes" for each in classes if hasattr(each, "changes") and hasattr(each, "name")
    }
    missing = {name for name in OPERATIONS if name not in generic and f'"{name}"' not in text}
    assert missing == elsewhere


def test_a_verb_takes_an_idempotency_key_where_and_only_where_its_operation_does() -> None:
    verbs = {
        verb: _operations_of(verb)
        for resource in RESOURCES
        for verb in vars(vars(Client)[resource].fget.__annotations__["return"]).values()
        if inspect.isfunction(verb) and not verb.__name__.startswith("_")
    }
    wrong = [
        verb.__qualname__
        for verb, names in verbs.items()
        if names
        and ("idempotency_key" in inspect.signature(verb).parameters)
        != any(OPERATIONS[name].keyed for name in names)
    ]
    assert wrong == []


def _operations_of(verb: Any) -> set[str]:
    return {name for name in verb.__code__.co_consts if isinstance(name, str) and name in OPERATIONS}
