"""Append-only event logs shared by all enterprises: audit events and study beats, partitioned by month."""
