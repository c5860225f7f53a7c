"""Run every measurement and print one table."""

import os
import platform
import sys
import tempfile
from pathlib import Path

from bench import site, start
from bench.table import head, remark, show


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ua-bench-") as name:
        folder = Path(name)
        site.choose_environment(folder / "data")
        load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}. Takes about seven minutes.")
        head()
        for line in start.measure():
            show(line)
        _with_django(folder)
    return 0


def _with_django(folder: Path) -> None:
    """What needs the site that the first start made."""
    import django

    django.setup()

    from django.db import connections

    from appeals import pdf
    from bench import files, pages, pdfs, sizes, throughput
    from ua_tracker.management.commands.serve import web

    for line in pages.measure():
        show(line)
    missing = pdf.missing_libraries()
    if missing:
        remark(f"letters are not measured: {' '.join(missing)} missing")
    else:
        for line in files.measure():  # first: the yardsticks of the other load what no worker has in its memory
            show(line)
        for line in pdfs.measure():
            show(line)
    connections.close_all()
    address = os.environ["SITE_URL"]
    with site.running(web(), f"{address}/healthz"):
        for line in sizes.measure(address):
            show(line)
    for line in throughput.measure(address, web(), folder / "nginx"):
        show(line)


if __name__ == "__main__":
    sys.exit(main())
