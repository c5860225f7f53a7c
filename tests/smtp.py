"""A mail server that keeps what it is given and misbehaves on request."""

import asyncio
import email
import socket
from collections import Counter
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Sink:
    """An SMTP server on a free port. `mode` says how it treats what comes from now on.

    `accept` keeps the mail; `refuse` answers 550 and `later` 451 to the recipient, `refuse data` 552 to the text;
    `drop` keeps the mail and breaks off without an answer; `hang` keeps it and never answers; `one each` hangs up
    silently after each mail, as servers do that limit the mails of a connection.
    """

    def __init__(self, mode: str = "accept", pause: float = 0.0) -> None:
        self.mode, self.pause = mode, pause
        self.received: list[tuple[str, str]] = []  # recipient, Message-ID
        self.messages: list[EmailMessage] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop(no_assert=True)

    def times_received(self) -> Counter[str]:
        return Counter(recipient for recipient, _message_id in self.received)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.mode == "refuse":
            return f"550 5.1.1 <{address}> is not known here"
        if self.mode == "later":
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.mode == "refuse data":
            return "552 5.2.2 mailbox is full"
        message = email.message_from_bytes(envelope.content, policy=default)
        self.received.extend((address, str(message["Message-ID"])) for address in envelope.rcpt_tos)
        self.messages.append(message)
        await asyncio.sleep(self.pause)
        if self.mode == "hang":
            await asyncio.sleep(3600)
        if self.mode == "drop":
            server.transport.abort()
        if self.mode == "one each":
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
        return "250 OK"
