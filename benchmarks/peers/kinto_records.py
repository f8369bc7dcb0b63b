"""A peer: person records in Kinto, a store of JSON documents with permissions, on PostgreSQL.

Served by waitress, as its own command does. It knows who may read a record, and nothing of consent or
purpose. Run as a process of its own: ``python kinto_records.py DATABASE_URL``.
"""

import sys

import kinto
import waitress
from kinto.core.scripts import migrate

SETTINGS = {
    "kinto.storage_backend": "kinto.core.storage.postgresql",
    "kinto.permission_backend": "kinto.core.permission.postgresql",
    "kinto.cache_backend": "kinto.core.cache.memory",
    "kinto.userid_hmac_secret": "invented",
    "kinto.bucket_create_principals": "system.Authenticated",
    "multiauth.policies": "basicauth",
}


def main(url: str) -> None:
    """Make the tables and serve until told to stop."""
    app = kinto.main({}, **SETTINGS, **{"kinto.storage_url": url, "kinto.permission_url": url})
    migrate({"registry": app.registry})
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    print(f"http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
