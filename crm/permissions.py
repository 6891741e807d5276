"""What each role may do before the sale."""

from crm.sample_permissions import SAMPLE_ROLES

EVERYBODY = [
    "crm.view_customer",
    "crm.view_contact",
    "crm.view_address",
    "crm.view_servicerecord",
    "crm.add_servicerecord",
    "crm.view_call",
]
CUSTOMER_CARE = [
    "crm.add_customer",
    "crm.change_customer",
    "crm.add_contact",
    "crm.change_contact",
    "crm.add_address",
    "crm.change_address",
]
SELLING = [
    "crm.view_inquiry",
    "crm.add_inquiry",
    "crm.change_inquiry",
    "crm.take_inquiry",
    "crm.answer_inquiry",
    "crm.convert_inquiry",
    "crm.close_inquiry",
]
CALLING = ["crm.make_call", "crm.view_questionnaire", "crm.view_incomingcall", "crm.note_incomingcall"]
PLANNING = ["crm.plan_call", "crm.add_questionnaire", "crm.change_questionnaire"]
VISITING = ["crm.view_visit", "crm.plan_visit", "crm.view_reception", "crm.hold_reception"]
PLANNING_ACCOUNTS = ["crm.view_accountplan", "crm.plan_account"]
WRITING_TO_MANY = ["crm.view_campaign", "crm.plan_campaign", "crm.view_campaignrecipient"]
WRITING_TO_ALL = [*WRITING_TO_MANY, "crm.send_to_all"]
LEADING_VISITS = [*VISITING, "crm.plan_visits_of_others"]
OWNING = ["crm.claim_customer", "crm.view_ownershiprequest", "crm.add_ownershiprequest"]
LEADING_OWNERS = [
    *OWNING,
    "crm.assign_customer",
    "crm.keep_customer",
    "crm.answer_ownershiprequest",
    "crm.view_duplicatepair",
    "crm.view_customermerge",
    "crm.merge_customers",
]
SEES_ALL = ["crm.view_all_customers"]
MANAGING = [
    *SEES_ALL,
    *CUSTOMER_CARE,
    *SELLING,
    *CALLING,
    *PLANNING,
    *LEADING_VISITS,
    *WRITING_TO_ALL,
    *LEADING_OWNERS,
    "crm.assign_inquiry",
    "crm.set_guarded_tags",
    *PLANNING_ACCOUNTS,
]

ROLE_PERMISSIONS = {
    "*": EVERYBODY,
    "sales": [*CUSTOMER_CARE, *SELLING, *CALLING, *VISITING, *WRITING_TO_MANY, *OWNING, *PLANNING_ACCOUNTS],
    "order desk": [*SEES_ALL, *CUSTOMER_CARE, *CALLING, "crm.view_inquiry", "crm.view_visit", "crm.view_reception"],
    "logistics": SEES_ALL,
    "service": [*SEES_ALL, *CUSTOMER_CARE, *SELLING, *CALLING, *VISITING, "crm.view_accountplan"],
    "operations": SEES_ALL,
    "finance": SEES_ALL,
    "technical": [*SEES_ALL, *VISITING],
    "manager": MANAGING,
    "administrator": MANAGING,
}
ROLE_PERMISSIONS.update({role: [*ROLE_PERMISSIONS.get(role, []), *names] for role, names in SAMPLE_ROLES.items()})
