# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where requests go: from the option ``endpoint`` and checked names to URLs. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from . import messages
from .errors import InputError

DEFAULT_ENDPOINT = "api.cloud.yandex.net"
DEFAULT_AUTH_ENDPOINT = "auth.yandex.cloud"

_HOST = re.compile(r"(?=.{1,253}\Z)[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*\Z")


class Endpoint(NamedTuple):
    """The API's address.

    :param host: the domain that contains a host for each service; None with a base URL
    :param base_url: the one URL of all services, without a slash at the end; None with a host
    """

    host: str | None
    base_url: str | None

    def url(self, service: str) -> str:
        """Return the base URL of a service: ``mdb``, ``operation`` or ``iam``."""
        return self.base_url or f"https://{service}.{self.host}"

    @property
    def exact_url(self) -> str:
        """The URL of exactly this host."""
        return self.base_url or f"https://{self.host}"

    @property
    def token_audience(self) -> str:
        """The claim ``aud`` of a JWT. A gateway behind a base URL passes the JWT on, so it has to be the public one."""
        return f"https://iam.{self.host or DEFAULT_ENDPOINT}/iam/v1/tokens"


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, judged by its name or address alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_endpoint(value: str) -> Endpoint:
    """Return the address that the option ``endpoint`` names.

    :param value: a host, with or without a port, or a URL
    :raises InputError: the value is neither, or the URL would send a token without encryption
    """
    text = value.strip().rstrip("/")
    shown = value[:60]
    if "://" not in text:
        host, colon, port = text.partition(":")
        if not _HOST.match(host) or (colon and not _is_port(port)):
            raise InputError(messages.BAD_HOST, value=shown)
        return Endpoint(host=host if port in ("", "443") else text, base_url=None)
    try:
        parts = urlsplit(text)
        hostname = parts.hostname or ""
    except ValueError:
        raise InputError(messages.BAD_URL, value=shown) from None
    if "@" in parts.netloc:
        raise InputError(messages.URL_WITH_PASSWORD)
    is_url = parts.scheme in ("http", "https") and _is_authority(parts.netloc) and re.fullmatch(r"[!-~]+", text)
    if not is_url or re.search(r"[?#]", text) or re.search(r"[^-._~/a-zA-Z0-9]|/\.{1,2}(/|\Z)", parts.path):
        raise InputError(messages.BAD_URL, value=shown)
    if parts.scheme == "http" and not is_loopback(hostname):
        raise InputError(messages.PLAIN_HTTP, value=shown)
    return Endpoint(host=None, base_url=text)


def _is_authority(text: str) -> bool:
    """Return whether a text is a host name or an address (IPv6 in brackets), with or without a port."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([^:\[\]]+))(?::([0-9]+))?", text)
    if not found or not _is_port(found[3] or "443"):
        return False
    if found[2]:
        return bool(_HOST.match(found[2]))
    try:
        return bool(ipaddress.IPv6Address(found[1]))
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,5}", text)) and 0 < int(text) < 65536


def path(*segments: str) -> str:
    """Join segments to the path of a URL.

    :raises InputError: a segment is empty or would change the path (``.``, ``..``)
    """
    for segment in segments:
        if segment in ("", ".", ".."):
            raise InputError(messages.BAD_PATH, segment=segment)
    return "/" + "/".join(quote(segment, safe="") for segment in segments)
