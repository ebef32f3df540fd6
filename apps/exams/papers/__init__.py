"""Papers: fixed or drawn, composed for each person, checked before anyone starts."""
