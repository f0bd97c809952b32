"""What contacts tell the apps above: plain signals, sent inside the writer's transaction."""

from django.dispatch import Signal

# Sent once for a batch: contacts=list of ids, fields=set of names, change_set=ChangeSet or None.
changed = Signal()
