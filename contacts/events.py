"""What contacts tell the apps above: plain signals, sent inside the writer's transaction."""

from django.dispatch import Signal

# Sent once for a batch: contacts=list of ids, fields=set of names, change_set=ChangeSet or None.
changed = Signal()

# Rows became one: sender=Contact or Customer, into={id of the merged row: id of the one that
# stays}, change_set=ChangeSet. What hung on the merged rows hangs on the others already, except
# where these had such a row themselves.
merged = Signal()

# A merge was taken back: sender and into as above, change_set=the one that was taken back.
parted = Signal()
