"""Certificates for managers: listed, checked for terms, revoked by two, issued and printed in bulk."""
