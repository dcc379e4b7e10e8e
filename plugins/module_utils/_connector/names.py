# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Legal names and IDs, and patterns of names. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from .._api.errors import InputError
from . import messages
from .model import Connector

# Source: ``connector_name`` and ``cluster_id`` in the API's ConnectorService, ``name`` in CreateClusterRequest.
_NAME = re.compile(r"[-_.a-zA-Z0-9]{1,256}\Z")
_PATTERN = re.compile(r"[-_.a-zA-Z0-9*?\[\]!]{1,256}\Z")
_ID = re.compile(r"[-_a-zA-Z0-9]+")
# Maximum number of names that a message shows.
_NAMES = 10


def check_name(name: str, what: str = "connector") -> None:
    """Check the name of a connector or of a cluster.

    :param what: that it names, for the message
    :raises InputError: it is invalid; ``.`` and ``..`` match the API's pattern, but would change the URL
    """
    if not _NAME.match(name) or name in (".", ".."):
        hint = messages.PATTERN_HINT if is_pattern(name) else ""
        raise InputError(messages.BAD_NAME, value=_shown(name), what=what, hint=hint)


def check_names(names: Iterable[str], what: str = "connector") -> None:
    """Check names and patterns of connectors or of clusters.

    :param what: that they name, for the message
    :raises InputError: one of them is invalid
    """
    for name in names:
        if not is_pattern(name):
            check_name(name, what)
        elif not _PATTERN.match(name):
            raise InputError(messages.BAD_PATTERN, value=_shown(name), what=what)


def is_pattern(name: str) -> bool:
    """Return whether a name is a shell pattern. No legal name looks like one."""
    return any(sign in name for sign in "*?[")


def matching(names: Iterable[str], items: Iterable[Connector]) -> list[Connector]:
    """Return the items whose name is one of the names or matches one of the patterns."""
    plain = set(names)
    patterns = [name for name in plain if is_pattern(name)]
    named = [(item, str(item.get("name", ""))) for item in items]
    return [item for item, name in named if name in plain or any(fnmatchcase(name, pattern) for pattern in patterns)]


def nearest(name: str, existing: Iterable[str]) -> str | None:
    """Return the existing name that is most similar to a name; None: no name is close."""
    return next(iter(difflib.get_close_matches(name, existing, n=1, cutoff=0.7)), None)


def first_names(names: Sequence[str]) -> str:
    """Return names for a message; of many names the first ones."""
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def check_cluster(options: Mapping[str, Any]) -> None:
    """Check the options that name a cluster.

    :raises InputError: the ID, the name or the folder is invalid or missing
    """
    if options.get("cluster_id") is not None:
        check_id(options["cluster_id"], "cluster ID", hint=messages.CLUSTER_HINT)
    else:
        check_id(options["cluster_name"], "cluster name", longest=63)
        check_folder(options)


def check_folder(options: Mapping[str, Any]) -> None:
    """Check the option ``folder_id``.

    :raises InputError: it is invalid or missing
    """
    if not options.get("folder_id"):
        raise InputError(messages.NO_FOLDER_ID)
    check_id(options["folder_id"], "folder ID")


def check_id(value: str, what: str, *, longest: int = 50, hint: str = "") -> None:
    """Check an ID of the API, or the name of a cluster.

    :param what: that it is, for the message
    :raises InputError: it is invalid
    """
    if not _ID.fullmatch(value) or len(value) > longest:
        raise InputError(messages.BAD_ID, value=_shown(value), what=what, hint=hint)


def _shown(value: str) -> str:
    """Return a value for a message; of a long value its start and its length."""
    return repr(value) if len(value) <= 60 else f"{value[:60]!r}... ({len(value)} characters)"
