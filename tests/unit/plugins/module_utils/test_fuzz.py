# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services that answer at random: what fits the API, what almost fits it, and what does not.

No answer leads to more than an error of our own, to a request that never ends, or to something sent that was masked.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import (
    Wanted,
    agenda,
    connector_from_api,
    operation_from_api,
    step_for,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    ApiError,
    Error,
    InputError,
    InternalError,
    describe_status,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import MASK, masked
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import (
    SPECIFICATION,
    check_specification,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import (
    options as specification_options,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules import (
    kafka_cluster_info,
    kafka_connector,
    kafka_connector_info,
    operation_info,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.strategies import patiently
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

MOST_REQUESTS = 1000
"""Of one task: the clock is a fast one, so a task that sends more would send for ever."""

SECRET = "s3cr3t-value"

_keys = st.sampled_from(["", "id", "name", "done", "error", "response", "properties", "code", "message", "@type", "x"])
_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "PAUSED", "RUNNING", "mirror", "..", "\ud800", "\x00", "9" * 30, "-1"])
    | st.text(max_size=8)
)
_json = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys | st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
_config = {
    "sourceCluster": {"alias": "a", "externalCluster": {"bootstrapServers": "k1", "saslUsername": "u"}},
    "targetCluster": {"thisCluster": {}},
    "topics": "a,b",
    "replicationFactor": "3",
}
_statuses = st.sampled_from(["RUNNING", "PAUSED", "ERROR", "SOMETHING_NEW", ""])


def _documents(asked: str) -> st.SearchStrategy[Any]:
    """Return what the API could answer."""
    connectors = _statuses.map(
        lambda word: connector(
            word, connectorConfigMirrormaker=_config, properties={"db.password": SECRET, "sync": "true"}
        )
    )
    if "/operations/" in asked:
        identifier = unquote(asked.rpartition("/")[2])
        ended = _statuses.map(lambda word: {**done(word), "id": identifier})
        failed = st.builds(lambda over: {"id": identifier, "error": status(13, "x"), "done": over}, st.booleans())
        return st.just({"id": identifier}) | ended | failed
    if asked.startswith("GET") and asked.endswith("/connectors"):
        page = st.lists(connectors, max_size=2)
        token = st.sampled_from(["", "a", "b"])
        return st.builds(lambda items, following: {"connectors": items, "nextPageToken": following}, page, token)
    if asked.startswith("GET") and asked.endswith("/clusters"):
        cluster = {"id": CLUSTER_ID, "name": "demo", "labels": {"a": "b"}, "config": {"brokersCount": "3"}}
        return st.just({"clusters": [cluster, {**cluster, "id": "c2", "name": "other"}]})
    if asked.startswith("GET"):
        return connectors
    return st.just(operation()) | _statuses.map(done)


@st.composite
def _almost(draw: st.DrawFn, document: Any, depth: int = 0) -> Any:
    """Return a document with something in it that is not as it should be."""
    if not isinstance(document, (dict, list)) or not document or (depth and draw(st.integers(0, 3)) == 0):
        return draw(_json)
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
            changed[draw(_keys)] = draw(_json)
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
_broken = st.sampled_from([requests.ConnectionError("reset"), requests.Timeout("slow"), "", "<html>", "[" * 500, "[]"])


class Chaos(Wire):
    """A service that answers each request with something that is drawn when it is asked for."""

    def __init__(self, data: st.DataObject) -> None:
        super().__init__()
        self.data = data
        self.bodies: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        assert len(self.requests) < MOST_REQUESTS, "it goes on and on"
        asked = f"{request.method} {parts.path}"
        self.bodies.append(str(request.body or ""))
        place = f"{(parts.hostname or '').partition('.')[0]} {parts.path}"
        self.script = [Call(str(request.method), place, **self._answer(asked))]
        return super().send(request, *args, **options)

    def _answer(self, asked: str) -> dict[str, Any]:
        draw = self.data.draw
        # what fits comes often, so that a task gets somewhere
        kind = draw(st.sampled_from(["fits"] * 5 + ["almost", "almost", "error", "error", "broken"]))
        if len(self.requests) > 30:
            return {"answer": {}, "status": 403}
        if kind == "broken":
            return {"answer": draw(_broken), "status": draw(_http)}
        if kind == "error":
            error = draw(_errors)
            return {"answer": draw(st.just(error) | _almost(error)), "status": draw(_http), "headers": draw(_headers)}
        document = draw(_documents(asked))
        return {"answer": document if kind == "fits" else draw(_almost(document)), "headers": draw(_headers)}


def survive(manage: Any, params: Mapping[str, Any], chaos: Chaos, check_mode: bool = False) -> dict[str, Any]:
    """Run a module; check what has to hold of its result whatever it was answered."""
    try:
        result: dict[str, Any] = manage(params, chaos.client(wait_timeout=60), check_mode)
    except InternalError:
        raise
    except Error as error:
        result = error.result()
        assert result["msg"]
        assert "\n" not in result["msg"]
    assert isinstance(result["changed"], bool)
    # Ansible would do the same with it
    assert SECRET not in json.dumps({name: result.get(name) for name in ("connector", "connectors", "operation")})
    assert not any(MASK in body for body in chaos.bodies)
    return result


PARAMS: dict[str, Any] = {
    **dict.fromkeys(specification_options()),
    "cluster_id": CLUSTER_ID,
    "cluster_name": None,
    "name": "mirror",
    "names": None,
    "state": "paused",
    "wait": True,
    "purge_properties": False,
    "update_secrets": False,
}
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
def test_a_connector_whatever_is_answered(
    data: st.DataObject, state: str, spec: dict[str, Any], check_mode: bool, wait: bool
) -> None:
    chaos = Chaos(data)
    params = {**PARAMS, "state": state, "wait": wait, **({} if state == "restarted" else spec)}
    result = survive(kafka_connector.manage, params, chaos, check_mode)
    changes = [request for request in chaos.requests if request.method != "GET"]
    if check_mode:
        assert not changes
    elif result["changed"]:
        assert changes


@patiently
@given(st.data(), st.sampled_from(["absent", "paused", "running", "restarted"]))
def test_many_connectors_whatever_is_answered(data: st.DataObject, state: str) -> None:
    # one thread draws: hypothesis is not made for more
    params = {**PARAMS, "name": None, "names": ["mirr*"], "state": state}
    survive(kafka_connector.manage, params, Chaos(data), check_mode=True)


@patiently
@given(st.data(), st.sampled_from([{"name": "mirror"}, {"names": ["m*"]}, {"status": ["PAUSED"]}]))
def test_what_is_shown_of_connectors_whatever_is_answered(data: st.DataObject, chosen: dict[str, Any]) -> None:
    params = {"cluster_id": None, "cluster_name": "demo", "folder_id": "b1g", "name": None, "names": None}
    survive(kafka_connector_info.manage, {**params, "status": None, **chosen}, Chaos(data))


@patiently
@given(st.data(), st.sampled_from([None, {"a": "b"}]))
def test_what_is_shown_of_clusters_whatever_is_answered(data: st.DataObject, labels: Any) -> None:
    survive(kafka_cluster_info.manage, {"folder_id": "b1g", "names": ["d*"], "labels": labels}, Chaos(data))


@patiently
@given(st.data(), st.booleans())
def test_an_operation_whatever_is_answered(data: st.DataObject, wait: bool) -> None:
    survive(operation_info.manage, {"operation_id": "op1", "wait": wait}, Chaos(data))


# The same without a wire: whatever passes as a connector.


@st.composite
def _odd_connectors(draw: st.DrawFn) -> dict[str, Any]:
    document = draw(_documents("GET /connectors/mirror"))
    for dummy in range(draw(st.integers(0, 3))):
        changed = draw(_almost(document))
        document = changed if isinstance(changed, dict) else document
    return {**document, "name": "mirror"}


@patiently
@given(_odd_connectors(), st.sampled_from(["present", "paused", "running"]), st.booleans())
def test_what_is_shown_of_an_odd_connector_can_be_given_back(body: dict[str, Any], state: str, purge: bool) -> None:
    try:
        current = connector_from_api(body)
    except ApiError:
        return  # it is said that it is none
    shown = masked(current)
    names = {field.name for field in SPECIFICATION}
    given_back = {name: value for name, value in shown.items() if name in names and isinstance(value, dict)}
    try:
        wanted = Wanted(state, check_specification({**PARAMS, **given_back}), purge, False)
        steps = [step_for(item, wanted, current) for item in agenda(wanted, current)]
    except (InputError, AttributeError, TypeError):
        # AnsibleModule would not have let that through
        return
    for step in steps:
        assert step is None or MASK not in json.dumps(step.body)


@patiently
@given(_json)
def test_any_json_is_described(value: Any) -> None:
    """What Ansible writes of it, it can write."""
    body = value if isinstance(value, dict) else {"message": value, "code": value, "details": value}
    json.dumps(describe_status(body))
    json.dumps(operation_from_api({"id": "op1", **body}))


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
def test_names_do_not_leave_their_place_in_a_url(cluster_id: str, name: str) -> None:
    asked: list[str] = []

    class Recorder(Wire):
        def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
            asked.append(request.url or "")
            raise requests.ConnectionError("enough")

    params = {**PARAMS, "cluster_id": cluster_id, "name": name}

    def run() -> None:
        kafka_connector.check(params)
        kafka_connector.manage(params, Recorder().client(retries=0), False)

    with pytest.raises(Error) as failure:
        run()
    assert "\n" not in failure.value.msg
    for url in asked:
        parts = urlsplit(url)
        assert parts.netloc == "mdb.api.cloud.yandex.net"
        assert (parts.query, parts.fragment) == ("", "")
        assert parts.path == f"/managed-kafka/v1/clusters/{cluster_id}/connectors/{name}"
        # all that could mean something in a URL is refused, not quoted
        assert re.fullmatch("[-_a-zA-Z0-9]+", cluster_id)
        assert re.fullmatch("[-_.a-zA-Z0-9]+", name)
        assert name not in (".", "..")


# What the campaigns have found, once more and small.


def nested(levels: int) -> Any:
    value: Any = "deep"
    for dummy in range(levels):
        value = {"a": [value]}
    return value


@pytest.mark.parametrize("levels", [30, 200, 400, 5000])
def test_json_that_is_nested_too_deeply_is_no_answer(levels: int) -> None:
    text = json.dumps(connector("PAUSED")).replace("}", ', "deep": ' + '{"a":[' * levels + "]}" * levels + "}")
    with Wire(Call("GET", CONNECTOR, text)) as wire, pytest.raises(Error) as failure:
        read(wire.client())
    assert "something else than the expected JSON" in failure.value.msg
    json.dumps(failure.value.result())


def test_json_that_is_nested_as_much_as_the_api_may_do_is_one() -> None:
    with Wire(Call("GET", CONNECTOR, connector("PAUSED", deep=nested(10)))) as wire:
        assert read(wire.client())["connector"]["deep"]


def read(client: Client) -> dict[str, Any]:
    return kafka_connector.manage(PARAMS, client, False)


@pytest.mark.parametrize("properties", [[], "text", 7, [["a", "b"]]])
def test_properties_that_are_no_map(properties: Any) -> None:
    with Wire(Call("GET", CONNECTOR, connector("PAUSED", properties=properties))) as wire, pytest.raises(ApiError):
        read(wire.client())


def test_a_date_in_retry_after_is_by_the_clock_of_the_service() -> None:
    """Ours may be wrong by years."""
    headers = {"Date": "Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT"}
    busy = Call("GET", CONNECTOR, status(8, "busy"), status=429, headers=headers)
    with Wire(busy, Call("GET", CONNECTOR, connector("PAUSED"))) as wire:
        read(wire.client())
    assert wire.clock.naps == [30]


def test_a_page_in_the_place_of_a_poll_of_the_connector_ends_no_wait() -> None:
    ended = done("RUNNING")  # stale
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, ended),
        Call("GET", CONNECTOR, "<html>maintenance"),
        Call("GET", CONNECTOR, "", status=503),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        assert read(wire.client())["connector"]["status"] == "PAUSED"


PARTS = ['s3cr3t "quoted" s3cr3t', "s3cr3t, line one\ns3cr3t, line two", "<s3cr3t> & s3cr3t", "t1.s3cr3t-and-long"]
ECHOES = {
    "as it is": str,
    "JSON": json.dumps,
    "JSON in JSON": lambda text: json.dumps(json.dumps({"a": text})),
    "HTML": html.escape,
    "where it would be cut": lambda text: f"{'x' * 190}{text}",
}


@pytest.mark.parametrize("secret", PARTS)
@pytest.mark.parametrize("echo", ECHOES)
def test_no_form_of_a_secret_is_quoted(secret: str, echo: str) -> None:
    said = ECHOES[echo](secret)
    for answer in (f"<html>{said}", status(3, said, details=[{"echo": said}]), [said], {"id": said}):
        for http in (200, 400):
            with Wire(Call("GET", CONNECTOR, answer, status=http)) as wire:
                client = wire.client()
                client.hide([secret])
                with pytest.raises(Error) as failure:
                    read(client)
            assert "s3cr3t" not in json.dumps(failure.value.result())


def test_a_secret_that_only_the_api_knows_is_not_quoted() -> None:
    with (
        Wire(
            Call("GET", CONNECTOR, connector(properties={"db.password": SECRET})),
            Call("POST", PAUSE, status(3, f"cannot log in with {SECRET}"), status=400),
            Call("GET", CONNECTOR, connector(properties={"db.password": SECRET})),
        ) as wire,
        pytest.raises(Error) as failure,
    ):
        read(wire.client())
    assert SECRET not in json.dumps(failure.value.result())
    assert "cannot log in with ********" in failure.value.msg


def test_a_secret_that_is_a_word_does_not_spoil_what_is_read() -> None:
    """It is hidden in what is quoted alone: a connector may well be called as its password is."""
    with Wire(Call("GET", CONNECTOR, connector("PAUSED", properties={"password": "mirror"}))) as wire:
        client = wire.client()
        client.hide(["mirror", "PAUSED"])
        shown = read(client)["connector"]
    assert (shown["name"], shown["status"]) == ("mirror", "PAUSED")
    assert shown["properties"] == {"password": MASK}
