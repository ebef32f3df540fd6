"""URLs on the platform's host alone: tickets by number and code, and the desk."""

from django.urls import path

from public.helpdesk.views import desk, duty, editing, prepared, tickets

urlpatterns = [
    path("help/track", tickets.track, name="help-track"),
    path("help/track/noted", tickets.noted, name="help-noted"),
    path("help/track/leave", tickets.leave, name="help-leave"),
    path("desk/help", desk.listing, name="desk-help"),
    path("desk/help/new", desk.enter, name="desk-help-new"),
    path("desk/help/duty", duty.duty, name="desk-help-duty"),
    path("desk/help/duty/<int:shift>/remove", duty.remove_shift, name="desk-help-shift-remove"),
    path("desk/help/duty/take/<int:handover>", duty.take_over, name="desk-help-take"),
    path("desk/help/canned", prepared.canned, name="desk-help-canned"),
    path("desk/help/canned/<int:canned>", prepared.canned, name="desk-help-canned-edit"),
    path("desk/help/canned/<int:canned>/retire", prepared.retire_canned, name="desk-help-canned-retire"),
    path("desk/help/times", prepared.times, name="desk-help-times"),
    path("desk/help/<uuid:ticket>", desk.detail, name="desk-help-ticket"),
    path("desk/help/<uuid:ticket>/contact", desk.contact, name="desk-help-contact"),
    path("desk/help/<uuid:ticket>/do/<slug:action>", desk.act, name="desk-help-do"),
    path("desk/faq", editing.listing, name="desk-faq"),
    path("desk/faq/new", editing.new, name="desk-faq-new"),
    path("desk/faq/gaps", editing.asked, name="desk-faq-gaps"),
    path("desk/faq/gaps/<int:gap>", editing.handle, name="desk-faq-gap"),
    path("desk/faq/<uuid:article>", editing.entry, name="desk-faq-entry"),
    path("desk/faq/<uuid:article>/retire", editing.retire, name="desk-faq-retire"),
]
