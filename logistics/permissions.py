"""What each role may do with goods on the way."""

_VIEW = [
    "logistics.view_shipment",
    "logistics.view_carrier",
    "logistics.view_proofofdelivery",
    "logistics.view_trackingevent",
]
_TRACK = ["logistics.add_trackingevent", "logistics.share_tracking"]
_MOVE = [
    "logistics.add_shipment",
    "logistics.change_shipment",
    "logistics.dispatch_shipment",
    "logistics.sign_shipment",
]

ROLE_PERMISSIONS = {
    "sales": [*_VIEW, "logistics.share_tracking"],
    "order desk": [*_VIEW, *_TRACK, "logistics.add_shipment"],
    "logistics": [
        *_VIEW,
        *_TRACK,
        *_MOVE,
        "logistics.cancel_shipment",
        "logistics.receive_pod",
        "logistics.archive_pod",
        "logistics.add_carrier",
        "logistics.change_carrier",
    ],
    "service": [*_VIEW, *_TRACK],
    "operations": [*_VIEW, *_TRACK, *_MOVE],
    "finance": _VIEW,
    "technical": _VIEW,
    "manager": [*_VIEW, *_TRACK, *_MOVE, "logistics.cancel_shipment", "logistics.receive_pod", "logistics.archive_pod"],
}
