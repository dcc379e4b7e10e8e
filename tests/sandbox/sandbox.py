# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole simulator: the cloud, its services behind Envoy, the token exchange, and the metadata service."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType

import grpc

from sandbox import services
from sandbox.behaviour import Behaviour
from sandbox.bootstrap import HOST, Tls
from sandbox.calls import Call, Calls, Hook
from sandbox.cloud import Cloud
from sandbox.envoy import Envoy
from sandbox.faults import Faults
from sandbox.federation import Federations
from sandbox.gateway import Gateway
from sandbox.identity import PUBLIC_AUDIENCE, Identity, new_subject
from sandbox.issuer import Issuer
from sandbox.metadata import Metadata
from sandbox.oauth import TokenExchange

WORKERS = 32


class Sandbox:
    """A cloud on loopback that runs during its `with` statement.

    :param port: port of Envoy. 0 selects a free port
    :param tls: files with the certificate chain and the private key of the server
    :param clock: returns the time of the cloud in seconds
    :param audience: `aud` claim of the JWTs that authorized keys sign
    """

    def __init__(
        self,
        *,
        port: int = 0,
        tls: Tls | None = None,
        clock: Callable[[], float] = time.time,
        audience: str = PUBLIC_AUDIENCE,
    ) -> None:
        self.behaviour = Behaviour()
        self.faults = Faults()
        self.identity = Identity(self.behaviour, clock, audience)
        self.cloud = Cloud(self.behaviour, self.faults, clock)
        self.metadata = Metadata(self.identity, clock)
        self.federations = Federations(self.identity, clock)
        self._clock = clock
        self._calls = Calls()
        self._scheme = "http" if tls is None else "https"
        self._gateway = Gateway(self.behaviour, self.identity, self._calls, self.faults)
        self._token_exchange = TokenExchange(self._gateway, self.federations, self.behaviour, clock)
        self._server = grpc.server(
            ThreadPoolExecutor(WORKERS), interceptors=[self._gateway], options=[("grpc.so_reuseport", 0)]
        )
        served: list[services.Service] = [
            services.Connectors(self.cloud),
            services.Clusters(self.cloud),
            services.Operations(self.cloud),
            services.IamTokens(self.identity),
            services.Endpoints(lambda: self.address),
        ]
        self._server.add_generic_rpc_handlers([services.handler(service) for service in served])
        grpc_port = self._server.add_insecure_port(f"{HOST}:0")
        self.grpc_address = f"{HOST}:{grpc_port}"
        self.envoy = Envoy(
            [service.descriptor for service in served],
            grpc_port=grpc_port,
            oauth_port=self._token_exchange.port,
            port=port,
            tls=tls,
        )
        self._running = ExitStack()

    def __enter__(self) -> Sandbox:
        with ExitStack() as starting:
            self.metadata.start()
            starting.callback(self.metadata.stop)
            self._token_exchange.start()
            starting.callback(self._token_exchange.stop)
            self._server.start()
            starting.callback(lambda: self._server.stop(None).wait())
            starting.callback(self._gateway.close)
            self.envoy.start()
            starting.callback(self.envoy.stop)
            self._running = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running.close()

    @property
    def address(self) -> str:
        """Host and port of Envoy."""
        return f"{HOST}:{self.envoy.port}"

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.address}"

    @property
    def metadata_address(self) -> str:
        return self.metadata.address

    @property
    def oauth_address(self) -> str:
        """Host and port of the token exchange behind Envoy."""
        return self._token_exchange.address

    @property
    def requests(self) -> list[Call]:
        """All calls that reached a service, in the order of their arrival."""
        return self._calls.recorded()

    def requests_of(self, rpc: str) -> list[Call]:
        """Return the calls of one rpc: "Pause", "Connector.Get", or a full name."""
        return self._calls.recorded(rpc)

    def forget(self) -> None:
        """Remove the recorded calls."""
        self._calls.forget()

    def on_request(self, rpc: str, hook: Hook, *, after: bool = False) -> None:
        """Run `hook(call)` before the service handles each call of an rpc, or with `after` before it responds."""
        self._calls.on(rpc, hook, after=after)

    def iam_token(self, role: str = "editor", lifetime: float | None = None) -> str:
        """Return an IAM token of a new service account.

        :param lifetime: seconds
        """
        token, dummy = self.identity.issue(new_subject(role), lifetime)
        return token

    def expire(self, token: str) -> None:
        self.identity.expire(token)

    def service_account_key(self, role: str = "editor") -> dict[str, str]:
        """Return the authorized key of a new service account."""
        return self.identity.create_key(role)

    def issuer(self, system: str, url: str | None = None) -> Issuer:
        """Return an issuer of identity tokens with the clock of the sandbox. See `Issuer` for the parameters."""
        return Issuer(system, url=url, clock=self._clock)

    def federate(self, issuer: Issuer, *, audience: str, subject: str | None = None, role: str = "editor") -> str:
        """Let identity tokens of an issuer act as a new service account. Return the ID of the service account.

        `sandbox.federations` has separate methods for the federation and the binding.

        :param audience: expected `aud` claim
        :param subject: expected `sub` claim. Without it, the usual one of the issuer is expected
        """
        federation_id = self.federations.add(issuer, [audience])
        return self.federations.bind(federation_id, subject or issuer.subject, role=role)

    def reset(self) -> None:
        """Remove recorded calls, hooks, scripted faults and the state of the cloud.

        Tokens, keys and federations stay valid.
        """
        self.forget()
        self._calls.clear_hooks()
        self.faults.clear()
        self.behaviour.reset()
        self.metadata.reset()
        self.envoy.no_fault()
        self.cloud.reset()
