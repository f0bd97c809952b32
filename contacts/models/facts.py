"""What is proven of addresses."""

from django.db import models


class AddressFact(models.Model):
    """What sending and people have proven of one address; shared by every contact that has it."""

    address_key = models.CharField(max_length=320, unique=True)
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_reason = models.CharField(max_length=250, blank=True)
    complained_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.address_key
