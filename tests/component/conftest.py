# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task of the collection in the test's process, against the real sandbox."""

from support import fixtures

running_world = fixtures.running_world
world = fixtures.world
