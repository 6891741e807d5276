"""List and record pages that a stage declares in a few lines; see `ListPage` and `RecordPage`."""

from foundation.lists.pages.listing import Column, ListPage, Tab
from foundation.lists.pages.record import RecordPage, action_buttons
from foundation.lists.pages.writing import Writer, register_writer

__all__ = ["Column", "ListPage", "RecordPage", "Tab", "Writer", "action_buttons", "register_writer"]
