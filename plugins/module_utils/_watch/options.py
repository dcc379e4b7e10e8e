# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the event source: from a rulebook's arguments, which can all be text, to checked values."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._api.errors import InputError
from .._connector.names import check_id, check_names, nearest
from . import messages

QUIET_EVENTS = ("created", "deleted", "snapshot")
"""Types of events that a rulebook has to request."""
USUAL_EVENTS = (
    "failed",
    "recovered",
    "paused",
    "resumed",
    "health",
    "changed",
    "paused_too_long",
    "unreachable",
    "reachable",
)

_TRUE = frozenset({"true", "yes", "on", "y", "t", "1"})
_FALSE = frozenset({"false", "no", "off", "n", "f", "0"})
_SMALLEST = {"interval": 1.0, "clusters_interval": 1.0, "paused_longer_than": 0.0, "unreachable_after": 0.0}


@dataclass(frozen=True)
class Options:
    """The options of the event source, without those of the connection."""

    cluster_ids: tuple[str, ...]
    folder_id: str | None
    cluster_names: tuple[str, ...]
    labels: Mapping[str, str]
    names: tuple[str, ...]
    events: frozenset[str]
    interval: float
    clusters_interval: float
    paused_longer_than: float | None
    unreachable_after: float
    snapshot: bool
    state_file: str | None
    find_operation: bool


def convert(args: Mapping[str, Any], documented: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the value of each option, in its type.

    None and an empty text mean that an option is not set: a variable of a rulebook can be empty.

    :param args: as the rulebook provides them
    :param documented: ``options`` of the documentation, with types and defaults
    :raises InputError: an option is unknown, or its value has another type; the message does not show the value
    """
    for name in args:
        if name not in documented:
            close = nearest(str(name), documented)
            hint = f" (did you mean {close}?)" if close else ""
            raise InputError(messages.UNKNOWN_OPTION, name=name, hint=hint, known=", ".join(sorted(documented)))
    values = {}
    for name, option in documented.items():
        value = args.get(name)
        if value is None or value == "":
            value = option.get("default")
        expected, converter = _CONVERTERS[option["type"]]
        try:
            values[name] = None if value is None else converter(value)
        except (TypeError, ValueError):
            raise InputError(messages.WRONG_TYPE, name=name, expected=expected) from None
    return values


def check(values: Mapping[str, Any], environ: Mapping[str, str]) -> Options:
    """Return the checked options.

    :param values: as ``convert`` returns them
    :param environ: environment variables; an empty one counts as not set
    :raises InputError: values are invalid, or exclude each other
    """
    cluster_ids, folder_id = tuple(values["cluster_ids"] or ()), values["folder_id"]
    if cluster_ids:
        other = [name for name in ("folder_id", "cluster_names", "labels") if values[name]]
        if other:
            raise InputError(messages.TWO_SELECTIONS, names=" and ".join(other))
    else:
        folder_id = folder_id or environ.get("YC_FOLDER_ID")
        if not folder_id:
            raise InputError(messages.NO_CLUSTERS)
        check_id(folder_id, "folder ID")
    for cluster_id in cluster_ids:
        check_id(cluster_id, "cluster ID")
    check_names(values["names"] or ())
    check_names(values["cluster_names"] or ())
    for name, minimum in _SMALLEST.items():
        if values[name] is not None and values[name] < minimum:
            raise InputError(messages.TOO_SMALL, name=name, minimum=minimum)
    events = frozenset(values["events"] or USUAL_EVENTS)
    for unknown in sorted(events.difference(USUAL_EVENTS, QUIET_EVENTS)):
        raise InputError(messages.BAD_EVENT, value=repr(unknown[:40]), known=", ".join(USUAL_EVENTS + QUIET_EVENTS))
    snapshot = values["snapshot"] or "snapshot" in events
    return Options(
        cluster_ids=tuple(dict.fromkeys(cluster_ids)),
        folder_id=folder_id,
        cluster_names=tuple(values["cluster_names"] or ()),
        labels=values["labels"] or {},
        names=tuple(values["names"] or ()),
        events=events | {"snapshot"} if snapshot else events,
        interval=values["interval"],
        clusters_interval=values["clusters_interval"],
        paused_longer_than=values["paused_longer_than"],
        unreachable_after=values["unreachable_after"],
        snapshot=snapshot,
        state_file=values["state_file"],
        find_operation=values["find_operation"],
    )


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise TypeError
    return str(value).strip()


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _whole(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError
    return int(number)


def _truth(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError
    return word in _TRUE


def _texts(value: Any) -> list[str]:
    items: Iterable[Any] = value.split(",") if isinstance(value, str) else [value] if _is_number(value) else value
    if isinstance(items, Mapping):
        raise TypeError
    return [text for text in map(_text, items) if text]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _pairs(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        pairs = [item.partition("=") for item in _texts(value)]
        if not all(sign for dummy, sign, dummy in pairs):
            raise ValueError
        return {name.strip(): text.strip() for name, dummy, text in pairs}
    if not isinstance(value, Mapping):
        raise TypeError
    return {_text(name): _text(text) for name, text in value.items()}


def _json(value: Any) -> str:
    return json.dumps(value) if isinstance(value, Mapping) else _text(value)


_CONVERTERS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "str": ("text", _text),
    "path": ("a path", _text),
    "float": ("a number", _number),
    "int": ("a whole number", _whole),
    "bool": ("true or false", _truth),
    "list": ("a list, or text with commas", _texts),
    "dict": ("a dictionary, or text such as key=value,key=value", _pairs),
    "json": ("JSON", _json),
}
