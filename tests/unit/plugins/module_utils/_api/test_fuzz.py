# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services that answer at random: valid responses, almost valid ones, and others.

No response causes more than an error of our own, an endless task, or a request that contains a mask.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import MASK
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.transport import Request, Response
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.execute import Task
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules import (
    kafka_cluster_info,
    kafka_connector,
    kafka_connector_info,
    operation_info,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import (
    broken,
    json_keys,
    json_values,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTOR,
    PAUSE,
    Call,
    Wire,
    connector,
    done,
    operation,
    status,
)

# The maximum number of requests of one task. The clock is a fake one, so an endless task would be endless here.
MOST_REQUESTS = 1000
SECRET = "s3cr3t-value"

# The duration of an example says nothing on a busy machine.
patiently = settings(suppress_health_check=[HealthCheck.too_slow])

_config = {
    "sourceCluster": {"alias": "a", "externalCluster": {"bootstrapServers": "k1", "saslUsername": "u"}},
    "targetCluster": {"thisCluster": {}},
    "topics": "a,b",
    "replicationFactor": "3",
}
_statuses = st.sampled_from(["RUNNING", "PAUSED", "ERROR", "SOMETHING_NEW", ""])


def _documents(request_line: str) -> st.SearchStrategy[Any]:
    """Return valid responses of the API."""
    connectors = _statuses.map(
        lambda word: connector(
            word, connectorConfigMirrormaker=_config, properties={"db.password": SECRET, "sync": "true"}
        )
    )
    if "/operations/" in request_line:
        identifier = unquote(request_line.rpartition("/")[2])
        ended = _statuses.map(lambda word: {**done(word), "id": identifier})
        failed = st.builds(lambda over: {"id": identifier, "error": status(13, "x"), "done": over}, st.booleans())
        return st.just({"id": identifier}) | ended | failed
    if request_line.startswith("GET") and request_line.endswith("/connectors"):
        page = st.lists(connectors, max_size=2)
        token = st.sampled_from(["", "a", "b"])
        return st.builds(lambda items, following: {"connectors": items, "nextPageToken": following}, page, token)
    if request_line.startswith("GET") and request_line.endswith("/operations"):
        listed = operation(done=True, metadata={"connectorName": "mirror"}, createdBy="ajek")
        return st.just({"operations": [listed]}) | st.just({})
    if request_line.startswith("GET") and request_line.endswith("/clusters"):
        cluster = {"id": CLUSTER_ID, "name": "demo", "labels": {"a": "b"}, "config": {"brokersCount": "3"}}
        return st.just({"clusters": [cluster, {**cluster, "id": "c2", "name": "other"}]})
    if request_line.startswith("GET"):
        return connectors
    return st.just(operation()) | _statuses.map(done)


@st.composite
def _almost(draw: st.DrawFn, document: Any, depth: int = 0) -> Any:
    """Return a document with one part that is wrong."""
    if not isinstance(document, (dict, list)) or not document or (depth and draw(st.integers(0, 3)) == 0):
        return draw(json_values)
    if isinstance(document, list):
        place: Any = draw(st.integers(0, len(document) - 1))
        changed: Any = list(document)
    else:
        place = draw(st.sampled_from(sorted(document)))
        changed = dict(document)
    if draw(st.booleans()):
        changed[place] = draw(_almost(document[place], depth + 1))
    else:
        del changed[place]
        if isinstance(changed, dict) and draw(st.booleans()):
            changed[draw(json_keys)] = draw(json_values)
    return changed


_errors = st.builds(
    lambda code, message, details: status(code, message, details=details),
    st.integers(0, 17),
    st.sampled_from(["no", 'conflicting operation "op9" detected', "Conflicting operation .. detected", "no changes"]),
    st.just([{"@type": "x", "requestId": "r"}]),
)
_http = st.sampled_from([200, 201, 302, 400, 401, 403, 404, 409, 418, 429, 500, 503, 504, 599])
_headers = st.sampled_from(
    [{}, {}, {"Retry-After": "7"}, {"Retry-After": "\x1f0"}, {"x-operation-poll-interval": "1e308"}, {"Date": "x"}]
)
_unexpected = st.sampled_from(["", "<html>", "[" * 500, "[]", '{"a":[' * 400 + "]}" * 400])


class Chaos(Wire):
    """A service whose every response is drawn when the request comes."""

    def __init__(self, data: st.DataObject) -> None:
        super().__init__()
        self.data = data

    def __call__(self, request: Request, timeout: float, proxies: Mapping[str, str]) -> Response:
        parts = urlsplit(request.url)
        if len(self.requests) >= MOST_REQUESTS:
            # Not an assertion: the task would report that as a bug, and continue with nothing to fail.
            pytest.fail("the task has no end")
        place = f"{(parts.hostname or '').partition('.')[0]} {parts.path}"
        self.script = [Call(request.method, place, **self._answer(f"{request.method} {parts.path}", request))]
        return super().__call__(request, timeout, proxies)

    def _answer(self, request_line: str, request: Request) -> dict[str, Any]:
        draw = self.data.draw
        # Valid responses are frequent, so that a task gets far.
        kind = draw(st.sampled_from(["valid"] * 5 + ["almost", "almost", "error", "error", "unexpected", "none"]))
        if len(self.requests) > 30:
            return {"answer": {}, "status": 403}
        if kind == "none":
            return {"answer": broken(change=request.changes)}
        if kind == "unexpected":
            return {"answer": draw(_unexpected), "status": draw(_http)}
        if kind == "error":
            error = draw(_errors)
            return {"answer": draw(st.just(error) | _almost(error)), "status": draw(_http), "headers": draw(_headers)}
        document = draw(_documents(request_line))
        return {"answer": document if kind == "valid" else draw(_almost(document)), "headers": draw(_headers)}


def survive(task: Task, chaos: Chaos, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """Run a task, and check everything that is true of each result."""
    result = chaos.run(task, check_mode=check_mode, **options).result
    message = result.get("msg", "")
    assert "this is a bug" not in message
    assert "\n" not in message
    assert isinstance(result["changed"], bool)
    # Ansible writes JSON too.
    assert SECRET not in json.dumps(result)
    assert not any(MASK.encode() in (request.body or b"") for request in chaos.requests)
    changes = [request for request in chaos.requests if request.method != "GET"]
    if check_mode:
        assert not changes
    elif result["changed"]:
        assert changes
    return result


SPEC = {
    "properties": {"sync": "false", "db.password": MASK},
    "connector_config_mirrormaker": {"topics": "a", "source_cluster": {"alias": "b"}},
}


@patiently
@given(
    st.data(),
    st.sampled_from(["present", "absent", "paused", "running", "restarted"]),
    st.sampled_from([{}, {}, SPEC]),
    st.booleans(),
    st.booleans(),
)
def test_one_connector_survives_any_response(
    data: st.DataObject, state: str, spec: dict[str, Any], check_mode: bool, wait: bool
) -> None:
    spec = spec if state in ("present", "paused", "running") else {}
    options = {"cluster_id": CLUSTER_ID, "name": "mirror", "state": state, "wait": wait, "wait_timeout": 60, **spec}
    survive(kafka_connector.TASK, Chaos(data), check_mode=check_mode, **options)


@patiently
@given(st.data(), st.sampled_from(["absent", "paused", "running", "restarted"]), st.booleans(), st.booleans())
def test_several_connectors_survive_any_response(
    data: st.DataObject, state: str, check_mode: bool, health: bool
) -> None:
    health = health and state in ("running", "restarted")
    options = {"cluster_id": CLUSTER_ID, "names": ["mirr*"], "state": state, "wait_for_health": health}
    result = survive(kafka_connector.TASK, Chaos(data), check_mode=check_mode, wait_timeout=60, **options)
    assert result["changed"] <= bool(result.get("affected"))


@patiently
@given(
    st.data(),
    st.sampled_from([{"name": "mirror"}, {"names": ["m*"]}, {"status": ["PAUSED"]}, {"include_last_operation": True}]),
)
def test_the_list_of_connectors_survives_any_response(data: st.DataObject, chosen: dict[str, Any]) -> None:
    survive(kafka_connector_info.TASK, Chaos(data), cluster_name="demo", folder_id="b1g", **chosen)


@patiently
@given(st.data(), st.sampled_from([{}, {"labels": {"a": "b"}}]))
def test_the_list_of_clusters_survives_any_response(data: st.DataObject, labels: dict[str, Any]) -> None:
    survive(kafka_cluster_info.TASK, Chaos(data), folder_id="b1g", names=["d*"], **labels)


@patiently
@given(st.data(), st.booleans())
def test_an_operation_survives_any_response(data: st.DataObject, wait: bool) -> None:
    survive(operation_info.TASK, Chaos(data), operation_id="op1", wait=wait, wait_timeout=60)


# Names and IDs.

_texts = st.text(max_size=60) | st.sampled_from(
    ["..", ".", "a/../b", "%2e%2e", "a?b=c", "a#b", "a;b", "\u2025", "a\\b", "mirror", "a.b-c_D"]
)


@patiently
@given(_texts, _texts)
@example("..", "mirror")
@example(CLUSTER_ID, "..")
@example(CLUSTER_ID, "pause")
@example(CLUSTER_ID, "a\n")
def test_a_name_never_changes_the_meaning_of_a_url(cluster_id: str, name: str) -> None:
    urls: list[str] = []

    class Recorder(Wire):
        def __call__(self, request: Request, timeout: float, proxies: Mapping[str, str]) -> Response:
            urls.append(request.url)
            raise broken()

    ended = Recorder().run(kafka_connector.TASK, cluster_id=cluster_id, name=name, state="paused", request_retries=0)
    assert ended.failed
    assert "this is a bug" not in ended.result["msg"]
    assert "\n" not in ended.result["msg"]
    for url in urls:
        assert url == f"https://mdb.api.cloud.yandex.net/managed-kafka/v1/clusters/{cluster_id}/connectors/{name}"
        # Everything that could mean something in a URL is rejected, not quoted.
        assert re.fullmatch("[-_a-zA-Z0-9]+", cluster_id)
        assert re.fullmatch("[-_.a-zA-Z0-9]+", name)
        assert name not in (".", "..")


# What these tests found, as a small example.


def test_an_unexpected_response_to_the_verification_does_not_end_the_wait() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, done("RUNNING")),
        Call("GET", CONNECTOR, "<html>maintenance"),
        Call("GET", CONNECTOR, "", status=503),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        ended = wire.run(kafka_connector.TASK, cluster_id=CLUSTER_ID, name="mirror", state="paused")
    assert ended.result["connector"]["status"] == "PAUSED"
