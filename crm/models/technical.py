"""Technical requests: what a customer needs in words and dimensions, drawn by the technical team, approved by the customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.appointments import Worded
from crm.models.customers import Contact, Customer, customer_facts, owned_within
from crm.models.inquiries import Inquiry
from crm.models.sample_policy import SamplePolicy
from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.todos.models import Task
from foundation.ui.addresses import record_url


class TechnicalKind(Worded):
    """What a technical request may be about; an administrator words it in four languages."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("kind of technical request")
        verbose_name_plural = _("kinds of technical requests")
        ordering = ("position", "pk")


class TechnicalRequestQuerySet(SearchableQuerySet):
    """Questions about sets of technical requests."""

    def visible_to(self, user: Any) -> TechnicalRequestQuerySet:
        """All; or those that they or their team asked for or draw, and those of customers whom they see."""
        if user.has_perm("crm.view_all_customers"):
            return self
        theirs = Q(owner=user.pk) | Q(salesperson=user.pk)
        theirs |= Q(salesperson__team=user.team_id) if user.team_id else Q()
        return self.filter(theirs | owned_within(user, "customer__"))

    def open(self) -> TechnicalRequestQuerySet:
        """Requests on which something is still to be done by somebody."""
        return self.filter(status__in=TechnicalRequest.OPEN)

    def to_draw(self) -> TechnicalRequestQuerySet:
        """What the technical team has on its desks."""
        return self.filter(status__in=TechnicalRequest.TO_DRAW)


@condition(_("A second person releases the drawings: not the one who drew them."))
def is_second_person(request: TechnicalRequest) -> bool:
    """Four eyes, where the company wants them; the database refuses whoever drew the revision too."""
    actor = getattr(request, "acting_user", None)
    return actor is None or actor.pk != request.drawn_by_id


@condition(_("The drawings wait for a second person to release them: submit them for the release."))
def needs_no_release(request: TechnicalRequest) -> bool:
    """Drawings go straight to whoever sends them, where the company trusts one pair of eyes."""
    return not SamplePolicy.current().needs_release


@guarded("status")
class TechnicalRequest(Subject, Searchable):
    """One question to the technical team. `owner` draws, `salesperson` asked and talks to the customer."""

    READ_WITH = ("customer", "contact__customer", "owner__manager", "owner__team__lead", "salesperson", "kind")

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("technical request", "New")
        IN_WORK = "in_work", pgettext_lazy("technical request", "Being drawn")
        WAITING = "waiting", pgettext_lazy("technical request", "Waiting for an answer")
        TO_RELEASE = "to_release", pgettext_lazy("technical request", "To be released")
        RELEASED = "released", pgettext_lazy("technical request", "Ready to be sent")
        SENT = "sent", pgettext_lazy("technical request", "With the customer")
        APPROVED = "approved", pgettext_lazy("technical request", "Approved")
        DONE = "done", pgettext_lazy("technical request", "Done")
        ABANDONED = "abandoned", pgettext_lazy("technical request", "Given up")

    class Priority(models.TextChoices):
        NORMAL = "normal", pgettext_lazy("priority", "Normal")
        URGENT = "urgent", _("Urgent")

    class Outcome(models.TextChoices):
        REJECTED = "rejected", _("The customer does not want it")
        NOT_POSSIBLE = "not_possible", _("It cannot be made")
        WITHDRAWN = "withdrawn", _("We withdraw it")

    TO_DRAW = (Status.NEW, Status.IN_WORK, Status.WAITING, Status.TO_RELEASE)
    OPEN = (*TO_DRAW, Status.RELEASED, Status.SENT, Status.APPROVED)
    PATH = (
        Status.NEW,
        Status.IN_WORK,
        Status.TO_RELEASE,
        Status.RELEASED,
        Status.SENT,
        Status.APPROVED,
        Status.DONE,
    )
    ASIDE = (Status.WAITING,)

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.NEW, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="technical_requests", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="technical_requests",
        verbose_name=_("contact"),
    )
    inquiry = models.ForeignKey(
        Inquiry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="technical_requests",
        verbose_name=_("inquiry"),
    )
    kind = models.ForeignKey(TechnicalKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    subject = models.CharField(_("subject"), max_length=200)
    wish = models.TextField(_("what is wanted"), max_length=5000)
    click_system = models.CharField(_("click system"), max_length=120, blank=True)
    wanted_on = models.DateField(_("wanted by"), null=True, blank=True)
    priority = models.CharField(_("priority"), max_length=12, choices=Priority.choices, default=Priority.NORMAL)
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="asked_technical_requests",
        verbose_name=_("salesperson"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="technical_requests",
        verbose_name=_("drawn by"),
    )
    # The revision that was submitted last, and who drew it; 0 before the first.
    revision = models.PositiveSmallIntegerField(_("revision"), default=0, editable=False)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("drawn by"),
    )
    sent_at = models.DateTimeField(_("sent to the customer"), null=True, editable=False)
    follow_up_on = models.DateField(_("ask the customer on"), null=True, editable=False)
    reminder = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_digest = models.CharField(_("digest that was approved"), max_length=64, blank=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=1000, blank=True, editable=False)
    created_at = models.DateTimeField(_("requested"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "subject", "customer", "click_system")
    record_icon = "wrench-screwdriver"

    objects = SearchableManager.from_queryset(TechnicalRequestQuerySet)()

    class Meta:
        verbose_name = _("technical request")
        verbose_name_plural = _("technical requests")
        permissions = [
            ("draw_technicalrequest", "Can draw for technical requests and release drawings of colleagues"),
            ("send_technicalrequest", "Can send drawings to customers and note their decisions"),
        ]
        constraints = [
            models.CheckConstraint(
                name="crm_technical_drawn_has_revision",
                condition=~Q(status__in=["to_release", "released", "sent", "approved", "done"]) | Q(revision__gt=0),
            ),
            models.CheckConstraint(
                name="crm_technical_taken_has_owner",
                condition=Q(status__in=["new", "abandoned", "approved", "done", "sent", "released"])
                | Q(owner__isnull=False),
            ),
            models.CheckConstraint(
                name="crm_technical_approved_whole",
                condition=~Q(status__in=["approved", "done"]) | (Q(approved_at__isnull=False) & ~Q(approved_digest="")),
            ),
            models.CheckConstraint(
                name="crm_technical_off_has_reason",
                condition=~Q(status="abandoned") | (~Q(reason="") & ~Q(outcome="")),
            ),
        ]
        indexes = [
            search_index("crm_technicalrequest"),
            # a customer's requests
            models.Index(fields=["customer", "-id"], name="crm_technical_customer"),
            # the technical team's desks
            models.Index(
                fields=["owner", "id"],
                name="crm_technical_to_draw",
                condition=Q(status__in=["new", "in_work", "waiting", "to_release"]),
            ),
            # what a salesperson has to send, to ask and to hand on
            models.Index(
                fields=["salesperson", "status"],
                name="crm_technical_salesperson",
                condition=~Q(status__in=["done", "abandoned"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The request's page."""
        return record_url("crm:technical-request", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask about this request."""
        return {
            "number": self.number,
            "status": self.status,
            **customer_facts(self.customer, self.owner),
            "request_kind": self.kind.code,
            "priority": self.priority,
            "wanted_on": self.wanted_on,
            "revision": letter_of(self.revision),
        }

    def search_texts(self) -> list[str]:
        """Found by its subject, its click system and its customer."""
        return [self.subject, self.click_system, self.customer.name, self.customer.local_name]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number."""
        return [self.number]

    @property
    def letter(self) -> str:
        """The revision as people say it; empty before the first."""
        return letter_of(self.revision)

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="new",
        target="in_work",
        label=_("Take it"),
        permission="crm.draw_technicalrequest",
        event="technical_request.assigned",
        primary=True,
    )
    def take(self, *, owner: Any) -> None:
        """Somebody of the technical team has it on the desk."""
        self.owner = owner

    @transition(
        status,
        source="in_work",
        target="waiting",
        label=_("Ask back"),
        permission="crm.draw_technicalrequest",
        event="technical_request.asked",
    )
    def ask(self) -> None:
        """Something is missing: the clock stands still until it is answered."""

    @transition(
        status,
        source="waiting",
        target="in_work",
        label=_("Answer"),
        permission="crm.change_technicalrequest",
        event="technical_request.answered",
        primary=True,
    )
    def answer(self) -> None:
        """What was missing is here."""

    @transition(
        status,
        source="in_work",
        target="to_release",
        label=_("Submit drawings"),
        permission="crm.draw_technicalrequest",
        event="technical_request.drawn",
        primary=True,
    )
    def draw(self, *, by: Any) -> None:
        """A revision is finished, and a second person looks at it."""
        self.revision, self.drawn_by = self.revision + 1, by

    @transition(
        status,
        source="in_work",
        target="released",
        label=_("Submit drawings for sending"),
        permission="crm.draw_technicalrequest",
        event="technical_request.released",
        when=[needs_no_release],
    )
    def issue(self, *, by: Any) -> None:
        """A revision is finished; nobody else looks at it."""
        self.revision, self.drawn_by = self.revision + 1, by

    @transition(
        status,
        source="to_release",
        target="released",
        label=_("Release"),
        permission="crm.draw_technicalrequest",
        event="technical_request.released",
        primary=True,
        when=[is_second_person],
    )
    def release(self) -> None:
        """A second person has looked at the drawings."""

    @transition(
        status,
        source="to_release",
        target="in_work",
        label=_("Return"),
        permission="crm.draw_technicalrequest",
        event="technical_request.returned",
        when=[is_second_person],
    )
    def send_back(self) -> None:
        """Something is wrong in the drawings; the revision keeps what."""

    @transition(
        status,
        source="released",
        target="sent",
        label=_("Send to the customer"),
        permission="crm.send_technicalrequest",
        event="technical_request.sent",
        primary=True,
    )
    def send(self, *, at: datetime, follow_up_on: Any) -> None:
        """The customer has the drawings and is asked for approval."""
        self.sent_at, self.follow_up_on = at, follow_up_on

    @transition(
        status,
        source="sent",
        target="approved",
        label=_("Note the approval"),
        permission="crm.send_technicalrequest",
        event="technical_request.approved",
        primary=True,
    )
    def approve(self, *, at: datetime, digest: str) -> None:
        """The customer approves exactly this revision."""
        self.approved_at, self.approved_digest = at, digest

    @transition(
        status,
        source="sent",
        target="in_work",
        label=_("Note wanted changes"),
        permission="crm.send_technicalrequest",
        event="technical_request.changes_asked",
    )
    def ask_changes(self, *, owner: Any) -> None:
        """The customer wants it otherwise: another revision."""
        self.owner = owner

    @transition(
        status,
        source="approved",
        target="done",
        label=_("Close as done"),
        permission="crm.change_technicalrequest",
        event="technical_request.finished",
        primary=True,
    )
    def finish(self, *, at: datetime) -> None:
        """Handed on to whoever quotes or produces it."""
        self.done_at = at

    @transition(
        status,
        source=["new", "in_work", "waiting", "to_release", "released", "sent"],
        target="abandoned",
        label=_("Give up"),
        permission="crm.change_technicalrequest",
        event="technical_request.abandoned",
        danger=True,
    )
    def abandon(self, *, outcome: str, reason: str, at: datetime) -> None:
        """Nothing comes of it, and everybody can read why."""
        self.outcome, self.reason, self.done_at = outcome, reason, at


def letter_of(number: int) -> str:
    """1 → A, 26 → Z, 27 → AA; empty for 0."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
