"""When a deadline has passed: once its day has ended everywhere on Earth, which is at UTC-12."""

import datetime

LAST_PLACE_ON_EARTH = datetime.timezone(datetime.timedelta(hours=-12))


def date_of_last_place(now: datetime.datetime) -> datetime.date:
    """The date where the day ends last. A notice is open while this is not after its `act_by`."""
    return now.astimezone(LAST_PLACE_ON_EARTH).date()
