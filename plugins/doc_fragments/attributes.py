# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes of the modules."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes that every module has."""

    DOCUMENTATION = r"""
attributes:
  action_group:
    description: Use C(group/yandex_cloud.managed_kafka.all) in C(module_defaults) to set options of all modules.
    support: full
    membership:
      - yandex_cloud.managed_kafka.all
  check_mode:
    description: Can run in check mode, and returns the predicted result without a change.
  diff_mode:
    description: Returns the differences in diff mode. In check mode, these are the predicted differences.
  idempotent:
    description: A second run with the same options changes nothing.
"""

    # Attributes of modules that change nothing.
    INFO = r"""
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
"""
