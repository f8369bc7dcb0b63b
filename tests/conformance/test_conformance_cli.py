"""The command line: what each command says, and the exit code it ends with."""

import json
from pathlib import Path

import pytest
from mpex_conformance import cli
from mpex_conformance.mutants.bench import Bench
from typer.testing import CliRunner, Result

SECRETS = ("eyJ", "Bearer", "DPoP e")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def test_a_part_of_the_suite_is_never_conformant_and_says_what_is_open(reference: Bench) -> None:
    result = invoke("run", "--profile", str(reference.profile), "--only", "META-001", "--only", "rec-007")
    assert result.exit_code == cli.NOT_CONFORMANT
    tree = json.loads(Path("results/results.json").read_text("utf-8"))
    outcomes = {check["id"]: check["outcome"] for check in tree["checks"]}
    assert outcomes == {"meta-001": "pass", "rec-007": "pass"}
    assert "not conformant; 2 of" in " ".join(result.output.split())
    assert invoke("report").exit_code == cli.NOT_CONFORMANT


def test_results_hold_no_token_and_no_value_of_a_record(reference: Bench) -> None:
    invoke("run", "--profile", str(reference.profile), "--only", "rec-007", "--only", "rel-004")
    tree = json.loads(Path("results/results.json").read_text("utf-8"))
    assert all(check["outcome"] == "pass" for check in tree["checks"])
    assert len(tree["exchanges"]) > 10
    text = json.dumps(tree["exchanges"], ensure_ascii=False)
    assert not [
        secret for secret in (*SECRETS, "Fictia Exámplová", "فكتيا", "@fictia.example") if secret in text
    ]


def test_a_doctor_finds_a_sandbox_well(reference: Bench) -> None:
    result = invoke("doctor", "--profile", str(reference.profile))
    assert result.exit_code == cli.CONFORMANT, result.output
    assert "BAD" not in result.output.replace("BAD  unmarked", "")


def test_a_target_that_is_not_there_is_unreachable(reference: Bench) -> None:
    text = reference.profile.read_text("utf-8")
    address = text.partition("url = '")[2].partition("'")[0]
    Path("gone.toml").write_text(text.replace(address, "http://127.0.0.1:9", 1), "utf-8")
    assert invoke("run", "--profile", "gone.toml").exit_code == cli.UNREACHABLE
    assert invoke("doctor", "--profile", "gone.toml").exit_code == cli.UNREACHABLE


@pytest.mark.parametrize("place", ["profile", "configuration"])
def test_nothing_is_written_unless_everybody_says_sandbox(reference: Bench, place: str) -> None:
    text = reference.profile.read_text("utf-8")
    changed = text.replace("'sandbox'", "'production'") if place == "profile" else text
    Path("p.toml").write_text(changed, "utf-8")
    flag = ["--environment", "production"] if place == "configuration" else []
    result = invoke("run", "--profile", "p.toml", *flag)
    assert result.exit_code == cli.USAGE
    assert "sandbox" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--profile", "absent.toml"], "absent.toml cannot be read"),
        (["run", "--only", "none-001", "--profile", "empty.toml"], "no [node] url"),
        (["run", "--config", "absent.yaml"], "absent.yaml cannot be read"),
        (["explain", "NONE-001"], "no requirement NONE-001"),
        (["report", "absent.json"], "absent.json is not a result"),
    ],
)
def test_wrong_use_says_what_is_wrong(arguments: list[str], said: str) -> None:
    Path("empty.toml").write_text("", "utf-8")
    result = invoke(*arguments)
    assert result.exit_code == cli.USAGE
    assert said in " ".join(result.stderr.split())


def test_init_writes_once() -> None:
    assert invoke("init").exit_code == cli.CONFORMANT
    assert invoke("init").exit_code == cli.USAGE
    assert invoke("list", "--config", "mpex-conformance.yaml").output.count("\n") > 70


def test_explain_shows_the_sentence_and_the_check() -> None:
    output = " ".join(invoke("explain", "CONS-003").output.split())
    assert "A node MUST let a denial win over a permit of the same rank." in output
    assert "Check cons-003" in output
