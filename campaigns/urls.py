from django.urls import path

from campaigns.views import composing, reporting, sender, sending, starting, templates

app_name = "campaigns"
urlpatterns = [
    path("messages/", reporting.campaigns, name="campaigns"),
    path("messages/sender/", sender.sender, name="sender"),
    path("messages/sender/check/", sender.check, name="check_sender"),
    path("messages/new/", starting.new, name="new"),
    path("templates/", templates.templates, name="templates"),
    path("templates/new/", templates.template_new, name="template_new"),
    path("templates/preview/", templates.template_preview, name="template_preview"),
    path("templates/<int:pk>/", templates.template, name="template"),
    path("templates/<int:pk>/remove/", templates.template_remove, name="template_remove"),
    path("messages/<int:pk>/", reporting.campaign, name="campaign"),
    path("messages/<int:pk>/progress/", reporting.progress, name="progress"),
    path("messages/<int:pk>/left-out/", reporting.left_out, name="left_out"),
    path("messages/<int:pk>/left-out.csv", reporting.left_out_file, name="left_out_file"),
    path("messages/<int:pk>/compose/", composing.compose, name="compose"),
    path("messages/<int:pk>/save/", composing.save, name="save"),
    path("messages/<int:pk>/template/", composing.use_template, name="use_template"),
    path("messages/<int:pk>/preview/", composing.preview, name="preview"),
    path("messages/<int:pk>/preview/message/", composing.preview_message, name="preview_message"),
    path("messages/<int:pk>/test/", sending.test, name="test"),
    path("messages/<int:pk>/confirm/", sending.confirm, name="confirm"),
    path("messages/<int:pk>/send/", sending.send, name="send"),
    path("messages/<int:pk>/schedule/", sending.schedule, name="schedule"),
    path("messages/<int:pk>/unschedule/", sending.unschedule, name="unschedule"),
    path("messages/<int:pk>/discard/", sending.discard, name="discard"),
    path("messages/<int:pk>/prepare/", sending.prepare, name="prepare"),
    path("messages/<int:pk>/pause/", sending.pause, name="pause"),
    path("messages/<int:pk>/resume/", sending.resume, name="resume"),
    path("messages/<int:pk>/cancel/", sending.cancel, name="cancel"),
    path("messages/<int:pk>/send-again/", sending.send_again, name="send_again"),
    path("messages/<int:pk>/send-mended/", sending.send_mended, name="send_mended"),
    path("messages/answered/<int:pk>/", sending.answered, name="answered"),
    path("messages/<int:pk>/leave/", sending.leave_unknown, name="leave_unknown"),
]
