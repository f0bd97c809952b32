"""What customers open, in the order in which they meet it; below, what staff do for them."""

from django.urls import path

from portal.views import access, finding, home, invitation, inviting, links, registrations

app_name = "portal"
urlpatterns = [
    path("i/<str:token>/", invitation.invitation, name="invitation"),
    path("i/<str:token>/opened/", invitation.opened, name="invitation_opened"),
    path("i/<str:token>/add/", invitation.add_account, name="invitation_add"),
    path("i/<str:token>/not-me/", invitation.not_me, name="invitation_not_me"),
    path("i/<str:token>/new-link/", invitation.new_link, name="invitation_new_link"),
    path("link-sent/", invitation.link_sent, name="link_sent"),
    path("find/", finding.find, name="find_account"),
    path("find/you/", finding.your_details, name="your_details"),
    path("find/check-email/", finding.check_email, name="check_email"),
    path("find/send-again/", finding.send_link_again, name="send_link_again"),
    path("ask/", finding.ask, name="ask"),
    path("ask/sent/", finding.asked, name="asked"),
    path("create/<str:token>/", links.register, name="register"),
    path("create/<str:token>/add/", links.register_add, name="register_add"),
    path("create/<str:token>/again/", links.register_again, name="register_again"),
    path("sign-in/", access.sign_in, name="sign_in"),
    path("sign-out/", access.sign_out, name="sign_out"),
    path("forgot-username/", access.forgot_username, name="forgot_username"),
    path("forgot-username/sent/", access.username_sent, name="username_sent"),
    path("forgot-password/", access.forgot_password, name="forgot_password"),
    path("forgot-password/sent/", access.reset_sent, name="reset_sent"),
    path("choose-password/<str:token>/", links.reset, name="reset"),
    path("portal/", home.home, name="home"),
    path("portal/accounts/", home.accounts, name="accounts"),
    path("portal/<uuid:key>/", home.account, name="account"),
    path("portal/<uuid:key>/invoices/", home.invoices, name="invoices"),
    path("portal/<uuid:key>/people/", home.people, name="people"),
    path("registrations/", registrations.queue, name="registrations"),
    path("registrations/<int:pk>/", registrations.registration, name="registration"),
    path("registrations/<int:pk>/approve/", registrations.approve, name="approve_registration"),
    path("registrations/<int:pk>/refuse/", registrations.refuse, name="refuse_registration"),
    path("invitations/<int:contact>/send/", inviting.send, name="send_invitation"),
    path("invitations/<int:contact>/link/", inviting.link, name="invitation_link"),
    path("invitations/<int:contact>/revoke/", inviting.revoke, name="revoke_invitation"),
]
