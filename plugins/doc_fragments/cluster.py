# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that select one cluster."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options that select one cluster."""

    DOCUMENTATION = r"""
options:
  cluster_id:
    description:
      - ID of the cluster.
      - Exactly one of O(cluster_id) and O(cluster_name) is required.
    type: str
  cluster_name:
    description:
      - Name of the cluster. Requires O(folder_id) and one more request than O(cluster_id).
    type: str
  folder_id:
    description:
      - ID of the folder that contains the cluster O(cluster_name).
      - If this option is not set, the module uses the environment variable E(YC_FOLDER_ID).
    type: str
"""
