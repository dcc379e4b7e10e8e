# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every order of events: clients that run the real code from ``execute`` to the JSON of a response, and a small cloud.

``explorer`` tries all choices, ``cloud`` is the service, ``world`` runs the clients, ``judge`` checks the promises.
"""
