# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: words
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
version_added: 0.1.0
short_description: Turn text with commas, or a list, into a list of words
description:
  - Extra variables and the surveys of AWX provide lists as text. This filter accepts both forms.
  - Null and empty text give an empty list.
options:
  _input:
    description: A list, text with commas or spaces, a number, or null.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Show two words
  ansible.builtin.debug:
    msg: "{{ 'mirror-*, archive' | yandex_cloud.managed_kafka.words }}" # ['mirror-*', 'archive']
"""

RETURN = r"""
_value:
  description: The words, without spaces around them, without empty ones.
  type: list
  elements: str
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def words(value: Any) -> list[str]:
    """Return the words of a text or a list.

    :raises AnsibleFilterError: the value is a dictionary
    """
    if isinstance(value, Mapping):
        raise AnsibleFilterError("a list or text with commas is required, not a dictionary")
    items = value if isinstance(value, (list, tuple)) else [value]
    return [word for item in items if item is not None for word in re.split(r"[,\s]+", str(item)) if word]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"words": words}
