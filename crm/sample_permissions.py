"""What each role may do with samples and technical requests."""

SEES = ["crm.view_sample", "crm.view_technicalrequest"]
ASKS = [
    "crm.add_sample",
    "crm.change_sample",
    "crm.decide_sample",
    "crm.add_technicalrequest",
    "crm.change_technicalrequest",
    "crm.send_technicalrequest",
]
SENDS = ["crm.send_sample"]
DRAWS = [*SENDS, "crm.draw_technicalrequest", "crm.change_technicalrequest", "crm.view_drawingrevision"]

SAMPLE_ROLES = {
    "sales": [*SEES, *ASKS],
    "order desk": [*SEES, *SENDS],
    "logistics": [*SEES, *SENDS],
    "service": [*SEES, *ASKS],
    "operations": SEES,
    "technical": [*SEES, *DRAWS],
    "manager": [*SEES, *ASKS, *SENDS],
}
