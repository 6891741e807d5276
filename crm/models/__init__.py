"""What the stage before the sale remembers."""

from crm.models.calls import Call, CallAttempt, CallCampaign, CallPolicy, VisitConsent
from crm.models.customers import Address, Contact, Customer
from crm.models.incoming import IncomingCall, PhoneNotice
from crm.models.inquiries import Inquiry
from crm.models.questionnaires import Option, Question, Questionnaire, QuestionnaireVersion
from crm.models.records import ServiceRecord, ServiceRecordText
from crm.models.responses import Answer, Response

__all__ = [
    "Address",
    "Answer",
    "Call",
    "CallAttempt",
    "CallCampaign",
    "CallPolicy",
    "Contact",
    "Customer",
    "IncomingCall",
    "Inquiry",
    "Option",
    "PhoneNotice",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "ServiceRecord",
    "ServiceRecordText",
    "VisitConsent",
]
