"""Telling other systems what happened: addresses, what is sent, how it is signed, retries."""
