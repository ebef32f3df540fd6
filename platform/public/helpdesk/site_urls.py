"""URLs of help, the same on the platform's host and on every enterprise's."""

from django.urls import path

from public.helpdesk.views import answers, manual, tickets

urlpatterns = [
    path("help", answers.home, name="help"),
    path("help/ask", answers.ask, name="help-ask"),
    path("help/questions/<uuid:article>", answers.article, name="help-question"),
    path("help/questions/<uuid:article>/vote", answers.vote, name="help-vote"),
    path("help/tickets", tickets.listing, name="help-tickets"),
    path("help/tickets/new", tickets.new, name="help-ticket-new"),
    path("help/tickets/<uuid:ticket>", tickets.ticket, name="help-ticket"),
    path("help/tickets/<uuid:ticket>/<slug:action>", tickets.act, name="help-ticket-act"),
    path("manual", manual.contents, name="manual"),
    path("manual/pictures/<slug:name>.webp", manual.picture, name="manual-picture"),
    path("manual/<slug:role>/<slug:name>", manual.chapter, name="manual-chapter"),
]
