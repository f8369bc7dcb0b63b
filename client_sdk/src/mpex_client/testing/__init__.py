"""A node in memory for the tests of programs that use this package: no network, no server, no waiting.

    node = FakeNode()
    with node.client(purpose="searchLiving", legal_basis="consent") as client:
        client.persons.create({...})
    assert node.requests[-1].operation == "createPerson"

Tokens and proofs of possession are checked as a real node checks them, and bodies by the schemas of the
standard. It keeps documents and remembers idempotency keys, but decides nothing: no consent, no matching, no
partner. `node.fail(...)` makes the next requests fail, to see how a program copes.
"""

from mpex_client.testing._node import FakeNode, Recorded

__all__ = ["FakeNode", "Recorded"]
