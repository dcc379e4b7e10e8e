# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Between the API's JSON and the form of results: names of fields, numbers, and what is not shown. Pure."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MASK = "********"
# what Ansible itself puts in the place of a whole value that is a secret
ANSIBLE_MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"

# a shorter value is a word like "true" or a number: hiding it wherever it occurs would spoil what is shown
SHORTEST_SECRET = 6
# a line of a secret that is one by itself
_LONG_LINE = 16

# fields that hold a map, whose keys are data
_MAPS = frozenset({"properties", "labels"})
# int64 fields, which JSON carries as strings, of Connector and Cluster; no other field there has one of these names
INTEGERS = frozenset(
    {
        "brokers_count",
        "commit_interval_ms",
        "commit_threads",
        "commit_timeout_ms",
        "default_replication_factor",
        "disk_size",
        "disk_size_limit",
        "emergency_usage_threshold",
        "file_max_records",
        "hour",
        "log_flush_interval_messages",
        "log_flush_interval_ms",
        "log_flush_scheduler_interval_ms",
        "log_retention_bytes",
        "log_retention_hours",
        "log_retention_minutes",
        "log_retention_ms",
        "log_segment_bytes",
        "message_max_bytes",
        "num_partitions",
        "offsets_retention_minutes",
        "planned_usage_threshold",
        "replica_fetch_max_bytes",
        "replication_factor",
        "socket_receive_buffer_bytes",
        "socket_send_buffer_bytes",
        "tasks_max",
        "transactional_id_expiration_ms",
    }
)
_SECRET_KEY = re.compile(
    r"passw|pwd|passphrase|secret|token|jaas|credential|(api|access|private|keystore)[._-]?key|auth\.user\.info",
    re.IGNORECASE,
)


@functools.cache
def snake(name: str) -> str:
    """Return a field's name in snake_case: ``tasksMax`` becomes ``tasks_max``."""
    return name if name.startswith("@") else re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def camel(name: str) -> str:
    """Return a field's name as in JSON: ``tasks_max`` becomes ``tasksMax``."""
    return re.sub(r"_([a-z0-9])", lambda found: found.group(1).upper(), name)


def from_json(value: Any, key: str = "") -> Any:
    """Return JSON of the API in the form of results: keys in snake_case unless they are data, integers as integers.

    :param key: of the field that holds the value, in snake_case
    """
    if isinstance(value, dict):
        if key in _MAPS:
            return dict(value)
        return {snake(name): from_json(item, snake(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if key in INTEGERS and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        return int(value)
    return value


def is_secret(key: str) -> bool:
    """Tell whether the key of a property names a secret."""
    return bool(_SECRET_KEY.search(key))


def masked(value: Any, key: str = "") -> Any:
    """Return something with the values of properties masked whose keys name a secret.

    :param key: of the field that holds the value
    """
    if isinstance(value, dict):
        if key == "properties":
            return {name: MASK if is_secret(str(name)) else item for name, item in value.items()}
        return {name: masked(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value


def secret_values(value: Any, key: str = "") -> Iterator[str]:
    """Yield the values that ``masked`` masks."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if key == "properties" and is_secret(str(name)):
                # a task may give the mask back, which is none
                if item != MASK:
                    yield str(item)
            else:
                yield from secret_values(item, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from secret_values(item)


def without(secrets: Iterable[str], said: Any) -> Any:
    """Return something that somebody else said, text or JSON, without secrets, in whatever form it holds them."""
    forms = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)

    def hidden(value: Any) -> Any:
        if isinstance(value, str):
            for form in forms:
                value = value.replace(form, MASK)
        elif isinstance(value, dict):
            value = {name: hidden(item) for name, item in value.items()}
        elif isinstance(value, list):
            value = [hidden(item) for item in value]
        return value

    return hidden(said)


def _forms(secret: str) -> set[str]:
    """Return a secret as it may turn up: as it is, by its lines, in HTML, and in JSON that is a string of JSON."""
    lines = [line.strip() for line in secret.splitlines()]
    forms = {secret.strip(), " ".join(secret.split()), *(line for line in lines if len(line) >= _LONG_LINE)}
    forms |= {form.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for form in forms}
    forms |= {form.replace('"', "&quot;").replace("'", "&#x27;") for form in forms}
    for dummy in range(3):
        forms |= {json.dumps(form)[1:-1] for form in forms}
    return {secret, *forms} - {""}
