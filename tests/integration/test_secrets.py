# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No run shows or leaves behind a secret, although the services return everything that they received."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from support.raw_server import CHANGE, TOKEN, Exchange, RawServer, echo, page
from support.runner import Result, connector, play

from sandbox import Sandbox

CANARY = "CANARY"
"""Every secret of these tests contains it, in each part that could be shown alone."""

PEM = "\n".join(
    ["-----BEGIN CERTIFICATE-----", *[f"CANARY{number:02}" + "A" * 56 for number in range(8)], "-----END-----"]
)
TOKEN_OPTION = "t1.CANARY-token-option.CANARY-signature"
SOURCE = {
    "bootstrap_servers": "kafka-1.example.com:9091",
    "sasl_username": "mirror",
    "sasl_password": 'CANARY-"quoted"\\back\tslash & <CANARY>',
    "ssl_truststore_certificates": PEM,
}
PROPERTIES = {
    "sasl.jaas.config": 'org.apache.kafka.Login required password="CANARY-jaas";\n  serviceName="CANARY-kafka";',
    "db.password": "CANARY-db-password",
    "producer.override.ssl.keystore.key": f"{PEM}\n",
    "shown": "as-it-is",
}
MIRRORMAKER = {
    "source_cluster": {"external_cluster": SOURCE},
    "target_cluster": {"this_cluster": {}},
    "topics": "orders",
}
S3_SINK = {
    "topics": "orders",
    "s3_connection": {"bucket_name": "b", "external_s3": {"secret_access_key": "CANARY/s3+secret=CANARY=="}},
}


def as_status(text: str) -> bytes:
    return json.dumps(
        {"code": 3, "message": f"cannot parse {text}", "details": [{"requestId": text}, {"echo": text}]}
    ).encode()


SHAPES: dict[str, Callable[[Exchange], None]] = {
    "a status": echo("400 Bad Request", as_status),
    "a status of another kind": echo("403 Forbidden", as_status),
    "a page": echo("500 Oops", lambda text: f"<html><pre>{text}</pre></html>".encode()),
    "the body alone": echo("200 OK", lambda text: text[text.index("\r\n") :].partition("{")[2].encode()),
    "JSON that is no operation": echo("200 OK", lambda text: json.dumps({"name": text, "id": [text]}).encode()),
    "a header": lambda exchange: page(
        b"", "400 Oops", f"X-Request-Id: {quote(exchange.headers()['authorization'], safe=' ')}"
    )(exchange),
}


def leavings(result: Result, *folders: Path) -> dict[str, str]:
    """Return all that a run left behind, by where it is."""
    found = {"terminal": result.output, "results": json.dumps([task.result for task in result.tasks])}
    found["results, decoded"] = str([task.result for task in result.tasks])
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file():
                found[str(file)] = file.read_text(errors="replace")
    return found


def assert_nothing_leaked(result: Result, secrets: list[str], *folders: Path) -> None:
    for place, text in leavings(result, *folders).items():
        for secret in (CANARY, *secrets):
            at = text.find(secret)
            assert at < 0, f"{place} shows a secret: {text[max(0, at - 300) : at + 60]!r}"


def environment(folder: Path, server: RawServer | Sandbox, **more: str | None) -> dict[str, str | None]:
    """Everything that a run may write goes below a folder, and stays there."""
    for name in ("remote", "local"):
        (folder / name).mkdir(parents=True)
    return {
        "HOME": str(folder),
        "ANSIBLE_HOME": str(folder / ".ansible"),
        "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "local"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
        "YC_ENDPOINT": server.url,
        "YC_IAM_TOKEN": None,
        **more,
    }


def key_lines(key: dict[str, str]) -> list[str]:
    """Return what of a key must not be seen."""
    lines = [line for line in key["private_key"].splitlines() if "-----" not in line and "PLEASE" not in line]
    return [line[:20] for line in lines if len(line) >= 20]


@pytest.fixture
def server(sandbox: Sandbox) -> Iterator[RawServer]:
    with RawServer(sandbox.url) as running:
        yield running


@pytest.mark.every_core
def test_secrets_that_a_service_echoes_are_hidden(
    sandbox: Sandbox, server: RawServer, cluster_id: str, tmp_path: Path
) -> None:
    sandbox.cloud.add_connector(cluster_id, "known", properties={"db.password": "CANARY-from-the-api"})
    token = sandbox.iam_token()
    given = {"cluster_id": cluster_id, "iam_token": token, "request_retries": 0, "diff_": True}
    create = {"properties": PROPERTIES, "mirrormaker": MIRRORMAKER}
    tasks: list[dict[str, Any]] = []
    for number, (name, shape) in enumerate(SHAPES.items()):
        server.on(CHANGE, shape)
        tasks.append(connector(f"create, {name}", **given, name=f"new-{number}", **create))
    for name in ("a status", "a page", "JSON that is no operation"):
        # the request holds a secret that only the API knows
        server.on("PATCH", SHAPES[name])
        tasks.append(connector(f"update, {name}", **given, name="known", properties={"more": "x"}))
    server.on(
        r"GET \S+/connectors/another$", page(b'{"name": "no", "properties": {"db.password": "CANARY-of-another"}}')
    )
    tasks += [
        connector("another connector", **given, name="another", state="paused"),
        connector("create", **given, name="created", **create),
        connector("sink", **given, name="sink", properties=PROPERTIES, s3_sink=S3_SINK),
        connector("secrets", **given, name="created", update_secrets=True, **create),
        connector("fail", **given, name="created", state="paused"),
    ]
    sandbox.faults.fail_operation("pause", message=f"cannot log in: {PROPERTIES['sasl.jaas.config']}")
    # without pipelining the module is written to the remote folder
    env = environment(tmp_path, server, ANSIBLE_PIPELINING="false")
    result = play(tasks, sandbox, verbosity=5, env=env, vars={"token": token})
    outcomes = {task.name: task.status for task in result.tasks}
    assert [name for name, status in outcomes.items() if status == "ok"] == ["create", "sink", "secrets"], result.output
    assert len(outcomes) == len(tasks)
    assert_nothing_leaked(result, [token], tmp_path)


def test_credentials_are_hidden(sandbox: Sandbox, server: RawServer, cluster_id: str, tmp_path: Path) -> None:
    keys = [sandbox.service_account_key() for dummy in range(3)]
    file = tmp_path.parent / f"{tmp_path.name}-key.json"
    file.write_text(json.dumps(keys[0]))
    file.chmod(0o600)
    task = {"cluster_id": cluster_id, "state": "paused", "request_retries": 0}
    tasks = []
    for name in ("a status", "a page", "the body alone", "JSON that is no operation"):
        server.on(TOKEN, SHAPES[name])
        tasks.append(connector(name, **task, service_account_key_file=str(file)))
    server.on(TOKEN, page(b'{"iamToken": "CANARY token that cannot be sent"}'))
    server.on(TOKEN, page(b'{"iamToken": "y0_CANARY"}'))
    tasks += [
        connector("not to be sent", **task, service_account_key_file=str(file)),
        connector("OAuth", **task, service_account_key_file=str(file)),
        connector("works", **task, service_account_key_file=str(file)),
        connector("text", **task, service_account_key="{{ text }}"),
        connector("dict", **task, service_account_key=keys[2]),
        connector(
            "no key", **task, service_account_key={**keys[2], "private_key": f"CANARY {keys[2]['private_key'][99:]}"}
        ),
        connector("no JSON", **task, service_account_key="{{ text[:-60] }}"),
        connector("two", **task, service_account_key=keys[2], iam_token=TOKEN_OPTION),
        connector("a token that is none", **task, iam_token=TOKEN_OPTION),
        connector("OAuth by hand", **task, iam_token="y0_CANARY-oauth"),
        # a task's own environment would be shown by Ansible itself
        connector("variable", **task),
    ]
    env = environment(tmp_path, server, YC_TOKEN=TOKEN_OPTION)
    result = play(tasks, sandbox, verbosity=5, env=env, vars={"text": json.dumps(keys[1])})
    outcomes = {task.name: task.status for task in result.tasks}
    assert [name for name, status in outcomes.items() if status == "ok"] == ["works", "text", "dict"], result.output
    jwts = [call.message["jwt"] for call in sandbox.requests_of("IamToken.Create")]
    used = {call.headers["authorization"].split()[1] for call in sandbox.requests_of("Connector.Get")}
    secrets = [line for key in keys for line in key_lines(key)]
    secrets += [token for token in used if CANARY not in token]
    secrets += [jwt[-40:] for jwt in jwts]
    assert_nothing_leaked(result, secrets, tmp_path)


BUG = """
    # stands in for a bug that nobody knows of: it fails with all that there is in its message
    import os, sys

    def find(name):
        return sys.modules.get(name) or __import__(name, fromlist=["x"])

    sessions = find("requests.sessions")

    def send(self, request, **options):
        raise RuntimeError(f"{request.headers} {request.body} {dict(os.environ)} {vars(self)}")

    sessions.Session.send = send
"""


def test_secrets_in_an_unexpected_exception_are_hidden(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    folder = tmp_path.parent / f"{tmp_path.name}-bug"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(textwrap.dedent(BUG))
    key = sandbox.service_account_key()
    create = {"cluster_id": cluster_id, "properties": PROPERTIES, "mirrormaker": MIRRORMAKER}
    tasks = [
        connector("token", iam_token=TOKEN_OPTION, **create),
        connector("key", service_account_key=key, **create),
        connector("variable", cluster_id=cluster_id),
    ]
    env = environment(tmp_path, sandbox, PYTHONPATH=str(folder), YC_TOKEN=TOKEN_OPTION)
    result = play(tasks, sandbox, verbosity=5, env=env)
    for task in result.tasks:
        assert task.failed
        assert "bug" in task.msg, task.msg
        assert "RuntimeError in" in task.msg, task.msg
    assert not sandbox.requests
    assert_nothing_leaked(result, key_lines(key), tmp_path)


def test_secrets_in_a_requested_traceback_are_hidden(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    env = environment(tmp_path, sandbox, ANSIBLE_DISPLAY_TRACEBACK="always", YC_TOKEN=TOKEN_OPTION)
    tasks = [connector("fails", cluster_id=cluster_id, properties=PROPERTIES, mirrormaker=MIRRORMAKER)]
    try:
        output = play(tasks, sandbox, verbosity=5, env=env).output
    except AssertionError as error:
        output = str(error)  # that of the runner, which takes a traceback for a failure, and shows all
    assert "Could not" in output
    assert CANARY not in output


@pytest.mark.every_core
def test_secrets_in_invalid_arguments_are_hidden(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    given = {"cluster_id": cluster_id, "iam_token": TOKEN_OPTION}
    broken = json.dumps(PROPERTIES)[:-1]
    tasks = [
        connector("no number", **given, tasks_max="many", properties=PROPERTIES, mirrormaker=MIRRORMAKER),
        connector("no such option", **given, password="x", properties=PROPERTIES, mirrormaker=MIRRORMAKER),
        connector("no map", **given, properties="{{ broken }}"),
        connector("a list", **given, properties=[PROPERTIES]),
        connector("text", **given, tasks_max="many", properties=json.dumps(PROPERTIES)),
        connector("pairs", **given, tasks_max="many", properties="db.password=CANARY-pair"),
        connector("a map in a map", **given, properties={"db.password": {"deep": "CANARY-deep"}}),
        connector("a list in a map", **given, properties={"db.password": ["CANARY-list"]}),
        connector("deep", **given, mirrormaker={"source_cluster": {"external_cluster": {**SOURCE, "what": 1}}}),
        connector("no dict", **given, mirrormaker={"source_cluster": {"external_cluster": "CANARY-not-a-dict"}}),
    ]
    result = play(tasks, sandbox, verbosity=5, env=environment(tmp_path, sandbox), vars={"broken": broken})
    assert [task.status for task in result.tasks] == ["failed"] * len(tasks)
    assert not sandbox.requests
    assert_nothing_leaked(result, [], tmp_path)
