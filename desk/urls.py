from django.urls import path

from desk.views import contact, contacts, customer, customers, selection, views

app_name = "desk"
urlpatterns = [
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/filters/", contacts.filters, name="contact_filters"),
    path("contacts/export/", selection.export, name="export"),
    path("contacts/set/", selection.flag, name="flag"),
    path("contacts/views/new/", views.view_new, name="view_new"),
    path("contacts/views/<int:pk>/remove/", views.view_remove, name="view_remove"),
    path("contacts/new/", contact.contact_new, name="contact_new"),
    path("contacts/<int:pk>/", contact.contact, name="contact"),
    path("contacts/<int:pk>/edit/", contact.contact_edit, name="contact_edit"),
    path("changes/<int:pk>/undo/", selection.undo, name="undo"),
    path("customers/", customers.customers, name="customers"),
    path("customers/filters/", customers.filters, name="customer_filters"),
    path("customers/new/", customer.customer_new, name="customer_new"),
    path("customers/<int:pk>/", customer.customer, name="customer"),
    path("customers/<int:pk>/edit/", customer.customer_edit, name="customer_edit"),
]
