"""Small things every floor may use. Imports nothing of ours."""
