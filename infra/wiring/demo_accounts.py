"""What opens the demo accounts; known to everybody, so production has none of them. Free of Django for the smoke walk."""

PASSWORD = "Anxue-demo-2026"  # noqa: S105 - printed for whoever tries the demo; production has no demo data
TOTP = {
    "author": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXA",
    "reviewer": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXB",
    "operations": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXC",
    "regulator": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXD",
}
