# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as Ansible runs it, against the real sandbox."""

from support import fixtures

cluster_id = fixtures.cluster_id
running_sandbox = fixtures.running_sandbox
running_world = fixtures.running_world
sandbox = fixtures.sandbox
world = fixtures.world
