# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps that every call passes: recording, hooks, scripted faults, authentication, validation, and its service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn, TypeVar

import grpc
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import RequestInfo
from yandex.cloud.operation.operation_pb2 import Operation

from sandbox import connection, validation
from sandbox.behaviour import Behaviour
from sandbox.calls import Call, Calls
from sandbox.faults import CallFault, Faults
from sandbox.identity import Identity
from sandbox.status import Refused

NO_TOKEN_REQUIRED = {"ApiEndpoint.List", "IamToken.Create", "OAuth.Exchange"}
READS = {"Get", "List", "ListOperations"}

_R = TypeVar("_R")
Method = Callable[[Any, Call], _R]


class Gateway(grpc.ServerInterceptor):
    """Calls the services. They receive a `Call` in the place of gRPC's own context."""

    def __init__(self, behaviour: Behaviour, identity: Identity, calls: Calls, faults: Faults) -> None:
        self._behaviour = behaviour
        self._identity = identity
        self._calls = calls
        self._faults = faults
        self._closing = threading.Event()

    def close(self) -> None:
        """End the delay of every call."""
        self._closing.set()

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        handler = continuation(handler_call_details)
        if handler is None:
            return None
        rpc = handler_call_details.method.lstrip("/").replace("/", ".")

        def answer(request: Message, context: grpc.ServicerContext) -> Message:
            call = Call(rpc, request, dict(context.invocation_metadata()), context.peer())
            try:
                response: Message = self.serve(handler.unary_unary, call)
            except Refused as refused:
                _abort(context, call, refused)
            context.send_initial_metadata(self._headers(call, response))
            return response

        return grpc.unary_unary_rpc_method_handler(answer, handler.request_deserializer, handler.response_serializer)

    def serve(self, method: Method[_R], call: Call) -> _R:
        """Return the response of a method, or raise `Refused`."""
        self._calls.record(call)
        try:
            response = self._answer(method, call)
        except Refused as refused:
            self._finish(call, refused.code)
            raise
        self._finish(call, grpc.StatusCode.OK)
        return response

    def _answer(self, method: Method[_R], call: Call) -> _R:
        self._calls.run_hooks(call, after=False)
        fault = self._faults.take_call(call)
        if fault is not None and not fault.after:
            self._strike(fault, call)
        if call.short_name not in NO_TOKEN_REQUIRED:
            call.subject = self._identity.authenticate(call.headers.get("authorization", ""))
            if not _may(call):
                raise Refused("PERMISSION_DENIED", "Permission denied")
        validation.check(call.request)
        response = method(call.request, call)
        if fault is not None and fault.after:
            self._strike(fault, call)
        return response

    def _strike(self, fault: CallFault, call: Call) -> None:
        self._closing.wait(fault.delay_seconds)
        if fault.reset:
            connection.cut(call.peer)
            raise Refused("UNAVAILABLE", "The connection was closed")
        if fault.error is not None:
            raise fault.error

    def _finish(self, call: Call, code: grpc.StatusCode) -> None:
        call.code = code.name
        self._calls.run_hooks(call, after=True)

    def _headers(self, call: Call, response: Message) -> Sequence[tuple[str, str]]:
        headers = [("x-request-id", call.request_id)]
        if isinstance(response, Operation) and self._behaviour.poll_interval is not None:
            headers.append(("x-operation-poll-interval", f"{self._behaviour.poll_interval:g}"))
        return headers


def _may(call: Call) -> bool:
    role = call.subject.role
    return role == "editor" or (role == "viewer" and call.name in READS)


class _Status(NamedTuple):
    code: grpc.StatusCode
    details: str
    trailing_metadata: Sequence[tuple[str, str | bytes]]


def _abort(context: grpc.ServicerContext, call: Call, refused: Refused) -> NoReturn:
    status = refused.status(RequestInfo(request_id=call.request_id))
    trailers = [
        ("x-request-id", call.request_id),
        *refused.headers.items(),
        ("grpc-status-details-bin", status.SerializeToString()),
    ]
    context.abort_with_status(_Status(refused.code, refused.message, trailers))
    raise AssertionError("abort_with_status always raises")
