"""One row a day for each figure, so that charts never scan contacts."""

from typing import ClassVar

from django.db import models


class DailyCount(models.Model):
    """One figure on one day."""

    day = models.DateField()
    name = models.CharField(max_length=40)
    value = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "day"], name="adoption_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.day}: {self.value}"
