"""What the portal tells the apps above: plain signals, sent inside the writer's transaction."""

from django.dispatch import Signal

# Somebody has an account now: contacts=list of contact ids, users=list of user ids.
registered = Signal()
