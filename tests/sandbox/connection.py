# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Closes the TCP connection of a call. grpcio has no function for this."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path


def cut(peer: str) -> None:
    """Find the connection among the descriptors of this process, and shut it down. `peer` is gRPC's name of it."""
    host, dummy, port = peer.removeprefix("ipv4:").rpartition(":")
    for descriptor in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        try:
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with socket.socket(fileno=os.dup(descriptor)) as connection:
                # gRPC listens on IPv6, where an IPv4 address looks like ::ffff:127.0.0.1.
                if connection.family in (socket.AF_INET, socket.AF_INET6):
                    address, number = connection.getpeername()[:2]
                    if number == int(port) and address.endswith(host):
                        connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue  # The descriptor is closed now, or its socket is not connected.
