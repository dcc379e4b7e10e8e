# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the filters of the role connector_maintenance have in common."""

from __future__ import annotations

from collections.abc import Sequence


def resume_command(cluster_id: str, names: Sequence[str]) -> str:
    """Return the command that resumes connectors."""
    options = f"-e cluster_id={cluster_id} -e connectors={','.join(names)}"
    return f"ansible-playbook yandex_cloud.managed_kafka.resume {options}"
