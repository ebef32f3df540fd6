"""Papers of the operator of the platform: licences and filings with scans and terms, public, with reminders before they end."""
