# One image for web, worker, timetable and commands; docker-compose.yml says what each of them runs.
# Every requirement has a wheel for Python 3.11 to 3.13, so nothing is compiled here.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --only-binary=:all: -r requirements.txt


FROM python:${PYTHON}-slim-bookworm

# What WeasyPrint loads; without the third, fonts are cut to size in Python, which takes many times as long. The last shuts
# the press in.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libseccomp2 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --no-create-home ua \
 && install --directory --owner=ua --group=ua --mode=0700 /data

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=ua_tracker.settings \
    DATA_DIR=/data \
    STATIC_ROOT=/app/collected \
    XDG_CACHE_HOME=/tmp/cache

COPY --from=packages /venv /venv
WORKDIR /app
COPY . .

# The settings want a key to start; this one is for these two lines and is not kept.
RUN EMBEDDED=on SECRET_KEY=used-only-while-the-image-is-being-built-and-not-kept DATA_DIR=/tmp/build \
    python manage.py collectstatic --no-input --ignore=flags \
 && python -m compileall -q .

# The code belongs to root: what runs cannot change it. Letter files go to /data, a volume.
USER ua
VOLUME /data
EXPOSE 8000
