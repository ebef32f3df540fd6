"""What a person may ask about the own data: to be told, to have a copy, corrections, restriction, erasure."""
