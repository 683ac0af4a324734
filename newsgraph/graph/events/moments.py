"""Converts times to whole seconds, by which they are compared."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
SECOND = timedelta(seconds=1)
PART_OF_A_SECOND = timedelta(microseconds=999_999)
"""A last second ends so long after it began."""


def seconds(moment: datetime) -> int:
    """Returns the whole seconds since 1970 (UTC). A time without a zone is taken as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // SECOND


def moment_of(second: int) -> datetime:
    """Returns the second as a date (UTC), limited to what dates can hold."""
    if second <= seconds(FIRST):
        return FIRST
    if second >= seconds(LAST):
        return LAST
    return EPOCH + timedelta(seconds=second)
