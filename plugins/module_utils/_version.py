# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version that the User-Agent names. galaxy.yml is the place to change it: ``make version`` writes this file."""

from __future__ import annotations

VERSION = "0.1.0"
