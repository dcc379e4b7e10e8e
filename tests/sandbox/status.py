# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of the API: google.rpc.Status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import grpc
from google.protobuf.message import Message
from google.rpc.status_pb2 import Status


class Refused(Exception):
    """The error of a call or an operation."""

    def __init__(
        self,
        code: str,
        message: str,
        details: Iterable[Message] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = grpc.StatusCode[code]
        self.message = message
        self.details = tuple(details)
        self.headers = dict(headers or {})

    def status(self, *more: Message) -> Status:
        status = Status(code=self.code.value[0], message=self.message)
        for detail in (*self.details, *more):
            status.details.add().Pack(detail)
        return status
