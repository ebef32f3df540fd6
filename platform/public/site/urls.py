"""URLs of the public pages on the platform host."""

from django.urls import path

from public.site.views import pages, sign_up, supervision, verify

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
    path("qualifications", pages.qualifications, name="qualifications"),
    path("supervision", supervision.supervision, name="supervision"),
    path("privacy", pages.privacy, name="privacy"),
    path(".well-known/anxue-keys.json", pages.keys, name="public-keys"),
    path(".well-known/anxue-ca.pem", pages.document_root, name="document-root"),
    path("desk/facts", pages.edit_facts, name="desk-facts"),
]
