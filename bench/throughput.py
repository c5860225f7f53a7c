"""Requests a second of the case page, against nginx that serves the same bytes from a file."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench import site
from bench.table import Line, remark

SECONDS = 5
CONNECTIONS = 8
ROUNDS = 2
WHERE = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))

_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes 1;
{user}
events {{ worker_connections 256; }}
http {{
  access_log off;
  default_type text/html;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


def measure(address: str, web: list[str], folder: Path) -> Iterator[Line]:
    """`web` is the command that serves the site at `address`, with one worker process."""
    rates = {1: 0.0, 2: 0.0}
    for workers in (1, 2) * ROUNDS:  # by turns, so that both meet the same moods of the machine
        with site.running(with_workers(web, workers), f"{address}/healthz"):
            rates[workers] += requests_a_second(address + site.CASE) / ROUNDS
            with urllib.request.urlopen(address + site.CASE) as response:
                page = response.read()
    theirs = _of_nginx(page, folder)
    if theirs is None:
        remark("nginx is not installed: the case page has no yardstick but itself with one process")
    generator = f"{_generator()}, {CONNECTIONS} connections"
    if theirs is not None:
        yield Line("case page, 1 process", rates[1], "nginx, a file of the same bytes", theirs, "/s", generator)
    yield Line("case page, 2 processes", rates[2], "1 process", rates[1], "/s", f"{os.cpu_count()} cores; {generator}")


def with_workers(web: list[str], workers: int) -> list[str]:
    place = web.index("--workers") + 1
    return [*web[:place], str(workers), *web[place + 1 :]]


def requests_a_second(address: str) -> float:
    _load(address, 1)
    return _load(address, SECONDS)


def _of_nginx(page: bytes, folder: Path) -> float | None:
    nginx = shutil.which("nginx", path=WHERE)
    if nginx is None:
        return None
    port = site.free_port()
    (folder / "www").mkdir(parents=True)
    (folder / "www" / "case.html").write_bytes(page)
    user = "user root;" if os.geteuid() == 0 else ""  # the folder is open to its owner only
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX.format(folder=folder, port=port, user=user), encoding="utf-8")
    address = f"http://127.0.0.1:{port}/case.html"
    with site.running([nginx, "-e", "stderr", "-p", str(folder), "-c", str(settings)], address):
        return requests_a_second(address)


def _generator() -> str:
    return next((name for name in ("wrk", "hey") if shutil.which(name)), "own client")


def _load(address: str, seconds: int) -> float:
    commands = {
        "wrk": ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", address],
        "hey": ["hey", "-c", str(CONNECTIONS), "-z", f"{seconds}s", address],
        "own client": [sys.executable, "-m", "bench.client", address, str(seconds), str(CONNECTIONS)],
    }
    said = subprocess.run(
        commands[_generator()], cwd=site.ROOT, check=True, capture_output=True, text=True, timeout=seconds + 60
    ).stdout
    # hey says how many answers had which status, wrk how many had another than 2xx or 3xx.
    if "Non-2xx" in said or re.search(r"^\s*\[[45]\d\d\]", said, re.MULTILINE):
        raise RuntimeError(f"{address} did not always answer 200:\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None:
        raise RuntimeError(f"No rate in what the load generator said:\n{said}")
    return float(found[1])
