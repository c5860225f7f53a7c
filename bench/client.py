"""A load generator for machines without one: as many threads as connections, each asking as fast as it is answered.

python -m bench.client ADDRESS SECONDS CONNECTIONS
"""

import http.client
import sys
import threading
import time
from urllib.parse import urlsplit


def main(address: str, seconds: float, connections: int) -> None:
    until = time.monotonic() + seconds
    counts: list[int] = []
    threads = [threading.Thread(target=_ask, args=(address, until, counts)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(counts) < connections:
        raise SystemExit("A connection failed.")
    print(f"Requests/sec: {sum(counts) / seconds:.2f}")


def _ask(address: str, until: float, counts: list[int]) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    count = 0
    while time.monotonic() < until:
        connection.request("GET", parts.path)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{address} answered {response.status}")
        count += 1
    counts.append(count)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
