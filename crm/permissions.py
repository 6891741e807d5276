"""What each role may do before the sale."""

EVERYBODY = [
    "crm.view_customer",
    "crm.view_contact",
    "crm.view_address",
    "crm.view_servicerecord",
    "crm.add_servicerecord",
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
SEES_ALL = ["crm.view_all_customers"]

ROLE_PERMISSIONS = {
    "*": EVERYBODY,
    "sales": [*CUSTOMER_CARE, *SELLING],
    "order desk": [*SEES_ALL, *CUSTOMER_CARE, "crm.view_inquiry"],
    "logistics": SEES_ALL,
    "service": [*SEES_ALL, *CUSTOMER_CARE, *SELLING],
    "operations": SEES_ALL,
    "finance": SEES_ALL,
    "technical": SEES_ALL,
    "manager": [*SEES_ALL, *CUSTOMER_CARE, *SELLING, "crm.assign_inquiry"],
    "administrator": [*SEES_ALL, *CUSTOMER_CARE, *SELLING, "crm.assign_inquiry"],
}
