# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets: every form of a value that is hidden, and every property that is masked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import (
    MASK,
    Secrets,
    mask,
    secret_values,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import (
    failed_get,
    failed_pause,
    get,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    NOT_FOUND,
    PAUSE,
    Call,
    Wire,
    connector,
    operation,
    status,
)

TOKEN = "t1.very-secret-token.signature"


# Masked properties.


@pytest.mark.parametrize(
    "key",
    [
        "sasl.jaas.config",
        "PASSWORD",
        "database.passwd",
        "db.pwd",
        "key.passphrase",
        "client.secret",
        "access_key",
        "accessKey",
        "auth-token",
        "schema.registry.basic.auth.user.info",
        "basic.auth.credentials.source",
        "api.key",
        "private-key",
        "ssl.keystore.key",
    ],
)
def test_a_key_that_names_a_secret_is_masked(key: str) -> None:
    assert mask({"properties": {key: "hunter2"}}) == {"properties": {key: MASK}}


@pytest.mark.parametrize(
    "key", ["key.converter", "topics", "refresh.topics.enabled", "ssl.protocol", "keys.max", "pass"]
)
def test_another_key_is_not_masked(key: str) -> None:
    assert mask({"properties": {key: "shown"}}) == {"properties": {key: "shown"}}


def test_only_properties_are_masked_at_any_depth() -> None:
    value = {
        "password": "not a property",
        "list": [{"properties": {"token": "x", "a": "b"}}],
        "deep": {"properties": {}},
    }
    assert mask(value) == {
        "password": "not a property",
        "list": [{"properties": {"token": MASK, "a": "b"}}],
        "deep": {"properties": {}},
    }
    assert value["list"] == [{"properties": {"token": "x", "a": "b"}}]


def test_the_mask_is_not_a_secret() -> None:
    # Tasks give the mask back. If it were a secret, results would replace it.
    assert list(secret_values({"properties": {"token": MASK}})) == []


@given(st.dictionaries(st.text(max_size=3) | st.sampled_from(["a.password", "token"]), st.text() | st.integers()))
def test_a_value_is_either_shown_or_secret(properties: dict[str, str | int]) -> None:
    shown = mask({"connectors": [{"properties": properties}]})["connectors"][0]["properties"]
    hidden = {str(value) for key, value in properties.items() if shown[key] == MASK != value}
    assert shown.keys() == properties.keys()
    assert all(shown[key] in (MASK, value) for key, value in properties.items())
    assert hidden == set(secret_values({"properties": properties}))


# Redacted text.

QUOTES: dict[str, Callable[[str], Any]] = {
    "text": lambda secret: f"<html>{secret}",
    "JSON in text": lambda secret: f"<html>{json.dumps(secret)}",
    "cut off": lambda secret: f"{'x' * 190}{secret}",
    "cut off at its end": lambda secret: f"{'x' * (200 - len(secret) + 1)}{secret}",
    "status": lambda secret: status(3, secret, details=[{"echo": secret, "requestId": secret}]),
    "JSON in status": lambda secret: status(3, json.dumps([secret]), details=[{"echo": json.dumps([secret])}]),
    "list": lambda secret: [secret],
    "other JSON": lambda secret: {"id": secret},
}


def shown_of(answer: Any, secret: str, **options: Any) -> str:
    """Return everything that the error of a request shows, of a client that knows a secret."""
    with Wire(Call("GET", CONNECTOR, answer, **options)) as wire:
        client = wire.client(retries=0)
        client.http.secrets.add(secret)
        error = failed_get(client)
    return json.dumps([error.msg, error.error])


@pytest.mark.parametrize(
    "secret",
    [
        's3cr3t "quoted" s3cr3t',
        "s3cr3t, line one\ns3cr3t, line two",
        " s3cr3t & more ",
        "t1.s3cr3t-and-long",
        "s3cr3t\u00e9",
    ],
    ids=["quotes", "lines", "spaces", "token", "not ASCII"],
)
def test_no_form_of_a_secret_is_quoted(secret: str) -> None:
    for http_status in (200, 302, 400, 401, 403, 404, 503):
        for name, quote in QUOTES.items():
            assert "s3cr3t" not in shown_of(quote(secret), secret, status=http_status), (http_status, name)


def test_a_secret_that_contains_another_is_hidden_as_a_whole() -> None:
    assert Secrets(["abc-def", "abc-def-ghi"]).redact("say abc-def-ghi, abc-def") == "say ********, ********"


def test_a_short_value_is_not_hidden() -> None:
    assert Secrets(["true", "12345"]).redact("true 12345") == "true 12345"


def test_values_of_json_are_redacted_and_others_stay() -> None:
    said = {"a": ["abc-def", 7, None, {"b": "-abc-def-"}]}
    assert Secrets(["abc-def"]).redact(said) == {"a": [MASK, 7, None, {"b": f"-{MASK}-"}]}


def test_secrets_from_the_service_are_not_secrets_of_the_task() -> None:
    known = Secrets(["of-the-task"])
    known.add_for_quotations("of-the-service")
    assert known.of_task == {"of-the-task"}
    assert known.redact("of-the-task of-the-service") == f"{MASK} {MASK}"


# Secrets in responses.


def test_a_request_id_is_quoted_without_secrets() -> None:
    assert TOKEN not in shown_of(NOT_FOUND, TOKEN, status=404, headers={"X-Request-Id": TOKEN})


def test_a_secret_property_from_the_service_is_not_quoted() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector(properties={"db.password": "s3cr3t-value"})),
        Call("POST", PAUSE, status(3, "cannot log in with s3cr3t-value"), status=400),
    ) as wire:
        client = wire.client()
        get(client)
        error = failed_pause(client)
    assert "cannot log in with ********" in error.msg
    assert "s3cr3t" not in json.dumps([error.msg, error.error])


def test_the_error_of_an_operation_is_quoted_without_secrets() -> None:
    failed = operation(done=True, error=status(13, "cannot log in with s3cr3t-value", details=[{"a": "s3cr3t-value"}]))
    with Wire(
        Call("GET", CONNECTOR, connector(properties={"db.password": "s3cr3t-value"})),
        Call("GET", "operation /operations/op1", failed),
    ) as wire:
        client = wire.client()
        get(client)
        body = client.get("operation", "operations", "op1", expected=bool).body
    assert body["error"] == status(13, "cannot log in with ********", details=[{"a": MASK}])


def test_a_secret_that_is_also_a_word_does_not_change_an_answer() -> None:
    shown = connector("PAUSED", properties={"password": "mirror"})
    with Wire(Call("GET", CONNECTOR, shown)) as wire:
        client = wire.client()
        client.http.secrets.add("mirror", "PAUSED")
        assert get(client) == shown
