"""What is kept out of the log: addresses of pages, which can hold a receipt or a link from somebody's mail."""

import logging


class WithoutAddresses(logging.Filter):
    """Django's lines about a request name its view instead of its path."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple) and record.args:
            match = getattr(request, "resolver_match", None)
            record.args = (*record.args[:-1], match.view_name if match else "no view")
        return True
