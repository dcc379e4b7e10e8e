# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: paused_by_cluster
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
version_added: 0.1.0
short_description: Read the list of paused connectors that an earlier run left
description:
  - The role P(yandex_cloud.managed_kafka.connector_maintenance#role) writes this list with C(set_stats).
    AWX passes it to later nodes of a workflow.
options:
  _input:
    description: A dictionary from cluster IDs to names, the same as JSON text, names of the current cluster, or null.
    type: raw
    required: true
  cluster_id:
    description: ID of the cluster that plain names belong to.
    type: str
    default: ''
"""

EXAMPLES = r"""
- name: Show the names by cluster
  ansible.builtin.debug:
    msg: "{{ connector_maintenance_paused | yandex_cloud.managed_kafka.paused_by_cluster }}"
"""

RETURN = r"""
_value:
  description: Lists of names by cluster ID.
  type: dict
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from .words import words


def paused_by_cluster(value: Any, cluster_id: str = "") -> dict[str, list[str]]:
    """Return names by cluster ID.

    :raises AnsibleFilterError: the text is not the JSON that it looks like
    """
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise AnsibleFilterError(f"connector_maintenance_paused is not valid JSON: {error}") from error
    if isinstance(value, Mapping):
        return {str(cluster): words(names) for cluster, names in value.items()}
    names = words(value)
    return {cluster_id: names} if names else {}


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"paused_by_cluster": paused_by_cluster}
