"""Notices to people: written once, shown in the product, and sent over the channels that enterprise and person have chosen."""
