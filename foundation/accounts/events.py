"""What happens to people and to the company. Names and addresses lie in the private part."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

USER_INVITED = event_type("user.invited", _("Invited as %(role)s"))
USER_JOINED = event_type("user.joined", _("Invitation accepted"))
USER_DEACTIVATED = event_type("user.deactivated", _("Account switched off"))
USER_REACTIVATED = event_type("user.reactivated", _("Account switched on again"))
FEED_OPENED = event_type("user.feed_opened", _("New address for the calendar feed"))
FEED_CLOSED = event_type("user.feed_closed", _("Address of the calendar feed closed"))
COMPANY_CHANGED = event_type("company.changed", _("Company settings changed: %(fields)s"))
