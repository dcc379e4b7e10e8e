# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for the cloud that speaks its real protocol, for tests and for trying things out."""

from sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
