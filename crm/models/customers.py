"""Customers, the people there, and their addresses."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from foundation.accounts.models import validate_time_zone
from foundation.journal.models import Subject
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url
from foundation.ui.phones import e164
from foundation.ui.places import country_name, language_name

# A customer is found by so many of its people; the others are found by themselves.
SEARCHED_PEOPLE = 12


class CustomerQuerySet(SearchableQuerySet):
    """Questions about sets of customers."""

    def visible_to(self, user: Any) -> CustomerQuerySet:
        """Customers that this person may see: all, or those of theirs, of their team's, of nobody's and shared ones.

        A customer that was merged into another is not one any more: it is found only as the other.
        """
        rows = self.filter(merged_into=None)
        if user.has_perm("crm.view_all_customers"):
            return rows
        return rows.filter(owned_within(user))

    def active(self) -> CustomerQuerySet:
        """Customers that we still do business with."""
        return self.filter(archived_at=None)


def owned_within(user: Any, path: str = "") -> Q:
    """The rule of ownership for somebody who may not see all customers; `path` leads to the customer, as `order__customer__`."""
    from crm.models.ownership import shared_with

    shared = Q(**{f"{path.removesuffix('__')}__in" if path else "pk__in": shared_with(user)})
    seen = Q(**{f"{path}owner": None}) | Q(**{f"{path}owner": user.pk}) | shared
    return seen | Q(**{f"{path}owner__team": user.team_id}) if user.team_id else seen


class Customer(Subject, Searchable):
    """A company, or a person, that buys or may buy."""

    class Kind(models.TextChoices):
        DECORATOR = "decorator", _("Decorator or fit-out company")
        DEALER = "dealer", _("Dealer")
        AGENT = "agent", _("Agent")
        END_CLIENT = "end_client", _("End client")
        IMPORTER = "importer", _("Importer")

    class Tier(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        IMPORTANT = "important", _("Important")
        KEY = "key", _("Key account")
        STRATEGIC = "strategic", _("Strategic")
        GROUP = "group", pgettext_lazy("customer tier", "Group")

    class Source(models.TextChoices):
        WEB = "web", _("Website")
        EMAIL = "email", _("Email")
        PHONE = "phone", _("Phone")
        CHAT = "chat", _("Chat")
        PLATFORM = "platform", _("Trade platform")
        FAIR = "fair", _("Trade fair")
        REFERRAL = "referral", _("Referral")
        OWN_SEARCH = "own_search", _("Own search")
        IMPORT = "import", _("Import")
        OTHER = "other", _("Other")

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    local_name = models.CharField(_("name in the customer's script"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.IMPORTER)
    tier = models.CharField(_("tier"), max_length=20, choices=Tier.choices, default=Tier.ORDINARY)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    industry = models.CharField(_("industry"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices, default=Source.OTHER)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        db_index=False,  # crm_customer_owner begins with it
        verbose_name=_("owner"),
    )
    website = models.URLField(_("website"), blank=True)
    domain = models.CharField(_("email domain"), max_length=120, blank=True, editable=False)
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    last_contact_at = models.DateTimeField(_("last contact"), null=True, blank=True, editable=False)
    # Kept by `services.cadence` in the transaction of whatever touched the customer.
    last_touch = models.ForeignKey(
        "crm.CustomerTouch",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,  # most have none: crm_customer_touched
        verbose_name=_("last touch"),
    )
    touch_due_on = models.DateField(_("next touch due"), null=True, editable=False)
    touch_due_way = models.CharField(max_length=10, blank=True, default="", editable=False)
    # Kept by `services.ownership` and `services.pool`.
    tax_key = models.CharField(max_length=40, blank=True, default="", editable=False)
    owner_since = models.DateTimeField(_("owner since"), null=True, editable=False)
    last_deal_at = models.DateTimeField(_("last deal"), null=True, editable=False)
    returns_on = models.DateField(_("returns to the pool on"), null=True, editable=False)
    warned_for = models.DateField(null=True, editable=False)
    kept_until = models.DateField(_("kept by a manager until"), null=True, editable=False)
    protected_by = models.CharField(max_length=20, blank=True, default="", editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        db_index=False,  # most were not: crm_customer_merged
        verbose_name=_("merged into"),
    )
    former_names = models.TextField(blank=True, default="", editable=False)
    service_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service owner"),
        db_index=False,
    )
    own = models.JSONField(_("own fields"), default=dict, blank=True, editable=False)
    external_ref = models.CharField(_("reference elsewhere"), max_length=120, blank=True)
    import_source = models.CharField(_("imported from"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    SEARCH_FIELDS = ("number", "name", "local_name", "domain", "tax_number", "external_ref", "former_names", "own")
    record_icon = "building-office"
    stands_for_all = True  # its page says what is promised about anything of the customer
    # Whoever saves together with contacts puts them here, so that the tokens need no query of their own.
    people: list[Contact] | None = None

    objects = SearchableManager.from_queryset(CustomerQuerySet)()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [
            ("view_all_customers", "Can see the customers of every colleague"),
            ("claim_customer", "Can claim customers from the pool"),
            ("assign_customer", "Can assign customers and hand them over"),
            ("keep_customer", "Can keep customers from returning to the pool"),
        ]
        constraints = [
            models.CheckConstraint(name="crm_customer_named", condition=~Q(name="")),
            models.UniqueConstraint(
                fields=["import_source", "external_ref"],
                condition=~Q(external_ref=""),
                name="crm_customer_imported_once",
            ),
            models.UniqueConstraint(
                fields=["tax_key"],
                condition=~Q(tax_key=""),
                name="crm_customer_tax_once",
                violation_error_message=_("There is a customer with this tax number already."),
            ),
            models.CheckConstraint(
                name="crm_customer_merged_rests",
                condition=Q(merged_into=None) | Q(archived_at__isnull=False, tax_key="", returns_on=None),
            ),
        ]
        indexes = [
            search_index("crm_customer"),
            # a salesperson's list, and the rule of visibility
            models.Index(fields=["owner", "name"], name="crm_customer_owner"),
            # the list in its default order
            models.Index(fields=["name", "id"], name="crm_customer_name"),
            # what is due next, per owner
            models.Index(
                fields=["owner", "next_step_on"], name="crm_customer_next", condition=Q(next_step_on__isnull=False)
            ),
            # who is to hear from us next: of one salesperson, and of all
            models.Index(
                fields=["owner", "touch_due_on"],
                name="crm_customer_touch_owner",
                condition=Q(touch_due_on__isnull=False, archived_at=None),
            ),
            models.Index(
                fields=["touch_due_on", "id"],
                name="crm_customer_touch",
                condition=Q(touch_due_on__isnull=False, archived_at=None),
            ),
            # who goes back to the pool next: of one salesperson, and of all
            models.Index(
                fields=["owner", "returns_on"], name="crm_customer_returns_own", condition=Q(returns_on__isnull=False)
            ),
            models.Index(
                fields=["returns_on", "id"], name="crm_customer_returns", condition=Q(returns_on__isnull=False)
            ),
            # the pool, the newest first
            models.Index(
                fields=["-id"], name="crm_customer_pool", condition=Q(owner=None, archived_at=None, merged_into=None)
            ),
            # whom a touch, or a customer that stays, is named by; an import of many writes nothing into these
            models.Index(fields=["last_touch"], name="crm_customer_touched", condition=Q(last_touch__isnull=False)),
            models.Index(fields=["merged_into"], name="crm_customer_merged", condition=Q(merged_into__isnull=False)),
            # recognising a sender by the company's domain
            models.Index(fields=["domain"], name="crm_customer_domain", condition=~Q(domain="")),
            # what own fields say of them
            GinIndex(fields=["own"], opclasses=["jsonb_path_ops"], name="crm_customer_own"),
            # the same company again, whatever the case
            models.Index(Upper("name"), name="crm_customer_upper_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The 360° page."""
        return record_url("crm:customer", self.pk)

    def customer_ref(self) -> int | None:
        """A customer stands on its own timeline."""
        return self.pk

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask about this customer."""
        return {
            "number": self.number,
            "kind": self.kind,
            "tier": self.tier,
            "country": self.country,
            "language": self.language,
            "time_zone": self.time_zone,
            "owner_id": self.owner_id,
            "team_id": self.owner.team_id if self.owner else None,
        }

    def search_texts(self) -> list[str]:
        """Found by its names (also those before a merge), its domain, its people and what own fields say in words."""
        own = _own_words(self.own) if self.own else []
        people = [one.name for one in self._known_people()]
        return [self.name, self.local_name, self.domain, self.former_names, *people, *own]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number, tax number or reference, and of its people's telephone numbers."""
        phones = [str(phone) for one in self._known_people() for phone in (one.phone, one.mobile) if phone]
        former = self.former_names.splitlines()
        return [self.number, self.tax_number, self.external_ref, *former[::2], *phones]

    def _known_people(self) -> list[Contact]:
        if self.people is None:
            self.people = list(self.contacts.all()) if self.pk else []
        return self.people[:SEARCHED_PEOPLE]

    @property
    def country_label(self) -> str:
        """The country in the reader's language."""
        return country_name(self.country) if self.country else ""

    @property
    def language_label(self) -> str:
        """The customer's language in the reader's language."""
        return language_name(self.language)


def _own_words(values: dict[str, Any]) -> list[str]:
    from crm.models.own_fields import OwnField

    return [str(values[one.code]) for one in OwnField.of() if one.kind == OwnField.Kind.TEXT and values.get(one.code)]


class ContactQuerySet(SearchableQuerySet):
    """Questions about sets of contacts."""

    def reached_by(self, *, email: str = "", phone: str = "") -> ContactQuerySet:
        """Contacts with exactly this email address (any case) or this E.164 number."""
        match = Q()
        if email:
            match |= Q(email=email.lower()) | Q(other_email=email.lower())
        if phone:
            match |= Q(phone=phone) | Q(mobile=phone)
        return self.filter(match) if match else self.none()


class Contact(Subject, Searchable):
    """Somebody at a customer."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("Email")
        SMS = "sms", _("Text message")
        PHONE = "phone", _("Phone")

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=120, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    mobile = PhoneNumberField(_("mobile phone"), blank=True)
    email = models.EmailField(_("email address"), blank=True)
    other_email = models.EmailField(_("second email address"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Empty: the customer's language.")
    )
    preferred_channel = models.CharField(
        _("preferred channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL
    )
    is_decision_maker = models.BooleanField(_("decides"), default=False)
    is_main = models.BooleanField(_("main contact"), default=False)
    no_email = models.BooleanField(_("wants no emails"), default=False)
    no_sms = models.BooleanField(_("wants no text messages"), default=False)
    no_calls = models.BooleanField(_("wants no calls"), default=False)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    left_at = models.DateTimeField(_("left the company"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    SEARCH_FIELDS = ("name", "phone", "mobile", "email", "other_email", "position")
    record_icon = "user"

    objects = SearchableManager.from_queryset(ContactQuerySet)()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("-is_main", "name", "pk")
        constraints = [
            models.CheckConstraint(name="crm_contact_named", condition=~Q(name="")),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="crm_contact_one_main"),
        ]
        indexes = [
            search_index("crm_contact"),
            # recognising a sender, each by what they write from
            models.Index(fields=["email"], name="crm_contact_email", condition=~Q(email="")),
            models.Index(fields=["other_email"], name="crm_contact_other_email", condition=~Q(other_email="")),
            models.Index(fields=["phone"], name="crm_contact_phone", condition=~Q(phone="")),
            models.Index(fields=["mobile"], name="crm_contact_mobile", condition=~Q(mobile="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Contacts live on their customer's page."""
        return f"{record_url('crm:customer', self.customer_id)}#contact-{self.pk}"

    def search_texts(self) -> list[str]:
        """Found by name, position and addresses."""
        return [self.name, self.position, self.email, self.other_email]

    def search_numbers(self) -> list[str]:
        """Found by any part of a phone number."""
        return [str(self.phone or ""), str(self.mobile or "")]

    @property
    def spoken_language(self) -> str:
        """The language in which this person is written to."""
        return self.language or self.customer.language

    @property
    def opted_out(self) -> frozenset[str]:
        """Channels that this person does not want."""
        wanted_not = {"email": self.no_email, "sms": self.no_sms, "phone": self.no_calls}
        return frozenset(channel for channel, off in wanted_not.items() if off)

    @property
    def reachable_phone(self) -> str:
        """The number for text messages, as E.164; empty when there is none."""
        return e164(self.mobile or self.phone)


def customer_facts(customer: Customer, owner: AbstractBaseUser | None) -> dict[str, Any]:
    """What clocks and rules may ask of whatever is done for a customer: the customer's own, and whose work it is."""
    return {
        "kind": customer.kind,
        "tier": customer.tier,
        "language": customer.language,
        "time_zone": customer.time_zone,
        "owner_id": owner.pk if owner is not None else None,
        "team_id": team_of(owner),
    }


def team_of(user: AbstractBaseUser | None) -> int | None:
    """The team's id of somebody who may be nobody."""
    return getattr(user, "team_id", None)
