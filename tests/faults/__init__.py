# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault campaign: what the collection does when the cloud does not do what it should.

`python -m faults --runs 1000` (with `tests` on PYTHONPATH) is the long one.
"""

from support import installed  # noqa: F401  # makes the collection importable
