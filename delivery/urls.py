from django.urls import path

from delivery.views import outbox, public, sending, suppressions, webhook

app_name = "delivery"
urlpatterns = [
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<uuid:pk>/", outbox.message, name="message"),
    path("outbox/<uuid:pk>/html/", outbox.message_html, name="message_html"),
    path("outbox/<uuid:pk>/file/", outbox.message_file, name="message_file"),
    path("outbox/<uuid:pk>/play/", outbox.play, name="play"),
    path("sending/", sending.sending, name="sending"),
    path("sending/go-on/", sending.go_on, name="go_on"),
    path("suppressions/", suppressions.suppressions, name="suppressions"),
    path("suppressions/add/", suppressions.add, name="suppress_ask"),
    path("suppressions/added/", suppressions.suppress, name="suppress"),
    path("suppressions/<int:pk>/", suppressions.lift, name="lift_ask"),
    path("suppressions/<int:pk>/lift/", suppressions.lift_now, name="lift"),
    path("u/example/", public.example_link, name="example_link"),
    path("u/<str:token>/", public.unsubscribe, name="unsubscribe"),
    path("wrong-person/<str:token>/", public.wrong_person, name="wrong_person"),
    path("reports/", webhook.webhook, name="webhook"),
    path("reports/answers/", webhook.answers, name="answers"),
]
