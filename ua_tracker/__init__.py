"""The project: settings, addresses, the Celery application and the commands that run it all."""

from ua_tracker.celery import app as celery_app

__all__ = ["celery_app"]
