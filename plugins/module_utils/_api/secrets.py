# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything about hiding secrets. Text is redacted by value, properties are masked by key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

MASK = "********"
# Ansible replaces a whole value that is a secret with this text.
ANSIBLE_MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"

# A shorter value is a word like "true" or a number. Hiding each of its occurrences would make results unreadable.
_SHORTEST = 6
# A line of a secret of several lines is a secret itself if it is at least this long.
_SHORTEST_LINE = 16
_SECRET_KEY = re.compile(
    r"passw|pwd|passphrase|secret|token|jaas|credential|(api|access|private|keystore)[._-]?key|auth\.user\.info",
    re.IGNORECASE,
)
# Most values are neither. In a fleet of clusters, a call for each of them would cost more than the request.
_NESTED = (dict, list)


class Secrets:
    """The secrets that a task knows.

    Secrets of the task (options, credentials, tokens) are hidden in everything that the task returns. Secrets that the
    service returned are hidden in quotations of the service's messages only: such a value can also be a topic's name.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self.of_task: set[str] = set()
        self._of_service: set[str] = set()
        self.add(*values)

    def add(self, *values: str) -> None:
        """Register secrets of the task."""
        self.of_task.update(form for value in values for form in _forms(value))

    def add_for_quotations(self, *values: str) -> None:
        """Register values that are hidden only where a service is quoted."""
        self._of_service.update(form for value in values for form in _forms(value))

    def redact(self, said: Any) -> Any:
        """Return text or JSON of the service without any known secret."""
        if isinstance(said, str):
            for secret in sorted(self.of_task | self._of_service, key=len, reverse=True):
                said = said.replace(secret, MASK)
        elif isinstance(said, dict):
            said = {name: self.redact(item) for name, item in said.items()}
        elif isinstance(said, list):
            said = [self.redact(item) for item in said]
        return said


def mask(value: Any, key: str = "") -> Any:
    """Return a value in which properties whose keys name a secret are masked.

    :param key: name of the field that contains the value
    """
    if isinstance(value, dict):
        if key == "properties":
            return {name: MASK if _is_secret(name) else item for name, item in value.items()}
        return {name: mask(item, name) if isinstance(item, _NESTED) else item for name, item in value.items()}
    if isinstance(value, list):
        return [mask(item) for item in value]
    return value


def secret_values(value: Any, key: str = "") -> Iterator[str]:
    """Yield the values that ``mask`` masks."""
    if isinstance(value, dict):
        for name, item in value.items():
            if key == "properties" and _is_secret(name):
                # A task may give a masked value back.
                if item != MASK:
                    yield str(item)
            elif isinstance(item, _NESTED):
                yield from secret_values(item, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from secret_values(item)


def _is_secret(key: Any) -> bool:
    return bool(_SECRET_KEY.search(str(key)))


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it can occur in text: unchanged, on one line, by its lines, in JSON, and in JSON in JSON."""
    lines = [line.strip() for line in secret.splitlines()]
    plain = {secret, secret.strip(), " ".join(secret.split()), *(line for line in lines if len(line) >= _SHORTEST_LINE)}
    for form in plain:
        if len(form) >= _SHORTEST:
            in_json = json.dumps(form)[1:-1]
            yield from (form, in_json, json.dumps(in_json)[1:-1])
