"""Run a command once more on PostgreSQL and Redis, where both answer; say so where they do not.

    python -m tests.services COMMAND ...

`DATABASE_URL` and `REDIS_URL` name them; without these their usual local ports are tried.
"""

import getpass
import os
import subprocess
import sys

import psycopg2
import redis

USUAL_DATABASES = (
    "postgres://postgres@127.0.0.1:5432/postgres",
    f"postgres://{getpass.getuser()}@127.0.0.1:5432/postgres",
)
USUAL_REDIS = "redis://127.0.0.1:6379/9"


def database() -> str | None:
    named = os.environ.get("DATABASE_URL")
    for url in [named] if named else USUAL_DATABASES:
        try:
            psycopg2.connect(url, connect_timeout=3).close()
        except psycopg2.Error:
            continue
        return url
    return None


def cache() -> str | None:
    url = os.environ.get("REDIS_URL") or USUAL_REDIS
    try:
        redis.Redis.from_url(url, socket_timeout=3).ping()
    except (redis.RedisError, ValueError):
        return None
    return url


def main() -> int:
    found = {"DATABASE_URL": database(), "REDIS_URL": cache()}
    for name, url in found.items():
        if url is None:
            print(f"Not run on PostgreSQL and Redis: nothing answers for {name}.")
            return 0
    print("Once more, on PostgreSQL and Redis")
    return subprocess.call(sys.argv[1:], env={**os.environ, **{name: url for name, url in found.items() if url}})


if __name__ == "__main__":
    sys.exit(main())
