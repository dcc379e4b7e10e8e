# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module operation_info in Ansible's worker process if that is possible."""

from __future__ import annotations

from ..modules.operation_info import TASK
from ..plugin_utils.in_process import InProcess


class ActionModule(InProcess):
    """The action plugin of operation_info."""

    task = TASK
