"""Pages of the room; each takes the `Place` it stands in."""
