"""URLs of the public pages on the platform host."""

from django.urls import path

from public.site.views import announcements, desk_status, pages, papers, public_status, sign_up, supervision, verify

urlpatterns = [
    path("", pages.landing, name="home"),
    path("sign-up", sign_up.sign_up, name="sign-up"),
    path("sign-up/code", sign_up.send_code, name="sign-up-code"),
    path("sign-up/subdomain", sign_up.check_subdomain, name="sign-up-subdomain"),
    path("sign-up/uscc", sign_up.check_uscc, name="sign-up-uscc"),
    path("sign-up/counties", sign_up.counties, name="sign-up-counties"),
    path("verify/", verify.verify_form, name="verify-form"),
    path("verify/<str:code>.json", verify.verify_json, name="verify-json"),
    path("verify/<str:code>/proof.json", verify.verify_proof, name="verify-proof"),
    path("verify/check.py", verify.verifier, name="verify-program"),
    path("verify/<str:code>", verify.verify, name="verify"),
    path("qualifications", papers.qualifications, name="qualifications"),
    path("qualifications/<uuid:paper>/scan", papers.scan, name="qualification-scan"),
    path("announcements", announcements.public_list, name="announcements"),
    path("status", public_status.status, name="status"),
    path("status.json", public_status.status_json, name="status-json"),
    path("supervision", supervision.supervision, name="supervision"),
    path("privacy", pages.privacy, name="privacy"),
    path("privacy/versions", pages.privacy_versions, name="privacy-versions"),
    path(".well-known/anxue-keys.json", pages.keys, name="public-keys"),
    path(".well-known/anxue-ca.pem", pages.document_root, name="document-root"),
    path("desk/notices", announcements.own, name="desk-notices"),
    path("desk/announcements", announcements.listing, name="desk-announcements"),
    path("desk/announcements/new", announcements.publish, name="desk-announcement-new"),
    path("desk/announcements/<uuid:announcement>/withdraw", announcements.withdraw, name="desk-announcement-withdraw"),
    path("desk/status", desk_status.listing, name="desk-status"),
    path("desk/status/new", desk_status.begin, name="desk-incident-new"),
    path("desk/status/<uuid:incident>", desk_status.incident, name="desk-incident"),
    path("desk/site/papers", papers.listing, name="desk-site-papers"),
    path("desk/site/papers/new", papers.show, name="desk-site-paper-new"),
    path("desk/site/papers/<uuid:paper>/renew", papers.show, name="desk-site-paper-renew"),
    path("desk/site/papers/<uuid:paper>/withdraw", papers.withdraw, name="desk-site-paper-withdraw"),
    path("desk/facts", pages.edit_facts, name="desk-facts"),
]
