# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS certificates for tests, issued by an authority that exists only in one directory."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

import trustme


class Certificate(NamedTuple):
    """The files of a TLS server. `ssl.SSLContext.load_cert_chain(*certificate)` and `Sandbox(tls=...)` accept it."""

    chain: str
    key: str


class Authority:
    """A certificate authority that writes its files to a directory.

    Each authority has its own key, so two authorities do not trust each other's certificates.
    """

    def __init__(self, directory: Path, name: str = "authority") -> None:
        self._directory = directory
        self._name = name
        self._ca = trustme.CA()
        self.certificate = str(directory / f"{name}.pem")
        """File with the authority's certificate. Clients that trust this file trust all issued certificates."""

        self._ca.cert_pem.write_to_path(self.certificate)

    def issue(self, host: str = "127.0.0.1", *, expired: bool = False) -> Certificate:
        """Return a certificate for a host name or an IP address. It is valid, or has expired one day ago."""
        now = datetime.datetime.now(datetime.timezone.utc)
        end = now + datetime.timedelta(days=-1 if expired else 1)
        issued = self._ca.issue_cert(host, not_before=end - datetime.timedelta(days=2), not_after=end)
        name = f"{self._name}-{'expired-' * expired}{host.replace('*', '_')}"
        certificate = Certificate(str(self._directory / f"{name}.pem"), str(self._directory / f"{name}-key.pem"))
        for number, blob in enumerate(issued.cert_chain_pems):
            blob.write_to_path(certificate.chain, append=number > 0)
        issued.private_key_pem.write_to_path(certificate.key)
        return certificate

    def self_signed(self) -> Certificate:
        """Return the authority's own certificate as that of a server. It is self-signed and names no host."""
        key = str(self._directory / f"{self._name}-key.pem")
        self._ca.private_key_pem.write_to_path(key)
        return Certificate(self.certificate, key)
