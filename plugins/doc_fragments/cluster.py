# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that name one cluster."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of CLUSTER_OPTIONS in module_utils/_module.py."""

    DOCUMENTATION = r"""
options:
  cluster_id:
    description:
      - ID of the cluster. Exactly one of O(cluster_id) and O(cluster_name) is needed.
    type: str
  cluster_name:
    description:
      - Name of the cluster in the folder O(folder_id), which costs one request more than its ID.
    type: str
  folder_id:
    description:
      - ID of the folder that has the cluster O(cluster_name).
      - The environment variable E(YC_FOLDER_ID) is used when the option is not set.
    type: str
"""
