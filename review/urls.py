from django.urls import path

from review import views

app_name = "review"
urlpatterns = [
    path("", views.queue_page, name="queue"),
    path("bulk/", views.bulk, name="bulk"),
    path("accept-all/", views.accept_all, name="accept_all"),
    path("undo/<int:pk>/", views.undo, name="undo"),
    path("<int:pk>/", views.finding, name="finding"),
    path("<int:pk>/accept/", views.accept, name="accept"),
    path("<int:pk>/accept-alike/", views.accept_alike, name="accept_alike"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/keep/", views.keep, name="keep"),
    path("<int:pk>/unknown/", views.unknown, name="unknown"),
    path("<int:pk>/clear/", views.clear, name="clear"),
    path("<int:pk>/left/", views.left, name="left"),
]
