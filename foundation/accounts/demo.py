"""What the demo company's accounts have in common. Its domain belongs to nobody and receives no mail."""

DEMO_DOMAIN = "kontor.example"
DEMO_PASSWORD = "kontor-demo-2026"
