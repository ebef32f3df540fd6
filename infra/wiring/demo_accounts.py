"""What opens the demo accounts; known to everybody, so production has none of them. Free of Django for the smoke walk."""

PASSWORD = "Anxue-demo-2026"  # noqa: S105 - printed for whoever tries the demo; production has no demo data
TOTP = {
    "author": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXA",
    "reviewer": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXB",
    "reviewer2": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXE",
    "reviewer3": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXF",
    "reviewer4": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXG",
    "operations": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXC",
    "operations2": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXM",
    "regulator": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXD",
    "system": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXH",
    "system2": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXI",
    "security": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXJ",
    "security2": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXK",
    "audit": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXL",
}
REVIEWERS = {"reviewer": "课程审核员", "reviewer2": "课程审核员乙", "reviewer3": "课程审核员丙", "reviewer4": "课程审核员丁"}
"""Four, because each angle of a version is judged by somebody else; login to name."""
ADMINISTRATORS = {
    "system": ("系统管理员", "SYSTEM", "330106198503012115"),
    "system2": ("系统管理员乙", "SYSTEM", "330106198503022217"),
    "security": ("安全保密管理员", "SECURITY", "330106198503032319"),
    "security2": ("安全保密管理员乙", "SECURITY", "330106198503042410"),
    "audit": ("安全审计员", "AUDIT", "330106198503052512"),
}
"""Login to name, role and a made-up identity number. Two of each office that asks and decides, the auditor last: from then on accounts take two."""
OPEN_KEY = "axk_demo2026_Anxue-demo-key-for-the-open-interface"
"""Key of the demo enterprise's open interface, with every scope."""
