"""What can be done before the sale. Each function is one change, in one transaction."""

from crm.services.addresses import add_address, update_address
from crm.services.contacts import add_contact, update_contact
from crm.services.customers import create_customer, plan_next_step, update_customer
from crm.services.inquiries import (
    answer_inquiry,
    assign_inquiry,
    close_inquiry,
    convert_inquiry,
    hand_over_inquiry,
    note_answer,
    promise_answer,
    receive_inquiry,
    reopen_inquiry,
    set_priority,
    take_inquiry,
    write_to_sender,
)
from crm.services.records import add_service_record, correct_service_record

__all__ = [
    "add_address",
    "add_contact",
    "add_service_record",
    "answer_inquiry",
    "assign_inquiry",
    "close_inquiry",
    "convert_inquiry",
    "correct_service_record",
    "create_customer",
    "hand_over_inquiry",
    "note_answer",
    "plan_next_step",
    "promise_answer",
    "receive_inquiry",
    "reopen_inquiry",
    "set_priority",
    "take_inquiry",
    "update_address",
    "update_contact",
    "update_customer",
    "write_to_sender",
]
