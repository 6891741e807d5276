"""What happens to people and to the company. Names and addresses lie in the private part."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

USER_INVITED = event_type("user.invited", _("Invited as %(role)s"))
USER_JOINED = event_type("user.joined", _("Invitation accepted"))
USER_DEACTIVATED = event_type("user.deactivated", _("Account switched off"))
USER_REACTIVATED = event_type("user.reactivated", _("Account switched on again"))
FEED_OPENED = event_type("user.feed_opened", _("New address for the calendar feed"))
FEED_CLOSED = event_type("user.feed_closed", _("Address of the calendar feed closed"))
LEAVE_ENTERED = event_type("user.leave_entered", _("Absent from %(first_on)s to %(last_on)s"))
LEAVE_CANCELLED = event_type("user.leave_cancelled", _("Absence from %(first_on)s to %(last_on)s called off"))
WORK_HANDED = event_type("user.work_handed", _("Open work handed over: %(count)s records"))
WORK_RETURNED = event_type("user.work_returned", _("Open work given back: %(count)s records"))
COMPANY_CHANGED = event_type("company.changed", _("Company settings changed: %(fields)s"))
