"""Python client of the Missing Persons Exchange.

`Client` and `AsyncClient` have the same methods. `mpex_client.errors` has every error, `mpex_client.types`
the typed views, `mpex_client.log_proof` the checks of the transparency log, `mpex_client.testing` a node in
memory.
"""

from mpex_client import errors
from mpex_client._async.client import AsyncClient
from mpex_client._errors import MpexError, ProblemError
from mpex_client._retry import RetryPolicy
from mpex_client._sync.client import Client
from mpex_client.document import Document
from mpex_client.ids import derived_id, new_id
from mpex_client.keys import SigningKey
from mpex_client.outbox import Outbox
from mpex_client.profile import Identity, Profile

__version__ = "1.0.0.dev0"
__all__ = [
    "AsyncClient",
    "Client",
    "Document",
    "Identity",
    "MpexError",
    "Outbox",
    "ProblemError",
    "Profile",
    "RetryPolicy",
    "SigningKey",
    "derived_id",
    "errors",
    "new_id",
]
