"""What the stage before the sale remembers."""

from crm.models.customers import Address, Contact, Customer
from crm.models.inquiries import Inquiry
from crm.models.records import ServiceRecord, ServiceRecordText

__all__ = ["Address", "Contact", "Customer", "Inquiry", "ServiceRecord", "ServiceRecordText"]
