"""The help desk: manual, answers to common questions, tickets for a person, round the clock."""
