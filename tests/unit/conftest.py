# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profiles of Hypothesis.

The gate uses the same examples on every run, so that it does not fail by chance. HYPOTHESIS_PROFILE=matrix searches for
new ones.
"""

from __future__ import annotations

import os
import sys

from hypothesis import settings

# An old Python repeats the examples of the newest. It is to find only what differs between them.
EXAMPLES = 25 if sys.version_info >= (3, 12) else 8
settings.register_profile("gate", derandomize=True, deadline=None, max_examples=EXAMPLES)
settings.register_profile("matrix", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
