"""Keys behave in the same way in files, in the environment and in a token."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import JWKRegistry
from mpex_server.keys import KeysError, place_of
from mpex_server.keys.names import SECRETS, first_ones
from mpex_server.kit import aead, hpke
from mpex_server.peers.sealing import key_of

from tests.server.keys.conftest import Site, verify_es256

KEY, CONTEXT = b"k" * 32, b"person:one"


def test_a_wrapped_key_opens_in_its_context_and_in_no_other(site: Site) -> None:
    keys = site.make()
    box = keys.wrap(KEY, CONTEXT)
    assert KEY not in box
    assert site.open().unwrap(keys.current(), box, CONTEXT) == KEY
    altered = box[:-1] + bytes([box[-1] ^ 1])
    for wrong, context in ((box, b"person:two"), (altered, CONTEXT), (box[:20], CONTEXT), (b"", CONTEXT)):
        with pytest.raises(aead.SealError):
            keys.unwrap(keys.current(), wrong, context)
    assert keys.unwrap(keys.current(), box, CONTEXT) == KEY


def test_a_key_that_is_not_there_is_told_from_one_that_does_not_open(site: Site) -> None:
    keys = site.make()
    box = keys.wrap(KEY, CONTEXT)
    for kek_id in ("kek-0002", "kek-2", "../kek-0001", "signing-0001", "log", ""):
        with pytest.raises(KeyError):
            keys.unwrap(kek_id, box, CONTEXT)


def test_a_new_key_wraps_from_the_next_start_and_the_old_one_opens_until_it_is_removed(site: Site) -> None:
    running = site.make()
    old = running.wrap(KEY, CONTEXT)
    assert site.add("kek") == "kek-0002"
    started = site.open()
    assert (running.current(), started.current()) == ("kek-0001", "kek-0002")
    new = started.wrap(KEY, CONTEXT)
    assert started.unwrap("kek-0001", old, CONTEXT) == KEY
    if site.at_once:
        assert running.unwrap("kek-0002", new, CONTEXT) == KEY
    site.remove("kek-0001")
    left = site.open()
    assert left.unwrap("kek-0002", new, CONTEXT) == KEY
    with pytest.raises(KeyError):
        left.unwrap("kek-0001", old, CONTEXT)


def test_the_newest_key_signs_to_partners_and_each_that_is_named_in_the_federation(site: Site) -> None:
    first = site.make()
    verify_es256(first.public_jwks(), first.signing_kid(), first.sign)
    site.add("signing")
    site.add("federation")
    keys = site.open()
    assert keys.signing_kid() != first.signing_kid()
    verify_es256(keys.public_jwks(), keys.signing_kid(), keys.sign)
    verify_es256(keys.public_jwks(), first.signing_kid(), first.sign)
    known = [key["kid"] for key in keys.federation_jwks()["keys"]]
    assert len(known) == 2
    assert known[0] == first.federation_jwks()["keys"][0]["kid"]
    for kid in known:
        verify_es256(keys.federation_jwks(), kid, partial(keys.sign_federation, kid))
    published = [*keys.public_jwks()["keys"], *keys.federation_jwks()["keys"]]
    assert not any("d" in key for key in published)
    assert all(key["kid"] == JWKRegistry.import_key(key).thumbprint() for key in published)


def test_the_log_is_signed_with_the_key_that_is_its_identity(site: Site) -> None:
    keys = site.make()
    public = Ed25519PublicKey.from_public_bytes(keys.log_public_key())
    public.verify(keys.sign_log(b"checkpoint"), b"checkpoint")
    assert site.open().log_public_key() == keys.log_public_key()


def test_secrets_are_the_same_at_every_start_and_older_ones_are_kept(site: Site) -> None:
    running = site.make()
    given = {name: running.secret(name) for name in SECRETS}
    assert {len(secret) for secret in given.values()} == {32}
    assert len({*given.values()}) == len(given)
    assert {name: site.open().secret(name) for name in SECRETS} == given
    assert site.add("index") == "index-0002"
    started = site.open()
    assert [*started.generations("index")] == [2, 1]
    assert started.generations("index")[1] == given["index"] != started.secret("index")
    assert started.secret("audit") == given["audit"]
    if site.at_once:
        assert running.generations("index") == started.generations("index")


def test_what_partners_sealed_to_an_older_key_still_opens(site: Site) -> None:
    old = key_of({"jwks": site.make().public_jwks()})
    site.add("encryption")
    keys = site.open()
    new = key_of({"jwks": keys.public_jwks()})
    assert new["kid"] != old["kid"]
    for key in (old, new):
        enc, ciphertext = hpke.seal(hpke.public_key(key), b"release", b"use")
        assert keys.unseal(key["kid"], enc, ciphertext, b"use") == b"release"
        with pytest.raises(hpke.HpkeError):
            keys.unseal(key["kid"], enc, ciphertext, b"another use")
    with pytest.raises(KeyError):
        keys.unseal("unknown", enc, ciphertext, b"use")


def test_several_threads_use_the_keys_at_once(site: Site) -> None:
    keys = site.make()
    public = keys.public_jwks()

    def used(number: int) -> bool:
        context = str(number).encode()
        for _ in range(10):
            opened = keys.unwrap(keys.current(), keys.wrap(KEY, context), context)
            verify_es256(public, keys.signing_kid(), keys.sign)
            assert opened == KEY
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(used, range(4)))


def test_another_process_has_the_same_keys(site: Site) -> None:
    keys = site.make()
    box = keys.wrap(KEY, CONTEXT)
    child = os.fork()
    if not child:
        # Neither a test's clean-up nor its report is for the child.
        try:
            same = site.open().unwrap(keys.current(), box, CONTEXT) == KEY
            inherited = keys.unwrap(keys.current(), box, CONTEXT) == KEY
            os._exit(0 if same and inherited else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert keys.unwrap(keys.current(), box, CONTEXT) == KEY


def test_what_is_missing_is_named(site: Site) -> None:
    site.make()
    for name in ("etag", "log", "audit-0001", "encryption-0001", "federation-0001", "kek-0001"):
        site.remove(name)
        with pytest.raises(KeysError, match=rf" lacks .*\b{name.partition('-')[0]}\b"):
            site.open()


def test_what_is_no_key_is_named_and_not_shown(site: Site) -> None:
    site.make()
    place = place_of(site.settings)
    for name in place.store.names():
        whole = place.store.read(name)
        for wrong in (b"", b"fictia", b"fictia" * 10, b'{"kty": "fictia"}'):
            called = site.write(name, wrong)
            with pytest.raises(KeysError, match=called) as refused:
                site.open()
            assert "fictia" not in str(refused.value)
            assert refused.value.__cause__ is None
            with pytest.raises(KeysError, match=rf"{called}|cannot be read out"):
                place_of(site.settings).written()
        site.write(name, whole)
    site.open()


def test_the_names_of_all_keys_are_told_and_none_is_made_twice(site: Site) -> None:
    site.make()
    assert place_of(site.settings).names() == sorted(first_ones())
    if site.at_once:
        with pytest.raises(FileExistsError):
            site.make()
