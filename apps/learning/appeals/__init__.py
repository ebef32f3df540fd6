"""Appeals against voided pay: learner → manager → platform."""
