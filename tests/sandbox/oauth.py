# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token exchange of RFC 8693, `POST /oauth/token`: an identity token becomes an IAM token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from google.rpc.error_details_pb2 import RequestInfo

from sandbox.behaviour import Behaviour
from sandbox.calls import Call
from sandbox.federation import Federations
from sandbox.gateway import Gateway
from sandbox.status import Refused
from sandbox.validation import refuse
from sandbox.web import Request, Response, WebServer, json_response

RPC = "sandbox.OAuthService.Exchange"
"""The exchange has no rpc. Under this name it is recorded, and hooks and scripted faults find it."""

TYPES = "urn:ietf:params:oauth:token-type"
EXPECTED = {
    "requested_token_type": f"{TYPES}:access_token",
    "subject_token_type": f"{TYPES}:id_token",
}
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"

# RFC 6749, section 5.2, and RFC 8693, section 2.2.2. Their HTTP status is 400.
OAUTH_ERRORS = {
    "INVALID_ARGUMENT": "invalid_request",
    "NOT_FOUND": "invalid_target",
    "PERMISSION_DENIED": "invalid_target",
    "UNAUTHENTICATED": "invalid_request",
    "UNIMPLEMENTED": "unsupported_grant_type",
}
# The HTTP status of each gRPC code, as Envoy's transcoder translates it.
HTTP_STATUS = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ABORTED": 409,
    "ALREADY_EXISTS": 409,
    "RESOURCE_EXHAUSTED": 429,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}


class TokenExchange:
    def __init__(
        self, gateway: Gateway, federations: Federations, behaviour: Behaviour, clock: Callable[[], float]
    ) -> None:
        self._gateway = gateway
        self._federations = federations
        self._behaviour = behaviour
        self._clock = clock
        self._server = WebServer(self._answer)
        self.port = self._server.port
        self.address = self._server.address

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            return Response(405, b"Method not allowed", {"Allow": "POST", "Content-Type": "text/plain"})
        call = Call(RPC, _form(request), request.headers, request.peer)
        try:
            body = self._gateway.serve(self._exchange, call)
        except Refused as refused:
            return self._error(refused, call)
        return json_response(200, body, {"Cache-Control": "no-store", "x-request-id": call.request_id})

    def _exchange(self, request: Struct, call: Call) -> dict[str, Any]:
        content_type = call.headers.get("content-type", "").partition(";")[0]
        if content_type != "application/x-www-form-urlencoded":
            raise Refused("INVALID_ARGUMENT", f"The content type is {content_type}")
        form = call.message
        for name in ("grant_type", "requested_token_type", "audience", "subject_token", "subject_token_type"):
            if not isinstance(form.get(name), str):
                refuse((name, "Exactly one value is required"))
        if form["grant_type"] != GRANT_TYPE:
            raise Refused("UNIMPLEMENTED", f"The grant type is not {GRANT_TYPE}")
        for name, value in EXPECTED.items():
            if form[name] != value:
                refuse((name, f"Value must be {value}"))
        token, expires_at = self._federations.exchange(form["subject_token"], form["audience"])
        return {"access_token": token, "token_type": "Bearer", "expires_in": int(expires_at - self._clock())}

    def _error(self, refused: Refused, call: Call) -> Response:
        code = refused.code.name
        status = HTTP_STATUS.get(code, 500)
        headers = {"x-request-id": call.request_id, **refused.headers}
        if not self._behaviour.oauth_errors:
            return json_response(
                status, MessageToDict(refused.status(RequestInfo(request_id=call.request_id))), headers
            )
        error = OAUTH_ERRORS.get(code)
        body = {"error": error or "server_error", "error_description": refused.message}
        return json_response(400 if error else status, body, headers)


def _form(request: Request) -> Struct:
    """Return the fields of the form. A field that occurs several times becomes a list."""
    fields = parse_qs(request.body.decode("latin-1"), keep_blank_values=True)
    form = Struct()
    form.update({name: values if len(values) > 1 else values[0] for name, values in fields.items()})
    return form
