# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of lists."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from sandbox.behaviour import Behaviour
from sandbox.identity import new_id
from sandbox.validation import refuse

DEFAULT_PAGE_SIZE = 100


class Pages:
    """A page token means the last key of its page. So items that come or go do not shift the next page."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._tokens: dict[str, tuple[str, Any]] = {}

    def page(self, scope: str, keys: list[Any], page_size: int, page_token: str) -> tuple[list[Any], str]:
        """Return one page of the sorted keys, and the token of the next page. A token is valid for one scope."""
        start = 0
        if page_token:
            token_scope, last = self._tokens.get(page_token, ("", None))
            if token_scope != scope:
                refuse(("page_token", "Page token is not valid"))
            start = bisect_right(keys, last)
        end = start + min(page_size or DEFAULT_PAGE_SIZE, self._behaviour.page_cap)
        if end >= len(keys):
            return keys[start:], ""
        token = new_id("")
        self._tokens[token] = (scope, keys[end - 1])
        return keys[start:end], token
