"""Calls that we make: planned for somebody, led by a questionnaire, each attempt remembered."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.customers import Contact, Customer, customer_facts, owned_within
from crm.models.inquiries import Inquiry
from crm.models.questionnaires import Questionnaire, QuestionnaireVersion
from crm.models.records import ServiceRecord
from crm.models.responses import Response
from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url
from foundation.ui.once import once
from foundation.ui.shelf import Shelf, follow


class CallPolicy(models.Model):
    """What the house has decided about calling: one row that an administrator edits."""

    most_attempts = models.PositiveSmallIntegerField(
        _("attempts before a call is given up"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("After so many without an answer the call counts as not reached."),
    )
    retry_hours = models.PositiveSmallIntegerField(
        _("hours until the next attempt"), default=4, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    quiet_from = models.TimeField(_("quiet from"), default=time(20), help_text=_("By the customer's clock."))
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    quiet_weekend = models.BooleanField(_("quiet on Saturday and Sunday"), default=True)
    ring_seconds = models.PositiveSmallIntegerField(
        _("seconds for which an incoming call comes up on open pages"),
        default=120,
        validators=[MinValueValidator(10), MaxValueValidator(3600)],
        help_text=_("Also of a conversation, until the telephone system says that it has ended."),
    )
    bad_percent = models.PositiveSmallIntegerField(
        _("what share of a scale is a bad answer, in percent"),
        default=40,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Of the highest step: with 40 these are 1 and 2 of 5, and 1 to 4 of 10."),
    )
    recording_needs_consent = models.BooleanField(
        _("a recording needs a noted consent"),
        default=False,
        help_text=_(
            "Who agreed, when and how is asked for wherever a voice is kept. Off: the form only reminds of it."
        ),
    )

    class Meta:
        verbose_name = _("rules for calling")
        verbose_name_plural = _("rules for calling")
        constraints = [models.CheckConstraint(name="crm_callpolicy_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Rules for calling"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> CallPolicy:
        """The rules in force. They are shared: to change them, read the row."""
        return once("crm.callpolicy", _shelf.get)

    def is_quiet(self, local: datetime) -> bool:
        """Whether nobody should be called at this time by the customer's own clock."""
        if self.quiet_weekend and local.weekday() >= 5:
            return True
        now = local.time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= now < self.quiet_until
        return now >= self.quiet_from or now < self.quiet_until

    def next_attempt(self, now: datetime) -> datetime:
        """When to try again if nobody says otherwise."""
        return (now + timedelta(hours=self.retry_hours)).replace(second=0, microsecond=0)


_shelf: Shelf[CallPolicy] = Shelf(lambda: CallPolicy.objects.get_or_create(pk=1)[0])
follow(CallPolicy)


class CallCampaign(models.Model):
    """Calls that were planned together from a list of customers."""

    name = models.CharField(_("name"), max_length=120)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("questionnaire")
    )
    chosen_by = models.CharField(_("list of customers"), max_length=1000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("planned by")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("campaign of calls")
        verbose_name_plural = _("campaigns of calls")
        ordering = ("-pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name


class CallQuerySet(SearchableQuerySet):
    """Questions about sets of calls."""

    def visible_to(self, user: Any) -> CallQuerySet:
        """All; or one's own, and those of customers whom one sees."""
        if user.has_perm("crm.view_all_customers"):
            return self
        return self.filter(Q(owner=user.pk) | owned_within(user, "customer__"))

    def open(self) -> CallQuerySet:
        """Calls that are still to be made, or being made."""
        return self.filter(status__in=Call.OPEN)


@guarded("status")
class Call(Subject, Searchable):
    """One call to one customer: why, by whom, when, and what came of it."""

    READ_WITH = ("customer", "contact", "owner__manager", "owner__team__lead", "questionnaire")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("call", "To be made")
        IN_CALL = "in_call", _("In call")
        POSTPONED = "postponed", _("Call again")
        DONE = "done", pgettext_lazy("call", "Done")
        NOT_REACHED = "not_reached", _("Not reached")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", pgettext_lazy("call", "Cancelled")

    OPEN = (Status.OPEN, Status.IN_CALL, Status.POSTPONED)
    PATH = ("open", "in_call", "done")
    ASIDE = ("postponed",)

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.OPEN, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="calls", verbose_name=_("customer"))
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("contact")
    )
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="calls", verbose_name=_("questionnaire")
    )
    version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, null=True, editable=False, related_name="calls"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    campaign = models.ForeignKey(
        CallCampaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls", verbose_name=_("campaign")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("caller"),
    )
    due_at = models.DateTimeField(_("to be made"))
    best_from = models.TimeField(_("best from"), null=True, blank=True)
    best_until = models.TimeField(_("best until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(pgettext_lazy("calls", "attempts"), default=0, editable=False)
    started_at = models.DateTimeField(_("began"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    closed_reason = models.CharField(_("why it ended"), max_length=300, blank=True, editable=False)
    draft = models.JSONField(default=dict, editable=False)
    draft_at = models.DateTimeField(null=True, editable=False)
    response = models.OneToOneField(
        Response, on_delete=models.PROTECT, null=True, editable=False, related_name="call", verbose_name=_("answers")
    )
    service_record = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, null=True, editable=False, related_name="call"
    )
    inquiry = models.OneToOneField(
        Inquiry, on_delete=models.SET_NULL, null=True, editable=False, related_name="call", verbose_name=_("inquiry")
    )
    visit_agreed = models.BooleanField(_("agreed to a visit"), default=False, editable=False)
    has_project = models.BooleanField(_("project coming up"), default=False, editable=False)
    is_dissatisfied = models.BooleanField(_("dissatisfied"), default=False, editable=False)
    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    about_id = models.BigIntegerField(null=True, editable=False)
    request_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - null is "no key"
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "reason", "customer")
    record_icon = "phone"

    objects = SearchableManager.from_queryset(CallQuerySet)()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        default_permissions = ("view",)
        permissions = [
            ("make_call", "Can make calls and plan own ones"),
            ("plan_call", "Can plan calls for others, and many at once"),
        ]
        constraints = [
            models.CheckConstraint(
                name="crm_call_done_has_answers",
                condition=~Q(status="done") | Q(response__isnull=False, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="crm_call_in_call_has_version",
                condition=~Q(status="in_call") | Q(version__isnull=False, started_at__isnull=False),
            ),
        ]
        indexes = [
            search_index("crm_call"),
            # a caller's list: what is to be made, the soonest first
            models.Index(
                fields=["owner", "due_at"],
                name="crm_call_due",
                condition=Q(status__in=["open", "in_call", "postponed"]),
            ),
            # everybody's list in its default order
            models.Index(fields=["due_at", "id"], name="crm_call_order"),
            models.Index(fields=["customer", "-due_at"], name="crm_call_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The call's page."""
        return record_url("crm:call", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask; `kind` is the purpose of the questionnaire."""
        return {
            "number": self.number,
            "status": self.status,
            **customer_facts(self.customer, self.owner),
            "kind": self.questionnaire.purpose,
            "channel": "phone",
            "due_at": self.due_at.isoformat(),
        }

    def search_texts(self) -> list[str]:
        """Found by its reason and by whom it goes to."""
        return [self.reason, self.customer.name, self.customer.local_name]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number."""
        return [self.number]

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source=["open", "postponed"],
        target="in_call",
        label=_("Call now"),
        permission="crm.make_call",
        event="call.started",
        primary=True,
    )
    def start(self, *, by: Any, version: QuestionnaireVersion, at: datetime) -> None:
        """Somebody is on the telephone; nobody else dials the same customer."""
        self.owner, self.version, self.started_at = by, version, at

    @transition(
        status,
        source=["open", "in_call", "postponed"],
        target="postponed",
        label=_("Call again later"),
        permission="crm.make_call",
        event="call.postponed",
    )
    def postpone(self, *, until: datetime, attempts: int = 0) -> None:
        """Nobody answered, or the customer asked for another time."""
        self.due_at, self.attempts = until, self.attempts + attempts

    @transition(
        status,
        source=["open", "in_call", "postponed"],
        target="not_reached",
        label=_("Give up"),
        permission="crm.make_call",
        event="call.given_up",
    )
    def give_up(self, *, at: datetime, attempts: int = 0) -> None:
        """Tried often enough, or the number is wrong."""
        self.ended_at, self.attempts = at, self.attempts + attempts

    @transition(
        status,
        source="in_call",
        target="done",
        label=_("Finish"),
        permission="crm.make_call",
        event="call.finished",
        primary=True,
    )
    def finish(self, *, response: Response, service_record: ServiceRecord, at: datetime, signals: set[str]) -> None:
        """The questions are answered; `signals` are the meanings that were heard."""
        self.response, self.service_record, self.ended_at = response, service_record, at
        self.visit_agreed = "visit" in signals
        self.has_project = "project" in signals
        self.is_dissatisfied = "satisfaction" in signals
        self.attempts += 1
        self.draft, self.draft_at = {}, None

    @transition(
        status,
        source=["open", "in_call", "postponed"],
        target="refused",
        label=_("The customer refuses"),
        permission="crm.make_call",
        event="call.refused",
    )
    def refuse(self, *, reason: str, at: datetime) -> None:
        """Reached, but no wish to answer."""
        self.closed_reason, self.ended_at = reason, at
        self.attempts += 1

    @transition(
        status,
        source=["open", "postponed"],
        target="cancelled",
        label=_("Cancel the call"),
        permission="crm.make_call",
        event="call.cancelled",
        danger=True,
    )
    def cancel(self, *, reason: str, at: datetime) -> None:
        """Not needed any more."""
        self.closed_reason, self.ended_at = reason, at

    @transition(
        status,
        source=["not_reached", "refused", "cancelled"],
        target="open",
        label=_("Plan it again"),
        permission="crm.make_call",
        event="call.reopened",
    )
    def reopen(self, *, until: datetime) -> None:
        """Another number, or the customer called back; the attempts count afresh."""
        self.due_at, self.attempts = until, 0
        self.ended_at, self.closed_reason = None, ""


class CallAttempt(models.Model):
    """Somebody dialled. Added by the application and never changed."""

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        BUSY = "busy", _("Busy")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        CALL_AGAIN = "call_again", _("Asked to be called again")
        REFUSED = "refused", _("Refused")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="attempt_log", verbose_name=_("call"))
    result = models.CharField(_("result"), max_length=14, choices=Result.choices)
    at = models.DateTimeField(_("time"), db_default=Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("caller")
    )
    call_again_at = models.DateTimeField(_("call again at"), null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = pgettext_lazy("calls", "attempts")
        ordering = ("-pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.call_id}: {self.result}"


class VisitConsent(models.Model):
    """The customer agreed to be visited: who, when, and in which call. Added by the application and never changed."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="visit_consents", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("contact")
    )
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="consent", verbose_name=_("call"))
    channel = models.CharField(_("channel"), max_length=12, default=ServiceRecord.Channel.PHONE)
    agreed_at = models.DateTimeField(_("agreed"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("consent to a visit")
        verbose_name_plural = _("consents to visits")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["customer", "-agreed_at"], name="crm_consent_customer")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.agreed_at:%Y-%m-%d}"
