"""List and record pages that a stage declares in a few lines; see `ListPage` and `RecordPage`."""

from foundation.lists.pages.listing import Column, ListPage, Tab
from foundation.lists.pages.record import RecordPage, action_buttons

__all__ = ["Column", "ListPage", "RecordPage", "Tab", "action_buttons"]
