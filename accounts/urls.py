from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("first/<str:token>/", views.first_administrator, name="first_administrator"),
    path("me/", views.preferences, name="preferences"),
    path("me/single-keys/", views.single_keys, name="single_keys"),
    path("me/password/", views.change_password, name="change_password"),
]
