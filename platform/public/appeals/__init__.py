"""Appeals in second instance: cases that learners brought from their enterprise to the platform."""
