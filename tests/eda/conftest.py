# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source and the rulebooks, with a real ansible-rulebook and the sandbox."""

from support import fixtures

cluster_id = fixtures.cluster_id
running_sandbox = fixtures.running_sandbox
sandbox = fixtures.sandbox
