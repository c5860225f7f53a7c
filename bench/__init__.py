"""Measures the service on this machine: `make bench`, or `python -m bench`.

Every line sets a figure against a yardstick that was measured in the same run, so that a slow or busy machine changes
both. Nothing passes or fails here.
"""
