"""What strangers run on their own machines."""
