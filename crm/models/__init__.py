"""What the stage before the sale remembers."""

from crm.models.addresses import Address
from crm.models.appointments import AppointmentPolicy, PreparationRow, Wish
from crm.models.cadence import CadenceRule, CustomerTouch, Way
from crm.models.calls import Call, CallAttempt, CallCampaign, CallPolicy, VisitConsent
from crm.models.campaigns import Campaign, CampaignRecipient, CampaignText
from crm.models.consents import AgreedHow, RecordingConsent
from crm.models.customers import Contact, Customer
from crm.models.development import GivenUp
from crm.models.drawings import Dimension, DrawingFile, DrawingRevision, TechnicalQuestion
from crm.models.incoming import IncomingCall, PhoneNotice
from crm.models.inquiries import Inquiry
from crm.models.intake import (
    ClosingReason,
    InquiryPolicy,
    InquiryPost,
    InquirySource,
    RoutingRule,
    RoutingShare,
    SavedAnswer,
)
from crm.models.matching import WHY, CustomerKeys, DuplicatePair, FreeMailHost, NameWord
from crm.models.merging import CustomerMerge
from crm.models.own_fields import OwnChoice, OwnField, OwnSection
from crm.models.ownership import (
    CustomerShare,
    OwnershipPolicy,
    OwnershipRequest,
    OwnershipSpell,
    PoolRule,
)
from crm.models.plans import PLANNED_TIERS, AccountPlan, PlanPerson
from crm.models.questionnaires import Option, Question, Questionnaire, QuestionnaireVersion
from crm.models.receptions import Reception, ReceptionItem
from crm.models.records import ServiceRecord, ServiceRecordText
from crm.models.responses import Answer, Response
from crm.models.sample_policy import DecidedBy, SamplePolicy
from crm.models.samples import Sample, SampleLine
from crm.models.showroom import ReceptionStep, ReceptionVisitor, StepRun
from crm.models.tags import CustomerTag, Tag
from crm.models.technical import TechnicalKind, TechnicalRequest
from crm.models.visits import CheckIn, Visit, VisitItem

__all__ = [
    "AccountPlan",
    "Address",
    "AgreedHow",
    "Answer",
    "AppointmentPolicy",
    "CadenceRule",
    "Call",
    "CallAttempt",
    "CallCampaign",
    "CallPolicy",
    "Campaign",
    "CampaignRecipient",
    "CampaignText",
    "CheckIn",
    "ClosingReason",
    "Contact",
    "Customer",
    "CustomerKeys",
    "CustomerMerge",
    "CustomerShare",
    "CustomerTag",
    "CustomerTouch",
    "DecidedBy",
    "Dimension",
    "DrawingFile",
    "DrawingRevision",
    "DuplicatePair",
    "FreeMailHost",
    "GivenUp",
    "IncomingCall",
    "Inquiry",
    "InquiryPolicy",
    "InquiryPost",
    "InquirySource",
    "NameWord",
    "Option",
    "OwnChoice",
    "OwnField",
    "OwnSection",
    "OwnershipPolicy",
    "OwnershipRequest",
    "OwnershipSpell",
    "PLANNED_TIERS",
    "PhoneNotice",
    "PlanPerson",
    "PoolRule",
    "PreparationRow",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Reception",
    "ReceptionItem",
    "ReceptionStep",
    "ReceptionVisitor",
    "RecordingConsent",
    "Response",
    "RoutingRule",
    "RoutingShare",
    "Sample",
    "SampleLine",
    "SamplePolicy",
    "SavedAnswer",
    "ServiceRecord",
    "ServiceRecordText",
    "StepRun",
    "Tag",
    "TechnicalKind",
    "TechnicalQuestion",
    "TechnicalRequest",
    "Visit",
    "VisitConsent",
    "VisitItem",
    "WHY",
    "Way",
    "Wish",
]
