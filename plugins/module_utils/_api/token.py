# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every source of IAM tokens has in common, and the source that needs no request."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any

from . import messages
from .clock import Deadline
from .errors import ApiError, InputError

_TOKEN = re.compile(r"[!-~]+")


class Credential(ABC):
    """A source of IAM tokens.

    :param origin: of the tokens, for messages
    :param advice: what to do if a service rejects a token
    """

    def __init__(self, origin: str, advice: str) -> None:
        self._origin = origin
        self._advice = advice

    @abstractmethod
    def token(self, deadline: Deadline) -> str:
        """Return an IAM token.

        :raises CredentialError: none could be created within the deadline
        """

    def renew(self, failed: str) -> bool:  # noqa: ARG002
        """Forget a token that a service rejected. Return whether ``token`` can create another one."""
        return False

    def rejected(self, error: ApiError) -> ApiError:
        """Return the error for a token that a service rejected, with the source of the token."""
        said = error.error or {}
        fields: dict[str, Any] = {"origin": self._origin, "advice": self._advice, "status": error.http_status}
        fields["text"] = (said.get("message") or "no message").rstrip(".")
        return ApiError(messages.TOKEN_REJECTED, error=said, **fields)


class StaticToken(Credential):
    """An IAM token from an option or a variable. It cannot be renewed.

    :param source: name of the option or variable
    """

    def __init__(self, token: str, source: str) -> None:
        get = "yc iam create-token"
        advice = f"Run: export {source}=$({get})" if source.isupper() else f"Get a new one: {get}"
        super().__init__(f"from {source}", advice)
        self._token = checked_token(token, source)

    def token(self, deadline: Deadline) -> str:  # noqa: ARG002
        """Return the token."""
        return self._token


def checked_token(token: str, source: str) -> str:
    """Return an IAM token without the white space around it.

    :raises InputError: it is empty, an OAuth token, or cannot be sent in a header; the message does not show it
    """
    token = token.strip()
    if token.startswith(("y0_", "AQAA")):
        raise InputError(messages.OAUTH_TOKEN, source=source)
    if not _TOKEN.fullmatch(token):
        raise InputError(messages.BAD_TOKEN, source=source)
    return token
