"""A believable company: Nanling Surfaces of Guangzhou, its people, its customers, and a year of their business."""
