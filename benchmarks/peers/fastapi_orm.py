"""A peer: person records in a textbook FastAPI application, with an object mapper and bearer tokens.

One table, one session for each request from a dependency, Pydantic in and out, a signed token. It enforces no
consent and no purpose, keeps no log and encrypts nothing. Run as a process of its own:
``python fastapi_orm.py DATABASE_URL SECRET``.
"""

import socket
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    """The mapper's base."""


class PersonRow(Base):
    """A person as a row."""

    __tablename__ = "peer_person"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Person(BaseModel):
    """A person as JSON."""

    model_config = ConfigDict(from_attributes=True)
    key: str
    data: dict[str, Any]


def make_app(url: str, secret: str) -> FastAPI:
    """Return the application on a database, with its table made; `secret` signs tokens."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine)

    def session() -> Iterator[Session]:
        with sessions() as opened:
            yield opened

    def client(given: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
        try:
            return str(jwt.decode(given.credentials, secret, algorithms=["HS256"])["sub"])
        except jwt.InvalidTokenError:
            raise HTTPException(401) from None

    app = FastAPI(dependencies=[Depends(client)])

    @app.get("/persons/{key}", response_model=Person)
    def read(key: str, db: Annotated[Session, Depends(session)]) -> PersonRow:
        found = db.get(PersonRow, key)
        if found is None:
            raise HTTPException(404)
        return found

    @app.post("/persons", response_model=Person, status_code=201)
    def write(person: Person, db: Annotated[Session, Depends(session)]) -> PersonRow:
        row = PersonRow(key=person.key, data=person.data)
        db.add(row)
        db.commit()
        db.refresh(row)
        return row

    return app


def main(url: str, secret: str) -> None:
    """Serve until told to stop."""
    sock = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{sock.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(make_app(url, secret), access_log=False, log_level="warning")).run(
        sockets=[sock]
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
