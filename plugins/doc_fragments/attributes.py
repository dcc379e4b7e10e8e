# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes that modules have in common."""

from __future__ import annotations


class ModuleDocFragment:
    """What can be said of every module."""

    DOCUMENTATION = r"""
attributes:
  action_group:
    description: Use C(group/yandex_cloud.managed_kafka.all) in C(module_defaults) to set options of all modules.
    support: full
    membership:
      - yandex_cloud.managed_kafka.all
  check_mode:
    description: Can run in C(check_mode) and return what it would change without changing it.
  diff_mode:
    description: Shows what it changes, or in C(check_mode) what it would change, when run in diff mode.
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing.
"""

    # of modules that only read
    INFO = r"""
attributes:
  check_mode:
    support: full
    details:
      - It changes nothing.
  diff_mode:
    support: N/A
    details:
      - It changes nothing.
  idempotent:
    support: full
"""
