"""CPU time of a page, from the web server's call to the last byte, in this process."""

import io
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

from bench.site import CASE
from bench.table import Line

TIMES = 300
WARM_UP = 30


class Caller:
    """Calls the WSGI application as a web server would."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()

    def get(self, path: str) -> bytes:
        status: list[str] = []

        def start_response(line: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[..., Any]:
            status.append(line)
            return lambda data: None

        response = self.application(_environment(path), start_response)
        try:
            body = b"".join(response)
        finally:
            response.close()
        if not status[0].startswith("200"):
            raise RuntimeError(f"{path} answered {status[0]}")
        return body

    def milliseconds(self, path: str) -> float:
        for _ in range(WARM_UP):
            self.get(path)
        begun = time.process_time()
        for _ in range(TIMES):
            self.get(path)
        return (time.process_time() - begun) / TIMES * 1000

    def queries(self, path: str) -> int:
        count = 0

        def counting(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*args)

        with connection.execute_wrapper(counting):
            self.get(path)
        return count


def measure() -> Iterator[Line]:
    caller = Caller()
    trivial = caller.milliseconds("/healthz")
    note = f"{caller.queries(CASE)} queries; aim 3.5 ms"
    yield Line("case page, CPU", caller.milliseconds(CASE), "/healthz", trivial, "ms", note)


def _environment(path: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
