"""Who really sits there: consent, enrolment, proofs by face or by code, review by a person (clauses 二.1, 二.3, 五.1)."""
