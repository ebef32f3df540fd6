"""URLs of the desk on the platform host."""

from django.urls import path

from public.operators import (
    activation_views,
    audit_views,
    change_views,
    key_views,
    passkey_views,
    people_views,
    policy_views,
    views,
)

urlpatterns = [
    path("desk/", views.home, name="desk"),
    path("desk/sign-in", views.sign_in, name="desk-sign-in"),
    path("desk/code", views.code, name="desk-code"),
    path("desk/code/passkey/begin", passkey_views.begin_entering, name="desk-passkey-begin-entering"),
    path("desk/code/passkey", passkey_views.enter, name="desk-passkey-enter"),
    path("desk/sign-out", views.sign_out, name="desk-sign-out"),
    path("desk/activate/<uuid:uuid>/<str:token>", activation_views.activate, name="desk-activate"),
    path("desk/security", passkey_views.mine, name="desk-security"),
    path("desk/security/password", passkey_views.password, name="desk-password"),
    path("desk/passkeys/begin", passkey_views.begin_adding, name="desk-passkey-begin-adding"),
    path("desk/passkeys", passkey_views.add, name="desk-passkey-add"),
    path("desk/passkeys/<int:passkey_id>/remove", passkey_views.remove, name="desk-passkey-remove"),
    path("desk/people", people_views.listing, name="desk-people"),
    path("desk/people/new", people_views.new, name="desk-person-new"),
    path("desk/people/<int:credential_id>", people_views.detail, name="desk-person"),
    path("desk/people/<int:credential_id>/ask/<str:kind>", people_views.ask, name="desk-person-ask"),
    path("desk/changes", change_views.listing, name="desk-changes"),
    path("desk/changes/<uuid:change>", change_views.detail, name="desk-change"),
    path("desk/changes/<uuid:change>/decide", change_views.decide, name="desk-change-decide"),
    path("desk/changes/<uuid:change>/withdraw", change_views.withdraw, name="desk-change-withdraw"),
    path("desk/policies", policy_views.page, name="desk-policies"),
    path("desk/policies/networks", policy_views.networks, name="desk-policy-networks"),
    path("desk/policies/clearance", policy_views.clearance, name="desk-policy-clearance"),
    path("desk/audit", audit_views.listing, name="desk-audit"),
    path("desk/audit/exchanges", audit_views.exchanges, name="desk-exchanges"),
    path("desk/audit/export", audit_views.export, name="desk-audit-export"),
    path("desk/audit/<uuid:event>/<str:moment>", audit_views.detail, name="desk-audit-event"),
    path("desk/keys", key_views.listing, name="desk-keys"),
    path("desk/keys/rotate", key_views.rotate, name="desk-keys-rotate"),
    path("desk/keys/rotate-all", key_views.rotate_all, name="desk-keys-rotate-all"),
]
