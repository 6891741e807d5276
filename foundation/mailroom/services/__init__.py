"""What happens to a mail: taken in, judged, joined, sorted by hand."""

from foundation.mailroom.services.intake import finish_stored, process, store, take_in
from foundation.mailroom.services.sorting import assign, discard, make_inquiry, retry

__all__ = ["assign", "discard", "finish_stored", "make_inquiry", "process", "retry", "store", "take_in"]
