"""What pages with a form have in common."""

from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page

from cases.views import View


def form_page(view: View) -> View:
    """Nobody else's, but the back button finds it again with the token that it had, so that it counts once."""
    return gzip_page(cache_control(private=True, max_age=0)(view))
