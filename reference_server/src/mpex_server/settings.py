"""Settings of a node: environment variables `MPEX_…` or a settings file; nothing else configures it."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from mpex_spec import codelist
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mpex_server.domain.purposes import PROHIBITED, PROHIBITED_CLASSES
from mpex_server.kit import entity
from mpex_server.kit.clock import Clock, ShiftedClock, SystemClock

_SHORTEST_WAIT_DAYS = 7


class InsecureSettingsError(ValueError):
    """A value is allowed only with `MPEX_ENVIRONMENT=sandbox`."""


class Settings(BaseSettings):
    """All settings; each may be given as `MPEX_<NAME>` in upper case."""

    model_config = SettingsConfigDict(env_prefix="MPEX_", extra="forbid", frozen=True)

    environment: Literal["sandbox", "production"] = Field(
        default="production",
        description="`sandbox` holds invented people only and says so in the node's metadata.",
    )
    node_id: str = Field(
        pattern=r"^node:[a-z2-7]{26}$", description="Permanent identifier of this node, made by `init`."
    )
    name: str = Field(min_length=1, max_length=200, description="Name of the node shown to partners.")
    recipient_class: str = Field(
        default="humanitarian", description="Class of this node as a recipient (codelist recipientClasses)."
    )
    purposes: tuple[str, ...] = Field(
        default=tuple(code for code in codelist("purposes") if code not in PROHIBITED),
        min_length=1,
        description="Purposes of the node's mandate (codelist purposes); by default all that may be used.",
    )
    participation_class: str = Field(
        default="fullNode", description="How the node takes part (codelist participationClasses)."
    )
    territories: tuple[str, ...] = Field(
        default=(),
        description="ISO 3166-1 alpha-2 codes of the territories where this node's data are accessed.",
    )
    public_url: str = Field(description="Address under which clients reach the node; proofs are bound to it.")
    database_url: str = Field(
        description="SQLAlchemy address: `sqlite:////path/node.db` or `postgresql+psycopg://…`."
    )
    keys: Literal["file", "environment", "pkcs11"] = Field(
        default="file",
        description="`file`: keys in `MPEX_KEY_DIR`; `environment`: `MPEX_SECRET_…`; `pkcs11`: a token.",
    )
    key_dir: Path = Field(
        default=Path("keys"),
        description="Folder with mode 0700 that holds the node's keys, or what its token has sealed.",
    )
    pkcs11_module: Path | None = Field(
        default=None, description="PKCS#11 library of the token's maker (`mpex-server[pkcs11]`)."
    )
    pkcs11_token: str | None = Field(default=None, description="Label of the token.")
    pkcs11_pin_file: Path | None = Field(
        default=None,
        description="File with mode 0600 that holds the token's PIN; else the variable `MPEX_PKCS11_PIN`.",
    )
    threads: int = Field(default=8, ge=1, le=64, description="Threads that run units of work.")
    requests_at_once: int = Field(
        default=256,
        ge=1,
        le=10_000,
        description="Requests that may run or wait in one process; one more is answered with 503.",
    )
    wait_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="Longest time for which a request waits for a thread; then it is answered with 503.",
    )
    connections: int = Field(
        default=512,
        ge=1,
        le=65_536,
        description="Connections that one process keeps open; one more is closed.",
    )
    request_seconds: float = Field(
        default=30.0,
        gt=0,
        le=300,
        description="Seconds in which a request must arrive whole, and in which an answer must be read on.",
    )
    token_seconds: int = Field(
        default=300, ge=30, le=300, description="Lifetime of access tokens in seconds."
    )
    sequencer_seconds: float = Field(
        default=2.0,
        gt=0,
        le=10,
        description="Longest delay in seconds between an action and its place in the log.",
    )
    role: Literal["node", "anchor"] = Field(
        default="node", description="`node` keeps records; `anchor` vouches for those who do."
    )
    superiors: tuple[str, ...] = Field(
        default=(), description="Anchors or intermediates that vouch for the node, as entity identifiers."
    )
    trust_seconds: int = Field(
        default=900,
        ge=1,
        le=3300,
        description="Seconds between two looks at what the chosen anchors say of partners; at most 3300.",
    )
    search_hold_seconds: float = Field(
        default=0.25,
        ge=0,
        le=0.25,
        description="Time grid of partner searches and every 404; 0 in a sandbox only.",
    )
    release_due_hours: int = Field(
        default=48,
        ge=1,
        le=720,
        description="Due time of a release request in hours of the working calendar.",
    )
    erasure_wait_days: int = Field(
        default=14,
        ge=0,
        le=90,
        description="Days for which a record that is to be erased waits; less than 7 in a sandbox only.",
    )
    office_file: Path | None = Field(
        default=None,
        description="File (office.json) with calendar, four-eyes rule, automatic releases and places.",
    )
    partner_searches_per_day: int = Field(
        default=500,
        ge=1,
        description="Searches that one partner may send in a day; published in the metadata.",
    )
    case_searches_per_day: int = Field(
        default=100,
        ge=1,
        description="Searches that one partner may send in a day in one case; published in the metadata.",
    )
    standing_searches_per_partner: int = Field(
        default=50,
        ge=0,
        description="Standing queries that one partner may have at a time; published in the metadata.",
    )
    partner_asks_per_day: int = Field(
        default=200,
        ge=1,
        description="Events of one partner in a day that wait for staff; published in the metadata.",
    )
    release_requests_per_day: int = Field(
        default=300,
        ge=1,
        description="Release requests of one partner in a day; published in the metadata.",
    )
    onward_recipients_per_release: int = Field(
        default=50,
        ge=0,
        description="Nodes that may be reported as onward recipients of one release; published.",
    )
    contact_organisation: str | None = Field(
        default=None,
        max_length=200,
        description="Office that answers for the node; the node's name when absent.",
    )
    contact_email: str | None = Field(
        default=None, max_length=254, description="Address of that office, published in the metadata."
    )
    conformance_classes: tuple[str, ...] = Field(
        default=("core", "exchange"), description="Conformance classes that the node claims (codelist)."
    )
    journal_file: Path | None = Field(
        default=None,
        description="File for the log and the erasures, made by `init`; a backup is restored with it.",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="Port of 127.0.0.1 on which Prometheus reads metrics; without it nowhere.",
    )
    traces: bool = Field(
        default=False,
        description="Send OpenTelemetry traces (`mpex-server[otel]`) to where `OTEL_…` variables say.",
    )
    clock_file: Path | None = Field(
        default=None,
        description="File with whole seconds to add to the machine's clock; in a sandbox only.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level logged."
    )

    @field_validator("purposes")
    @classmethod
    def _refuse_strange_purposes(cls, purposes: tuple[str, ...]) -> tuple[str, ...]:
        if strange := set(purposes) & PROHIBITED | set(purposes) - set(codelist("purposes")):
            raise ValueError(f"MPEX_PURPOSES must name purposes that may be used; not {', '.join(strange)}")
        return purposes

    @field_validator("recipient_class")
    @classmethod
    def _refuse_strange_recipients(cls, recipient_class: str) -> str:
        if recipient_class in PROHIBITED_CLASSES or recipient_class not in codelist("recipientClasses"):
            raise ValueError("MPEX_RECIPIENT_CLASS must be a class that may be a partner (TRUST-031)")
        return recipient_class

    @field_validator("participation_class")
    @classmethod
    def _refuse_strange_class(cls, participation_class: str) -> str:
        if participation_class not in codelist("participationClasses"):
            raise ValueError("MPEX_PARTICIPATION_CLASS must be a code of participationClasses")
        return participation_class

    @field_validator("superiors")
    @classmethod
    def _refuse_strange_superiors(cls, superiors: tuple[str, ...]) -> tuple[str, ...]:
        for rule in filter(None, map(entity.broken_rule, superiors)):
            raise ValueError(f"MPEX_SUPERIORS: an entity identifier {rule}")
        return superiors

    @model_validator(mode="after")
    def _refuse_strange_address(self) -> Self:
        """Hold the public address to what annex B says of identifiers; a sandbox may speak http anywhere."""
        address = self.public_url.replace("http://", "https://", 1) if self.sandbox else self.public_url
        if rule := entity.broken_rule(address):
            raise ValueError(f"MPEX_PUBLIC_URL: an entity identifier {rule}")
        return self

    @model_validator(mode="after")
    def _refuse_insecure_values(self) -> Self:
        if self.keys == "pkcs11" and (self.pkcs11_module is None or self.pkcs11_token is None):
            raise ValueError("MPEX_KEYS=pkcs11 needs MPEX_PKCS11_MODULE and MPEX_PKCS11_TOKEN")
        if self.sandbox:
            return self
        if urlsplit(self.public_url).hostname in entity.LOOPBACK:
            raise InsecureSettingsError("MPEX_PUBLIC_URL must not be a loopback address outside a sandbox")
        if self.search_hold_seconds == 0:
            raise InsecureSettingsError("MPEX_SEARCH_HOLD_SECONDS may be 0 in a sandbox only")
        if self.erasure_wait_days < _SHORTEST_WAIT_DAYS:
            raise InsecureSettingsError("MPEX_ERASURE_WAIT_DAYS may be less than 7 in a sandbox only")
        if self.clock_file is not None:
            raise InsecureSettingsError("MPEX_CLOCK_FILE may be set in a sandbox only")
        return self

    def clock(self) -> Clock:
        """Return the node's source of time."""
        return SystemClock() if self.clock_file is None else ShiftedClock(self.clock_file)

    @property
    def sandbox(self) -> bool:
        """Whether the node holds invented people only."""
        return self.environment == "sandbox"

    @property
    def topmost(self) -> bool:
        """Whether it is an anchor for which nobody vouches, known only to those who chose it."""
        return self.role == "anchor" and not self.superiors
