# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random options of a task, generated from the declaration of the fields."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.fields import (
    CONNECTOR_TYPES,
    SPECIFICATION,
    Field,
    groups,
)

SECRET = "s3cr3t-"
"""Every write-only value starts with it, and no other value contains it."""

# The duration of an example says nothing on a busy machine.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
_words = st.from_regex(r"[a-z][a-z0-9.-]{0,5}", fullmatch=True)
_keys = st.sampled_from(["a", "a.b", "camelCase", "sync.topics.config.enabled", "db.password", "sasl.jaas.config"])
_separators = st.sampled_from([",", ", ", " ,", " , "])


def updatable(fields: tuple[Field, ...] = SPECIFICATION) -> tuple[Field, ...]:
    """Return fields without the immutable ones."""
    return tuple(field._replace(fields=updatable(field.fields)) for field in fields if not field.immutable)


def of_type(name: str, fields: tuple[Field, ...] = SPECIFICATION) -> tuple[Field, ...]:
    """Return fields with only one of the connector types."""
    return tuple(field for field in fields if field.name not in CONNECTOR_TYPES or field.name == name)


@st.composite
def specifications(
    draw: st.DrawFn, fields: tuple[Field, ...] = SPECIFICATION, *, complete: bool = False
) -> dict[str, Any]:
    """Return options of a task.

    :param fields: the ones that the task can set
    :param complete: set all that are required to create a connector
    """
    plain = [field for field in fields if not field.one_of]
    named = [field for field in plain if (complete and field.required) or draw(st.booleans())]
    for group in groups(fields).values():
        none = [] if complete and group[0].required else [None]
        chosen = draw(st.sampled_from([*group, *none]))
        named += [chosen] if chosen else []
    return {field.name: draw(_value(field, complete)) for field in named}


def _value(field: Field, complete: bool) -> st.SearchStrategy[Any]:
    if field.secret:
        return _words.map(lambda word: SECRET + word)
    if field.type == "list":
        items = st.lists(_words, min_size=1, max_size=3)
        return items | st.tuples(_separators, items).map(lambda drawn: drawn[0].join(drawn[1]).split(","))
    if field.type == "map":
        return st.dictionaries(_keys, _words | st.booleans() | st.integers(0, 99) | st.just(""), max_size=4)
    if field.type == "dict":
        return specifications(field.fields, complete=complete)
    return {
        "str": _words if field.required or field.one_of else _words | st.just(""),
        "int": st.integers(field.minimum or 0, 2**63 - 1),
        "bool": st.booleans(),
    }[field.type]
