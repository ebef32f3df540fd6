"""Examples for those who write the other system: standard libraries only, run by our tests as they stand."""
