# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source's documentation agrees with the code that checks its options."""

from __future__ import annotations

from dataclasses import fields

import yaml  # type: ignore[import-untyped]
from running import MODULE

OPTIONS = MODULE["options"]
DOCUMENTED = yaml.safe_load(MODULE["DOCUMENTATION"])["options"]


def test_every_option_is_documented() -> None:
    assert {field.name for field in fields(OPTIONS.Options)} <= DOCUMENTED.keys()


def test_choices_of_events_are_the_types() -> None:
    assert set(DOCUMENTED["events"]["choices"]) == {*OPTIONS.USUAL_EVENTS, *OPTIONS.QUIET_EVENTS}


def test_defaults_are_valid() -> None:
    values = OPTIONS.convert({"cluster_ids": "c9q1"}, DOCUMENTED)
    assert OPTIONS.check(values, {}).interval == 30
    assert values["request_timeout"] == 10
